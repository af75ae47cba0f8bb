"""Evaluation: models, metrics and clusters of a planted audience; other labels are told why not."""

import labels
import pytest
from apptest import Visit

from tests.audience.planted import planted
from workbench.audience import clusters as clustering
from workbench.dataset import make, open_dataset
from workbench.recommend import marks
from workbench.recommend.lists import recommendations
from workbench.store.change import change

ROUTE = "share/evaluation"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("planted") / "label"
    with change(place) as writing:
        for name, frame in planted().items():
            writing.put(name, frame, source="test")
    make(open_dataset(str(place)), "recommender", lambda *_: None)
    return place


@pytest.mark.parametrize("kind", ["catalogue", "lyrics", "streams"])
def test_a_label_without_listeners_is_told_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert "Not in this data" in visit.words
    assert visit.notebook_agrees() == 0


def test_too_little_is_said(tmp_path, monkeypatch):
    place = labels.written(tmp_path / "full", "full")
    assert "has not been made" in Visit(monkeypatch, place, ROUTE).words
    make(open_dataset(str(place)), "recommender", lambda *_: None)
    assert "Recommendations need 50 listeners" in Visit(monkeypatch, place, ROUTE).words


def test_models_stand_side_by_side(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert visit.notebook_agrees() == 1
    shown = visit.page.shown["models_table"]
    assert shown["model"].to_list()[-1] == "Most popular"
    assert shown.height == 7
    assert (shown["coverage"] > 10).all()  # in percent
    assert visit.page.shown["blend_against"].height == 6
    assert "Taste clusters are not made for this data" in visit.words


def test_another_metric_is_drawn(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, metric="Recall")
    assert visit.page.calls["figure models"].parameters == {"metric": "recall"}
    assert "Share of what was heard next" in visit.words


def test_clusters_stand_apart_where_they_are_made(folder, monkeypatch):
    monkeypatch.setattr(clustering, "OFFERED", (3, 4, 5))
    monkeypatch.setattr(clustering, "RESAMPLES", 3)
    make(open_dataset(str(folder)), "segments", lambda *_: None)
    visit = Visit(monkeypatch, folder, ROUTE)
    assert visit.page.shown["by_cluster"].height >= 4
    assert visit.notebook_agrees() == 1


def test_what_people_said_of_lists_is_worth_something_once_there_is_enough(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert "0 lists are on record, and 0 of their songs were spoken of" in visit.words
    label = open_dataset(str(folder))
    for n in range(6):
        audience = marks.Audience(f"audience {n}")
        found = recommendations(label, length=10, explore=0.2, draw=n)
        said = {"model": "m", "choices": "", "length": 10}
        marks.log_list(label.home, "ada", f"list {n}", audience, found, **said)
        for place, track in enumerate(found.songs["track_id"].head(6)):
            one = {"about": track, "shown": f"list {n}"}
            marks.mark(label.home, "ada", audience, said=marks.SAYABLE[place % 2], **one)
    visit = Visit(monkeypatch, folder, ROUTE)
    assert "36 marks on 6 lists" in visit.words
    worth = visit.page.shown["logged_worth"]
    assert worth["policy"][0] == "As shown"
    assert worth["snips"][0] == pytest.approx(50) and worth["ips"][0] == pytest.approx(0.5)
    assert worth["effective"][0] == pytest.approx(36)
    assert visit.notebook_agrees() == 2
