"""Weights that must not be trusted say so."""

import numpy as np
import pytest

from workbench.promotion.importance import effective_size, resampled, smoothed_weights


def test_equal_weights_are_worth_all_draws():
    assert effective_size(np.full(200, 1 / 200)) == pytest.approx(200)


@pytest.mark.parametrize("shape", [0.3, 1.0])
def test_pareto_k_finds_the_tail_it_is_given(shape):
    # weights whose tail is a Pareto law of known shape, by its quantiles
    place = (np.arange(20_000) + 0.5) / 20_000
    weights, k = smoothed_weights(np.log(place**-shape))
    assert k == pytest.approx(shape, abs=0.08)
    assert weights.sum() == pytest.approx(1)


def test_a_narrow_proposal_is_called_out():
    rng = np.random.default_rng(0)
    drawn = rng.standard_normal(4000)

    def k(scale):
        return smoothed_weights(-0.5 * (scale * drawn) ** 2 + np.log(scale) + 0.5 * drawn**2)[1]

    assert k(0.25) > 0.7  # a target four times as wide as the proposal
    assert k(1.2) < 0.5


@pytest.mark.parametrize("spread", [300, 1000])
def test_weights_on_single_draws_are_the_worst_and_a_number(spread):
    log_ratio = spread * np.random.default_rng(0).standard_normal(2000)
    weights, k = smoothed_weights(log_ratio)
    assert effective_size(weights) < 3
    assert 10 < k <= 99  # what a fit keeps is a number: none would be read as “no weights”


def test_resampling_keeps_shares():
    chosen = resampled(np.array([0.5, 0.25, 0.25]), 400, np.random.default_rng(0))
    assert np.abs(np.bincount(chosen) - [200, 100, 100]).max() <= 1
