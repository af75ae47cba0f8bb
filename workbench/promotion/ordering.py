"""Units in the order of what treatment is expected to add, and that order held against chance."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.errors import NotEnoughEvidence
from workbench.promotion.learners import LEARNERS, USED, ranked_forward
from workbench.promotion.qini import (
    BAND,
    Ranking,
    area,
    normalised,
    perfect,
    ranked,
    resamples,
    uplift_at,
    zero,
)
from workbench.promotion.trial import Trial

SAMPLES = 200
SHARES = (0.1, 0.2, 0.3)
POINTS = 50  # of the curve, fewer where a step would hold few people
LEARNER = {
    "learner": pl.String, "qini": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "auuc": pl.Float64, "used": pl.Boolean,
}  # fmt: skip
CURVE = dict.fromkeys(("share", "gain", "low", "high", "chance"), pl.Float64())
AT = dict.fromkeys(("share", "uplift", "low", "high"), pl.Float64())


@dataclass(frozen=True, eq=False)
class Ordering:
    """How the units in order of expected effect do against chance; bands are 90 %.

    Attributes
    ----------
    units : that were ranked, 0 where there were too few. learners : learner | qini | low | high |
    auuc | used. curve : share | gain | low | high | chance: outcome added per unit of everybody
    where the best share is treated; at its end the difference of the arms of the units ranked.
    at : share | uplift | low | high.
    """

    units: int
    learners: pl.DataFrame
    curve: pl.DataFrame
    at: pl.DataFrame

    @property
    def bytes(self) -> int:
        """Size in memory."""
        return 1000 + sum(frame.estimated_size() for frame in (self.learners, self.curve, self.at))


def unordered() -> Ordering:
    """Return what is told where nothing was learnt."""
    return Ordering(0, *(pl.DataFrame(schema=schema) for schema in (LEARNER, CURVE, AT)))


def ordering(trial: Trial, min_group: int, seed: int) -> Ordering:
    """Return how both learners order the units; bands from a bootstrap of units in their arms.

    Raises
    ------
    NotEnoughEvidence
        Even the perfect order is no better than chance, so that none can be judged.
    """
    whole = (trial.x, trial.hit, trial.outcome - zero(trial.hit, trial.outcome))
    scores = {name: ranked_forward(made, *whole, seed) for name, made in LEARNERS.items()}
    rows = scores[USED][0]  # drawn by the seed, so the same for both
    hit, outcome = trial.hit[rows], whole[2][rows]
    orders = {name: ranked(score, hit, outcome) for name, (_, score) in scores.items()}
    best, used = perfect(hit, outcome), orders[USED]
    if np.isnan(normalised(used, best)):
        raise NotEnoughEvidence(
            "No order of the units can be judged: even the best of all wins no more than chance. "
            "Bring an outcome that differs between units of an arm."
        )
    points = int(np.clip(len(rows) // (2 * max(min_group, 1)), 2, POINTS))
    at = np.linspace(0, 1, points + 1)

    def shape(weight: np.ndarray | None = None) -> np.ndarray:
        taken, gain = used.gains(weight)  # outcomes of the treated alone: of all were these so many
        treated = hit.sum() if weight is None else hit @ weight
        return np.interp(at, taken / taken[-1], gain) / treated

    drawn, curves, lifts = {name: [] for name in orders}, [], []
    for weight in resamples(hit, SAMPLES, seed):
        for name, order in orders.items():
            drawn[name].append(normalised(order, best, weight))
        curves.append(shape(weight))
        lifts.append([uplift_at(used, share, weight) for share in SHARES])
    learners = [
        (name, normalised(order, best), *_band(drawn[name]),
         area(*order.gains()) / len(rows) / hit.sum(), name == USED)
        for name, order in orders.items()
    ]  # fmt: skip
    gain = shape()
    low, high = _band(curves)
    curve = {"share": at, "gain": gain, "low": low, "high": high, "chance": at * gain[-1]}
    return Ordering(
        units=len(rows),
        learners=pl.DataFrame(learners, schema=LEARNER, orient="row").sort("learner"),
        curve=pl.DataFrame(curve, schema=CURVE),
        at=_lifts(used, lifts, min_group),
    )


def _lifts(used: Ranking, lifts: list, min_group: int) -> pl.DataFrame:
    """Return uplift of the best shares.

    Null where an arm of one has fewer than `min_group`, or nothing differs in it: a band of no
    width would be no band.
    """
    low, high = _band(lifts)
    rows = []
    for place, share in enumerate(SHARES):
        count = max(round(share * len(used.order)), 1)
        best, differs = used.treated[:count], np.ptp(used.outcome[:count]) > 0
        shown = differs and min(best.sum(), (1 - best).sum()) >= max(min_group, 2)
        told = (uplift_at(used, share), low[place], high[place])
        rows.append((share, *(float(one) if shown else None for one in told)))
    return pl.DataFrame(rows, schema=AT, orient="row")


def _band(values: list) -> tuple:
    low, high = np.nanquantile(np.array(values), BAND, axis=0)
    return low, high
