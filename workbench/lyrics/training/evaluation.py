"""Figures of the heads: thresholds, F1, calibration, and their spread on test."""

from collections.abc import Callable

import numpy as np

from workbench.lyrics.training.fit import pearson

# Candidate thresholds for what is looked at while training; each label takes the best of them.
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


def expected_thresholds(probabilities: np.ndarray) -> np.ndarray:
    """Return the threshold of each label whose F1 is expected to be best, the probabilities true.

    On halves of dev this does better on the other half than the threshold of the best F1 there,
    which for labels with a dozen rows is mostly chance (Lipton et al. 2014 on plugging in).
    """
    found = []
    for column in np.sort(probabilities, axis=0)[::-1].T:
        passed = np.arange(1, len(column) + 1)
        expected = 2 * np.cumsum(column) / (passed + column.sum())
        found.append(column[expected.argmax()])
    return np.array(found)


def interval(
    measure: Callable[[np.ndarray], float],
    rows: int,
    *,
    groups: np.ndarray | None = None,
    seed: int = 0,
    repeats: int = 1_000,
) -> tuple:
    """Return the ends of the 95 % interval of a measure when its rows are drawn again.

    Parameters
    ----------
    measure : from row numbers, drawn with replacement, to a number or an array of them.
    groups : (rows,) what rows belong to, where whole groups are drawn: lines of one poem are no
        independent witnesses.
    """
    random = np.random.default_rng(seed)
    if groups is None:
        draws = (random.integers(0, rows, rows) for _ in range(repeats))
    else:
        members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
        draws = (
            np.concatenate([members[i] for i in random.integers(0, len(members), len(members))])
            for _ in range(repeats)
        )
    low, high = np.quantile([measure(drawn) for drawn in draws], [0.025, 0.975], axis=0)
    return low.tolist(), high.tolist()


def bootstrap_macro_f1(
    wanted: np.ndarray, found: np.ndarray, *, seed: int, repeats: int = 1_000
) -> tuple[float, float]:
    """Return the 95 % interval of macro-F1 when the test texts are drawn again."""
    return interval(
        lambda drawn: f1(wanted[drawn], found[drawn]).mean(),
        len(wanted), seed=seed, repeats=repeats,
    )  # fmt: skip


def bootstrap_pearson(
    said: np.ndarray, true: np.ndarray, *, seed: int, repeats: int = 1_000
) -> tuple[list[float], list[float]]:
    """Return the ends of the 95 % intervals of Pearson's correlations, column by column."""
    return interval(
        lambda drawn: pearson(said[drawn], true[drawn]), len(true), seed=seed, repeats=repeats
    )


def calibration_error(probabilities: np.ndarray, wanted: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error over all labels: |said - seen|, weighted by size."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    total = 0.0
    for number in range(bins):
        inside = place == number
        if inside.any():
            total += abs(probabilities[inside].mean() - wanted[inside].mean()) * inside.sum()
    return float(total / probabilities.size)
