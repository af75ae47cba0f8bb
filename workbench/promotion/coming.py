"""The first weeks of a song that is not out, by the response model."""

import datetime
from dataclasses import dataclass, replace

import polars as pl

from workbench.analysis import analysis
from workbench.audience.rules import READS as PANEL
from workbench.errors import BadInput
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.overview import opening_plan
from workbench.promotion.plan import Plan

MOST = 26  # weeks


@dataclass(frozen=True, eq=False)
class Coming:
    """Weekly streams of a release to come, Friday to Thursday.

    Attributes
    ----------
    weeks : week (its Friday) | streams (null: none is known) | expected | low | high (90 %). total,
        low, high : of the weeks together. release : its date. budget : money that is booked for it.
        currency : of the budget. scatter : sd of the log of a single week around what is expected.
    """

    weeks: pl.DataFrame
    total: float
    low: float
    high: float
    release: datetime.date
    budget: float
    currency: str
    scatter: float


@analysis(reads="promotion", optional=f"campaigns fx_rates {PANEL}")
def coming(label, *, track_id: str, weeks: int = 8) -> Coming:
    """Return the streams expected in the first `weeks` of a release to come, 1 to 26.

    With the campaigns that are booked for it, and nothing else spent.

    Raises
    ------
    BadInput
        No such song; it is out, or has no date ahead; weeks out of range.
    """
    if not 1 <= weeks <= MOST:
        raise BadInput(f"Ask for 1 to {MOST} weeks.")
    opening = opening_plan(label, track_id=track_id)
    plan = replace(opening.plan, weeks=weeks)
    if not opening.booked:
        plan = Plan(track_id=track_id, weeks=weeks)
    found = plan_outcome(label, plan=plan, current=plan)
    fit = label.fit("promotion")
    dates = fit.frames["catalogue"]
    date = dates.filter(pl.col("track_id") == track_id)["release_date"][0]
    if not found.planned or date is None:
        raise BadInput(f"“{track_id}” is out, or has no release date ahead.")
    total = found.totals.row(by_predicate=pl.col("measure") == "streams", named=True)
    return Coming(
        weeks=found.weekly.select(
            pl.col("week").cast(pl.Date),
            pl.lit(None, pl.Float64).alias("streams"),
            expected="scenario_median",
            low="scenario_low",
            high="scenario_high",
        ),
        total=total["scenario_median"],
        low=total["scenario_low"],
        high=total["scenario_high"],
        release=date,
        budget=plan.budget,
        currency=fit.meta["currency"],
        scatter=found.scatter,
    )
