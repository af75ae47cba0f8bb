"""Taste clusters: every kind of label gets an answer, and a planted audience its clusters."""

import shutil

import labels
import polars as pl
import pytest
from apptest import Visit

from tests.audience.planted import ARTISTS, as_counts, planted
from workbench.audience import clusters as clustering
from workbench.audience.saved import saved
from workbench.dataset import make, open_dataset
from workbench.store.change import change

ROUTE = "audience/segments"


@pytest.fixture(autouse=True, scope="module")
def few_counts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (3, 4, 5))
        patch.setattr(clustering, "RESAMPLES", 3)
        yield


@pytest.fixture(scope="module")
def folder(few_counts, tmp_path_factory):
    place = tmp_path_factory.mktemp("planted") / "label"
    with change(place) as writing:
        for name, frame in planted().items():
            writing.put(name, frame, source="test")
    make(open_dataset(str(place)), "segments", lambda *_: None)
    return place


@pytest.mark.parametrize("kind", ["catalogue", "lyrics", "streams"])
def test_a_label_without_listeners_is_told_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert "Not in this data" in visit.words
    assert "who listened to what" in visit.words
    assert "Listener tiers already answers" in visit.words
    assert visit.notebook_agrees() == 0


def test_clusters_not_made_are_offered(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE)
    assert "has not been made for this version of the data" in visit.words
    assert [button.label for button in visit.app.button if button.label == "Make it now"]


def test_too_few_listeners_are_an_answer(tmp_path, monkeypatch):
    place = labels.written(tmp_path / "full", "full")
    make(open_dataset(str(place)), "segments", lambda *_: None)
    visit = Visit(monkeypatch, place, ROUTE)
    assert "Clusters need at least 60 listeners" in visit.words


def test_a_planted_audience_shows_its_clusters(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert visit.notebook_agrees() == 4
    assert "Taste clusters 4" in visit.words
    shown = visit.page.shown["clusters_table"]
    assert shown.height == 4
    for name in shown["name"]:
        assert f"**{name}**" in visit.words
    assert "definition" not in visit.page.shown
    assert "listener_id" not in "".join(c for f in visit.page.shown.values() for c in f.columns)


def test_value_and_the_course_of_time_are_shown_when_asked(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, lasting="true")
    assert visit.notebook_agrees() == 5
    assert visit.page.shown["rfv_recency"].height == 4
    assert "cluster_moves" in visit.page.shown
    assert "listeners. " in visit.words  # every card says who they are
    visit.app.button_group(key="rfv").set_value("frequency")
    visit.run()
    assert "rfv_frequency" in visit.page.shown


def test_another_number_of_clusters_stands_in_the_address(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, clusters="3")
    assert "Taste clusters 3" in visit.words
    assert visit.page.calls["clusters"].parameters["count"] == 3
    assert visit.notebook_agrees() == 4


def test_two_clusters_can_be_compared_by_market(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    visit.app.selectbox(key="second").set_value(2)
    visit.app.selectbox(key="compare-by").set_value("country")
    visit.run()
    assert visit.page.calls["compare"].parameters["second"] == 2
    assert visit.page.calls["compare"].parameters["kind"] == "country"


def test_a_definition_is_exported_only_of_a_large_cluster(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    visit.app.selectbox(key="definition-of").set_value(0)
    visit.run()
    assert "fewer than 100 listeners, too few to describe outside" in visit.words
    assert "definition" not in visit.page.shown


def test_filters_that_fit_nobody_say_so(folder, monkeypatch):
    plays = planted()["plays"].with_columns(pl.col("played_at").dt.date())
    last = plays["played_at"].max()
    played = set(plays.filter(pl.col("played_at") == last)["track_id"])
    silent = next(artist for artist in ARTISTS if f"t-{artist}" not in played)
    visit = Visit(monkeypatch, folder, ROUTE, since=last.isoformat(), artist=silent.title())
    assert "No listener fits these filters" in visit.words


def test_a_filter_chooses_who_is_counted(folder, monkeypatch):
    everyone = Visit(monkeypatch, folder, ROUTE).page.shown["clusters_table"]
    german = Visit(monkeypatch, folder, ROUTE, country="DE").page.shown["clusters_table"]
    assert german["name"].to_list() == everyone["name"].to_list()
    counts = pl.DataFrame({"de": german["listeners"], "all": everyone["listeners"]}).drop_nulls()
    assert (counts["de"] < counts["all"]).all()


def test_dates_are_offered_only_where_listening_has_times(folder, tmp_path, monkeypatch):
    place = tmp_path / "counts"
    with change(place) as writing:
        for name, frame in {**as_counts(planted()), "tracks": labels.tracks()}.items():
            writing.put(name, frame, source="test")
        writing.put("daily_streams", labels.daily_streams(), source="test")
    make(open_dataset(str(place)), "segments", lambda *_: None)
    dates = {d.key: d.disabled for d in Visit(monkeypatch, place, ROUTE).app.date_input}
    assert dates == {"since": True, "until": True}
    dates = {d.key: d.disabled for d in Visit(monkeypatch, folder, ROUTE).app.date_input}
    assert dates == {"since": False, "until": False}


def test_an_own_column_of_listeners_is_on_the_cards_and_in_the_comparison(folder, monkeypatch):
    tables = planted()
    who = tables["listeners"]["listener_id"].to_list()
    club = [i % 4 == 0 for i in range(len(who))]
    label = open_dataset(str(folder))
    label.annotate("fans", pl.DataFrame({"listener_id": who, "in_the_club": club}))
    visit = Visit(monkeypatch, folder, ROUTE)
    assert visit.words.count("fans.in\\_the\\_club] true ×") == 1
    visit.app.selectbox(key="compare-by").set_value("fans.in_the_club")
    visit.run()
    assert visit.page.calls["compare"].parameters["kind"] == "fans.in_the_club"
    assert visit.notebook_agrees() == 4


def test_a_cluster_is_kept_as_a_segment_and_filters(tmp_path, folder, monkeypatch):
    place = tmp_path / "own"
    shutil.copytree(folder, place)
    visit = Visit(monkeypatch, place, ROUTE)
    size = visit.page.shown["clusters_table"]["listeners"][1]
    visit.app.button(key="segment:cluster:1").click()
    visit.run()
    (kept,) = saved(place).segments
    assert kept.clusters == (1,)
    assert "segment:cluster:1" not in {button.key for button in visit.app.button}
    visit.app.selectbox(key="among").set_value(kept.id)
    visit.run()
    found = dict(visit.page._results)["clusters"]
    assert (found.listeners, found.unassigned) == (size, None)
