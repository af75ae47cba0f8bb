"""Streams by a day, in a window and over a life: an earlier release mostly moves them."""

import datetime
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.promotion.cells import PANEL
from workbench.promotion.money import Money
from workbench.promotion.plan import MAX_WEEKS, Plan, checked
from workbench.promotion.points import POINTS, spread
from workbench.promotion.scenes import same_window
from workbench.promotion.sides import Side, kept_side, side


@dataclass(frozen=True, eq=False)
class Lifetime:
    """Streams of two plans, counted in three ways.

    Attributes
    ----------
    counted : until (by one day for both), window (as many weeks from the own release), life (104
        weeks from the own release): counted, weeks, then low, median, high (90 %) of current,
        scenario and change, and better, the share of draws with more streams.
    until : last day of the first. apart : weeks that the scenario's release is later.
    """

    counted: pl.DataFrame
    until: datetime.date
    apart: int


@analysis(reads="promotion", optional=PANEL)
def plan_lifetime(label, *, plan: Plan, current: Plan, min_group: int = 10) -> Lifetime:
    """Return streams of a plan and the current one by a fixed day, in the window, over a life.

    The day is the last of the current plan's window. A release that comes earlier has more weeks
    until then, so that the first number moves although its life may hold no stream more.
    """
    fit = label.fit("promotion")
    weeks = max(plan.weeks, current.weeks)
    if plan.segments != current.segments:
        raise BadInput("Two plans are compared over the same segments, in the same order.")
    longer = [replace(checked(one), weeks=MAX_WEEKS) for one in (current, plan)]
    before, after = same_window(fit, *longer)
    sides = [
        kept_side(label, fit, before, Money(), min_group),
        side(label, fit, after, Money(), min_group),
    ]
    zero = [one.plan.weeks - MAX_WEEKS for one in sides]
    end = zero[0] + weeks
    ways = {
        "until": [_streams(one, 0, end) for one in sides],
        "window": [_streams(one, at, at + weeks) for one, at in zip(sides, zero, strict=True)],
        "life": [_streams(one, at, None) for one, at in zip(sides, zero, strict=True)],
    }
    length = {"until": end, "window": weeks, "life": MAX_WEEKS}
    rows = [
        (name, length[name], *spread(old), *spread(new), *spread(new - old), (new > old).mean())
        for name, (old, new) in ways.items()
    ]
    schema = {"counted": pl.String, "weeks": pl.Int64} | dict.fromkeys(POINTS, pl.Float64)
    return Lifetime(
        counted=pl.DataFrame(rows, schema=schema | {"better": pl.Float64}, orient="row"),
        until=sides[0].plan.start + datetime.timedelta(days=7 * end - 1),
        apart=zero[1] - zero[0],
    )


def _streams(one: Side, first: int, end: int | None) -> np.ndarray:
    return one.streams[first:end].sum(0, dtype=np.float64)
