"""Potential listeners: a song, an artist, a demo; every choice reaches the answer."""

import hashlib

import labels
import pytest
from apptest import Visit

from tests.recommend.test_prospects import made, tables
from workbench.recommend.prospect_export import hashed_audience
from workbench.store import state
from workbench.ui.hashed_ids import taken_away

ROUTE = "audience/prospects"
LYRIC = "I walk the long road home\nand nobody waits for me there\n" * 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made(tmp_path_factory.getbasetemp())


def asked(visit) -> dict:
    return visit.page.calls["expected"].parameters


@pytest.mark.parametrize("kind", ["catalogue", "lyrics", "streams"])
def test_a_label_without_listeners_is_told_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert "Not in this data" in visit.words
    assert "who listened to what" in visit.words
    visit.notebook_agrees()


def test_what_is_not_made_is_offered(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE)
    assert "has not been made for this version of the data" in visit.words


def test_a_song_that_nobody_has_heard_gets_an_audience(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, track="t-new")
    assert "Not out" in visit.words and "are expected to come" in visit.words
    assert asked(visit)["track"] == "t-new"
    assert visit.notebook_agrees() >= 2
    shown = visit.page.shown
    assert shown["expected_audience"]["name"].null_count() == 0
    assert "audience_definition" not in shown  # a tenth of 900 is under a hundred
    assert "Take a larger share" in visit.words
    assert "listener_id" not in "".join(c for f in shown.values() for c in f.columns)


def test_a_larger_share_can_be_taken_away_and_leaves_no_listener_in_a_notebook(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, track="t-new")
    visit.app.slider(key="share").set_value(40)
    visit.run()
    assert asked(visit)["share"] == 0.4
    definition = visit.page.shown["audience_definition"]
    assert definition["people"].min() >= 100
    assert "Hashed ids of 200 with consent" in {
        one.label for one in visit.app.get("download_button")
    }
    notebook = visit.page.notebook().decode()
    assert "hashed_audience" not in notebook
    ids = tables()["listeners"]["listener_id"]
    assert not any(hashlib.sha256(one.encode()).hexdigest() in notebook for one in ids)
    assert visit.notebook_agrees() >= 2


def test_each_file_of_hashed_ids_is_logged(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, track="t-new")
    home = visit.page.label.home
    before = state.rows(home, state.Access).height
    whom = {"track": "t-new", "share": 0.4}
    file = taken_away(visit.page.label, hashed_audience, "t-new", **whom).decode()
    assert len(file.splitlines()) == 201
    log = state.rows(home, state.Access)
    assert log.height == before + 1
    assert "200 hashed ids for t-new" in log["subject"].to_list()


def test_an_artist_and_a_group_can_be_chosen(folder, monkeypatch):
    visit = Visit(
        monkeypatch, folder, ROUTE, **{"for": "Artist"}, artist_id="a17", by="Taste cluster"
    )
    assert asked(visit)["artist"] == "a17"
    assert visit.page.shown["expected_audience"]["name"][0].startswith("genre2")
    visit.app.segmented_control(key="by").set_value("tier")
    visit.run()
    assert "genre2" not in visit.page.shown["expected_audience"]["name"][0]


def test_a_market_is_a_filter(folder, monkeypatch):
    whole = Visit(monkeypatch, folder, ROUTE, track="t-new").page.shown["expected_audience"]
    assert whole.height > 1
    visit = Visit(monkeypatch, folder, ROUTE, track="t-new", country="DE")
    assert asked(visit)["filters"].countries == ("DE",)
    assert visit.page.shown["expected_audience"]["name"].to_list() == ["DE"]
    few = Visit(monkeypatch, folder, ROUTE, track="t-new", country="TW")
    assert "too few to show" in few.words


def test_a_demo_is_read_and_its_words_go_nowhere(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, **{"for": "Demo lyric"})
    assert "expected" not in visit.page.calls
    visit.app.text_area(key="demo-text").set_value(LYRIC)
    visit.app.selectbox(key="demo-artist").set_value("a02")
    visit.run()
    assert asked(visit)["artist"] == "a02"
    assert "This demo" in visit.words or "this demo" in visit.words
    assert "long road" not in visit.page.notebook().decode()
