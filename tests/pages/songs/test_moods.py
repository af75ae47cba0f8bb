"""Moods as visitors of four kinds of label meet it."""

import pytest

from tests import labels
from tests.apptest import Visit
from workbench.lyrics.catalogue import catalogue_moods


def test_every_song_is_on_the_map_or_named_with_its_reason(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods")
    assert "Songs scored 5" in visit.words
    assert "Not scored 6" in visit.words
    assert visit.page.shown["songs"].height == 5
    assert visit.page.shown["unscored"].height == 6
    assert visit.page.shown["outcomes"]["tracks"].sum() == 11


def test_repeats_can_be_left_out(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", lines="written")
    shown = visit.page.shown["songs"]
    wanted = catalogue_moods(songs, heard=False).tracks.drop_nulls("lead")
    assert shown["lead_share"].to_list() == pytest.approx((wanted["lead_share"] * 100).to_list())


@pytest.mark.parametrize("by", ["artist", "genre", "year"])
def test_groups(songs, monkeypatch, by):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", by=by)
    assert visit.page.shown["groups"]["songs"].sum() == 5


def test_a_genre_can_be_chosen(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods", genre="folk")
    assert "No song here could be scored" in visit.words
    assert visit.page.shown["outcomes"]["tracks"].sum() == 6


def test_a_lasso_lists_its_songs(songs, monkeypatch):
    visit = Visit(monkeypatch, songs.folder, "songs/moods")
    row = catalogue_moods(songs).tracks["track_id"].to_list().index("tr-sad")
    visit.app.session_state["map"] = {"selection": {"points": [{"customdata": [row]}]}}
    visit.run()
    assert visit.page.shown["songs"]["title"].to_list() == ["Sad"]


def test_the_notebook_computes_the_page(songs, monkeypatch):
    assert Visit(monkeypatch, songs.folder, "songs/moods").notebook_agrees() == 2


@pytest.mark.parametrize("kind", ["catalogue", "streams"])
def test_without_lyrics_it_says_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), "songs/moods")
    assert "Not in this data" in visit.words


@pytest.mark.parametrize("kind", ["full", "lyrics"])
def test_lyrics_that_are_not_scored_yet_are_offered(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), "songs/moods")
    assert [button.label for button in visit.app.button if button.key == "make-line_moods"] == [
        "Make it now"
    ]
