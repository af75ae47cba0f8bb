"""Song as visitors of four kinds of label meet it."""

import json

import pytest

from tests import labels
from tests.apptest import Visit
from tests.audience.conftest import written
from tests.audience.planted import planted
from workbench.audience import clusters
from workbench.audience.song_audience import song_audience
from workbench.dataset import make, open_dataset


def figure(visit, place=0):
    return json.loads(visit.app.get("plotly_chart")[place].proto.spec)


def test_the_sheet_holds_every_line_and_downloads_hold_none(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/song", track="tr-turning")
    assert "Sadness turning to joy" in visit.words
    texts = [text for trace in figure(visit)["data"] for text in trace.get("text", [])]
    assert any("I cried all night because you are gone" in text for text in texts)
    for name in ("lines", "for"):
        assert "text" not in visit.page.shown[name].columns
    assert visit.page.shown["lines"].height == 6


def test_sections_stand_side_by_side_with_their_intervals(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/song", track="tr-turning")
    drawn = [json.loads(chart.proto.spec) for chart in visit.app.get("plotly_chart")]
    named = [{trace.get("name"): trace for trace in chart["data"]} for chart in drawn]
    section = next(traces["valence"] for traces in named if "error_x" in traces.get("valence", {}))
    shown = visit.page.shown["sections"]
    assert section["x"] == pytest.approx(shown["valence"].to_list())
    reach = [x + up for x, up in zip(section["x"], section["error_x"]["array"], strict=True)]
    assert reach == pytest.approx(shown["valence_high"].to_list())


def test_a_chosen_line_shows_its_scores(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/song", track="tr-turning")
    visit.app.session_state["sheet"] = {"selection": {"points": [{"customdata": 0}]}}
    visit.run()
    assert visit.page.shown["line"]["first"].to_list() == ["sadness"]
    # its words are tried in place of those of the lines for and against
    assert set(visit.page.shown["words"]["line"]) == {0}
    assert "word" not in visit.page.shown["words"].columns
    drawn = [json.loads(chart.proto.spec) for chart in visit.app.get("plotly_chart")]
    said = [trace["text"] for chart in drawn for trace in chart["data"] if trace.get("base")]
    assert said == [["I", "cried", "all", "night", "because", "you", "are", "gone"]]


@pytest.mark.parametrize("by", ["mood", "theme", "both"])
def test_similar_songs(songs, monkeypatch, by):
    visit = Visit(monkeypatch, songs.folder, "songs/song", track="tr-glad", alike=by.capitalize())
    assert visit.page.calls["similar_songs"].parameters["by"] == by
    assert visit.page.shown["similar"]["title"][0] == "Glad-Again"


def test_a_similar_song_can_be_opened_and_compared(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/song", track="tr-glad")
    visit.app.session_state["similar"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    visit.run()
    assert "Compare with Glad-Again" in visit.words


@pytest.mark.parametrize(
    ("track", "why"),
    [
        ("tr-foreign", "Language not supported"),
        ("tr-sounds", "Vocables only"),
        ("tr-short", "Too short"),
        ("tr-silent", "Instrumental"),
        ("tr-none", "No lyric on file"),
    ],
)
def test_what_cannot_be_scored_says_why(songs, monkeypatch, track, why):
    visit = Visit(monkeypatch, songs.folder, "songs/song", track=track)
    assert why in visit.words
    assert "similar" not in visit.page.shown


def test_markup_in_a_lyric_or_title_stays_text(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path, "full"), "songs/song", track="tr-3")
    assert "Home \\<b\\>" in visit.words
    assert "Streams, 28 days" in visit.words


def test_a_label_of_weekly_totals_keeps_its_lyrics_and_counts_by_the_week(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.weekly(tmp_path / "weekly"), "songs/song", track="tr-1")
    assert "streams by the day" not in visit.words
    assert "Streams, 28 days" in visit.words
    assert "Where it is heard" in visit.words
    # moods are offered, not cut off
    assert any(button.label == "Make it now" for button in visit.app.button)
    assert visit.notebook_agrees() >= 2


def test_the_notebook_computes_the_page(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/song", track="tr-glad")
    assert visit.notebook_agrees() == 5


@pytest.mark.parametrize("kind", ["full", "catalogue", "lyrics", "streams"])
def test_every_kind_of_label_is_served(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), "songs/song")
    wanted = "Make it now" if kind in ("full", "lyrics") else "Not in this data"
    assert wanted in visit.words + " ".join(button.label for button in visit.app.button)


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """Return a label of four planted taste groups, clustered, with no lyrics."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "OFFERED", (4,))
        patch.setattr(clusters, "RESAMPLES", 2)
        label = written(tmp_path_factory.mktemp("heard"), **planted())
        make(label, "segments", lambda *_: None)
        yield label


def test_who_listens_is_what_the_analysis_says(heard, monkeypatch):
    visit = Visit(monkeypatch, heard.folder, "songs/song", track="t-a00")
    found = song_audience(heard, track_id="t-a00")
    assert f"{found.listeners} of 320 listeners of the panel" in visit.words
    assert "Heard most above average among genre0" in visit.words
    shown = visit.page.shown["who-clusters-table"]
    assert shown["listeners"].to_list() == found.clusters["listeners"].to_list()
    assert "segment" not in shown.columns
    # Streams by country, then the two figures of who listens.
    drawn = figure(visit, -2)["data"][0]
    assert drawn["y"][-1].startswith("genre0")
    assert visit.page.shown["who-markets-table"].height == found.markets.height
    assert visit.notebook_agrees() == 3


def test_a_song_that_is_not_out_has_no_listeners_yet(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path, "full"), "songs/song", track="tr-4")
    assert "Nobody in the panel has streamed this song yet" in visit.words
    assert "who-markets-table" not in visit.page.shown


def test_without_clusters_markets_are_shown_and_clusters_offered(tmp_path, monkeypatch):
    folder = labels.written(tmp_path, "full")
    visit = Visit(monkeypatch, folder, "songs/song", track="tr-1")
    assert "make-segments" in [button.key for button in visit.app.button]
    assert visit.page.shown["who-markets-table"].height == 2
    make(open_dataset(str(folder)), "segments", lambda *_: None)
    visit = Visit(monkeypatch, folder, "songs/song", track="tr-1")
    assert "Clusters need at least" in visit.words
    assert visit.page.shown["who-markets-table"].height == 2
    assert visit.notebook_agrees() == 3


def test_without_plays_it_says_what_to_import(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path, "streams"), "songs/song", track="tr-1")
    assert "listener, track and time" in visit.words
