"""The search for a mode of the posterior."""

import numpy as np

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.fisher import Arrow, information
from workbench.promotion.observations import Observed
from workbench.promotion.posterior import Scatter, gradient

RENEW = 12  # steps on one information matrix


def mode(
    data: Observed,
    at: Coordinates,
    pattern: Scatter,
    shared: np.ndarray,
    own: np.ndarray,
    *,
    pull: np.ndarray | float = 0.0,
    steps: int = 120,
    close: float = 0.05,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return a mode and its log posterior: L-BFGS on top of Fisher's information.

    `pull` is a slope (Q,) that is added to the posterior's by the shared parameters.

    The information is renewed at every twelfth step and serves as first guess of the curvature; the
    steps between correct it. Stops when a step's expected gain falls below `close` log units.
    """
    count = len(shared)
    x = np.concatenate([shared, own.ravel()])
    sd = np.concatenate([at.sd, at.own_sd.ravel()])

    def sloped(point: np.ndarray) -> tuple[float, np.ndarray]:
        parts = point[:count], point[count:].reshape(own.shape)
        value, by_shared, by_own = gradient(data, at, pattern, *parts)
        value, by_shared = value + float(np.sum(pull * point[:count])), by_shared + pull
        return value, np.concatenate([by_shared, by_own.ravel()])

    value, slope = sloped(x)
    for step in range(steps):
        if step % RENEW == 0:
            arrow = information(data, at, pattern, x[:count], x[count:].reshape(own.shape))
            past: list[tuple[np.ndarray, np.ndarray, float]] = []
        move = _curved(slope, past, arrow, own.shape)
        gain = float(slope @ move)
        if gain < close:
            if not past:
                break
            past.clear()  # a stale curvature must not end the search
            continue
        size = min(1.0, 2.0 / max(np.abs(move / sd).max(), 1e-9))
        for _ in range(12):
            tried, tried_slope = sloped(x + size * move)
            if tried >= value + 1e-4 * size * gain:
                break
            size /= 2
        else:
            break
        change, bend = size * move, slope - tried_slope
        if change @ bend > 1e-10:
            past = [*past[-9:], (change, bend, float(change @ bend))]
        x, value, slope = x + change, tried, tried_slope
    return x[:count], x[count:].reshape(own.shape), value


def _curved(slope, past, arrow: Arrow, shape) -> np.ndarray:
    """Return the L-BFGS step (two loops), with Fisher's information as first curvature."""
    count = len(arrow.shared)
    rest, weights = slope.copy(), []
    for change, bend, scale in reversed(past):
        weights.append(float(change @ rest) / scale)
        rest = rest - weights[-1] * bend
    solved = arrow.solve(rest[:count], rest[count:].reshape(shape))
    move = np.concatenate([solved[0], solved[1].ravel()])
    for (change, bend, scale), weight in zip(past, reversed(weights), strict=True):
        move = move + (weight - float(bend @ move) / scale) * change
    return move
