"""Artist opens on every kind of label, follows the URL, the table, and a day of the line."""

import json

import labels
import polars as pl
import pytest
from apptest import Visit

from tests.listening import decaying
from workbench.dataset import open_dataset
from workbench.store.change import change

ROUTE = "scout/artist"


def visit(monkeypatch, folder, **query) -> Visit:
    return Visit(monkeypatch, folder, ROUTE, **query)


@pytest.mark.parametrize("kind", labels.KINDS)
def test_opens_and_its_notebook_agrees(tmp_path, monkeypatch, kind):
    page = visit(monkeypatch, labels.written(tmp_path / kind, kind))
    assert page.notebook_agrees() >= 2
    assert page.page.shown["roster"].height == 2
    streams = kind in ("full", "streams")
    assert ("Who moves is not in this data" in page.words) is not streams
    assert ("Streams, 28 days" in page.words) is streams
    assert ("needs plays of a panel" in page.words) is (kind == "streams")


def test_the_url_chooses_the_artist_by_id(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    page = visit(monkeypatch, folder, artist_id="ar-bo")
    assert page.app.subheader[0].value == "Bo & the Bees"
    assert page.page.shown["songs"]["title"].to_list() == ["Home <b>", "Not yet"]
    other = visit(monkeypatch, folder, artist_id="nobody")
    assert other.app.subheader[0].value == r"Ada \*Star\*"


def test_a_row_of_the_roster_chooses_and_later_choices_win(tmp_path, monkeypatch):
    page = visit(monkeypatch, labels.written(tmp_path / "full", "full"))
    page.app.session_state["roster"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    page.run()
    assert page.app.subheader[0].value == "Bo & the Bees"
    page.app.selectbox(key="artist_id-choice").set_value("ar-ada")
    page.run()
    assert page.app.subheader[0].value == r"Ada \*Star\*"


def test_a_day_of_the_line_opens(tmp_path, monkeypatch):
    page = visit(monkeypatch, labels.written(tmp_path / "full", "full"))
    day = str(labels.day(100))
    page.app.session_state["timeline"] = {"selection": {"points": [{"customdata": [day]}]}}
    page.run()
    wanted = labels.daily_streams().filter(
        (pl.col("day") == labels.day(100)) & pl.col("entity_id").is_in(["tr-1", "tr-2"])
    )
    assert page.page.shown["day_tracks"]["streams"].sum() == wanted["streams"].sum()
    assert page.notebook_agrees() >= 3


def test_weekly_totals_are_drawn_by_the_week_and_open_no_day(tmp_path, monkeypatch):
    page = visit(monkeypatch, labels.weekly(tmp_path / "weekly"), artist_id="ar-ada")
    drawn = json.loads(page.app.get("plotly_chart")[0].proto.spec)
    assert drawn["layout"]["yaxis"]["title"]["text"] == "Streams a week"
    named = [trace["name"] for trace in drawn["data"] if trace.get("showlegend", True)]
    assert named == ["Week"]
    assert "Each point is a week" in page.words
    assert "Choose a day" not in page.words
    assert page.notebook_agrees() >= 2


def test_numbers_that_no_country_bounds_say_so(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    people = pl.DataFrame(
        {
            "entity": ["artist"], "entity_id": ["ar-ada"], "day": [labels.day(111)],
            "territory": ["WW"], "store": ["spotify"], "monthly_listeners": [900],
            "followers": [50],
        }
    )  # fmt: skip
    with change(folder) as writing:
        writing.put("daily_streams", people, source="people")
    everywhere = visit(monkeypatch, folder, artist_id="ar-ada")
    assert "Followers 50" in everywhere.words
    assert "all countries" not in everywhere.words
    some = visit(monkeypatch, folder, artist_id="ar-ada", country="DE")
    assert some.words.count("all countries, change in 28 days") == 2


def test_artists_side_by_side_are_in_the_url(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    page = visit(monkeypatch, folder, artist_id="ar-ada", beside="ar-bo")
    assert "compared" in page.page.calls
    assert page.page.calls["compared"].parameters["artists"] == ("ar-ada", "ar-bo")
    assert page.notebook_agrees() >= 3


def test_own_columns_of_artists_choose_rows(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    frame = pl.DataFrame({"artist_id": ["ar-ada", "ar-bo"], "tier": ["A", "B"]})
    open_dataset(str(folder)).annotate("ours", frame)
    page = visit(monkeypatch, folder, own="ours.tier")
    page.app.multiselect(key="own-ours.tier").set_value(["B"])
    page.run()
    assert page.page.shown["roster"]["artist"].to_list() == ["Bo & the Bees"]


def test_the_next_weeks_are_told_when_asked_for(tmp_path, monkeypatch):
    place = decaying.written(tmp_path / "label")
    seen = visit(monkeypatch, place, artist_id="a2", ahead="true", weeks_ahead="13 weeks")
    assert "are expected in 13 weeks" in seen.words
    assert seen.notebook_agrees() >= 3
    short = labels.written(tmp_path / "full", "full")
    seen = visit(monkeypatch, short, ahead="true")
    assert "too few to say anything" in seen.words


def test_a_song_has_next_weeks_too(tmp_path, monkeypatch):
    place = decaying.written(tmp_path / "label")
    seen = Visit(monkeypatch, place, "songs/song", track="t7", ahead="true")
    assert "are expected in 8 weeks" in seen.words
