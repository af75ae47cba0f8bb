"""The best split of a budget: money goes where it brings most, within what a user allows.

The result is checked on all draws. A plan that keeps its limits is never made worse.
"""

from dataclasses import dataclass, replace

import polars as pl

from workbench.analysis import analysis
from workbench.promotion.aims import Aim, judged, worst
from workbench.promotion.aims import checked as sound
from workbench.promotion.best import best_at
from workbench.promotion.bounds import Limits
from workbench.promotion.cells import cell_names
from workbench.promotion.eligible import READS
from workbench.promotion.money import Money
from workbench.promotion.per_listener import PerListener
from workbench.promotion.plan import Plan
from workbench.promotion.splitting import Case, case

FREE, STREAMS = Limits(), Aim()


@dataclass(frozen=True, eq=False)
class BestSplit:
    """The best split found.

    Attributes
    ----------
    plan : the plan with its money moved, or as it was where nothing better was found.
    spend : channel, now, best, least, ceiling (most it may get), next (mean of what is sought that
        one more unit of money brings there), held (“locked”, “refused” by the platform or all
        markets, “ceiling”, “least”, “minimum” or null: what keeps it from getting more or less).
    cells : channel, cell, name, now, best, of channels that are split by cell: all where that was
        asked for, else those that are sold by market.
    gain : mean streams in the window against the plan. money : mean of all that it earns, less its
        spend, against the plan's.
    worst : the mean of the worst tenth against the plan's, in what is sought.
    unspent : money of the budget that is not spent. better : share of draws on which it is better.
    kept : whether the plan itself keeps the limits; if not, the best may be below it.
    gap : share of the value (of a hundredth of the budget, where money earns less) by which no
        other split can lie above it.
    """

    plan: Plan
    spend: pl.DataFrame
    cells: pl.DataFrame
    gain: float
    money: float
    worst: float
    unspent: float
    better: float
    kept: bool
    gap: float


@analysis(reads="promotion", optional=READS)
def best_split(
    label,
    *,
    plan: Plan,
    limits: Limits = FREE,
    aim: Aim = STREAMS,
    money: Money = Money(),
    listeners: PerListener | None = None,
    cells: bool = False,
    min_group: int = 10,
) -> BestSplit:
    """Return the split of a plan's budget over channels that is best.

    No channel gets more than 1.2 times the largest week that was tried, at its largest week; one
    never used keeps what the plan gives it. Without campaigns the published curves hold everywhere.
    What a platform does not take (Marquee under 100 dollars) is nothing or enough; what it sells by
    market is bought in each market by itself, in none that is known to be refused.

    Parameters
    ----------
    limits : minima, maxima, locks, moves, floors of cells. aim : streams or money, and how careful.
    money, listeners : as of `plan_outcome`, so that “money” is the sum that it tells.
    cells : whether each channel's money is split over the cells, too, in none of which a listener
        gets more than at the channel's ceiling.

    Raises
    ------
    BadInput
        No split keeps the limits; the message says which stand against each other.
    """
    asked = case(
        label, plan, limits, sound(aim), min_group, cells=cells, money=money, listeners=listeners
    )
    found = best_at(asked, asked.plan.budget)
    moved = asked.planned(found.x)
    before, after = asked.streams(asked.plan), asked.streams(moved)
    had, earns = asked.earned(asked.plan), asked.earned(moved)
    kept = asked.bound.keeps(asked.money)
    now, value = (before, after) if aim.of == "streams" else (had, earns)
    if kept and judged(value, aim) <= judged(now, aim):
        moved, after, earns, value = asked.plan.with_spend(asked.now), before, had, now
    return BestSplit(
        plan=replace(plan, spend=moved.spend, channel_shares=moved.channel_shares),
        spend=by_channel_frame(asked, moved),
        cells=by_cell_frame(asked, moved),
        gain=float((after - before).mean()),
        money=float((earns - had).mean()),
        worst=worst(value) - worst(now),
        unspent=float(max(asked.plan.budget - moved.budget, 0.0)),
        better=float((value > now).mean()),
        kept=kept,
        gap=found.gap,
    )


def by_channel_frame(asked: Case, moved: Plan) -> pl.DataFrame:
    """Return what each channel gets now and then: the frame `spend` of `BestSplit`."""
    best, bound = dict(moved.spend), asked.bound
    rows = []
    slope = asked.slope(moved)
    for number, name in enumerate(asked.channels):
        least, most = float(bound.least[number]), float(asked.most[number])
        amount, minimum = best[name], float(bound.minimum[number])
        held = None
        if most == 0 and (bound.most[number] > 0 or not bound.market_most[number].any()):
            held = "refused"
        elif least == most:
            held = "locked"
        elif amount >= most - asked.unit:
            held = "ceiling"
        elif least > 0 and amount <= least + asked.unit:
            held = "least"
        elif 0 < amount <= minimum + asked.unit or (amount == 0 < minimum):
            held = "minimum"
        rows.append((name, asked.now[name], amount, least, most, float(slope[number]), held))
    names = ["channel", "now", "best", "least", "ceiling", "next", "held"]
    kinds = [pl.String(), *[pl.Float64()] * 5, pl.String()]
    frame = pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")
    ceiling = pl.when(pl.col("ceiling").is_finite()).then(pl.col("ceiling"))
    return frame.with_columns(ceiling).sort("channel")


def by_cell_frame(asked: Case, moved: Plan) -> pl.DataFrame:
    """Return what channels get that are split by cell: the frame `cells` of `BestSplit`."""
    names = cell_names(asked.plan)
    now, best = asked.money, asked.by_cell(moved)
    rows = [
        (channel, cell, names.get(cell, cell), float(now[c, k]), float(best[c, k]))
        for c, channel in enumerate(asked.channels)
        if asked.apart[c]
        for k, cell in enumerate(asked.one.cells)
    ]
    kinds = [*[pl.String()] * 3, *[pl.Float64()] * 2]
    schema = dict(zip(["channel", "cell", "name", "now", "best"], kinds, strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row").sort("channel", "cell")
