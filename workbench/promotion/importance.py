"""Importance weights that say when they must not be trusted (Vehtari et al. 2024, PSIS)."""

import numpy as np

WORST_K = 99.0  # where so few draws hold all weight that no tail can be fitted


def smoothed_weights(log_ratio: np.ndarray) -> tuple[np.ndarray, float]:
    """Return normalised weights with a Pareto-smoothed tail, and Pareto-k.

    Parameters
    ----------
    log_ratio : log target minus log proposal (S,).

    Notes
    -----
    k <= .7: trustworthy; above, the proposal misses part of the posterior. The tail is the largest
    3 sqrt(S) weights; its fit is that of Zhang and Stephens (2009). k is at most 99; NaN where
    there are too few draws for a tail.
    """
    weights = np.exp(log_ratio - log_ratio.max())
    count = int(min(0.2 * len(weights), 3 * np.sqrt(len(weights))))
    order = np.argsort(weights)
    tail = order[-count:]
    cut = weights[order[-count - 1]]
    over = weights[tail] - cut
    if count < 5 or over[-1] <= 0 or over[count // 4] <= 0:
        return weights / weights.sum(), WORST_K if count >= 5 else float("nan")
    k, sigma = pareto_tail(over)
    place = (np.arange(count) + 0.5) / count
    if abs(k) < 1e-8:
        fitted = -sigma * np.log1p(-place)
    else:
        fitted = sigma / k * np.expm1(-k * np.log1p(-place))
    weights[tail] = np.minimum(cut + fitted, 1.0)
    return weights / weights.sum(), min(float(k), WORST_K)


def pareto_tail(over: np.ndarray) -> tuple[float, float]:
    """Return shape k and scale of a generalised Pareto law for sorted exceedances.

    The shape is drawn a little towards .5, as PSIS does, so that short tails do not jump.
    """
    n = len(over)
    grid = 30 + int(np.sqrt(n))
    quarter = over[int(n / 4 + 0.5) - 1]
    theta = 1 / over[-1] + (1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3 * quarter)
    shape = np.log1p(-theta[:, None] * over).mean(1)
    length = n * (np.log(-theta / shape) - shape - 1)
    weight = np.exp(length - length.max())
    best = float((theta * weight).sum() / weight.sum())
    k = float(np.log1p(-best * over).mean())
    return (k * n + 0.5 * 10) / (n + 10), -k / best


def effective_size(weights: np.ndarray) -> float:
    """Return how many equal draws normalised weights are worth."""
    return float(1 / (weights**2).sum())


def resampled(weights: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return `count` positions drawn by systematic resampling."""
    steps = (rng.random() + np.arange(count)) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), steps), len(weights) - 1)
