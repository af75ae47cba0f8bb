"""Overlap: every kind of label gets an answer, and a planted audience shows what it shares."""

import datetime

import labels
import polars as pl
import pytest
from apptest import Visit

from tests.audience.planted import as_counts, planted
from workbench.store.change import change

ROUTE = "audience/overlap"
FEW = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The planted audience; four of its listeners are the only ones in Taiwan."""
    tables = planted()
    away = pl.int_range(pl.len()) < FEW
    country = pl.when(away).then(pl.lit("TW")).otherwise("country").alias("country")
    tables["listeners"] = tables["listeners"].with_columns(country)
    place = tmp_path_factory.mktemp("planted") / "label"
    with change(place) as writing:
        for name, frame in tables.items():
            writing.put(name, frame, source="test")
    return place


@pytest.mark.parametrize("kind", ["catalogue", "streams"])
def test_without_listeners_the_page_says_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert "who listened to what" in visit.words
    assert visit.notebook_agrees() == 0


def test_a_small_label_is_told_what_is_too_little(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE)
    assert "This needs 168 days of plays" in visit.words
    assert visit.notebook_agrees() == 2
    visit.app.button_group(key="by").set_value("buying")
    visit.run()
    assert visit.page.calls["overlap"].parameters["by"] == "buying"
    assert "Buyers 10" in visit.words


def test_counts_without_times_give_the_overlap_alone(tmp_path, monkeypatch):
    place = tmp_path / "counts"
    with change(place) as writing:
        for name, frame in as_counts(planted()).items():
            writing.put(name, frame, source="test")
    visit = Visit(monkeypatch, place, ROUTE)
    assert "needs plays with their times" in visit.words
    assert set(visit.page.shown) == {"others"}


def test_a_planted_audience_shares_its_own_genre(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, artist_id="a07", least="1 stream")
    assert visit.notebook_agrees() == 4
    shown = visit.page.shown["others"]
    assert shown["name"].to_list()[:4] != []
    near = set(shown.head(4)["name"])
    assert near == {"A05", "A06", "A08", "A09"}
    assert {"others", "spills", "flows"} <= set(visit.page.shown)
    assert "listener_id" not in "".join(c for f in visit.page.shown.values() for c in f.columns)


def test_four_listeners_of_a_country_follow_from_no_two_filters(folder, monkeypatch):
    """All countries less all but one of four people: nothing of the difference is told."""
    countries = sorted(["DE", "FR", "GB", "US"])
    found = []
    for chosen in ([*countries, "TW"], countries):
        visit = Visit(monkeypatch, folder, ROUTE, artist_id="a07", country=chosen)
        assert f"countries={tuple(sorted(chosen))}" in visit.page.notebook().decode()
        counts = {
            (key, row["name"], column): row[column]
            for key, frame in visit.page.shown.items()
            for row in frame.iter_rows(named=True)
            for column in ("both", "listeners", "reach", "heard", "began", "lost", "gained")
            if row.get(column) is not None
        }
        assert len(counts) > 40
        assert all(count % 5 == 0 and count >= 10 for count in counts.values())
        found.append(counts)
    whole, rest = found
    gaps = [whole[key] - rest[key] for key in whole.keys() & rest.keys()]
    assert len(gaps) > 40
    assert all(gap % 5 == 0 for gap in gaps)
    few = Visit(monkeypatch, folder, ROUTE, artist_id="a07", country="TW")
    assert "others" not in few.page.shown
    assert "spills" not in few.page.shown
    assert "flows" not in few.page.shown


def test_the_last_day_chooses_who_counts(folder, monkeypatch):
    until = datetime.date(2026, 6, 30)
    visit = Visit(monkeypatch, folder, ROUTE, artist_id="a07", until=until.isoformat())
    assert visit.page.calls["overlap"].parameters["filters"].until == until
