"""The best split is never worse, keeps its limits and stays where somebody has been."""

import datetime
import itertools
from dataclasses import replace

import numpy as np
import pytest

from workbench.errors import BadInput
from workbench.promotion.aims import Aim
from workbench.promotion.bounds import Bounds, Limits, room
from workbench.promotion.exchange import other_currencies
from workbench.promotion.optimise import best_split
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.plan import Plan

PLAN = Plan(track_id="tr-4", spend=(("meta", 300.0), ("radio", 1700.0)))


def mean_streams(label, plan):
    return plan_outcome(label, plan=plan, current=PLAN).steps["streams"][-1]


def test_it_beats_every_split_on_a_grid(label):
    found = best_split(label, plan=PLAN)
    assert found.plan.budget == pytest.approx(PLAN.budget, abs=1)
    most = {"meta": 1.2 * 300 * 8, "radio": 1.2 * 150 * 8}
    tried = [
        PLAN.with_spend({"meta": meta, "radio": 2000 - meta})
        for meta in np.linspace(2000 - most["radio"], 2000, 12)
    ]
    best = max(mean_streams(label, plan) for plan in tried)
    reached = mean_streams(label, found.plan)
    assert reached >= best - 0.01 * (best - mean_streams(label, PLAN.with_spend(
        {"meta": 0.0, "radio": 0.0})))  # fmt: skip
    assert not found.kept  # radio beyond 1440 was never tried, so that the plan may bring more


@pytest.mark.parametrize(
    ("meta", "radio"), list(itertools.product((0.0, 150.0, 2500.0), (0.0, 90.0, 1300.0)))
)
def test_it_is_never_worse(label, meta, radio):
    plan = PLAN.with_spend({"meta": meta, "radio": radio})
    found = best_split(label, plan=plan)
    assert found.gain >= 0
    assert found.plan.budget <= plan.budget + 1


def spent(found):
    return dict(found.plan.spend)


def test_limits_are_kept(label):
    held = best_split(label, plan=PLAN, limits=Limits(locked=("radio",)))
    assert spent(held)["radio"] == 1700
    plan = PLAN.with_spend({"meta": 1000.0, "radio": 1000.0})
    moved = spent(best_split(label, plan=plan, limits=Limits(moves=(("radio", 0.1),))))
    assert 900 <= moved["radio"] <= 1100
    assert moved["meta"] == 2000 - moved["radio"]
    without = PLAN.with_spend({"meta": 1000.0, "radio": 0.0})
    assert spent(best_split(label, plan=without))["radio"] > 0
    held = best_split(label, plan=without, limits=Limits(moves=(("radio", 0.1),)))
    assert not spent(held).get("radio", 0.0)
    both = Limits(least=(("meta", 700.0), ("radio", 800.0)), most=(("meta", 900.0),))
    within = best_split(label, plan=plan, limits=both)
    assert 700 <= spent(within)["meta"] <= 900
    assert 1100 <= spent(within)["radio"] <= 1300
    assert set(within.spend["held"]) & {"least", "ceiling"}


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(least=(("meta", 1500.0), ("radio", 800.0))), "Radio 800. adds up to 2,300, more"),
        (Limits(least=(("radio", 5000.0),)), "its ceiling is 1,440"),
        (Limits(least=(("meta", 500.0),), most=(("meta", 400.0),)), "cannot both hold"),
        (Limits(least=(("posters", 500.0),)), "no channel “posters”"),
        (Limits(floors=(("DE", 0.7), ("US", 0.6))), "130% of the spend"),
        (Limits(floors=(("DE", 0.9),)), "Split over cells, too"),  # money follows the audience
    ],
)
def test_limits_that_cannot_be_kept_are_told(label, limits, words):
    with pytest.raises(BadInput, match=words):
        best_split(label, plan=PLAN, limits=limits)


def test_a_lock_holds_where_shares_add_up_to_nearly_one():
    zero = np.zeros(2)
    bound = Bounds(
        least=np.array([300.0, 500.0]), most=np.array([300.0, 500.0]), floor=np.zeros(3),
        minimum=zero, tried=zero, market_least=np.zeros((2, 3)),
        market_most=np.full((2, 3), np.inf),
    )  # fmt: skip
    shares = np.array([0.5, 0.3, 0.2 - 1e-15])
    spread = np.zeros((6, 2))
    spread[:3, 0] = spread[3:, 1] = shares
    held = room(bound, 800.0, spread, bound.most)
    assert (held.least <= held.most).all()
    assert held.most == pytest.approx([300.0, 500.0])


def test_cells_are_split_to_their_floors_and_never_for_the_worse(label):
    free = best_split(label, plan=PLAN, cells=True)
    assert free.gain >= 0.999 * best_split(label, plan=PLAN).gain  # shares are whole 0.01 %
    assert free.cells["best"].sum() == pytest.approx(2000, abs=1)
    floored = best_split(label, plan=PLAN, cells=True, limits=Limits(floors=(("DE", 0.45),)))
    german = floored.cells.filter(cell="DE")["best"].sum()
    assert german >= 0.45 * floored.cells["best"].sum() - 1


def test_money_is_not_spent_where_it_does_not_come_back(label):
    poor = replace(PLAN, payout=1e-6)
    found = best_split(label, plan=poor, aim=Aim("money"))
    assert found.plan.budget == 0
    assert found.unspent == 2000
    assert found.money == pytest.approx(2000, rel=0.01)


def test_care_is_for_the_worst_draws(label):
    careful = best_split(label, plan=PLAN, aim=Aim("streams", 1.0))
    bold = best_split(label, plan=PLAN)
    assert careful.worst >= 0
    assert careful.gain <= bold.gain + 1
    with pytest.raises(BadInput, match="Caution"):
        best_split(label, plan=PLAN, aim=Aim("streams", 2.0))


def test_fifty_times_what_was_tried_is_not_recommended(label):
    rich = PLAN.with_spend({"meta": 1000.0, "radio": 60_000.0})
    found = best_split(label, plan=rich)
    assert not found.kept
    assert spent(found) == {"meta": 2880, "radio": 1440}  # 1.2 x 300 x 8, 1.2 x 150 x 8
    assert found.unspent == pytest.approx(61_000 - 4320)


def test_money_in_few_weeks_has_lower_ceilings(label):
    burst = replace(PLAN, flighting="burst")  # two of eight weeks
    assert best_split(label, plan=burst).spend["ceiling"].to_list() == [720, 360]


def test_what_no_plan_can_ask_is_refused_in_words(label):
    past = replace(PLAN, release_date=datetime.date(2026, 1, 2))
    unknown = replace(PLAN, spend=(("billboards", 100.0),))
    for plan, words in ((past, "cannot be moved to 2026-01-02"), (unknown, "no channel")):
        with pytest.raises(BadInput, match=words):
            best_split(label, plan=plan)
        with pytest.raises(BadInput, match=words):
            plan_outcome(label, plan=plan, current=PLAN)


def test_without_rates_there_is_no_other_currency(label):
    assert other_currencies(label).is_empty()
