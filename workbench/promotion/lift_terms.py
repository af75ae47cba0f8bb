"""What lift tests add to the log posterior, its gradient and its Fisher information.

A test measures what a channel brings; the weekly series also holds what its spend only follows.
Both are kept apart (`follows`), or a long series would outvote the experiment by its mere length.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.expected import Curves, add_mean_gradient, curves
from workbench.promotion.lifts import Lifts
from workbench.promotion.observations import Observed
from workbench.promotion.points import EDGES

if TYPE_CHECKING:
    from workbench.promotion.estimate import Posterior

SHOWN = 300  # draws that the expectation of a test is shown on


def expected_lifts(
    lifts: Lifts, at: Coordinates, shared: np.ndarray, own: np.ndarray
) -> tuple[np.ndarray, Curves]:
    """Return the lift that the model expects of each test (L,), and the curves of the arms."""
    layout = at.for_tracks(lifts.track)
    state = curves(lifts.arms, layout, at.causal(shared), lifts.own(own))
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
    only = replace(state, whole=np.zeros_like(state.whole))  # the release is the same in both arms
    arms_by_shared, causal = np.zeros_like(by_shared), at.causal(shared)
    add_mean_gradient(lifts.arms, layout, causal, arms_own, only, pull, arms_by_shared, arms_by_own)
    by_shared += at.causal(arms_by_shared)
    named = lifts.track >= 0
    np.add.at(by_own, lifts.track[named], arms_by_own[named])
    return float(-0.5 * (gap**2).sum())


def add_lift_information(
    lifts: Lifts | None, at: Coordinates, shared, own, slopes, total, blocks, cross
) -> None:
    """Add what the tests tell to the blocks of an `Arrow`.

    Parameters
    ----------
    slopes : of expected streams, see `fisher.Slopes`.
    """
    if lifts is None:
        return
    width = own.shape[1]
    layout, arms_own = at.for_tracks(lifts.track), lifts.own(own)
    _, state = expected_lifts(lifts, at, shared, own)
    only = replace(state, whole=np.zeros_like(state.whole))
    by_test = np.zeros((len(lifts.lift), width + at.size))
    of_arm = slopes(lifts.arms, layout, at.causal(shared), arms_own, only)
    for arm, (test, sign) in enumerate(zip(lifts.test, lifts.sign, strict=True)):
        met, slope = of_arm(arm)
        by_test[test, met] += sign * np.einsum("t,tkp->p", lifts.counted[:, arm], slope)
    by_test[:, width:][:, at.at["follows"]] = 0.0
    by_test /= lifts.error[:, None]
    for test, slope in enumerate(by_test):
        square = np.outer(slope, slope)
        total += square[width:, width:]
        track = lifts.track[lifts.test == test][0]
        if track >= 0:
            blocks[track] += square[:width, :width]
            cross[track] += square[:width, width:]


def lift_frame(data: Observed, tests: pl.DataFrame, found: "Posterior") -> pl.DataFrame:
    """Return the tests with the lift that the model expects now: expected_low, expected, _high.

    Parameters
    ----------
    tests : what `lifts.with_lifts` told; those left out have no expectation.
    """
    edges = np.full((3, tests.height), np.nan)
    if data.lifts is not None:
        drawn = [
            expected_lifts(
                data.lifts, found.at, one, found.own + found.own_slope @ (one - found.shared)
            )[0]
            for one in found.draws[:SHOWN]
        ]
        used = tests["left_out"].is_null().to_numpy()
        edges[:, used] = np.quantile(drawn, EDGES, axis=0)
    columns = zip(("expected_low", "expected", "expected_high"), edges, strict=True)
    return tests.with_columns(pl.Series(name, values).fill_nan(None) for name, values in columns)
