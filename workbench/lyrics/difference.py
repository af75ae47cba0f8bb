"""Differences of two groups in several measures at once: intervals, and which stand out."""

import numpy as np
import polars as pl

DRAWS = 1_000
# Units of a group below which nothing is said of how sure it is.
LEAST = 3
LEVEL = 0.9


def differences(
    measures: tuple[str, ...], first: np.ndarray, second: np.ndarray,
    weights: tuple[np.ndarray, np.ndarray], seed: int,
) -> pl.DataFrame:  # fmt: skip
    """Return the mean of each measure in two groups, and how they differ.

    Intervals are 90 % by bootstrap over units. A measure stands apart where its difference beats
    what shuffling units between the groups gives for the largest of all measures, each in its own
    spread, in nine of ten shuffles (Westfall and Young 1993): of two groups that are alike one in
    ten has any measure apart, however many are looked at.

    Parameters
    ----------
    first, second : (units, measures). weights : of the units of each group.

    Returns
    -------
    measure | first, second (weighted means) and difference (second - first), each with _low and
    _high, null where a group has under three units or all of them are the same | apart
    """
    means = [_means(group, w[None])[0] for group, w in zip((first, second), weights, strict=True)]
    frame = pl.DataFrame(
        {"measure": measures, "first": means[0], "second": means[1],
         "difference": means[1] - means[0]}
    )  # fmt: skip
    names = ("first", "second", "difference")
    if min(len(first), len(second)) < LEAST:
        nulls = [
            pl.lit(None, pl.Float64).alias(f"{name}_{end}")
            for name in names
            for end in ("low", "high")
        ]
        return frame.with_columns(*nulls, apart=pl.lit(False))
    random = np.random.default_rng(seed)
    drawn = [
        _means(
            group, random.multinomial(len(group), np.full(len(group), 1 / len(group)), DRAWS) * w
        )
        for group, w in zip((first, second), weights, strict=True)
    ]
    edges = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    for name, values in zip(names, (*drawn, drawn[1] - drawn[0]), strict=True):
        low, high = np.quantile(values, edges, axis=0)
        # of what no unit has, or all, nothing is known of how sure it is
        low, high = (np.where(np.ptp(values, axis=0) > 1e-9, edge, np.nan) for edge in (low, high))
        ends = pl.Series(f"{name}_low", low), pl.Series(f"{name}_high", high)
        frame = frame.with_columns(end.fill_nan(None) for end in ends)
    return frame.with_columns(apart=_apart(first, second, weights, means, random))


def _means(group: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return (draws, measures) means of a group, one for each row of weights."""
    return weights @ group / weights.sum(axis=1, keepdims=True)


def _apart(first, second, weights, means, random) -> pl.Series:
    units, weight = np.concatenate([first, second]), np.concatenate(weights)
    here = np.arange(len(units)) < len(first)
    shuffled = random.permuted(np.tile(here, (DRAWS, 1)), axis=1)
    gaps = _means(units, ~shuffled * weight) - _means(units, shuffled * weight)
    spread = np.maximum(gaps.std(axis=0), 1e-12)
    most = (np.abs(gaps) / spread).max(axis=1)
    own = np.abs(means[1] - means[0]) / spread
    # the two groups as they are count as one shuffle more
    beaten = (1 + (most[:, None] >= own[None] - 1e-9).sum(axis=0)) / (DRAWS + 1)
    return pl.Series(beaten <= 1 - LEVEL)
