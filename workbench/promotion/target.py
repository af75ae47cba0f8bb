"""The cheapest way to a number of streams: the smallest budget whose best split reaches it."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.promotion.aims import Aim
from workbench.promotion.best import best_at
from workbench.promotion.bounds import Limits
from workbench.promotion.eligible import READS
from workbench.promotion.optimise import FREE, by_cell_frame, by_channel_frame
from workbench.promotion.pitch import listed
from workbench.promotion.plan import Plan
from workbench.promotion.splitting import case

TRIES = 12  # budgets that are looked at
NEAR = 0.002  # of the budget: closer is not looked


@dataclass(frozen=True, eq=False)
class Cheapest:
    """The cheapest plan found.

    Attributes
    ----------
    plan : that reaches the streams; without any budget where they come anyway, and the one that
        comes closest where nothing within the limits reaches them.
    verdict : “reached”, “anyway” or “beyond”.
    reached : streams that the plan reaches as surely as was asked. anyway : the same without spend.
    low, high : streams of the plan in the window, 90 %.
    chance : share of draws on which the plan reaches the streams.
    spend, cells : as of `BestSplit`.
    """

    plan: Plan
    verdict: str
    reached: float
    anyway: float
    low: float
    high: float
    chance: float
    spend: pl.DataFrame
    cells: pl.DataFrame


@analysis(reads="promotion", optional=READS)
def cheapest_plan(
    label,
    *,
    plan: Plan,
    streams: float,
    sure: float = 0.5,
    limits: Limits = FREE,
    cells: bool = False,
    min_group: int = 10,
) -> Cheapest:
    """Return the smallest budget with which a release reaches streams in the plan's window.

    More money never brings fewer streams, so that budgets are halved in between. All of the
    release's streams count, those without promotion, too. No channel gets more than 1.2 times the
    largest week that was tried; without campaigns, up to twenty times the plan's budget is tried.

    Parameters
    ----------
    streams : to reach. sure : on which share of draws; half of them is the median.
    limits, cells : as of `best_split`.

    Raises
    ------
    BadInput
        Streams or a share that cannot be; or no split keeps the limits.
    """
    if not (np.isfinite(streams) and streams > 0):
        raise BadInput("The streams to reach must be more than zero.")
    if not 0.5 <= sure < 1:
        raise BadInput("How sure lies between 0.5 and 1, 1 excluded.")
    # who wants to be sure minds the worse draws
    aim = Aim("streams", 0.5 if sure > 0.5 else 0.0)
    asked = case(label, plan, limits, aim, min_group, cells=cells, widest=True)
    organic = asked.one.base.sum((0, 1), dtype=np.float64)
    organic += listed(asked.one, asked.plan, asked.zero).sum(0)  # a pitch costs nothing

    def level(values: np.ndarray) -> float:
        return float(np.quantile(values, 1 - sure))

    def at(budget: float) -> tuple[Plan, np.ndarray]:
        found = asked.planned(best_at(asked, budget).x)
        return found, organic + asked.streams(found)

    least = float(asked.bound.least.sum())
    anyway, verdict = level(organic), "reached"
    moved, total = at(least)
    if level(total) >= streams:
        verdict = "anyway" if least == 0 else "reached"
    else:
        moved, total = _narrowed(at, level, streams, least, asked.top, (moved, total))
        verdict = "reached" if level(total) >= streams else "beyond"
    low, high = np.quantile(total, [0.05, 0.95])
    return Cheapest(
        plan=replace(plan, spend=moved.spend, channel_shares=moved.channel_shares),
        verdict=verdict,
        reached=level(total),
        anyway=anyway,
        low=float(low),
        high=float(high),
        chance=float((total >= streams).mean()),
        spend=by_channel_frame(asked, moved),
        cells=by_cell_frame(asked, moved),
    )


def _narrowed(at, level, streams: float, low: float, high: float, begin):
    """Return the plan of the smallest budget that reaches the streams, or of the largest.

    Streams rise and flatten with the budget, so that a straight line from below is never too high.
    """
    below, best = level(begin[1]), at(high)
    above = level(best[1])
    if above < streams:
        return best
    for turn in range(TRIES):
        if high - low <= NEAR * high:
            break
        share = (streams - below) / (above - below) if turn % 2 == 0 and above > below else 0.5
        middle = low + (high - low) * float(np.clip(share, 0.02, 0.98))
        tried = at(middle)
        reached = level(tried[1])
        if reached >= streams:
            best, high, above = tried, middle, reached
        else:
            low, below = middle, reached
    return best
