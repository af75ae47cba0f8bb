"""Listener tiers: from plays with movement and markets, from aggregates with what is missing."""

import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.audience.saved import saved
from workbench.store.change import change

ROUTE = "audience/tiers"


@pytest.mark.parametrize("kind", ["catalogue", "lyrics"])
def test_without_streams_the_page_says_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert "Not in this data" in visit.words
    assert "audience timeline" in visit.words


def test_streams_alone_give_markets_and_what_is_missing(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "streams", "streams"), ROUTE)
    assert visit.notebook_agrees() == 1
    assert visit.page.shown["markets_growth"]["territory"].to_list() == ["US", "DE"]
    asked = visit.page.shown["missing"]["question"].to_list()
    assert "Who is super, moderate and light" in asked
    assert "Streams, 28 days" in visit.words


def test_spotifys_columns_lead_where_there_are_no_listeners(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "streams", "streams")
    counts = pl.DataFrame(
        {
            "entity": ["artist"] * 2,
            "entity_id": ["ar-ada"] * 2,
            "day": [labels.day(80), labels.day(108)],
            "territory": ["WW"] * 2,
            "store": ["spotify"] * 2,
            "monthly_listeners": [10_000, 12_000],
            "monthly_active_listeners": [3_000, 4_800],
            "super_listeners": [100, 240],
        }
    )
    with change(folder) as writing:
        writing.put("daily_streams", counts, source="timeline")
    visit = Visit(monkeypatch, folder, ROUTE)
    assert "40 % active" in visit.words
    assert "+20.0 %" in visit.words
    row = visit.page.shown["artist_counts"].row(0, named=True)
    assert row["super_share"] == pytest.approx(5.0)  # shown in percent


def test_plays_give_tiers_movement_markets_and_sources(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE)
    assert visit.notebook_agrees() == 2
    assert "Audience 30" in visit.words
    sizes = visit.page.shown["sizes"]
    assert (sizes["listeners"].drop_nulls() >= 10).all()
    assert {"sizes", "flows", "sources", "markets"} <= set(visit.page.shown)
    visit.app.button_group(key="by").set_value("By artist")
    visit.run()
    assert visit.notebook_agrees() == 3
    assert visit.page.shown["artists"]["name"].to_list() == ["Ada *Star*", "Bo & the Bees"]


def test_thresholds_are_ours_and_move_the_tiers(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    visit = Visit(monkeypatch, folder, ROUTE)
    before = visit.page.calls["tiers"].parameters
    visit.app.slider(key="super").set_value(40)
    visit.run()
    after = visit.page.calls["tiers"].parameters
    assert before["super_from"] == 12
    assert after["super_from"] == 40
    assert "ours" in visit.words


@pytest.mark.parametrize(("top", "middle"), [(4, 2), (4, 3), (60, 59)])
def test_thresholds_at_their_ends(tmp_path, monkeypatch, top, middle):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE)
    visit.app.slider(key="super").set_value(top)
    visit.run()
    visit.app.slider(key="moderate").set_value(middle)
    visit.run()
    parameters = visit.page.calls["tiers"].parameters
    assert (parameters["super_from"], parameters["moderate_from"]) == (top, middle)


def test_a_threshold_below_the_least_opens_the_page(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE, super="3")
    assert not visit.app.exception
    assert visit.page.calls["tiers"].parameters["super_from"] >= 4


def test_plays_without_a_source_are_not_called_intentional(tmp_path, monkeypatch):
    folder = tmp_path / "unknown"
    with change(folder) as writing:
        writing.put("artists", labels.artists(), source="test")
        writing.put("tracks", labels.tracks(), source="test")
        plays = labels.plays().with_columns(source=pl.lit("unknown"))
        writing.put("plays", plays, source="test")
    visit = Visit(monkeypatch, folder, ROUTE)
    assert "100 % of these plays have no source" in visit.words
    assert visit.page.shown["sizes"]["tier"].to_list() == ["Source unknown"]


def test_a_segment_is_saved_with_its_size_and_deleted(tmp_path, monkeypatch):
    folder = labels.written(tmp_path / "full", "full")
    visit = Visit(monkeypatch, folder, ROUTE)
    assert "None yet" in visit.words
    visit.app.text_input(key="segment:name").set_value("Led")
    visit.app.button(key="segment:save").click()
    visit.run()
    assert "needs a condition" in visit.words
    visit.app.multiselect(key="segment:tiers").set_value(["programmed"])
    visit.app.button(key="segment:save").click()
    visit.run()
    (led,) = saved(folder).segments
    visit.app.text_input(key="segment:name").set_value("Led in Germany")
    visit.app.multiselect(key="segment:countries").set_value(["DE"])
    visit.app.button(key="segment:save").click()
    visit.run()
    sizes = {row["name"]: row for row in visit.page.shown["saved_segments"].to_dicts()}
    # fifteen hear lists or radio only, to the next ten; five of them in Germany are too few
    assert sizes["Led"]["listeners"] == 20
    assert sizes["Led in Germany"]["listeners"] is None
    assert visit.notebook_agrees() == 3
    held = {one.name: one.id for one in saved(folder).segments}
    visit.app.text_input(key="combined:name").set_value("Led, not in Germany")
    visit.app.selectbox(key="combined:how").set_value("without")
    visit.app.multiselect(key="combined:parts").set_value([held["Led"], held["Led in Germany"]])
    visit.app.button(key="combined:save").click()
    visit.run()
    rules = {row["name"]: row["rule"] for row in visit.page.shown["saved_segments"].to_dicts()}
    assert rules["Led, not in Germany"] == ("in the first, not the others of Led, Led in Germany")
    # as a filter they are the whole audience
    visit.app.selectbox(key="among").set_value(held["Led"])
    visit.run()
    assert visit.page.calls["tiers"].parameters["filters"].segment.name == "Led"
    assert visit.page.shown["sizes"]["tier"].to_list() == ["Programmed"]
    visit.app.selectbox(key="segment:gone").set_value(led.id)
    visit.app.button(key="segment:delete").click()
    visit.run()
    # a combination keeps its parts, also when one of them goes
    assert [one.name for one in saved(folder).segments] == ["Led in Germany", "Led, not in Germany"]
