"""Simulated campaigns have a truth that adds up, and ranks are judged as told."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import simulated
from benchmarks.calibration import ranks, uneven
from workbench.promotion.coordinates import appeal, coordinates
from workbench.promotion.estimate import Posterior


@pytest.mark.parametrize("made", [simulated.of_the_model, simulated.of_the_generator])
def test_what_a_plan_truly_brings_adds_up_over_channels(made):
    one = made(3)
    assert len(one.data.cells) == 8 and len(one.data.channels) == 6
    plan, _ = simulated.plans(one.data, 3, 1)[0]
    spend = {"meta": 900.0, "radio": 2400.0}
    alone = [one.brought(plan.with_spend({name: money})) for name, money in spend.items()]
    assert one.brought(plan.with_spend(spend)) == pytest.approx(sum(alone), rel=1e-4)
    assert one.brought(plan.with_spend(dict.fromkeys(spend, 0.0))) == 0
    assert min(alone) > 0 and one.brought(replace(plan, flight=(30, 8))) == 0  # after the window


def test_the_truth_of_the_model_is_in_its_streams():
    one = simulated.of_the_model(3)
    assert (one.data.run_spend[-simulated.REST :] == 0).all(), "nothing is left over for a plan"
    again = simulated.of_the_model(3)
    assert np.allclose(one.data.streams, again.data.streams, rtol=1e-9)
    assert not np.allclose(one.data.streams, simulated.of_the_model(4).data.streams)


def test_appeals_are_ranked_where_they_stand():
    made = simulated.of_the_model(3)
    at, (tracks, columns) = coordinates(made.data), made.own.shape
    away = np.full(columns, -1.0)
    away[appeal(len(made.data.channels))] = 1.0  # drawn above the truth, all others below it
    found = Posterior(
        at=at, shared=made.shared, own=made.own + away, draws=np.tile(made.shared, (3, 1)),
        own_factor=np.zeros((tracks, columns, columns)),
        own_slope=np.zeros((tracks, columns, at.size)),
        pareto_k=0.0, effective=3.0, tried=3, modes=(),
    )  # fmt: skip
    told = ranks(made, found)
    assert len(told["appeal"]) == len(made.data.run_track)
    assert set(told["appeal"]) == {0.0}
    assert set(told["level"]) == {1.0}


def test_gaps_to_an_even_law_by_hand():
    assert uneven(np.array([0.25, 0.75])) == pytest.approx(0.25)
    assert uneven(np.array([0.9, 0.9])) == pytest.approx(0.9)
    assert uneven((np.arange(100) + 0.5) / 100) == pytest.approx(0.005)
