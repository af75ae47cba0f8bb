"""The calendar: Fridays ranked, reasons with what each rests on, the way to the lab."""

import datetime
from dataclasses import replace

import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.store.change import change
from workbench.ui.calendar import told
from workbench.ui.plan_panel import NEW

ROUTE = "promote/calendar"
PLANNED = labels.day(labels.DAYS + 28)


@pytest.fixture(scope="module")
def folder(promoted, tmp_path_factory):
    """Return a label that ships: its last day is today, whenever the test runs."""
    written = promoted(tmp_path_factory.mktemp("calendar") / "full")
    with change(written) as writing:
        writing.describe(sample=True)
    return written


@pytest.fixture
def visit(folder, monkeypatch):
    return lambda **query: Visit(monkeypatch, folder, ROUTE, **query)


def test_it_ranks_fridays_and_its_notebook_agrees(visit):
    page = visit(track="tr-4")
    shown = page.page.shown
    assert shown["dates"]["rank"].to_list() == list(range(1, 27))
    for reason in ("Season** :blue-badge[estimate]", "Clash** :gray-badge[fact] No other own",
                   "Friday** :gray-badge[fact]", "Mood** :gray-badge[fact]"):  # fmt: skip
        assert f"- **{reason}" in page.words
    assert f"planned {PLANNED:%d %b %Y}" in page.words
    assert page.notebook_agrees() >= 6


def test_a_chosen_friday_has_its_own_reasons_and_leads_to_the_lab(visit):
    page = visit(track="tr-4")
    place = page.page.shown["dates"]["date"].to_list().index(PLANNED)
    page.app.session_state["dates"] = {"selection": {"rows": [place], "columns": [], "cells": []}}
    page.run()
    assert f"Why {PLANNED:%d %b %Y}" in page.words
    assert "Season** :blue-badge[estimate] \\+0.0 % streams in the first 8 weeks" in page.words


def test_dates_that_have_passed_are_not_offered(promoted, tmp_path, monkeypatch):
    folder = promoted(tmp_path / "full")
    page = Visit(monkeypatch, folder, ROUTE, track="tr-4")
    today = datetime.datetime.now(datetime.UTC).date()
    assert ("dates" in page.page.shown) == (today < PLANNED)
    assert "Own releases on the season" in page.words
    page = Visit(monkeypatch, folder, ROUTE, track=NEW)
    page.app.selectbox(key="new:artist").set_value("ar-bo")
    page.app.date_input(key="new:date").set_value(today + datetime.timedelta(weeks=5))
    page.run()
    assert page.page.shown["dates"]["date"].min() > today


def test_a_release_near_is_named_with_what_it_takes_as_an_assumption(visit):
    page = visit(track=NEW)
    page.app.selectbox(key="new:artist").set_value("ar-bo")
    page.app.date_input(key="new:date").set_value(PLANNED)
    page.run()
    place = page.page.shown["dates"]["date"].to_list().index(PLANNED)
    page.app.session_state["dates"] = {"selection": {"rows": [place], "columns": [], "cells": []}}
    page.run()
    assert "One own release within two weeks\\: Not yet by Bo & the Bees" in page.words
    assert "Clash** :orange-badge[assumption] They take 10.0 % of the first" in page.words
    assert page.page.shown["clashes"]["shared"].to_list() == [100.0]
    assert "The Lab knows no clashes: it has, in the first 8 weeks" in page.words
    # another date is held against the planned one, so its clash is named there, too
    free = page.page.shown["dates"].with_row_index().filter(pl.col("clash") == 0.0)
    page.app.session_state["dates"] = {
        "selection": {"rows": [free["index"][0]], "columns": [], "cells": []}
    }
    page.run()
    assert f"On the planned {PLANNED:%d %b %Y}\\: One own release within two weeks" in page.words
    assert "clashes take 10.0 % and leave" in page.words
    assert "the rest by clashes as you set them: they take 10.0 %" in page.words


def test_a_date_without_clashes_is_better_by_the_season_alone(visit):
    page = visit(track="tr-4")
    found = dict(page.page._results)["release_dates"]
    quiet = found.dates.with_columns(
        clash=pl.lit(0.0), rank=pl.when("planned").then(26).otherwise("rank")
    )
    said = told(replace(found, dates=quiet))
    assert "all of it by the season, as no own release lies near either" in said
    assert "clashes" not in said


@pytest.mark.parametrize("kind", ["catalogue", "lyrics"])
def test_without_streams_it_says_what_is_missing(tmp_path, monkeypatch, kind):
    page = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert "this label has none yet" in page.words


def test_a_song_to_come_is_told_on_its_own_page(folder, monkeypatch):
    page = Visit(monkeypatch, folder, "songs/song", track="tr-4", ahead="true")
    assert "are expected in the first 8 weeks" in page.words
    assert "from 20 Nov 2026, with no money spent" in page.words
    assert page.notebook_agrees() >= 2
    out = Visit(monkeypatch, folder, "songs/song", track="tr-1", ahead="true")
    assert "in the first" not in out.words
