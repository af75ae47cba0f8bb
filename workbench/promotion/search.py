"""The search for a mode of the posterior.

Rounds of two searches: one of all parameters together, and one of each track's own, the shared ones
given, in which every track takes the step that suits it. Where that ends, each track is tried as
one that fades slowly and as one that fades at once: a curve that was caught on the wrong one of
these hills does not come down from it by itself, and no start of the shared parameters mends it.
"""

import numpy as np

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.fisher import Arrow, information
from workbench.promotion.observations import Observed
from workbench.promotion.posterior import Scatter, gradient, track_gradient

ROUNDS, TOGETHER, APART = 30, 8, 8  # at most; steps of the two searches in each of them
NEAR = 50.0  # log units that a round gains before other hills are worth a try
TIMES, TRIED = 2, 15  # that they are tried, at most; steps on each
FADING = (0.01, 0.6)  # weekly rates: slowly, and at once
FAR = 2.0  # prior sd that a step leads at most
KEPT = 9  # steps that tell the curvature


def mode(
    data: Observed,
    at: Coordinates,
    pattern: Scatter,
    shared: np.ndarray,
    own: np.ndarray,
    *,
    pull: np.ndarray | float = 0.0,
    close: float = 0.05,
    times: int = TIMES,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return a mode and its log posterior.

    Parameters
    ----------
    pull : a slope (Q,) that is added to the posterior's by the shared parameters. close : log units
        that a round may still gain where the search ends. times : that other hills are tried.
    """
    model, value = (data, at, pattern), -np.inf
    for _ in range(ROUNDS):
        before, arrow = value, information(*model, shared, own)
        shared, own, value = together(model, shared, own, arrow, pull, close)
        own, gained = apart(model, shared, own, arrow, APART, close)
        value += gained.sum()
        gain = value - before
        if gain < (NEAR if times == TIMES else close) and times:
            own, more = other_hills(model, shared, own, arrow, close)
            value, gain, times = value + more, max(more, gain), times - 1
        if gain < close:
            break
    return shared, own, value


def together(model, shared, own, arrow: Arrow, pull, close) -> tuple[np.ndarray, np.ndarray, float]:
    """Return a better point and its value: L-BFGS on top of Fisher's information."""
    count, at = len(shared), model[1]
    x, sd = np.concatenate([shared, own.ravel()]), np.concatenate([at.sd, at.own_sd.ravel()])

    def sloped(point: np.ndarray) -> tuple[float, np.ndarray]:
        parts = point[:count], point[count:].reshape(own.shape)
        value, by_shared, by_own = gradient(*model, *parts)
        value, by_shared = value + float(np.sum(pull * point[:count])), by_shared + pull
        return value, np.concatenate([by_shared, by_own.ravel()])

    def solved(slope: np.ndarray) -> np.ndarray:
        step, own_step = arrow.solve(slope[:count], slope[count:].reshape(own.shape))
        return np.concatenate([step, own_step.ravel()])

    value, slope = sloped(x)
    past: list[tuple[np.ndarray, np.ndarray, float]] = []
    for _ in range(TOGETHER):
        move = _curved(slope, past, solved, np.dot)
        gain = float(slope @ move)
        if gain < close / 2:
            break
        size = min(1.0, FAR / max(np.abs(move / sd).max(), 1e-9))
        for _ in range(12):
            tried, tried_slope = sloped(x + size * move)
            if tried >= value + 1e-4 * size * gain:
                break
            size /= 2
        else:
            break
        change, bend = size * move, slope - tried_slope
        if change @ bend > 1e-10:
            past = [*past[-KEPT:], (change, bend, 1 / float(change @ bend))]
        x, value, slope = x + change, tried, tried_slope
    return x[:count], x[count:].reshape(own.shape), value


def apart(
    model, shared, own, arrow: Arrow, steps: int, close: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return better own parameters, the shared ones given, and what each track gained (N,).

    The same search as `together`, of all tracks at once, but with steps of their own.
    """
    data, at, _ = model
    held = np.isin(np.arange(len(own)), data.lifts.track if data.lifts else [])  # by their tests

    def solved(slope: np.ndarray) -> np.ndarray:
        return (arrow.own_cov @ slope[..., None])[..., 0]

    def times(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return (one * other).sum(1, keepdims=True)

    values, _, slope = track_gradient(*model, shared, own)
    begun, size = values, np.ones((len(own), 1))
    past: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for _ in range(steps):
        move = _curved(slope, past, solved, times)
        gain = times(slope, move)
        move = np.where(gain > 0, move, solved(slope)) * ~held[:, None]
        gain = times(slope, move)
        if gain.sum() < close / 2:
            break
        far = np.abs(move / at.own_sd).max(1, keepdims=True)
        size = np.minimum(size, FAR / np.maximum(far, 1e-9))
        tried, _, tried_slope = track_gradient(*model, shared, own + size * move)
        better = (tried[:, None] >= values[:, None] + 1e-4 * size * gain) & (gain > 0)
        change, bend = np.where(better, size * move, 0), np.where(better, slope - tried_slope, 0)
        curve = times(change, bend)
        past = [*past[-KEPT:], (change, bend, (curve > 1e-10) / np.maximum(curve, 1e-10))]
        size = np.where(better, 1.0, size / 3)
        own, slope = own + change, np.where(better, tried_slope, slope)
        values = np.where(better[:, 0], tried, values)
    return own, values - begun


def other_hills(model, shared, own, arrow: Arrow, close: float) -> tuple[np.ndarray, float]:
    """Return own parameters of the better of three hills, and what all tracks gained by it."""
    at = model[1]
    values, total = track_gradient(*model, shared, own)[0], 0.0
    usual = shared[at.at["decay"]] + shared[at.at["decay_genre"]][at.genre_at]
    for rate in FADING:
        other = own.copy()
        other[:, 1] = np.log(rate) - usual
        other[:, 2:5] = at.own_mean[:, 2:5]
        begun = track_gradient(*model, shared, other)[0]
        other, gained = apart(model, shared, other, arrow, TRIED, close)
        more = np.where(np.isfinite(begun), begun + gained - values, 0.0)
        own = np.where((more > 0)[:, None], other, own)
        values, total = values + np.maximum(more, 0), total + np.maximum(more, 0).sum()
    return own, float(total)


def _curved(slope, past, solved, times) -> np.ndarray:
    """Return the L-BFGS step (two loops) on a first curvature.

    Parameters
    ----------
    past : steps, what they changed of the slope, and one over the product of both. solved : the
        step on the first curvature. times : the product of two steps.
    """
    rest, weights = slope, []
    for change, bend, scale in reversed(past):
        weights.append(times(change, rest) * scale)
        rest = rest - weights[-1] * bend
    move = solved(rest)
    for (change, bend, scale), weight in zip(past, reversed(weights), strict=True):
        move = move + (weight - times(bend, move) * scale) * change
    return move
