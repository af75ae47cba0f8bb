"""The exact sampler: NUTS on the model's own gradient, where importance weights cannot be trusted.

Hoffman and Gelman (2014) with multinomial sampling along the trajectory (Betancourt 2017), step
size by dual averaging. It walks in the coordinates in which the Laplace approximation is a standard
normal, so that one step size suits all directions. Numpy alone: the same model by construction, and
no extra package to install.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.fisher import Arrow
from workbench.promotion.observations import Observed
from workbench.promotion.posterior import Scatter, gradient

CHAINS, WARM, KEPT = 4, 100, 200
DEEPEST = 8  # doublings of a trajectory
ACCEPT = 0.8
LOST = 1000.0  # log units below the start: the trajectory has left the posterior
GAMMA, T0, KAPPA = 0.05, 10.0, 0.75  # of dual averaging, as published


@dataclass(frozen=True, eq=False)
class Chains:
    """Draws of the shared parameters.

    Attributes
    ----------
    draws : (chains, kept, Q). r_hat : largest over the parameters, chains split in half.
    effective : smallest effective size. slopes : gradients that it took. lost : divergences.
    """

    draws: np.ndarray
    r_hat: float
    effective: float
    slopes: int
    lost: int


@dataclass(frozen=True, eq=False)
class Whitened:
    """The log posterior in coordinates in which its Laplace approximation is standard normal."""

    data: Observed
    at: Coordinates
    pattern: Scatter
    shared: np.ndarray
    own: np.ndarray
    follow: np.ndarray
    factor: np.ndarray
    own_factor: np.ndarray

    def parameters(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return shared (Q,) and own (N, P) parameters."""
        move = self.factor @ z[: self.at.size]
        step = z[self.at.size :].reshape(self.own.shape)
        own = self.own + self.follow @ move + np.einsum("npq,nq->np", self.own_factor, step)
        return self.shared + move, own

    def __call__(self, z: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the log posterior and its gradient."""
        shared, own = self.parameters(z)
        value, by_shared, by_own = gradient(self.data, self.at, self.pattern, shared, own)
        along = by_shared + np.einsum("npq,np->q", self.follow, by_own)
        steps = np.einsum("npq,np->nq", self.own_factor, by_own)
        if not np.isfinite(value):
            return -np.inf, np.zeros_like(z)
        return value, np.concatenate([self.factor.T @ along, steps.ravel()])


def whitened(
    data: Observed,
    at: Coordinates,
    pattern: Scatter,
    shared: np.ndarray,
    own: np.ndarray,
    arrow: Arrow,
) -> Whitened:
    """Return the target around a mode."""
    own_cov = (arrow.own_cov + arrow.own_cov.transpose(0, 2, 1)) / 2
    factor, own_factor = np.linalg.cholesky(arrow.shared_cov), np.linalg.cholesky(own_cov)
    return Whitened(data, at, pattern, shared, own, arrow.follow, factor, own_factor)


def chains(
    target: Whitened,
    *,
    count: int = CHAINS,
    warm: int = WARM,
    kept: int = KEPT,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Chains:
    """Return draws of the shared parameters by NUTS.

    Parameters
    ----------
    count, warm, kept : chains, steps that tune each, steps kept of each. progress : (done, total).
    """
    size = target.at.size + target.own.size
    out = np.empty((count, kept, target.at.size))
    slopes = lost = 0
    for chain in range(count):
        rng = np.random.default_rng([seed, chain])
        z = rng.standard_normal(size)
        here = target(z)
        while not np.isfinite(here[0]):  # a start in the tail, where the model overflows
            z = z / 2
            here = target(z)
        step = size**-0.25
        centre, sum_gap, smooth = np.log(10 * step), 0.0, 0.0
        for turn in range(warm + kept):
            if turn % 10 == 0:
                progress(chain * (warm + kept) + turn, count * (warm + kept))
            z, here, accept, used, fell = _turn(target, z, here, step, rng)
            slopes += used
            if turn < warm:
                sum_gap += ACCEPT - accept
                log_step = centre - np.sqrt(turn + 1) / GAMMA * sum_gap / (turn + 1 + T0)
                share = (turn + 1) ** -KAPPA
                smooth = share * log_step + (1 - share) * smooth
                step = np.exp(smooth if turn == warm - 1 else log_step)
            else:
                lost += fell
                out[chain, turn - warm] = target.shared + target.factor @ z[: target.at.size]
    return Chains(out, float(r_hats(out).max()), float(sizes(out).min()), slopes, lost)


def _turn(target, z, here, step, rng):
    """Return the next point, its value and slope, acceptance, gradients used, and divergence."""
    speed = rng.standard_normal(len(z))
    start = here[0] - 0.5 * speed @ speed
    ends = {-1: (z, speed, here), 1: (z, speed, here)}
    total, chosen, chosen_here = 0.0, z, here  # log weight of all points so far, relative to start
    accepted = tried = 0
    for depth in range(DEEPEST):
        way = 1 if rng.random() < 0.5 else -1
        tree = _tree(target, ends[way], way, depth, step, start, rng)
        ends[way] = tree.end
        accepted, tried = accepted + tree.accepted, tried + tree.tried
        if tree.stop:
            return chosen, chosen_here, accepted / tried, tried, tree.fell
        if np.log(rng.random()) < tree.weight - total:
            chosen, chosen_here = tree.chosen
        total = np.logaddexp(total, tree.weight)
        if _turned(ends[-1], ends[1]):
            break
    return chosen, chosen_here, accepted / tried, tried, False


@dataclass(frozen=True, eq=False)
class _Tree:
    near: tuple
    end: tuple
    chosen: tuple
    weight: float
    accepted: float
    tried: int
    stop: bool
    fell: bool


def _tree(target, edge, way, depth, step, start, rng) -> _Tree:
    """Return 2 ** depth further points of a trajectory, one of them drawn by its weight."""
    if depth == 0:
        z, speed, (_, slope) = edge
        speed = speed + 0.5 * way * step * slope
        z = z + way * step * speed
        here = target(z)
        speed = speed + 0.5 * way * step * here[1]
        weight = here[0] - 0.5 * speed @ speed - start
        fell = not weight > -LOST
        point = (z, speed, here)
        accept = float(np.exp(min(0.0, weight))) if not fell else 0.0
        return _Tree(point, point, (z, here), weight, accept, 1, fell, fell)
    first = _tree(target, edge, way, depth - 1, step, start, rng)
    if first.stop:
        return first
    second = _tree(target, first.end, way, depth - 1, step, start, rng)
    accepted, tried = first.accepted + second.accepted, first.tried + second.tried
    weight = np.logaddexp(first.weight, second.weight)
    chosen = first.chosen
    if not second.stop and np.log(rng.random()) < second.weight - weight:
        chosen = second.chosen
    low, high = (first.near, second.end) if way == 1 else (second.end, first.near)
    stop = second.stop or _turned(low, high)
    return _Tree(first.near, second.end, chosen, weight, accepted, tried, stop, second.fell)


def _turned(low, high) -> bool:
    """Tell whether the two ends of a trajectory have begun to near each other."""
    between = high[0] - low[0]
    return bool(between @ low[1] < 0 or between @ high[1] < 0)


def _split(draws: np.ndarray) -> np.ndarray:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, half : 2 * half]])


def r_hats(draws: np.ndarray) -> np.ndarray:
    """Return the split R-hat of each parameter; draws (chains, kept, Q)."""
    parts = _split(draws)
    within = parts.var(1, ddof=1).mean(0)
    between = parts.mean(1).var(0, ddof=1)
    length = parts.shape[1]
    return np.sqrt((length - 1) / length + between / np.maximum(within, 1e-300))


def sizes(draws: np.ndarray) -> np.ndarray:
    """Return the effective size of each parameter by Geyer's initial positive sequence."""
    parts = _split(draws)
    count, length, _ = parts.shape
    gap = parts - parts.mean(1, keepdims=True)
    spectrum = np.fft.rfft(gap, 2 * length, axis=1)
    auto = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :length].mean(0) / length
    within = parts.var(1, ddof=1).mean(0)
    whole = (length - 1) / length * within + parts.mean(1).var(0, ddof=1)
    rho = 1 - (within - auto * length / (length - 1)) / np.maximum(whole, 1e-300)
    pairs = rho[: length // 2 * 2].reshape(-1, 2, rho.shape[1]).sum(1)
    positive = np.cumprod(pairs > 0, axis=0)
    falling = np.minimum.accumulate(np.where(positive, pairs, 0.0), axis=0)
    return count * length / np.maximum(2 * falling.sum(0) - 1, 1.0)
