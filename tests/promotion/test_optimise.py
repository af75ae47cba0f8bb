"""The best split is never worse, keeps locks and stays where somebody has been."""

import itertools

import labels
import numpy as np
import pytest

from workbench.dataset import make
from workbench.promotion.optimise import best_split
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.plan import Plan

PLAN = Plan(track_id="tr-4", spend=(("meta", 300.0), ("radio", 1700.0)))


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    opened = labels.opened(tmp_path_factory.mktemp("optimise") / "full")
    make(opened, "promotion", progress=lambda done, total, text: None)
    return opened


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
    assert found.gain > 0


@pytest.mark.parametrize(
    ("meta", "radio"), list(itertools.product((0.0, 150.0, 2500.0), (0.0, 90.0, 1300.0)))
)
def test_it_is_never_worse(label, meta, radio):
    plan = PLAN.with_spend({"meta": meta, "radio": radio})
    found = best_split(label, plan=plan)
    assert found.gain >= 0
    assert found.plan.budget <= plan.budget + 1


def test_a_locked_channel_keeps_its_money(label):
    found = best_split(label, plan=PLAN, locked=("radio",))
    assert dict(found.plan.spend)["radio"] == 1700


def test_money_that_nobody_tried_to_spend_stays(label):
    rich = PLAN.with_spend({"meta": 1000.0, "radio": 20_000.0})
    found = best_split(label, plan=rich)
    spend = dict(found.plan.spend)
    if spend != dict(rich.spend):  # past the ceilings the plan itself may bring more
        assert spend["meta"] <= 1.2 * 300 * 8 + 1
        assert spend["radio"] <= 1.2 * 150 * 8 + 1
        assert found.unspent > 15_000
    assert found.gain >= 0
