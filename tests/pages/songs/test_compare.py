"""Compare two as visitors of several kinds of label meet it."""

import json

import pytest

from tests import labels
from tests.apptest import Visit
from workbench.ui.contrast import _signed

ROUTE = "songs/compare"


def pair(monkeypatch, songs, **query: str) -> Visit:
    return Visit(monkeypatch, songs.folder, ROUTE, **query)


def test_two_songs_by_their_link(songs, monkeypatch):
    visit = pair(monkeypatch, songs, first_song="tr-sad", second_song="tr-glad")
    assert "Glad, Ada is more pleasant" in visit.words or "and is more pleasant" in visit.words
    assert "Alike in moods" in visit.words
    drawn = json.loads(visit.app.get("plotly_chart")[0].proto.spec)["data"]
    assert [trace["name"] for trace in drawn] == ["Sad, Bo", "Glad, Ada"]
    assert visit.page.shown["measures"].height == 15
    assert visit.page.shown["traits"].height == 5
    assert "Song: Sad, Bo" in visit.words
    assert visit.notebook_agrees() == 2


def test_two_artists_by_their_link(songs, monkeypatch):
    visit = pair(monkeypatch, songs, of="Artists", first_artist="ar-b", second_artist="ar-a")
    assert "Too few songs to say what sets the two apart" in visit.words
    assert "Artist: Bo" in visit.words
    assert visit.notebook_agrees() == 1


def test_another_choice_stands_in_the_link(songs, monkeypatch):
    visit = pair(monkeypatch, songs, first_song="tr-sad", second_song="tr-glad")
    visit.app.selectbox(key="second_song-choice").set_value("tr-angry")
    visit.run()
    assert visit.app.query_params["second_song"] == "tr-angry"
    assert "Song: Angry, Bo" in visit.words
    # the first moves onto the second: another one takes its place
    visit.app.selectbox(key="first_song-choice").set_value("tr-angry")
    visit.run()
    assert visit.app.query_params["first_song"] == "tr-angry"
    assert visit.app.query_params["second_song"] != "tr-angry"
    visit.app.segmented_control(key="of").set_value("Artists")
    visit.run()
    assert visit.app.query_params["first_artist"] == "ar-a"
    assert "first_song" not in visit.app.query_params


def test_a_link_that_names_the_second_only_has_another_first(songs, monkeypatch):
    first = pair(monkeypatch, songs).app.query_params["first_song"]
    visit = pair(monkeypatch, songs, second_song=first)
    assert visit.app.query_params["second_song"] == first
    assert visit.app.query_params["first_song"] != first


def test_a_song_that_is_not_scored_says_so(songs, monkeypatch):
    visit = pair(monkeypatch, songs, first_song="tr-foreign", second_song="tr-glad")
    assert "“Foreign” has no scored line" in visit.words
    assert "measures" not in visit.page.shown


def test_fewer_than_two_songs_cannot_be_compared(tmp_path, monkeypatch):
    folder = labels.written(tmp_path, "full")
    visit = Visit(monkeypatch, folder, ROUTE, artist="Ada *Star*", genre="folk")
    assert "Two are needed, and fewer fit these choices" in visit.words
    assert visit.notebook_agrees() == 1


@pytest.mark.parametrize("kind", ["full", "catalogue", "lyrics", "streams"])
def test_every_kind_of_label_is_served(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path, kind), ROUTE)
    wanted = "Make it now" if kind in ("full", "lyrics") else "Not in this data"
    assert wanted in visit.words + " ".join(button.label for button in visit.app.button)


@pytest.mark.parametrize(("value", "shown"), [(-0.0004, "+0.00"), (0.0, "+0.00"), (-0.02, "-0.02")])
def test_next_to_nothing_has_no_minus(value, shown):
    assert _signed(value) == shown
