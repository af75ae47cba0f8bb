"""What a plan was told to bring on the day it was saved, as plain numbers that stay with it.

The model of a later day has seen what came, so that only these can be held against it.
"""

import datetime
from dataclasses import dataclass

import numpy as np

from workbench.analysis import analysis
from workbench.promotion.cells import PANEL
from workbench.promotion.money import Money, checked_money
from workbench.promotion.plan import Plan, checked
from workbench.promotion.points import EDGES, spread
from workbench.promotion.scenes import same_window
from workbench.promotion.sides import side

Points = tuple[float, float, float]


@dataclass(frozen=True)
class Foretold:
    """What a plan was told to bring; points are low, median and high (90 %).

    Attributes
    ----------
    begin : first day of the window. last_week : last one observed when it was told.
    streams, brought : streams of all causes, and those of promotion, to the end of each week of the
        window. kept : money kept of those that promotion brings in the window.
    channels : (channel, money, streams brought in the window: low, median, high).
    """

    begin: datetime.date
    last_week: datetime.date
    streams: tuple[Points, ...]
    brought: tuple[Points, ...]
    kept: Points
    channels: tuple[tuple[str, float, float, float, float], ...]


@analysis(reads="promotion", optional=PANEL)
def foretold(label, *, plan: Plan, money: Money = Money(), min_group: int = 10) -> Foretold:
    """Return what a plan is told to bring, in whole streams; raises as `plan_outcome` does."""
    fit = label.fit("promotion")
    (plan,) = same_window(fit, checked(plan))
    one = side(label, fit, plan, checked_money(money), min_group)
    amounts = dict(plan.spend)
    channels = (
        (name, float(amounts[name]), *_whole(one.brought.by_channel[number]))
        for number, name in enumerate(one.scene.channels)
        if amounts.get(name)
    )
    return Foretold(
        begin=plan.start,
        last_week=datetime.date.fromisoformat(fit.meta["last_week"]),
        streams=_growing(one.streams),
        brought=_growing(one.brought.weekly),
        kept=tuple(round(value, 2) for value in spread(one.won_revenue)),
        channels=tuple(channels),
    )


def _whole(draws: np.ndarray) -> Points:
    return tuple(float(round(value)) for value in spread(draws))


def _growing(weekly: np.ndarray) -> tuple[Points, ...]:
    """Return the points of the sum up to each week, of draws by week (T, S)."""
    upto = np.quantile(np.cumsum(weekly, axis=0, dtype=np.float64), EDGES, axis=1)
    return tuple(tuple(float(round(value)) for value in points) for points in upto.T)
