"""Figures of the heads: thresholds from dev, F1, calibration, and their spread on test."""

import numpy as np

# Candidate thresholds; every label takes the best of them on dev.
GRID = np.round(np.arange(0.02, 0.96, 0.01), 2)


def f1(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return F1 of each column of two tables of truth values; 0 where nothing is right."""
    right = (wanted & found).sum(axis=0)
    size = wanted.sum(axis=0) + found.sum(axis=0)
    return np.where(size > 0, 2 * right / np.maximum(size, 1), 0.0)


def best_thresholds(probabilities: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the threshold of each label that gives the best F1; the lowest of equals."""
    scores = np.array([f1(wanted, probabilities >= threshold) for threshold in GRID])
    return GRID[scores.argmax(axis=0)]


def bootstrap_macro_f1(
    wanted: np.ndarray, found: np.ndarray, *, seed: int, repeats: int = 1_000
) -> tuple[float, float]:
    """Return the 95 % interval of macro-F1 when the test texts are drawn again."""
    random = np.random.default_rng(seed)
    scores = []
    for _ in range(repeats):
        drawn = random.integers(0, len(wanted), len(wanted))
        scores.append(f1(wanted[drawn], found[drawn]).mean())
    return tuple(float(v) for v in np.quantile(scores, [0.025, 0.975]))


def calibration_error(probabilities: np.ndarray, wanted: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error over all labels: |said - seen|, weighted by size."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    total = 0.0
    for number in range(bins):
        inside = place == number
        if inside.any():
            total += abs(probabilities[inside].mean() - wanted[inside].mean()) * inside.sum()
    return float(total / probabilities.size)
