"""Experiments: the effect, the verdict and the groups are the analysis's, in words that hold."""

from dataclasses import replace

import labels
import polars as pl
import pytest
from apptest import Visit

from tests.promotion.test_uplift import rows
from workbench.dataset import open_dataset
from workbench.promotion import unit_lift
from workbench.store.change import change
from workbench.ui.whom_to_treat import whom_told

ROUTE = "promote/experiments"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("tests") / "label"
    planted = rows("planted", lambda fan, age: 0.3 * fan)
    with change(place) as writing:
        few = rows("few", lambda fan, age: 0.1, count=120)
        third = few.with_columns(
            arm=pl.when(pl.int_range(pl.len()) % 3 == 0).then(pl.lit("ad")).otherwise("arm")
        )
        writing.put("experiments", pl.concat([planted, third]), source="test")
        people = planted.select(listener_id="unit", consent=pl.lit(True))
        writing.put("listeners", people, source="test")
    return place


def test_a_label_without_experiments_is_told_what_to_import(tmp_path, monkeypatch):
    visit = Visit(monkeypatch, labels.written(tmp_path / "full", "full"), ROUTE)
    assert "a test's table with unit, arm and outcome" in visit.words
    assert visit.notebook_agrees() == 0


def test_who_can_be_moved_is_told(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, experiment="planted")
    assert visit.notebook_agrees() == 4
    assert "On average the treatment added" in visit.words
    assert "they can be told" in visit.words
    assert visit.page.shown["groups"].height > 1
    assert "treating only the" in visit.words
    assert "Treating costs nothing as you have set it" in visit.words
    found = dict(visit.page._results)["uplift"]
    said = whom_told(found, 0.1, "EUR")
    assert "Treating costs nothing" not in said
    mixed = found.groups.with_columns(treat=pl.int_range(pl.len()) == 0)
    base = {"units": 500, "low": -9.0, "high": 3.0}
    for gain, low, words in (
        (-5.0, -9.0, "**Treat everybody**: choosing groups brings 5 EUR less"),
        (5.0, -9.0, "**Whether choosing pays cannot be told**"),
        (5.0, 1.0, "**Treat the groups ticked**: that brings 5 EUR more"),
    ):
        plans = [{"whom": name, "gain": gain, **base, "low": low}
                 for name in ("everybody", "chosen groups", "more than everybody")]  # fmt: skip
        assert words in whom_told(
            replace(found, groups=mixed, plans=pl.DataFrame(plans)), 0.1, "EUR"
        )
    assert len(visit.app.metric) == 5
    visit.app.number_input(key="cost").set_value(0.9)
    visit.run()
    assert not visit.page.shown["groups"]["treat"].any()
    assert "Treat nobody" in visit.words
    assert "Fewer than 100 of the groups that pay consented" in visit.words


def test_an_experiment_of_streams_becomes_a_lift_test_and_is_taken_back(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, experiment="planted")
    assert "yes or no. A lift test needs streams" in visit.words
    assert visit.app.button(key="lift:keep").disabled
    counted = rows("counted", lambda fan, age: 0.3).with_columns(pl.col("outcome") * 3 + 2)
    days = counted.with_columns(date=labels.day(0))
    with change(folder) as writing:
        writing.put("experiments", days, source="streams")
    visit = Visit(monkeypatch, folder, ROUTE, experiment="counted")
    found = dict(visit.page._results)["uplift"]
    said = f"lift:{folder}:{unit_lift.test_name('counted', found.treated, found.control)}"
    visit.app.selectbox(key=f"{said}:channel").set_value("meta")
    visit.app.date_input(key=f"{said}:end").set_value(labels.day(27))
    visit.app.number_input(key=f"{said}:spend").set_value(400.0)
    visit.app.checkbox(key=f"{said}:streams").check()
    visit.run()
    assert "for 100 EUR more a week" in visit.words
    assert visit.page.shown["lift"]["channel"].to_list() == ["meta"]
    visit.app.button(key="lift:keep").click()
    visit.run()
    assert "Added to the lift tests" in visit.words
    assert visit.app.button(key="lift:keep").disabled
    held = open_dataset(str(folder)).table("lift_tests")
    assert held["extra_spend"].cast(pl.Float64).to_list() == [100.0]
    visit.app.button(key="lift:forget").click()
    visit.run()
    assert open_dataset(str(folder)).table("lift_tests").is_empty()


def test_few_units_leave_the_average_and_three_arms_a_choice(folder, monkeypatch):
    visit = Visit(monkeypatch, folder, ROUTE, experiment="few")
    assert "too few to learn for whom it does more" in visit.words
    assert "learners" not in visit.page.shown
    control = visit.app.selectbox(key="few:control")
    assert control.value == "no letter"
    assert set(control.options) == {"ad", "letter", "no letter"}
