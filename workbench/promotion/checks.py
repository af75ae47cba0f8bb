"""Can the promotion model be believed? The maker of its checks, and what they found."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import MissingTable
from workbench.listening import streams
from workbench.promotion.coordinates import coordinates
from workbench.promotion.estimate import Posterior
from workbench.promotion.holdout import held_out, held_weeks
from workbench.promotion.limits import DOMINANT, ENOUGH_DRAWS, TRUSTED_K, agreeing
from workbench.promotion.observations import Observed
from workbench.promotion.overview import NO_STREAMS
from workbench.promotion.predictive import placed, residuals, shares_inside
from workbench.promotion.reading import arrays
from workbench.store.artifacts import Fit

if TYPE_CHECKING:
    from workbench.dataset import Making

DRAWS = 100
MIXED = 1.05  # R-hat of chains that walked the same ground


def make_promotion_checks(label: "Making", *, progress: Callable[[int, int, str], None]) -> None:
    """Hold out the last weeks, and place every observed week among weeks drawn from the model.

    Reads what the promotion model reads, and that model.
    """
    progress(0, 10, "Counting streams by week")
    data = arrays(label).data
    apart = arrays(label, held_weeks(data)).data

    def holding(done: int, total: int, text: str) -> None:
        progress(1 + 6 * done // total, 10, f"Without the last weeks: {text[0].lower()}{text[1:]}")

    held = held_out(apart, progress=holding)
    fit = label.fit("promotion")
    data = replace(data, usual=fit.arrays["usual"])  # a model of one's own has its own scale
    found = kept(fit, data)
    progress(7, 10, "Drawing weeks from the model")
    by_cell, whole = placed(data, found, draws=DRAWS)
    by_week, by_place = residuals(data, found)
    label.save_fit(
        "promotion_checks",
        arrays={},
        frames={
            "held": held.rows,
            "held_weeks": held.weeks,
            "errors": held.errors,
            "inside": shares_inside(data, by_cell, whole),
            "residual_weeks": by_week,
            "residual_cells": by_place,
        },
        meta={"held_weeks": held_weeks(data), "draws": DRAWS},
    )
    progress(10, 10, "Saved")


def kept(fit: Fit, data: Observed) -> Posterior:
    """Return the posterior that a fit kept, for the arrays that it was fitted to."""
    return Posterior(
        at=coordinates(data),
        pareto_k=fit.meta["pareto_k"] or float("nan"),
        modes=tuple(fit.meta["modes"]),
        **{name: fit.meta[name] for name in ("effective", "tried")},
        **{
            name: fit.arrays[name].astype(np.float64)
            for name in ("shared", "own", "draws", "own_factor", "own_slope")
        },
    )


@dataclass(frozen=True, eq=False)
class Checks:
    """How the model does on weeks that it did not see, and whether its weeks look like ours.

    Attributes
    ----------
    weeks : how many were held out; 0 of a label with too few.
    held, held_weeks, errors : see `holdout.Held`. inside : kind, name, place, weeks, inside_50,
        inside_90. residual_weeks, residual_cells : see `predictive.residuals`.
    """

    weeks: int
    held: pl.DataFrame
    held_weeks: pl.DataFrame
    errors: pl.DataFrame
    inside: pl.DataFrame
    residual_weeks: pl.DataFrame
    residual_cells: pl.DataFrame


@analysis(reads="promotion_checks")
def model_checks(label) -> Checks:
    """Return errors of the weeks held out, shares of weeks inside intervals, and residuals."""
    fit = label.fit("promotion_checks")
    return Checks(weeks=int(fit.meta["held_weeks"]), **fit.frames)


@dataclass(frozen=True, eq=False)
class Health:
    """How the fit went, and what it learnt.

    Attributes
    ----------
    pareto_k : None without campaigns. effective, tried : draws that weights are worth, of how many.
    starts, agreeing : of the search; how many of them reached the best fit.
    trusted : whether weights and starts may be relied on. calibrated : whether campaigns taught.
    own_model : whether channels are draws of a model of one's own. r_hat : of the exact sampler,
        None where draws were weighted.
    beliefs : channel, parameter, prior_low, prior_median, prior_high, low, median, high (90 %),
        narrower (share of the prior's spread that the data took away), prior_louder, prior_own
        (the label's, in place of the published one).
    doubts : kind, subject, value, limit. events : see `events.event_frame`.
    events_left_out : name, first_day, left_out (why).
    """

    pareto_k: float | None
    effective: float
    tried: int
    starts: int
    agreeing: int
    trusted: bool
    calibrated: bool
    own_model: bool
    r_hat: float | None
    beliefs: pl.DataFrame
    doubts: pl.DataFrame
    events: pl.DataFrame
    events_left_out: pl.DataFrame


@analysis(reads="tracks", optional=f"promotion {streams.SOURCES}")
def fit_health(label) -> Health:
    """Return whether the fit can be relied on, what it learnt, and what it cannot tell apart.

    Raises
    ------
    MissingTable
        Nothing gives streams, so that no model can be made. NotMade : it can, but is not yet.
    """
    if streams.source(label) is None:
        raise MissingTable("daily_streams", NO_STREAMS)
    fit = label.fit("promotion")
    modes, k, same = fit.meta["modes"], fit.meta["pareto_k"], agreeing(fit)
    r_hat, tried = fit.meta["r_hat"], fit.meta["tried"]
    many = fit.meta["effective"] >= ENOUGH_DRAWS or not tried
    weighed = many and (k is None or k <= TRUSTED_K if r_hat is None else r_hat <= MIXED)
    beliefs = fit.frames["channels"].select(
        "channel", "parameter", "prior_low", "prior_median", "prior_high", "low", "median", "high",
        "prior_own", narrower=1 - pl.col("dominance"), prior_louder=pl.col("dominance") > DOMINANT,
    )  # fmt: skip
    return Health(
        pareto_k=k,
        effective=float(fit.meta["effective"]),
        tried=int(tried),
        starts=len(modes),
        agreeing=same,
        trusted=weighed and same >= min(2, len(modes)),
        calibrated=bool(fit.meta["calibrated"]),
        own_model=bool(fit.meta["own_model"]),
        r_hat=r_hat,
        beliefs=beliefs.sort("channel", "parameter"),
        doubts=fit.frames["doubts"].sort("kind", "subject"),
        events=fit.frames["event_effects"],
        events_left_out=fit.frames["events"]
        .filter(pl.col("left_out").is_not_null())
        .select("name", "first_day", "left_out")
        .sort("first_day", "name"),
    )
