"""Mood gap as visitors of every kind of label meet it."""

import json

import pytest

from tests import labels
from tests.apptest import Visit
from workbench.audience import clusters as clustering
from workbench.audience.rules import Segment
from workbench.audience.saved import save
from workbench.dataset import make, open_dataset
from workbench.store.artifacts import in_order

ROUTE = "scout/mood_gap"


@pytest.fixture(autouse=True, scope="module")
def few_counts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (3, 4))
        patch.setattr(clustering, "RESAMPLES", 3)
        yield patch


@pytest.fixture(scope="module")
def folder(few_counts, wished, tmp_path_factory):
    label = wished(tmp_path_factory.mktemp("wished") / "label")
    make(label, "segments", lambda *_: None)
    return label.folder


def test_the_brief_names_what_is_wanted_and_not_planned(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, clusters="3")
    assert "Wanted more than it is offered." in visit.words
    assert "joy" in visit.words
    assert "0 of 6 planned songs" in visit.words
    assert "Planned songs 6" in visit.words
    shown = visit.page.shown["gaps"]
    assert shown["mood"][0] == "joy"
    assert shown["gap"].is_sorted(descending=True, nulls_last=True)
    assert "listener_id" not in "".join(c for f in visit.page.shown.values() for c in f.columns)


def test_the_notebook_computes_the_page(folder, monkeypatch):
    assert Visit(monkeypatch, folder, ROUTE).notebook_agrees() == 2


def test_a_segment_has_a_brief_of_its_own(folder, monkeypatch):
    """Of one Taste cluster: nobody of the others, and the same songs on offer."""
    save(open_dataset(str(folder)).home, "ada", Segment("", "Home", clusters=(0,)))
    whole = Visit(monkeypatch, folder, ROUTE, clusters="3").page
    visit = Visit(monkeypatch, folder, ROUTE, clusters="3", among="Home")
    assert "plays of the panel by “Home”" in visit.words
    both = dict(whole._results)["mood_gap"], dict(visit.page._results)["mood_gap"]
    assert both[1].songs == both[0].songs
    counts = [found.segments["listeners"].sum() for found in both]
    assert 0 < counts[1] < 0.5 * counts[0]
    assert both[1].segments["left_out"].sum() == both[0].count - 1
    assert visit.notebook_agrees() == 2


def test_another_number_of_clusters_is_another_brief(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, clusters="3")
    assert visit.page.shown["gaps"]["name"].n_unique() == 4
    visit.app.segmented_control(key="clusters").set_value(4)
    visit.run()
    assert visit.page.shown["gaps"]["name"].n_unique() == 5
    assert visit.notebook_agrees() == 2


def test_performance_can_be_told_by_three_outcomes(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert "No mood differs beyond noise" in visit.words
    visit.app.segmented_control(key="outcome").set_value("skips")
    visit.run()
    assert "Beyond noise: joy -" in visit.words
    assert "An association, not an effect" in visit.words
    spec = json.loads(visit.app.get("plotly_chart")[1].proto.spec)
    assert any("joy" in name for name in spec["data"][0]["y"])
    assert visit.notebook_agrees() == 2


def test_a_dot_and_its_ring_stand_for_every_cell_that_is_shown(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, clusters="3")
    spec = json.loads(visit.app.get("plotly_chart")[0].proto.spec)
    *dots, rings = spec["data"]
    shown = visit.page.shown["gaps"].drop_nulls("gap").height
    assert sum(len(trace["x"]) for trace in dots) == len(rings["x"]) == shown == 12


@pytest.mark.parametrize("kind", ["catalogue", "streams", "empty", "streams without tracks"])
def test_without_lyrics_it_says_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / "label", kind), ROUTE)
    assert "Not in this data" in visit.words
    assert visit.notebook_agrees() == 0


@pytest.mark.parametrize("kind", ["full", "lyrics"])
def test_lyrics_that_are_not_scored_yet_are_offered(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert [b.key for b in visit.app.button if b.label == "Make it now"] == ["make-line_moods"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [("lyrics", "Not in this data"), ("full", "has not been made for this version")],
)
def test_scored_lyrics_alone_are_an_answer_too(tmp_path, monkeypatch, kind, said):
    folder = labels.written(tmp_path / kind, kind)
    for name in in_order(["line_moods"]):
        make(open_dataset(str(folder)), name, lambda *_: None)
    visit = Visit(monkeypatch, folder, ROUTE)
    assert said in visit.words
    assert "Mood against performance" in visit.words
    if kind == "full":
        make(open_dataset(str(folder)), "segments", lambda *_: None)
        visit = Visit(monkeypatch, folder, ROUTE)
        assert "Clusters need at least 60 listeners" in visit.words
    assert visit.notebook_agrees() == 1
