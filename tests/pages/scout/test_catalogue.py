"""Catalogue opens on every kind of label, and its notebook computes what it shows."""

import json

import labels
import polars as pl
import pytest
from apptest import Visit
from stream_rows import stream_rows, written

from workbench.charts.theme import GREY
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
    # what colours stands beside the names, where it is seen
    assert page.page.shown["tracks"].columns[:3] == ["title", "artist", "ours.single"]
    assert "Coloured by ours.single" in page.words
    page.app.multiselect(key="own-ours.single").set_value(["yes"])
    page.run()
    assert page.page.shown["tracks"]["title"].to_list() == ["Leaving"]
    assert page.notebook_agrees() == 1


def test_a_number_on_some_tracks_colours_and_filters(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    frame = pl.DataFrame({"track_id": ["tr-1", "tr-4"], "score": [2.5, 7.0]})
    open_dataset(str(folder)).annotate("ours", frame)
    page = visit(monkeypatch, folder, own="ours.score")
    dots = json.loads(page.app.get("plotly_chart")[0].proto.spec)["data"][0]["marker"]
    assert sorted(dots["color"], key=str) == [GREY, GREY, 2.5]
    page.app.slider(key="own-ours.score").set_value((2.5, 3.0))
    page.run()
    assert page.page.shown["tracks"]["title"].to_list() == ["Leaving"]
    assert page.notebook_agrees() == 1


def test_days_outside_a_chart_are_said_to_be_unknown(tmp_path, monkeypatch):
    streams = [100] * 168 + [100 if n % 2 else None for n in range(28)]
    tracks = [{"track_id": "t", "title": "T", "artist_id": "a", "status": "released"}]
    rows = stream_rows("t", streams)
    page = visit(monkeypatch, written(tmp_path / "chart", tracks=tracks, daily_streams=rows))
    assert "14 and 28 of 28" in page.app.metric[1].help


def choose(page: Visit, *titles: str) -> Visit:
    """Select rows of the table by title and run the page again."""
    shown = page.page.shown["tracks"]["title"].to_list()
    rows = [shown.index(title) for title in titles]
    page.app.session_state["tracks"] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return page.run()


def test_one_chosen_row_opens_its_song_and_its_artist(tmp_path, monkeypatch):
    page = visit(monkeypatch, labels.written(tmp_path / "full", "full"))
    assert "Choose a row to open" in page.words
    choose(page, "=Arriving")
    assert "Song: =Arriving" in page.words
    assert "compared_songs" not in page.page.calls
    choose(page, "=Arriving", "Leaving")
    assert "Song: =Arriving" not in page.words


def test_several_chosen_rows_are_drawn_side_by_side(tmp_path, monkeypatch):
    page = visit(monkeypatch, labels.written(tmp_path / "full", "full"))
    choose(page, "Leaving", "=Arriving", "Home <b>")
    assert "3 songs chosen" in page.words
    assert "Compare their 2 artists" in page.words
    lines = json.loads(page.app.get("plotly_chart")[1].proto.spec)["data"]
    assert [line["name"] for line in lines] == ["Leaving", "=Arriving", "Home &lt;b&gt;"]
    assert page.notebook_agrees() == 2
    # a planned song has no streams, so one line is left, and one is nothing to compare
    choose(page, "Leaving", "Not yet")
    assert "compared_songs" not in page.page.calls


def test_what_is_chosen_stays_chosen_when_the_rows_change(tmp_path, monkeypatch):
    page = visit(monkeypatch, labels.written(tmp_path / "full", "full"))
    choose(page, "=Arriving", "Home <b>")
    page.app.session_state["movers"] = {"selection": {"points": [{"customdata": 1}]}}
    page.run()
    assert page.page.shown["tracks"]["title"].to_list() == ["=Arriving"]
    assert "Song: =Arriving" in page.words
    page.app.session_state["movers"] = {"selection": {"points": []}}
    page.run()
    assert "Song: =Arriving" in page.words
    page.app.text_input(key="find").set_value("leaving")
    page.run()
    assert "Choose a row to open" in page.words


def noted(page: Visit, column: str, text: str) -> Visit:
    page.app.selectbox(key="note-column").set_value(column)
    page.app.text_input(key="note-text").set_value(text)
    page.app.button(key="note-save").click()
    return page.run()


def test_chosen_songs_can_be_noted_at_once(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    page = visit(monkeypatch, folder)
    choose(page, "Leaving", "Home <b>")
    noted(page, "shortlist", "yes")
    shown = page.page.shown["tracks"]
    assert dict(shown.select("title", "notes.shortlist").iter_rows()) == {
        "Leaving": "yes", "=Arriving": None, "Home <b>": "yes", "Not yet": None,
    }  # fmt: skip
    assert "2 songs chosen" in page.words
    assert "Noted for 2 songs, column notes.shortlist" in page.app.toast[0].value
    assert page.notebook_agrees() == 2
    choose(page, "Home <b>")
    noted(page, "shortlist", "")
    assert page.page.shown["tracks"]["notes.shortlist"].drop_nulls().to_list() == ["yes"]
    colours = visit(monkeypatch, folder, own="notes.shortlist")
    colours.app.multiselect(key="own-notes.shortlist").set_value(["yes"])
    assert colours.run().page.shown["tracks"]["title"].to_list() == ["Leaving"]


def test_a_note_that_cannot_be_written_is_said_once(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    (folder / "annotations").write_text("where a folder should be")
    page = visit(monkeypatch, folder)
    choose(page, "Leaving")
    noted(page, "shortlist", "yes")
    assert "could not be written" in page.words
    page.run()
    assert "could not be written" not in page.words
