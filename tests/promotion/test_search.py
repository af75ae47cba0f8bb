"""The search comes off wrong hills, and proposals find what a single one misses."""

import numpy as np
import pytest

from tests.promotion.planted import planted
from workbench.promotion import search
from workbench.promotion.estimate import _weighted
from workbench.promotion.fisher import information
from workbench.promotion.importance import effective_size
from workbench.promotion.posterior import gradient, scatter, track_gradient

_, AT, SHARED, OWN, DATA = planted()
MODEL = DATA, AT, scatter(DATA)


def test_a_mode_is_flat_and_found_from_elsewhere():
    shared, own, value = search.mode(*MODEL, AT.mean, AT.own_mean, close=1e-4)
    told, by_shared, by_own = gradient(*MODEL, shared, own)
    assert told == pytest.approx(value)
    arrow = information(*MODEL, shared, own)
    step, own_step = arrow.solve(by_shared, by_own)
    assert by_shared @ step + (by_own * own_step).sum() < 0.01, "log units that are left to gain"
    other = search.mode(*MODEL, SHARED, OWN + 0.5 * AT.own_sd)[2]
    assert other == pytest.approx(value, abs=0.2)


def test_other_hills_are_taken_where_they_are_higher():
    shared, own, _ = search.mode(*MODEL, SHARED, OWN, times=0)
    arrow = information(*MODEL, shared, own)
    best = track_gradient(*MODEL, shared, own)[0]
    wrong = own.copy()
    wrong[:2, 1] += 5 * AT.own_sd[:2, 1]  # two songs fade at once
    lost = track_gradient(*MODEL, shared, wrong)[0]
    found, gained = search.other_hills(MODEL, shared, wrong, arrow, 0.01)
    again = track_gradient(*MODEL, shared, found)[0]
    assert gained == pytest.approx((again - lost).sum())
    assert ((again - lost)[:2] > 0.9 * (best - lost)[:2]).all()
    assert (again >= lost).all()
    np.testing.assert_array_equal(found[2:], own[2:])  # those on the right one stay


def test_each_track_steps_for_itself():
    arrow = information(*MODEL, SHARED, OWN)
    far = OWN.copy()
    far[0, 0] += 3  # a song twenty times too large must not hold up the others
    moved, gained = search.apart(MODEL, SHARED, far, arrow, 30, 1e-6)
    alone, _ = search.apart(MODEL, SHARED, OWN, arrow, 30, 1e-6)
    assert (gained >= 0).all() and gained[0] > 100
    values = [track_gradient(*MODEL, SHARED, one)[0] for one in (moved, alone)]
    np.testing.assert_allclose(*values, atol=0.1)


def test_weights_of_staged_proposals_find_a_law_that_lies_off():
    # a normal in four directions, two proposal sds off and half as wide again as the proposal
    def log_target(step):
        return float(-0.5 * (((step - 2) / 1.5) ** 2).sum())

    def drawn(tries):
        steps, weights, k = _weighted(
            log_target, np.eye(4), tries, np.random.default_rng(0), lambda done: None
        )
        mean = weights @ steps
        return mean, np.sqrt(weights @ (steps - mean) ** 2), k, effective_size(weights) / tries

    mean, sd, k, share = drawn(1500)
    np.testing.assert_allclose(mean, 2, atol=0.15)
    np.testing.assert_allclose(sd, 1.5, rtol=0.1)
    assert k < 0.7 and share > 0.3
    assert drawn(149)[3] < 0.5 * share  # one stage alone
