"""How well first purchases were told: who came, in what order, and what the chances were worth."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from workbench.sales.foretold import STEPS, reached

BINS = 8
BY_CHANCE, STREAMS_SO_FAR = "first purchase", "streams so far"
CHECK = {
    "learnt_until": pl.Date, "until": pl.Date, "people": pl.Int64, "expected": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "came": pl.Int64, "auc": pl.Float64,
    "auc_streams": pl.Float64, "log_loss": pl.Float64, "log_loss_mean": pl.Float64,
}  # fmt: skip
GAINS = {"ranking": pl.String, "contacted": pl.Float64, "reached": pl.Float64}
BINNED = {"said": pl.Float64, "came": pl.Float64, "pairs": pl.Int64}


@dataclass(frozen=True, eq=False)
class Told:
    """What was told and what came; all empty where it cannot be judged.

    Attributes
    ----------
    check : one row: learnt_until | until | people (in fives) | expected | low | high (90 %) |
        came | auc | auc_streams (of who streamed most) | log_loss | log_loss_mean (of one chance
        for all).
    gains : ranking (“first purchase” or “streams so far”) | contacted | reached (share of those who
        came). bins : said | came | pairs, people by their chance, about as many expected in each.
    """

    check: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CHECK))
    gains: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GAINS))
    bins: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BINNED))


def told(
    row: dict, chance: np.ndarray, streams: np.ndarray, came: np.ndarray, min_group: int
) -> Told:
    """Return the figures of chances (n,) against who `came`, Boolean (n,).

    `row` is the start of the one of `check`; `streams` is the rival's ranking.
    """
    losses = [log_loss(one, came) for one in (chance, np.full(len(came), came.mean()))]
    row = row | {
        "came": int(came.sum()), "auc": auc(chance, came), "auc_streams": auc(streams, came),
        "log_loss": losses[0], "log_loss_mean": losses[1],
    }  # fmt: skip
    gains = [
        pl.DataFrame(
            {
                "ranking": name,
                "contacted": np.linspace(0, 1, STEPS + 1),
                "reached": reached(order, came.astype(float)),
            }
        )
        for name, order in ((BY_CHANCE, chance), (STREAMS_SO_FAR, streams))
    ]
    return Told(
        pl.DataFrame([row], schema=CHECK), pl.concat(gains), binned(chance, came, min_group)
    )


def binned(chance: np.ndarray, came: np.ndarray, min_group: int) -> pl.DataFrame:
    """Return bins of people by chance in which about as many are expected, `min_group` or more."""
    order = np.argsort(chance, kind="stable")
    bins = max(min(BINS, int(chance.sum() / max(min_group, 1))), 1)
    place = np.minimum((np.cumsum(chance[order]) / chance.sum() * bins).astype(int), bins - 1)
    pairs = np.bincount(place, minlength=bins)
    sums = [np.bincount(place, one[order], bins) for one in (chance, came)]
    sums = [one / np.maximum(pairs, 1) for one in sums]
    found = pl.DataFrame(dict(zip(BINNED, (*sums, pairs), strict=True)), schema=BINNED)
    return found.filter(pl.col("pairs") >= max(min_group, 1))


def auc(score: np.ndarray, came: np.ndarray) -> float:
    """Return how often who came stands above who did not, equals counted half."""
    positive = came.sum()
    other = len(came) - positive
    if not positive or not other:
        return float("nan")
    above = pl.Series(score).rank().to_numpy()[came].sum() - positive * (positive + 1) / 2
    return float(above / (positive * other))


def log_loss(chance: np.ndarray, came: np.ndarray) -> float:
    """Return the mean log loss of chances."""
    chance = np.clip(chance, 1e-12, 1 - 1e-12)
    return float(-np.where(came, np.log(chance), np.log1p(-chance)).mean())
