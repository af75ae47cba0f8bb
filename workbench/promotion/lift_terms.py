"""What lift tests add to the log posterior, its gradient and its Fisher information."""

from dataclasses import replace

import numpy as np

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.expected import Curves, add_mean_gradient, curves
from workbench.promotion.lifts import Lifts


def expected_lifts(
    lifts: Lifts, at: Coordinates, shared: np.ndarray, own: np.ndarray
) -> tuple[np.ndarray, Curves]:
    """Return the lift that the model expects of each test (L,), and the curves of the arms."""
    state = curves(lifts.arms, at.for_tracks(lifts.track), shared, lifts.own(own))
    won = (lifts.counted[:, :, None] * state.full).sum((0, 2))
    return np.bincount(lifts.test, lifts.sign * won, len(lifts.lift)), state


def log_lifts(lifts: Lifts | None, at: Coordinates, shared: np.ndarray, own: np.ndarray) -> float:
    """Return the log likelihood of the measured lifts up to a constant."""
    if lifts is None:
        return 0.0
    expected, _ = expected_lifts(lifts, at, shared, own)
    return float(-0.5 * (((lifts.lift - expected) / lifts.error) ** 2).sum())


def add_lift_gradient(
    lifts: Lifts | None, at: Coordinates, shared, own, by_shared, by_own
) -> float:
    """Add the slopes of `log_lifts` to the derivatives, and return its value."""
    if lifts is None:
        return 0.0
    layout, arms_own = at.for_tracks(lifts.track), lifts.own(own)
    expected, state = expected_lifts(lifts, at, shared, own)
    gap = (lifts.lift - expected) / lifts.error
    per_arm = (gap / lifts.error)[lifts.test] * lifts.sign
    pull = np.broadcast_to((per_arm * lifts.counted)[:, :, None], state.full.shape)
    arms_by_own = np.zeros_like(arms_own)
    only = replace(state, base=np.zeros_like(state.base))  # the release is the same in both arms
    add_mean_gradient(lifts.arms, layout, shared, arms_own, only, pull, by_shared, arms_by_own)
    named = lifts.track >= 0
    np.add.at(by_own, lifts.track[named], arms_by_own[named])
    return float(-0.5 * (gap**2).sum())


def add_lift_information(
    lifts: Lifts | None, at: Coordinates, shared, own, slopes, total, blocks, cross
) -> None:
    """Add what the tests tell to the blocks of an `Arrow`.

    Parameters
    ----------
    slopes : returns derivatives of one arm's expected streams (T, K, own and shared parameters).
    """
    if lifts is None:
        return
    width = own.shape[1]
    layout, arms_own = at.for_tracks(lifts.track), lifts.own(own)
    _, state = expected_lifts(lifts, at, shared, own)
    only = replace(state, base=np.zeros_like(state.base))
    by_test = np.zeros((len(lifts.lift), width + at.size))
    for arm, (test, sign) in enumerate(zip(lifts.test, lifts.sign, strict=True)):
        slope = slopes(lifts.arms, layout, shared, arms_own, only, arm)
        by_test[test] += sign * np.einsum("t,tkp->p", lifts.counted[:, arm], slope)
    by_test /= lifts.error[:, None]
    for test, slope in enumerate(by_test):
        square = np.outer(slope, slope)
        total += square[width:, width:]
        track = lifts.track[lifts.test == test][0]
        if track >= 0:
            blocks[track] += square[:width, :width]
            cross[track] += square[:width, width:]
