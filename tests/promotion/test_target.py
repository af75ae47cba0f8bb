"""The cheapest way to streams: no smaller budget reaches them, and none is made up."""

from dataclasses import replace

import polars as pl
import pytest

from workbench.errors import BadInput
from workbench.promotion.optimise import best_split
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.plan import Plan
from workbench.promotion.target import cheapest_plan

PLAN = Plan(track_id="tr-4", spend=(("meta", 300.0), ("radio", 1000.0)), weeks=8)


@pytest.mark.parametrize("sure", [0.5, 0.8])
def test_it_is_reached_and_hardly_less_money_would_do(label, sure):
    reach = cheapest_plan(label, plan=PLAN, streams=1e12, sure=sure)
    assert reach.verdict == "beyond"
    assert dict(reach.plan.spend) == {"meta": 2880, "radio": 1440}  # 1.2 times what was tried
    streams = reach.anyway + 0.6 * (reach.reached - reach.anyway)
    found = cheapest_plan(label, plan=PLAN, streams=streams, sure=sure)
    assert found.verdict == "reached"
    assert found.reached >= streams
    less = 0.97 * found.plan.budget
    share = less / PLAN.budget
    poorer = PLAN.with_spend({name: amount * share for name, amount in PLAN.spend})
    best = best_split(label, plan=poorer).plan
    assert found.chance == pytest.approx(sure, abs=0.01)
    if sure == 0.5:  # what is told is what the strip tells of the plan, once it is taken
        assert median(label, found.plan) == pytest.approx(found.reached, rel=1e-3)
        assert median(label, best) < streams


def median(label, plan):
    totals = plan_outcome(label, plan=plan, current=plan).totals
    return totals.row(by_predicate=pl.col("measure") == "streams", named=True)["scenario_median"]


def test_a_free_pitch_counts_before_any_money(label):
    bare, pitched = (
        cheapest_plan(label, plan=plan, streams=1e12)
        for plan in (PLAN, replace(PLAN, pitch=(2e6, 4, 1.0)))
    )
    assert pitched.anyway > bare.anyway
    assert median(label, pitched.plan) == pytest.approx(pitched.reached, rel=1e-3)


def test_streams_that_come_anyway_need_no_money(label):
    found = cheapest_plan(label, plan=PLAN, streams=1.0)
    assert (found.verdict, found.plan.budget) == ("anyway", 0)


@pytest.mark.parametrize(("streams", "sure"), [(0.0, None), (-5.0, None), (1e5, 1.0), (1e5, 0.2)])
def test_what_cannot_be_asked_is_refused(label, streams, sure):
    with pytest.raises(BadInput):
        cheapest_plan(label, plan=PLAN, streams=streams, sure=sure)
