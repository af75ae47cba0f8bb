"""Recommendations: every kind of label gets an answer, every choice changes the list."""

import labels
import pytest
from apptest import Visit

from tests.audience.planted import planted
from workbench.audience import clusters as clustering
from workbench.audience import saved
from workbench.audience.rules import Segment
from workbench.dataset import make, open_dataset
from workbench.recommend import marks
from workbench.recommend.lists import recommendations
from workbench.store import state
from workbench.store.change import change
from workbench.store.erasure import erase
from workbench.store.shown_lists import ShownList
from workbench.ui.recommend import told

ROUTE = "audience/recommendations"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("planted") / "label"
    with change(place) as writing:
        for name, frame in planted().items():
            writing.put(name, frame, source="test")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (3, 4, 5))
        patch.setattr(clustering, "RESAMPLES", 3)
        for name in ("segments", "recommender"):
            make(open_dataset(str(place)), name, lambda *_: None)
    return place


def draft(visit) -> list[str]:
    return visit.page.shown["playlist_draft"]["title"].to_list()


@pytest.mark.parametrize("kind", ["catalogue", "lyrics", "streams"])
def test_a_label_without_listeners_is_told_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert "Not in this data" in visit.words
    assert "who listened to what" in visit.words
    assert visit.notebook_agrees() == 0


def test_what_is_not_made_is_offered_and_too_little_is_said(tmp_path, monkeypatch):
    place = labels.written(tmp_path / "full", "full")
    visit = Visit(monkeypatch, place, ROUTE)
    assert "has not been made for this version of the data" in visit.words
    make(open_dataset(str(place)), "recommender", lambda *_: None)
    assert "Recommendations need 50 listeners" in Visit(monkeypatch, place, ROUTE).words


