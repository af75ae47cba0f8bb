"""Log posterior of the response model and its gradient.

Residuals are differences of logs, log(y + 10) - log(mu + 10): the ten streams keep weeks of few or
no streams from shouting. Territories that scatter together and weeks that remember each other are
whitened first, so that eight cells do not count as eight pieces of evidence; what is left follows
Student's t, so that an unrecorded playlist add does not bend a channel's effect.
"""

from dataclasses import dataclass

import numpy as np

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.expected import add_mean_gradient, curves
from workbench.promotion.lift_terms import add_lift_gradient, log_lifts
from workbench.promotion.observations import SMALL, Observed

TAIL = 6.0  # degrees of freedom of the weekly scatter


@dataclass(frozen=True, eq=False)
class Scatter:
    """How many cells were seen (T, N), and which weeks follow one that was seen (T, N, K)."""

    cells: np.ndarray
    follows: np.ndarray


def scatter(data: Observed) -> Scatter:
    """Return the pattern of the observed weeks."""
    follows = data.seen.copy()
    follows[0] = False
    follows[1:] &= data.seen[:-1]
    return Scatter(data.seen.sum(2), follows)


def whitened(
    gap: np.ndarray, data: Observed, pattern: Scatter, together: float, memory: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return residuals without what territories and following weeks share, and the first step.

    gap : (T, N, K, ...) log residuals or their derivatives, zero where not seen.
    """
    extra = (1,) * (gap.ndim - 3)
    count = np.maximum(pattern.cells, 1).reshape(*pattern.cells.shape, 1, *extra)
    seen = data.seen.reshape(*data.seen.shape, *extra)
    apart = gap - (1 - together) * (gap.sum(2, keepdims=True) / count) * seen
    left = apart.copy()
    follows = pattern.follows.reshape(*data.seen.shape, *extra)
    left[1:] -= memory * apart[:-1] * follows[1:]
    first = seen & ~follows
    return np.where(first, left * np.sqrt(1 - memory**2), left), apart


def scatter_terms(shared: np.ndarray, at: Coordinates) -> tuple[float, float, float]:
    """Return noise, memory and togetherness as numbers."""
    noise = float(np.exp(shared[at.at["noise"]][0]))
    memory = float(np.tanh(shared[at.at["memory"]][0]))
    block = shared[at.at["together"]]
    return noise, memory, float(np.exp(block[0])) if len(block) else 1.0


def log_posterior(
    data: Observed, at: Coordinates, pattern: Scatter, shared: np.ndarray, own: np.ndarray
) -> float:
    """Return the log posterior up to a constant."""
    state = curves(data, at, shared, own)
    gap = np.where(data.seen, data.log_streams - np.log(state.mean + SMALL), 0.0)
    noise, memory, together = scatter_terms(shared, at)
    left = whitened(gap, data, pattern, together, memory)[0]
    value = _likelihood(left, data, pattern, noise, memory, together) + _prior(at, shared, own)
    return value + log_lifts(data.lifts, at, shared, own)


def _likelihood(left, data, pattern, noise, memory, together) -> float:
    seen = left[data.seen]
    value = -(TAIL + 1) / 2 * np.log1p(seen**2 / (TAIL * noise**2)).sum() - len(seen) * np.log(
        noise
    )
    value += (data.seen & ~pattern.follows).sum() * 0.5 * np.log(1 - memory**2)
    return float(value + (pattern.cells > 0).sum() * np.log(together))


def _prior(at: Coordinates, shared: np.ndarray, own: np.ndarray) -> float:
    own_gap = (own - at.own_mean) / at.own_sd
    return float(-0.5 * (((shared - at.mean) / at.sd) ** 2).sum() - 0.5 * (own_gap**2).sum())


def gradient(
    data: Observed, at: Coordinates, pattern: Scatter, shared: np.ndarray, own: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log posterior and its derivatives by shared (Q,) and own (N, P) parameters."""
    state = curves(data, at, shared, own)
    gap = np.where(data.seen, data.log_streams - np.log(state.mean + SMALL), 0.0)
    noise, memory, together = scatter_terms(shared, at)
    left, apart = whitened(gap, data, pattern, together, memory)
    value = _likelihood(left, data, pattern, noise, memory, together) + _prior(at, shared, own)
    by_shared = -(shared - at.mean) / at.sd**2
    by_own = -(own - at.own_mean) / at.own_sd**2

    pull = np.where(data.seen, -(TAIL + 1) * left / (TAIL * noise**2 + left**2), 0.0)
    first = data.seen & ~pattern.follows
    by_shared[at.at["noise"]] += -(pull * left).sum() - data.seen.sum()
    root = np.sqrt(1 - memory**2)
    by_memory = -(pull[1:] * apart[:-1] * pattern.follows[1:]).sum()
    by_memory -= (pull * apart * first).sum() * memory / root
    by_memory -= first.sum() * memory / (1 - memory**2)
    by_shared[at.at["memory"]] += by_memory * (1 - memory**2)
    back = np.where(first, pull * root, pull)
    back[:-1] -= memory * (pull * pattern.follows)[1:]
    count = np.maximum(pattern.cells, 1)[:, :, None]
    if len(shared[at.at["together"]]):
        common = gap.sum(2, keepdims=True) / count
        by_together = (back * common * data.seen).sum() + (pattern.cells > 0).sum() / together
        by_shared[at.at["together"]] += by_together * together
    back = back - (1 - together) * (back * data.seen).sum(2, keepdims=True) / count
    pull_mean = np.where(data.seen, -back / (state.mean + SMALL), 0.0)
    add_mean_gradient(data, at, shared, own, state, pull_mean, by_shared, by_own)
    value += add_lift_gradient(data.lifts, at, shared, own, by_shared, by_own)
    return value, by_shared, by_own
