"""What another list would have been worth, from what people said of lists that were shown.

Each shown song carries the probability with which it stood there. A song that the other list would
show more often than the one shown counts for more, so that the mean is unbiased: it assumes that
whether somebody speaks of a song does not hang on whether it was drawn to find out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import NotEnoughEvidence

FEWEST = 30  # marks below which nothing is estimated
FEWEST_EFFECTIVE = 10.0
DRAWS = 2000
ROUNDING = 1e-9


@dataclass(frozen=True)
class Logged:
    """One mark on a shown song.

    Attributes
    ----------
    shown : its list, as a number. liked : what was said. propensity : of standing in the list.
    length : songs of the list. candidates : songs that could have stood in it.
    blend_place, popular_place : from 1, among the candidates, by the blend and by streams.
    """

    shown: int
    liked: bool
    propensity: float
    length: int
    candidates: int
    blend_place: int
    popular_place: int


def ips(rewards: np.ndarray, weights: np.ndarray) -> float:
    """Return the mean of reward x weight; weight: probability under the other list / as logged.

    Unbiased, and of high variance where weights are large.
    Source: Horvitz and Thompson 1952; Li, Chu, Langford and Wang 2011.
    """
    return float(np.mean(rewards * weights))


def snips(rewards: np.ndarray, weights: np.ndarray) -> float:
    """Return sum(reward x weight) / sum(weight); not a number where all weights are 0.

    Within the range of the rewards, biased by as little as 1 / n. Source: Swaminathan and Joachims
    2015 (self-normalised inverse propensity score).
    """
    whole = weights.sum()
    return float((rewards * weights).sum() / whole) if whole > 0 else float("nan")


def effective(weights: np.ndarray) -> float:
    """Return how many evenly weighted marks tell as much. Source: Kish 1965."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Estimates:
    """What lists are worth, from the log.

    Attributes
    ----------
    policies : policy | snips (likes among songs spoken of) | low | high (90 %, bootstrap over
        lists) | ips | effective (marks); null where the log holds too little of such lists.
    marks, lists : behind them.
    """

    policies: pl.DataFrame
    marks: int
    lists: int


@analysis()
def logged_worth(label, *, log: tuple[Logged, ...], seed: int = 0) -> Estimates:
    """Return what share of the songs spoken of would be liked, by the list that is shown.

    Four kinds of list of the same length: as shown, the blend without finding out, the most
    streamed songs, and songs drawn blindly.

    Raises
    ------
    NotEnoughEvidence
        Fewer than `FEWEST` marks.
    """
    if len(log) < FEWEST:
        raise NotEnoughEvidence(
            f"{len(log)} songs of shown lists were spoken of; from {FEWEST} on this says what "
            "lists are worth."
        )
    names = Logged.__dataclass_fields__
    one = {name: np.array([getattr(row, name) for row in log], float) for name in names}
    shown, liked = one["shown"].astype(np.int64), one["liked"]
    policies = {
        "As shown": one["propensity"],
        "Blend, nothing drawn": (one["blend_place"] <= one["length"]).astype(float),
        "Most streamed": (one["popular_place"] <= one["length"]).astype(float),
        "Drawn blindly": np.minimum(one["length"] / one["candidates"], 1.0),
    }
    times = _resampled(shown, seed)
    rows = []
    for name, chance in policies.items():
        weights = chance / one["propensity"]
        enough = effective(weights) >= FEWEST_EFFECTIVE - ROUNDING
        ends = _interval(liked, weights, times) if enough else (None, None)
        worth = (snips(liked, weights), *ends, ips(liked, weights)) if enough else (None,) * 4
        rows.append((name, *worth, effective(weights)))
    floats = ("snips", "low", "high", "ips", "effective")
    schema = {"policy": pl.String, **dict.fromkeys(floats, pl.Float64)}
    return Estimates(
        pl.DataFrame(rows, schema=schema, orient="row"), len(log), len(np.unique(shown))
    )


def _resampled(shown: np.ndarray, seed: int) -> np.ndarray:
    """Return how often each mark counts in each of `DRAWS` draws of whole lists (draws, marks)."""
    _, place = np.unique(shown, return_inverse=True)
    lists = int(place.max()) + 1
    draw = np.random.default_rng([seed, 11])
    counts = draw.multinomial(lists, np.full(lists, 1 / lists), size=DRAWS)
    return counts[:, place]


def _interval(liked: np.ndarray, weights: np.ndarray, times: np.ndarray) -> tuple[float, float]:
    whole = times @ weights
    found = (times @ (liked * weights))[whole > 0] / whole[whole > 0]
    low, high = np.quantile(found, [0.05, 0.95])
    return float(low), float(high)
