"""Whether taste makes offers better: chosen on some lines, judged on later ones.

One model without the recommender, one with its blend as it stands, one that weighs its parts anew.
What is better on lines that were sold later than those learnt from is taken; how good it is, lines
later still say.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.sales.choice import chances, fitted

if TYPE_CHECKING:
    from workbench.sales.choice import Planes
    from workbench.sales.tastes import Tastes

LEARNT = 2 / 3  # of the lines, by day, that the check learns from; and of these, the choice
FIRST = 5  # offers among which a sold product should stand
FEWEST = 100  # lines on either side
SURE = 2.0  # standard errors that a gain must reach
DRAWS, BINS = 500, 10
NONE, BLEND, APART = "without taste", "taste as blended", "taste by its parts"
WAYS = (NONE, BLEND, APART)
CHECK = {"ranking": pl.String, "hit": pl.Float64, "low": pl.Float64, "high": pl.Float64,
         "log_loss": pl.Float64}  # fmt: skip
GAINS = {"way": pl.String, "stage": pl.String, "lines": pl.Int64, "gain": pl.Float64,
         "error": pl.Float64, "hits": pl.Float64, "hits_error": pl.Float64}  # fmt: skip
BINNED = {"said": pl.Float64, "came": pl.Float64, "pairs": pl.Int64}


@dataclass(frozen=True, eq=False)
class Lines:
    """Order lines and what was known at each.

    Attributes
    ----------
    held : of each feature float32 (lines, products). on_sale : Boolean (lines, products).
    taken : column of the product sold (lines,). day : of each line, ascending.
    """

    held: Planes
    on_sale: np.ndarray
    taken: np.ndarray
    day: pl.Series

    def before(self, share: float) -> tuple[int, datetime.date]:
        """Return how many lines are the first by day, and the last day of them."""
        count = int((self.day <= self.day.quantile(share, "nearest")).sum())
        return count, self.day[count - 1]


@dataclass(frozen=True, eq=False)
class Chosen:
    """What was chosen and how good it is; see `Offers` for `check`, `gains` and `bins`.

    `weights` are those of the features before the last of the orders; None where none was fitted.
    """

    way: str
    check: pl.DataFrame
    gains: pl.DataFrame
    bins: pl.DataFrame
    checked: int
    weights: np.ndarray | None


def with_taste(held: Planes, taste: Tastes, way: str) -> Planes:
    """Return features with what the way takes of the recommender."""
    if way == APART:
        return (*held, *taste.parts)
    weighed = zip(taste.parts, taste.weights.astype(np.float32), strict=True)
    return (*held, sum(part * weight for part, weight in weighed))


def chosen(
    lines: Lines, often: int, taste: Callable[[datetime.date], Tastes] | None, seed: int
) -> Chosen:
    """Return the way whose log loss on later lines is surely the lowest, judged on the rest.

    Parameters
    ----------
    often : feature of the rival, which offers what sold most. taste : of the day until which the
        recommender may know plays, what it says of the lines; None where it can say nothing.
    """
    there = lines.on_sale[np.arange(len(lines.taken)), lines.taken]
    early, until = lines.before(LEARNT)
    first, middle = lines.before(LEARNT**2)
    late, between = (np.flatnonzero(there[a:b]) + a for a, b in ((early, None), (first, early)))
    empty = Chosen(NONE, _frame(CHECK), _frame(GAINS), _frame(BINNED), 0, None)
    if min(early, len(late)) < FEWEST:
        return empty
    ways, best = (NONE,), NONE
    gains, tried, known = [], {}, None
    if taste is not None and min(first, len(between)) >= FEWEST:
        from threadpoolctl import threadpool_limits

        ways = WAYS
        # side by side; the limit of each would end with the other's
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(2) as pool:
            then, known = pool.map(taste, (middle, until))
        tried[NONE] = _told(lines, first, between, None, NONE)
        tried |= {way: _told(lines, first, between, then, way, tried[NONE][3])
                  for way in WAYS[1:]}  # fmt: skip
        gains += [_gain(tried, way, "chosen on") for way in WAYS[1:]]
        sure = [one for one in gains if one["gain"] > SURE * one["error"]]
        best = max(sure, key=lambda one: one["gain"])["way"] if sure else NONE
    told = {
        way: _told(lines, early, late, known, way, tried[way][3] if tried else None) for way in ways
    }
    gains += [_gain(told, way, "checked on") for way in ways[1:]]
    rows = [
        _figures(way, odds, lines.taken[late], seed) | {"log_loss": float(loss.mean())}
        for way, (odds, loss, *_) in told.items()
    ]
    most = np.where(lines.on_sale[late], lines.held[often][late], -1.0)
    rows.append(_figures("most sold", most, lines.taken[late], seed))
    odds = told[best][0]
    return Chosen(
        best, _frame(CHECK, rows), _frame(GAINS, gains),
        _binned(odds, lines.taken[late]), len(late), told[best][3],
    )  # fmt: skip


def _told(
    lines: Lines, learnt: int, asked: np.ndarray, taste: Tastes | None, way: str,
    start: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Return chances (asked, products), log loss, hit (asked,) and weights of the first lines."""
    held = lines.held if way == NONE else with_taste(lines.held, taste, way)
    past = [one[:learnt] for one in held]
    weights = fitted(past, lines.on_sale[:learnt], lines.taken[:learnt], start)
    odds = chances([one[asked] for one in held], lines.on_sale[asked], weights)
    taken = lines.taken[asked]
    own = odds[np.arange(len(odds)), taken]
    return odds, -np.log(np.maximum(own, 1e-300)), _hits(odds, taken), weights


