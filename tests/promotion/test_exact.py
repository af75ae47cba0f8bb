"""The exact sampler against a posterior that is known, and its signs of trust."""

import numpy as np
import pytest

from tests.promotion import planted
from workbench.promotion import exact
from workbench.promotion.fisher import information
from workbench.promotion.posterior import log_posterior, scatter


class Bent:
    """A normal in two directions with sd 1 and 2, tilted by a skew of known mean."""

    def __init__(self):
        self.at, self.own = type("at", (), {"size": 2}), np.zeros((0, 0))
        self.shared, self.factor = np.zeros(2), np.eye(2)

    def __call__(self, z):
        # the logarithm of a gamma of shape 3 (mean .9228, variance .3949), and a normal of sd 2
        value = 3 * z[0] - np.exp(z[0]) - z[1] ** 2 / 8
        return value, np.array([3 - np.exp(z[0]), -z[1] / 4])


def test_moments_of_a_known_law_are_met():
    found = exact.chains(Bent(), count=4, warm=150, kept=600)
    draws = found.draws.reshape(-1, 2)
    np.testing.assert_allclose(draws.mean(0), [0.9228, 0.0], atol=0.12)
    np.testing.assert_allclose(draws.var(0), [0.3949, 4.0], rtol=0.2)
    assert found.r_hat < 1.02
    assert found.effective > 400
    assert found.lost == 0
    again = exact.chains(Bent(), count=1, warm=20, kept=20)
    np.testing.assert_array_equal(
        again.draws, exact.chains(Bent(), count=1, warm=20, kept=20).draws
    )


def test_the_walk_knows_the_slope_of_the_model():
    _, at, shared, own, data = planted.planted()
    pattern = scatter(data)
    target = exact.whitened(
        data, at, pattern, shared, own, information(data, at, pattern, shared, own)
    )
    z = 0.3 * np.random.default_rng(0).standard_normal(at.size + own.size)
    value, slope = target(z)
    assert value == log_posterior(data, at, pattern, *target.parameters(z))
    for place in range(0, len(z), 11):
        step = 1e-5 * np.eye(len(z))[place]
        assert slope[place] == pytest.approx(
            (target(z + step)[0] - target(z - step)[0]) / 2e-5, rel=1e-4, abs=1e-4
        )


def test_chains_that_disagree_are_seen():
    rng = np.random.default_rng(0)
    alike = rng.standard_normal((4, 400, 1))
    apart = alike + np.array([0.0, 0.0, 0.0, 3.0])[:, None, None]
    assert exact.r_hats(alike).max() < 1.02
    assert exact.r_hats(apart).max() > 1.5
    assert 1200 < exact.sizes(alike)[0] <= 1600
    slow = np.cumsum(alike, axis=1) / 20  # a walk that never comes back
    assert exact.sizes(slow)[0] < 60
