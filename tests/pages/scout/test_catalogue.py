"""Catalogue opens on every kind of label, and its notebook computes what it shows."""

import json

import labels
import polars as pl
import pytest
from apptest import Visit
from stream_rows import stream_rows, written

from workbench.dataset import open_dataset

ROUTE = "scout/catalogue"


def visit(monkeypatch, folder, **query) -> Visit:
    return Visit(monkeypatch, folder, ROUTE, **query)


@pytest.mark.parametrize("kind", labels.KINDS)
def test_opens_and_its_notebook_agrees(tmp_path, monkeypatch, kind):
    page = visit(monkeypatch, labels.written(tmp_path / kind, kind))
    assert page.notebook_agrees() == 1
    assert "Tracks 4" in page.words
    assert page.page.shown["tracks"].height == 4
    assert ("Who moves is not in this data" in page.words) == (kind in ("catalogue", "lyrics"))
    assert len(page.app.get("plotly_chart")) == (kind in ("full", "streams"))


def test_shows_streams_change_and_interval(tmp_path, monkeypatch):
    page = visit(monkeypatch, labels.written(tmp_path / "full", "full"))
    assert "Streams, 28 days 62.3k -7.6 %" in page.words
    shown = page.page.shown["tracks"]
    second = shown.row(by_predicate=pl.col("title") == "=Arriving", named=True)
    assert second["change"] == pytest.approx(63.28, abs=0.01)
    assert second["low"] < second["change"] < second["high"]


def test_the_url_chooses_window_words_and_filters(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    page = visit(monkeypatch, folder, days="7 days", find="leaving")
    assert "Streams, 7 days" in page.words
    assert page.page.shown["tracks"]["title"].to_list() == ["Leaving"]
    nothing = visit(monkeypatch, folder, find="no such song")
    assert "No track fits" in nothing.words


def test_a_box_in_the_chart_shortens_the_table(tmp_path, monkeypatch):
    page = visit(monkeypatch, labels.written(tmp_path / "full", "full"))
    page.app.session_state["movers"] = {"selection": {"points": [{"customdata": 1}]}}
    page.run()
    assert page.page.shown["tracks"]["title"].to_list() == ["=Arriving"]
    assert "1 of 4 tracks" in page.words


def test_names_from_files_are_letters_in_the_figure(tmp_path, monkeypatch):
    page = visit(monkeypatch, labels.written(tmp_path / "full", "full"))
    spec = json.loads(page.app.get("plotly_chart")[0].proto.spec)
    hovers = [text for trace in spec["data"] for text in trace.get("hovertext", [])]
    assert any("Home &lt;b&gt;" in text for text in hovers)
    assert not any("Home <b>" in text for text in hovers)


def test_own_columns_colour_and_filter(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    frame = pl.DataFrame({"track_id": ["tr-1", "tr-3"], "single": ["yes", "no"]})
    open_dataset(str(folder)).annotate("ours", frame)
    page = visit(monkeypatch, folder, own="ours.single")
    assert "ours.single" in page.page.shown["tracks"].columns
    page.app.multiselect(key="own-ours.single").set_value(["yes"])
    page.run()
    assert page.page.shown["tracks"]["title"].to_list() == ["Leaving"]
    assert page.notebook_agrees() == 1


def test_days_outside_a_chart_are_said_to_be_unknown(tmp_path, monkeypatch):
    streams = [100] * 168 + [100 if n % 2 else None for n in range(28)]
    tracks = [{"track_id": "t", "title": "T", "artist_id": "a", "status": "released"}]
    rows = stream_rows("t", streams)
    page = visit(monkeypatch, written(tmp_path / "chart", tracks=tracks, daily_streams=rows))
    assert "14 and 28 of 28" in page.app.metric[1].help
