"""Slopes at a point near planted parameters, held against differences."""

import numpy as np
import pytest

from tests.promotion import planted
from workbench.promotion import fisher
from workbench.promotion.expected import curves
from workbench.promotion.posterior import gradient, log_posterior, scatter

STEP = 1e-5


def near(data, shared: np.ndarray, own: np.ndarray) -> tuple:
    """Return the arguments of `gradient`, some way off the true parameters, with lift tests."""
    data, _, at, shared = planted.tests_of(data, shared, own)
    rng = np.random.default_rng(1)
    shared = shared + 0.2 * at.sd * rng.standard_normal(at.size)
    own = own + 0.2 * at.own_sd * rng.standard_normal(own.shape)
    return data, at, scatter(data), shared, own


def gradient_agrees(point: tuple, tracks: int) -> None:
    """Assert that the gradient is the slope of the log posterior, of so many tracks' own too."""
    data, at, pattern, shared, own = point
    value, by_shared, by_own = gradient(*point)
    assert value == pytest.approx(log_posterior(*point))
    for place in range(at.size):
        move = STEP * np.eye(at.size)[place]
        up = log_posterior(data, at, pattern, shared + move, own)
        down = log_posterior(data, at, pattern, shared - move, own)
        assert by_shared[place] == pytest.approx((up - down) / (2 * STEP), rel=1e-4, abs=1e-3)
    for place in np.ndindex(tracks, own.shape[1]):
        move = np.zeros_like(own)
        move[place] = STEP
        up = log_posterior(data, at, pattern, shared, own + move)
        down = log_posterior(data, at, pattern, shared, own - move)
        assert by_own[place] == pytest.approx((up - down) / (2 * STEP), rel=1e-4, abs=1e-3)


def slopes_agree(point: tuple, track: int) -> None:
    """Assert that the slopes of a track's expected streams are those of its curve."""
    data, at, _, shared, own = point
    met, slope = fisher.Slopes(data, at, shared, own, curves(data, at, shared, own))(track)
    width = own.shape[1]
    slopes = np.zeros((*slope.shape[:2], width + at.size))
    slopes[..., met] = slope
    for place in range(width + at.size):
        move, own_move = np.zeros(at.size), np.zeros_like(own)
        if place < width:
            own_move[track, place] = STEP
        else:
            move[place - width] = STEP
        up = curves(data, at, shared + move, own + own_move).mean[:, track]
        down = curves(data, at, shared - move, own - own_move).mean[:, track]
        expected = (up - down) / (2 * STEP)
        np.testing.assert_allclose(slopes[..., place], expected, rtol=1e-4, atol=1e-2)
