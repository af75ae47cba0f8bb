"""Response curves: what more money on one channel brings, and how far anyone has tried."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.promotion.cells import PANEL, cut, state_of
from workbench.promotion.draws import LEAD, Scene, dated
from workbench.promotion.limits import BEYOND, observed_weeks
from workbench.promotion.plan import Plan, channel_shares, checked, flight_weights, weekly_spend
from workbench.promotion.points import EDGES
from workbench.promotion.scenes import clock_zero, prepared
from workbench.promotion.whatif import effect

THIN = 500  # draws: the band of a curve needs fewer than a difference of two plans


@dataclass(frozen=True, eq=False)
class Curves:
    """Response of a release to each channel alone.

    Attributes
    ----------
    points : channel, spend over the flight, low, median, high streams in the window, observed
        (whether a week of it lies within what was spent before).
    reach : channel, most (largest observed week times the flight), usual.
    """

    points: pl.DataFrame
    reach: pl.DataFrame


@analysis(reads="promotion", optional=PANEL)
def response_curves(label, *, plan: Plan, points: int = 24, min_group: int = 10) -> Curves:
    """Return streams that spend on each channel alone brings over the plan's window.

    The plan gives release, window, flight and territories; twice its budget bounds the
    axis. Money within 1.2 times the largest observed week is marked as observed, both of a track
    and of a listener of any territory.
    """
    fit = label.fit("promotion")
    plan = dated(fit, checked(plan))
    one = thinned(prepared(fit, state_of(label, plan), plan, cut(label, fit, plan, min_group)))
    seen = observed_weeks(fit)
    most = dict(seen.select("channel", "most").iter_rows())
    dense = dict(seen.select("channel", "dense").iter_rows())
    ratio = channel_shares(plan, one.channels, one.cells, one.audience) / one.audience
    rows, reach = [], []
    for number, channel in enumerate(one.channels):
        weekly = most.get(channel, float(fit.arrays["usual"][number]))
        if channel in most:  # where a territory gets more than its share, its listeners do
            weekly = min(weekly, dense[channel] / float(ratio[number].max()))
        whole = weekly / flight_weights(plan).max()
        top = min(1.6 * whole, 2 * plan.budget) if plan.budget else 1.6 * whole
        grid = np.linspace(0, top, points)
        brought = brought_on(one, plan, number, grid, ratio[number])
        low, median, high = np.quantile(brought, EDGES, axis=1)
        known = grid <= BEYOND * whole if channel in most else np.zeros(points, bool)
        rows += list(zip([channel] * points, grid, low, median, high, known, strict=True))
        reach.append((channel, whole if channel in most else None))
    names = ["channel", "spend", "low", "median", "high", "observed"]
    kinds = [pl.String(), *[pl.Float64()] * 4, pl.Boolean()]
    frame = pl.DataFrame(
        [(row[0], *map(float, row[1:5]), bool(row[5])) for row in rows],
        schema=dict(zip(names, kinds, strict=True)),
        orient="row",
    )
    ends = pl.DataFrame(reach, schema={"channel": pl.String(), "most": pl.Float64()}, orient="row")
    return Curves(frame.sort("channel", "spend"), ends.sort("channel"))


def thinned(one: Scene) -> Scene:
    """Return a scene with about 500 of its draws."""
    keep = slice(None, None, max(1, len(one.kept) // THIN))
    return replace(
        one,
        lift=one.lift[:, keep],
        carry=one.carry[:, keep],
        gain=one.gain[:, keep],
        height=one.height[:, :, keep],
        kept=one.kept[keep],
        stay=one.stay[keep],
        worth=one.worth[:, keep],
        playlist_rate=one.playlist_rate[keep],
    )


def brought_on(
    one: Scene, plan: Plan, channel: int, grid: np.ndarray, ratio: np.ndarray
) -> np.ndarray:
    """Return streams for each amount on the grid (points, draws): one engine call for all.

    Each amount enters as a channel of its own.
    """
    width = len(grid)
    copies = replace(
        one,
        channels=tuple(str(point) for point in range(width)),
        carry=np.repeat(one.carry[[channel]], width, 0),
        gain=np.repeat(one.gain[[channel]], width, 0),
        height=np.repeat(one.height[[channel]], width, 0),
    )
    name = one.channels[channel]
    unit = replace(plan, spend=((name, 1.0),))
    first = -LEAD - clock_zero(one, plan)
    pattern = weekly_spend(unit, one.channels, first, LEAD + len(one.weeks))[:, channel]
    return effect(copies, pattern[:, None] * grid.astype(np.float32), ratio).by_channel
