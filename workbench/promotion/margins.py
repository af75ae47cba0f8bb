"""The next unit of money: what it returns on each channel, and where it stops to pay."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.promotion.cells import PANEL, cell_names, cut, state_of
from workbench.promotion.curves import brought_on, thinned
from workbench.promotion.draws import Scene
from workbench.promotion.earnings import Earning, earned, earnings
from workbench.promotion.limits import observed_weeks
from workbench.promotion.money import Money, checked_money
from workbench.promotion.per_listener import PerListener
from workbench.promotion.plan import Plan, channel_shares, checked, flight_weights
from workbench.promotion.points import EDGE_NAMES, EDGES, spread
from workbench.promotion.scenes import clock_zero, same_window
from workbench.promotion.sides import side
from workbench.promotion.whatif import evaluated

MORE = 1.01  # of each channel's spend, for what the next unit returns
GRID = 41  # amounts of money, denser at the beginning
TENTH = 0.1  # of the first unit's return: what is left of it where a channel is used up
ENOUGH = 0.96  # of draws whose stop lies on the curve
FLAT = 3.64  # of saturation's argument, where its slope is a tenth of the first: 2 arcosh(10 ** .5)


@dataclass(frozen=True, eq=False)
class Margins:
    """Returns of a plan. Money is all that counts: what is kept of streams, and what is beside it.

    Attributes
    ----------
    channels : channel, spend, then low, median, high (90 %) of cost (of a stream won in the
        window), return and marginal (of the next unit of money; of the first where nothing is
        spent), of the spend where it falls under one (pays, 0 where the first unit does not pay
        back) and under a tenth of the first unit's (tenth), of the payout a stream at which the
        channel pays back (payout);
        first_pays (share of draws on which the first unit pays back), most (spend that was tried).
    cells : channel, cell, name, spend, streams, return, marginal (medians).
    all : measure (cost, return, payout), low, median, high of the plan.
    """

    channels: pl.DataFrame
    cells: pl.DataFrame
    all: pl.DataFrame


@analysis(reads="promotion", optional=PANEL)
def plan_margins(
    label,
    *,
    plan: Plan,
    money: Money = Money(),
    listeners: PerListener | None = None,
    min_group: int = 10,
) -> Margins:
    """Return what each channel's money returns in a plan, the last of it, and where it stops.

    The next unit is the return of 1 % more money on a channel, on the same draws. Where it stops is
    read off the channel's own curve, since channels add up.

    Parameters
    ----------
    money, listeners : as of `plan_outcome`: the same sum.
    """
    fit = label.fit("promotion")
    (plan,) = same_window(fit, checked(plan))
    one = side(label, fit, plan, checked_money(money), min_group)
    parts = cut(label, fit, plan, min_group)
    paid = earnings(fit, state_of(label, plan), plan, money, listeners, parts)
    spend = np.array([dict(plan.spend).get(name, 0.0) for name in one.scene.channels])
    split = channel_shares(plan, one.scene.channels, one.scene.cells, one.scene.audience)
    more = plan.with_spend({name: MORE * amount for name, amount in plan.spend})
    kept = earned(paid, plan)
    slopes = (earned(paid, more) - kept) / (MORE - 1)
    streams = one.brought.by_channel.astype(np.float64)
    needed = _payouts(paid, plan, money, spend)
    tried = dict(observed_weeks(fit).select("channel", "most").iter_rows())
    longest = flight_weights(plan).max()
    rows = []
    for number, name in enumerate(one.scene.channels):
        amount = spend[number]
        ends, first = _stops(paid, plan, number, split[number] / one.scene.audience)
        answers = {
            "cost": _over(np.full(len(one.won), amount), streams[number]),
            "return": _over(kept[number].sum(0), amount),
            "marginal": _over(slopes[number].sum(0), amount) if amount else first,
            **ends,
            "payout": None if needed is None else needed(number),
        }
        most = tried[name] / longest if name in tried else None
        edges = [edge for draws in answers.values() for edge in _known(draws)]
        rows.append((name, amount, *edges, float((first >= 1).mean()), most))
    columns = [f"{kind}_{edge}" for kind in answers for edge in EDGE_NAMES]
    names = ["spend", *columns, "first_pays", "most"]
    schema = {"channel": pl.String} | dict.fromkeys(names, pl.Float64)
    whole = {
        "cost": _over(np.full(len(one.won), plan.budget), one.won),
        "return": _over(kept.sum((0, 1)), plan.budget),
        "payout": None if needed is None else needed(slice(None)),
    }
    totals = [(name, *_known(draws)) for name, draws in whole.items()]
    return Margins(
        channels=pl.DataFrame(rows, schema=schema, orient="row").sort("channel"),
        cells=_cells(plan, one.scene, spend[:, None] * split, one.brought.won, kept, slopes),
        all=pl.DataFrame(
            totals, schema={"measure": pl.String} | dict.fromkeys(EDGE_NAMES, pl.Float64),
            orient="row",
        ),
    )  # fmt: skip


def _payouts(paid: tuple[Earning, ...], plan: Plan, money: Money, spend: np.ndarray):
    """Return what tells the payout at which channels pay back (S,); None where nothing is kept.

    What listeners buy pays back a part of the spend whatever a stream pays.
    """
    share = (1 - money.artist) * (1 - money.distribution) * (1 + money.spill)
    if not share:
        return None
    won = evaluated(paid[0].scene, plan, clock_zero(paid[0].scene, plan)).by_channel
    rest = earned(paid[1:], plan).sum(1) if len(paid) > 1 else np.zeros(won.shape)

    def needed(which: int | slice) -> np.ndarray | None:
        amount = spend[which].sum()
        counted, bought = (np.atleast_2d(each[which]).sum(0) for each in (won, rest))
        return _over(np.maximum(amount - bought, 0), counted.astype(np.float64) * share)

    return needed


def _stops(
    paid: tuple[Earning, ...], plan: Plan, number: int, ratio: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return where a channel's next unit falls under one and a tenth, and its first unit (S,).

    A stop that lies beyond the curve is infinite.
    """
    thin = [thinned(one.scene) for one in paid]
    paying = [
        replace(scene, height=scene.height * one.pay[:, None].astype(np.float32))
        for scene, one in zip(thin, paid, strict=True)
    ]
    reached = ratio[ratio > 0].min(initial=1.0)
    week = np.quantile(FLAT / thin[0].gain[number], 0.95) / max(reached, TENTH)
    for stretch in (2.0, 10.0, 50.0):  # of what is left over, little is saturated
        grid = float(stretch * week / flight_weights(plan).max()) * np.linspace(0, 1, GRID) ** 3
        won = sum(brought_on(one, plan, number, grid, ratio).astype(np.float64) for one in paying)
        slopes = np.diff(won, axis=0) / np.diff(grid)[:, None]
        bounds = {"pays": np.ones(slopes.shape[1]), "tenth": TENTH * slopes[0]}
        middle = (grid[1:] + grid[:-1]) / 2
        ends = {name: _falls(slopes, middle, bound) for name, bound in bounds.items()}
        if all(np.isfinite(draws).mean() > ENOUGH for draws in ends.values()):
            break
    return ends, slopes[0]