def test_everybody_gets_a_list_with_reasons(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert visit.notebook_agrees() == 2
    shown = visit.page.shown["playlist_draft"]
    assert shown["rank"].to_list() == list(range(1, 21))
    assert all(len(because) for because in shown["because"].to_list())
    assert "Listeners 320" in visit.words
    assert "listener_id" not in "".join(c for f in visit.page.shown.values() for c in f.columns)


def test_the_finding_names_no_song_that_was_drawn_to_find_out(folder):
    label = open_dataset(str(folder))
    lists = (recommendations(label, length=10, explore=0.5, draw=draw) for draw in range(50))
    found = next(one for one in lists if one.songs["propensity"][0] < 1)
    sure = found.songs.filter(propensity=1.0)["title"][0]
    assert told(found).startswith(f"First: {sure} – ")


def test_a_cluster_gets_its_own_list(folder, monkeypatch):
    everybody = draft(Visit(monkeypatch, folder, ROUTE))
    visit = Visit(monkeypatch, folder, ROUTE, **{"for": "Taste cluster"})
    assert visit.page.calls["recommendations"].parameters["cluster"] == 0
    assert draft(visit) != everybody
    assert visit.notebook_agrees() == 3
    first = draft(visit)
    visit.app.selectbox(key="cluster").set_value(1)
    visit.run()
    assert visit.page.calls["recommendations"].parameters["cluster"] == 1
    assert draft(visit) != first


def test_a_saved_segment_is_passed_as_its_rule(folder, monkeypatch):
    label = open_dataset(str(folder))
    rule = saved.save(label.home, "tester", Segment("", "Germans", countries=("DE",)))
    visit = Visit(monkeypatch, folder, ROUTE, **{"for": "Saved segment"})
    assert visit.page.calls["recommendations"].parameters["segment"] == rule
    assert visit.notebook_agrees() == 2
    saved.delete(label.home, rule.id)


def test_pasted_songs_are_read_told_and_left_out(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, **{"for": "List of songs"})
    assert "Paste songs of this label" in visit.words
    visit.app.text_area(key="songs").set_value("Song of a00 – A00\nsong of a01\nnothing of ours")
    visit.run()
    assert "1 line names no song of this label" in visit.words
    assert visit.page.calls["recommendations"].parameters["songs"] == ("t-a00", "t-a01")
    assert not {"Song of a00", "Song of a01"} & set(draft(visit))
    assert visit.notebook_agrees() == 2


def test_a_row_chosen_in_a_longer_list_is_no_longer_chosen(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    visit.app.session_state["playlist_draft"] = {"selection": {"rows": [500]}}
    visit.run()
    assert draft(visit)


def test_dial_variety_and_choices_reach_the_list(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    before = draft(visit)
    visit.app.slider(key="dial").set_value(1.0)
    visit.app.number_input(key="length").set_value(5)
    visit.run()
    assert visit.page.calls["recommendations"].parameters["dial"] == 1.0
    assert len(draft(visit)) == 5
    assert draft(visit) != before[:5]
    visit.app.slider(key="variety").set_value(0.0)
    visit.app.toggle(key="clean").set_value(True)
    visit.run()
    assert visit.page.calls["recommendations"].parameters["variety"] == 0.0
    assert visit.page.calls["recommendations"].parameters["clean"] is True
    visit.app.toggle(key="own").set_value(True)
    visit.run()
    assert "No song fits these choices" in visit.words  # nobody is marked as signed
    assert visit.notebook_agrees() == 2


def test_filters_choose_what_may_be_in_the_list(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, genre="genre2")
    assert set(visit.page.shown["playlist_draft"]["genre"]) == {"genre2"}


def test_songs_to_come_are_asked_for(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, which="New releases")
    assert visit.page.calls["recommendations"].parameters["which"] == "new"


def say(visit, rows: list[int], said: str):
    visit.app.session_state["playlist_draft"] = {"selection": {"rows": rows}}
    visit.run()
    visit.app.button(key=f"say-{said}").click()
    return visit.run()


def test_what_is_said_changes_the_next_list_at_once_and_can_be_taken_back(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert "Choose songs of the list to like" in visit.words
    before = draft(visit)
    say(visit, [0, 1], "like")
    assert draft(visit)[:2] == before[:2]
    assert visit.page.shown["playlist_draft"]["mark"].to_list()[:2] == ["Kept", "Kept"]
    disliked = draft(visit)[2]
    say(visit, [2], "dislike")
    said = visit.page.calls["recommendations"].parameters["feedback"]
    assert len(said.liked) == 2 and len(said.against) == 1
    assert disliked not in draft(visit)
    assert visit.notebook_agrees() == 2
    assert visit.page.shown["said"]["said"].to_list() == ["dislike", "like", "like"]
    other = Visit(monkeypatch, folder, ROUTE, **{"for": "Taste cluster"})
    there = other.page.calls["recommendations"].parameters["feedback"]
    assert there.without == said.against and there.liked == ()
    visit = Visit(monkeypatch, folder, ROUTE)
    visit.app.session_state["said"] = {"selection": {"rows": [0, 1, 2]}}
    visit.run()
    visit.app.button(key="take-back").click()
    visit.run()
    assert draft(visit) == before


def test_every_list_is_on_record_with_its_propensities(folder, monkeypatch):
    home = open_dataset(str(folder)).home
    visit = Visit(monkeypatch, folder, ROUTE)
    count = marks.lists_shown(home)
    visit.run()
    assert marks.lists_shown(home) == count  # the same list, the same day
    visit.app.slider(key="dial").set_value(0.9)
    visit.app.number_input(key="length").set_value(10)
    visit.run()
    assert marks.lists_shown(home) == count + 1
    row = visit.page.shown["playlist_draft"]["mark"].to_list().index("To find out")
    say(visit, [row], "not for this audience")
    (found,) = marks.logged(home).to_dicts()
    assert 0 < found["propensity"] < 1 and found["blend_place"] > found["length"] - 2
    assert found["said"] == "not for this audience" and found["place"] == row + 1
    for mark in marks.marks(home)["mark"]:
        marks.take_back(home, mark)


def places(genres: list[str], name: str) -> float:
    """Return the mean place of the songs of a genre."""
    held = [place for place, genre in enumerate(genres) if genre == name]
    return sum(held) / len(held)


def test_less_of_a_feature_holds_its_songs_back(folder, monkeypatch):
    home = open_dataset(str(folder)).home
    visit = Visit(monkeypatch, folder, ROUTE)
    before = visit.page.shown["playlist_draft"]["genre"].to_list()
    name = before[0]
    row = visit.page.shown["taste"]["name"].to_list().index(name)
    visit.app.session_state["taste"] = {"selection": {"rows": [row]}}
    visit.run()
    visit.app.button(key="less").click()
    visit.run()
    assert visit.page.calls["recommendations"].parameters["feedback"].less == (f"genre:{name}",)
    after = visit.page.shown["playlist_draft"]["genre"].to_list()
    assert places(after, name) > places(before, name) + 2
    assert visit.page.shown["said"]["name"].to_list() == [f"Less of genre {name}"]
    assert visit.notebook_agrees() == 2
    for mark in marks.marks(home)["mark"]:
        marks.take_back(home, mark)


def test_one_listener_only_where_switched_on_logged_and_never_taken_away(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert "One listener" not in visit.app.segmented_control(key="for").options
    monkeypatch.setenv("WORKBENCH_SINGLE_LISTENERS", "1")
    visit = Visit(monkeypatch, folder, ROUTE, **{"for": "One listener"})
    visit.app.text_input(key="listener").set_value("l000")
    visit.run()
    assert "because of" in visit.words
    assert not visit.page.calls and not visit.page.shown, "nothing to download, no notebook"
    assert "l000" not in str(dict(visit.app.query_params))
    home = open_dataset(str(folder)).home
    log = state.rows(home, state.Access)
    assert log.select("act", "subject").rows() == [("listener opened", "l000")]
    erase(folder, home, "l000")
    assert state.rows(home, ShownList).filter(listener_id="l000").is_empty()