def _hits(score: np.ndarray, taken: np.ndarray) -> np.ndarray:
    own = score[np.arange(len(score)), taken]
    above, equal = (score > own[:, None]).sum(axis=1), (score == own[:, None]).sum(axis=1)
    return np.clip((FIRST - above) / equal, 0, 1)  # equals stand in any order


def _gain(told: dict, way: str, stage: str) -> dict:
    """Return what a way gains over no taste, line by line: log loss less, hits more."""
    less, more = told[NONE][1] - told[way][1], told[way][2] - told[NONE][2]
    root = np.sqrt(len(less))
    return {
        "way": way, "stage": stage, "lines": len(less),
        "gain": float(less.mean()), "error": float(less.std() / root),
        "hits": float(more.mean()), "hits_error": float(more.std() / root),
    }  # fmt: skip


def _figures(name: str, score: np.ndarray, taken: np.ndarray, seed: int) -> dict:
    hit = _hits(score, taken)
    draw = np.random.default_rng(seed).integers(len(hit), size=(DRAWS, len(hit)))
    low, high = np.quantile(hit[draw].mean(axis=1), (0.05, 0.95))
    return {"ranking": name, "hit": float(hit.mean()), "low": float(low), "high": float(high)}


def _binned(odds: np.ndarray, taken: np.ndarray) -> pl.DataFrame:
    """Return chances of line and product against how many were taken, by bins of equal sums."""
    came = np.zeros(odds.shape)
    came[np.arange(len(taken)), taken] = 1.0
    order = np.argsort(odds, axis=None, kind="stable")
    said, came = odds.ravel()[order], came.ravel()[order]
    place = np.minimum((np.cumsum(said) / said.sum() * BINS).astype(int), BINS - 1)
    pairs = np.bincount(place, minlength=BINS)
    sums = (np.bincount(place, one, BINS) / np.maximum(pairs, 1) for one in (said, came))
    found = dict(zip(BINNED, (*sums, pairs), strict=True))
    return pl.DataFrame(found, schema=BINNED).filter(pl.col("pairs") > 0)


def _frame(schema: dict, rows: list[dict] = ()) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema)