def _falls(slopes: np.ndarray, at: np.ndarray, bound: np.ndarray) -> np.ndarray:
    """Return where slopes (N, S) at amounts (N,) first lie under a bound (S,)."""
    under = slopes < bound
    place = under.argmax(0)
    draws = np.arange(slopes.shape[1])
    above, below = slopes[np.maximum(place - 1, 0), draws], slopes[place, draws]
    part = np.clip((above - bound) / np.maximum(above - below, 1e-12), 0, 1)
    start = at[np.maximum(place - 1, 0)]
    found = np.where(place == 0, 0.0, start + part * (at[place] - start))
    return np.where(under.any(0), found, np.inf)


def _over(value: np.ndarray, by: np.ndarray | float) -> np.ndarray | None:
    """Return value over what it is for (S,); None where that is nothing."""
    if not np.any(by):
        return None
    return value / np.maximum(by, 1e-9)


def _known(draws: np.ndarray | None) -> tuple[float | None, ...]:
    """Return low, median and high of draws; None where they lie beyond all that was computed."""
    if draws is None:
        return spread(None)
    ordered = np.sort(draws)
    places = (int(edge * len(ordered)) for edge in EDGES)
    return tuple(float(v) if np.isfinite(v) else None for v in (ordered[p] for p in places))


def _cells(
    plan: Plan, scene: Scene, spend: np.ndarray, won: np.ndarray, kept: np.ndarray, slopes
) -> pl.DataFrame:
    names = cell_names(plan)
    streams = np.median(won, axis=2)
    middle, edge = np.median(kept, axis=2), np.median(slopes, axis=2)
    rows = [
        (channel, cell, names.get(cell, cell), float(paid), float(streams[c, k]),
         float(middle[c, k] / paid), float(edge[c, k] / paid))
        for c, channel in enumerate(scene.channels)
        for k, cell in enumerate(scene.cells)
        if (paid := spend[c, k]) > 0
    ]  # fmt: skip
    columns = ["spend", "streams", "return", "marginal"]
    schema = dict.fromkeys(["channel", "cell", "name"], pl.String)
    schema |= dict.fromkeys(columns, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row").sort("channel", "cell")
