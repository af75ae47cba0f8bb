"""Log posterior of the response model and its gradient.

Residuals are differences of logs, log(y + 10) - log(mu + 10): the ten streams keep weeks of few or
no streams from shouting. Territories that scatter together and weeks that remember each other are
whitened first, so that eight cells do not count as eight pieces of evidence; what is left follows
Student's t, so that an unrecorded playlist add does not bend a channel's effect.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.expected import add_mean_gradient, curves
from workbench.promotion.lift_terms import add_lift_gradient, log_lifts
from workbench.promotion.observations import SMALL, Observed

TAIL = 6.0  # degrees of freedom of the weekly scatter


@dataclass(frozen=True, eq=False)
class Scatter:
    """The pattern of the observed weeks, as ones and zeros for fast products.

    Attributes
    ----------
    seen : whether a cell was seen (T, N, K). follows : and its week before, too.
    cells : how many were seen (T, N).
    """

    seen: np.ndarray
    follows: np.ndarray
    cells: np.ndarray

    @cached_property
    def first(self) -> np.ndarray:
        """Places of the cells that follow none, in the flat arrays."""
        return np.flatnonzero(self.seen - self.follows)

    @cached_property
    def counts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Cells of a track that were seen, those that follow none, and its weeks (N,)."""
        firsts = (self.seen - self.follows).sum((0, 2))
        return self.seen.sum((0, 2)), firsts, (self.cells > 0).sum(0)

    def of_track(self, track: int) -> "Scatter":
        """Return the pattern of one track."""
        one = slice(track, track + 1)
        return Scatter(self.seen[:, one], self.follows[:, one], self.cells[:, one])


def scatter(data: Observed) -> Scatter:
    """Return the pattern of the observed weeks."""
    follows = data.seen.astype(float)
    follows[0] = 0
    follows[1:] *= data.seen[:-1]
    return Scatter(data.seen.astype(float), follows, data.seen.sum(2))


def whitened(
    gap: np.ndarray, pattern: Scatter, together: float, memory: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return residuals without what territories and following weeks share, and the first step.

    gap : (T, N, K, ...) log residuals or their derivatives, zero where not seen.
    """
    extra = (1,) * (gap.ndim - 3)
    shape = (*pattern.seen.shape, *extra)
    count = np.maximum(pattern.cells, 1).reshape(*pattern.cells.shape, *extra)
    common = (1 - together) * np.einsum("tnk...->tn...", gap) / count
    apart = common[:, :, None] * pattern.seen.reshape(shape)
    np.subtract(gap, apart, out=apart)
    left = apart.copy()
    left[1:] -= apart[:-1] * (memory * pattern.follows[1:]).reshape(-1, *shape[1:])
    left.reshape(-1, *gap.shape[3:])[pattern.first] *= np.sqrt(1 - memory**2)
    return left, apart


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
    _, memory, together = scatter_terms(shared, at)
    left = whitened(_gap(data, pattern, state.mean), pattern, together, memory)[0]
    value = _by_track(left, at, pattern, shared, own).sum() + _prior(at, shared)
    return float(value) + log_lifts(data.lifts, at, shared, own)


def _gap(data: Observed, pattern: Scatter, mean: np.ndarray) -> np.ndarray:
    """Return the log residuals, zero where not seen (T, N, K)."""
    gap = mean + SMALL
    np.log(gap, out=gap)
    np.subtract(data.log_streams, gap, out=gap)
    return np.multiply(gap, pattern.seen, out=gap)


def _by_track(left, at, pattern, shared, own) -> np.ndarray:
    """Return each track's log likelihood and the log prior of its own parameters (N,)."""
    noise, memory, together = scatter_terms(shared, at)
    misses = left * (1 / (noise * np.sqrt(TAIL)))
    np.multiply(misses, misses, out=misses)
    misses += 1  # not log1p: where a residual is that small, nothing depends on its digits
    np.log(misses, out=misses)
    seen, firsts, weeks = pattern.counts
    value = -(TAIL + 1) / 2 * np.einsum("tnk->n", misses) - seen * np.log(noise)
    value += firsts * (0.5 * np.log(1 - memory**2)) + weeks * np.log(together)
    return value - 0.5 * (((own - at.own_mean) / at.own_sd) ** 2).sum(1)


def _prior(at: Coordinates, shared: np.ndarray) -> float:
    return float(-0.5 * (((shared - at.mean) / at.sd) ** 2).sum())


def gradient(
    data: Observed, at: Coordinates, pattern: Scatter, shared: np.ndarray, own: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log posterior and its derivatives by shared (Q,) and own (N, P) parameters."""
    values, by_shared, by_own = track_gradient(data, at, pattern, shared, own)
    value = float(values.sum()) + _prior(at, shared)
    by_shared -= (shared - at.mean) / at.sd**2
    value += add_lift_gradient(data.lifts, at, shared, own, by_shared, by_own)
    return value, by_shared, by_own


def track_gradient(
    data: Observed, at: Coordinates, pattern: Scatter, shared: np.ndarray, own: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return log likelihood and own log prior of each track (N,), and the derivatives of their sum.

    Given the shared parameters, what one track tells does not depend on any other; lift tests are
    not in it.
    """
    state = curves(data, at, shared, own)
    gap = _gap(data, pattern, state.mean)
    noise, memory, together = scatter_terms(shared, at)
    left, apart = whitened(gap, pattern, together, memory)
    values = _by_track(left, at, pattern, shared, own)
    by_shared = np.zeros(at.size)
    by_own = -(own - at.own_mean) / at.own_sd**2

    pull = left * left
    pull += TAIL * noise**2
    np.divide(left, pull, out=pull)
    pull *= -(TAIL + 1)
    by_shared[at.at["noise"]] += -np.vdot(pull, left) - pattern.counts[0].sum()
    first, root, flat = pattern.first, np.sqrt(1 - memory**2), pull.reshape(-1)
    onwards = pull[1:] * pattern.follows[1:]
    by_memory = -np.vdot(onwards, apart[:-1])
    by_memory -= flat[first] @ apart.reshape(-1)[first] * memory / root
    by_memory -= len(first) * memory / (1 - memory**2)
    by_shared[at.at["memory"]] += by_memory * (1 - memory**2)
    flat[first] *= root  # from here on the pull at what is not yet apart
    pull[:-1] -= np.multiply(onwards, memory, out=onwards)
    pull *= pattern.seen
    common = np.einsum("tnk->tn", pull) / np.maximum(pattern.cells, 1)
    if len(shared[at.at["together"]]):
        by_together = np.vdot(common, np.einsum("tnk->tn", gap))
        by_together += (pattern.cells > 0).sum() / together
        by_shared[at.at["together"]] += by_together * together
    pull -= ((1 - together) * common)[:, :, None]
    pull *= pattern.seen
    pull /= -(state.mean + SMALL)
    add_mean_gradient(data, at, shared, own, state, pull, by_shared, by_own)
    return values, by_shared, by_own
