"""How good a ranking of listeners is: who of those at its top came, and are chances true.

`score` and `came` are (people, items); only `open_` pairs count. One number per item; an item to
which nobody or everybody came has none.
"""

from __future__ import annotations

import numpy as np
import polars as pl

BINS = 10
SPREADS = (0.0, *np.geomspace(1e-3, 10, 80))


def auc(score: np.ndarray, came: np.ndarray, open_: np.ndarray) -> np.ndarray:
    """Return the chance that one who came stands above one who did not, ties half: (items,).

    Source: Mann and Whitney 1947.
    """
    found = np.full(score.shape[1], np.nan)
    for item in range(score.shape[1]):
        own, right = score[open_[:, item], item], came[open_[:, item], item]
        many, few = len(own) - right.sum(), right.sum()
        if many and few:
            ranks = pl.Series(own).rank("average").to_numpy()
            found[item] = (ranks[right].sum() - few * (few + 1) / 2) / (few * many)
    return found


def lift(score: np.ndarray, came: np.ndarray, open_: np.ndarray, places: int) -> np.ndarray:
    """Return the share of the first `places` that came over that of all open ones: (items,)."""
    caught = _caught(score, came, open_, lambda people: min(places, people))
    people = open_.sum(axis=0)
    return caught * people / np.minimum(places, people)


def caught(
    score: np.ndarray, came: np.ndarray, open_: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """Return, of those who came, the share among the first `shares` of all: (items, shares)."""
    return np.stack(
        [_caught(score, came, open_, lambda people, s=s: round(s * people)) for s in shares], axis=1
    )


def _caught(score: np.ndarray, came: np.ndarray, open_: np.ndarray, count) -> np.ndarray:
    order = np.argsort(-np.where(open_, score, -np.inf), axis=0, kind="stable")
    right = np.take_along_axis(came & open_, order, axis=0)
    total = right.sum(axis=0)
    places = np.array([count(people) for people in open_.sum(axis=0)])
    first = np.arange(len(score))[:, None] < places
    return np.where(total > 0, (right & first).sum(axis=0) / np.maximum(total, 1), np.nan)


def reliability(chance: np.ndarray, came: np.ndarray) -> pl.DataFrame:
    """Return what was said and what came, in ten bins of one sum of chances each.

    Bins of equal numbers of pairs would put nearly all that is likely into one.

    Returns
    -------
    bin | said (mean probability) | came (share) | pairs
    """
    order = np.argsort(chance, kind="stable")
    chance, came = chance[order], came[order]
    place = np.cumsum(chance)
    bins = np.minimum((BINS * place / max(place[-1], 1e-12)).astype(int), BINS - 1)
    frame = pl.DataFrame({"bin": bins, "said": chance, "came": came.astype(np.float64)})
    return (
        frame.group_by("bin")
        .agg(pl.col("said").mean(), pl.col("came").mean(), pl.len().cast(pl.Int64).alias("pairs"))
        .sort("bin")
    )


def calibration_error(bins: pl.DataFrame) -> float:
    """Return the mean distance of what was said from what came, over pairs.

    Source: Naeini, Cooper and Hauskrecht 2015 (expected calibration error).
    """
    far = (bins["said"] - bins["came"]).abs() * bins["pairs"]
    return float(far.sum() / bins["pairs"].sum())


def dispersion(expected: np.ndarray, came: np.ndarray, level: float = 0.9) -> float:
    """Return by how much sizes vary beyond chance: the least d that `covers` enough of them.

    Of var = m + d m², the second form of the negative binomial. Intervals that hold as many of the
    sizes held back as they say need no belief about the shape of what was missed.
    Source: Cameron and Trivedi 1998; split conformal prediction, Papadopoulos et al. 2002.
    """
    found = next((d for d in SPREADS if covers(expected, came, d, level) >= level), SPREADS[-1])
    return float(found)


def covers(expected: np.ndarray, came: np.ndarray, spread: float, level: float = 0.9) -> float:
    """Return the share of sizes inside their intervals."""
    low, high = between(expected, spread, level)
    return float(((came >= low) & (came <= high)).mean())


def between(expected: np.ndarray, spread: float, level: float = 0.9) -> tuple[np.ndarray, ...]:
    """Return low and high of how many come, where `expected` are: negative binomial quantiles."""
    from scipy.stats import nbinom, poisson

    tails = np.array([(1 - level) / 2, (1 + level) / 2])[:, None]
    mean = np.maximum(np.atleast_1d(expected), 1e-12)[None, :]
    if spread < 1e-9:
        return tuple(poisson.ppf(tails, mean))
    size = 1.0 / spread
    return tuple(nbinom.ppf(tails, size, size / (size + mean)))
