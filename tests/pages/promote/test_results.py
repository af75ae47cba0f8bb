"""Results: a campaign is told with what it rests on, and held against the plan that was saved."""

from dataclasses import replace

import labels
import polars as pl
import pytest
from apptest import Visit

from workbench.dataset import open_dataset
from workbench.promotion.foretold import foretold
from workbench.promotion.plan import Plan
from workbench.promotion.saved import save
from workbench.ui import past as words
from workbench.ui.plan_warnings import plain_warnings

ROUTE = "promote/results"


@pytest.fixture(scope="module")
def folder(promoted, tmp_path_factory):
    return promoted(tmp_path_factory.mktemp("results") / "full")


@pytest.mark.parametrize("kind", ["catalogue", "lyrics"])
def test_a_label_without_streams_is_told_what_to_import(tmp_path, monkeypatch, kind):
    visit = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert "A plan is counted in streams" in visit.words


def test_a_label_without_campaigns_is_led_to_import(promoted, tmp_path, monkeypatch):
    visit = Visit(monkeypatch, promoted(tmp_path / "streams", "streams"), ROUTE)
    assert "Import exports of ad managers" in visit.words
    assert "Import a file" in visit.words


def test_money_without_a_territory_is_told_of_the_song_and_of_the_label():
    row = {"subject": "territories", "value": 0.09, "limit": 0.0}
    told = [
        plain_warnings(pl.DataFrame([{"kind": kind, **row}]))[0] for kind in ("split", "split_song")
    ]
    assert told[0].startswith("9 % of the label's past spend on all songs came without")
    assert told[1].startswith("9 % of this song's spend, until the last week counted here,")


def test_the_campaign_is_told_and_agrees_with_its_notebook(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE)
    assert visit.notebook_agrees() == 7
    assert "3.6k EUR brought" in visit.words
    assert "nobody was left out by lot" in visit.words
    found = dict(visit.page._results)["campaign_result"]
    assert "too far off" in words.doubt(replace(found, error=0.6))
    assert "too far off" not in words.doubt(replace(found, error=-0.2))
    assert "No saved scenario is for this song" in visit.words
    assert len(visit.app.metric) == 5
    tiny = found.totals.with_columns(pl.col("low", "median", "high") * 0 + 0.004)
    assert [one.value for one in words.strip(replace(found, totals=tiny), "EUR")][1] == "0.4 %"
    shown = visit.page.shown
    assert shown["channels"]["channel"].to_list() == ["Meta", "Radio"]
    assert set(shown["campaigns"]["channels"].explode()) == {"Meta", "Radio"}
    assert shown["channels"]["spend"].to_list() == [2400, 1200]
    assert shown["markets"]["spend"].sum() == pytest.approx(3600)


def test_a_saved_plan_stands_beside_what_was_done(folder, monkeypatch):
    plan = Plan(track_id="tr-2", release_date=labels.day(28), spend=(("radio", 2000.0),))
    save(open_dataset(str(folder)).home, "ada", "only radio", plan)
    save(open_dataset(str(folder)).home, "ada", "another song", Plan(track_id="tr-4"))
    visit = Visit(monkeypatch, folder, ROUTE, after="4 weeks")
    assert "Planned 2.0k, spent 3.6k EUR" in visit.words
    assert visit.app.selectbox(key="scenario").options == ["only radio"]
    told = {row["channel"]: row for row in visit.page.shown["planned"].to_dicts()}
    assert (told["Radio"]["planned"], told["Radio"]["spent"]) == (2000, 1200)
    assert told["Meta"]["planned_median"] == 0
    assert "today's model was used" in visit.words
    plan = replace(plan, start=labels.day(28))
    then = foretold(open_dataset(str(folder)), plan=plan)
    save(open_dataset(str(folder)).home, "ada", "kept", plan, told=then)
    visit = Visit(monkeypatch, folder, ROUTE)
    assert "So far, to" in visit.words
    assert "when it was saved, from the weeks to" in visit.words
