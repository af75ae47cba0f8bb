"""The best split of a budget: money goes, a little at a time, where it brings most.

Channels add up in the model and each has a falling return, so that greedy is optimal to within its
step. The result is checked on all draws and is never worse than the plan it starts from.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.promotion.amounts import grain
from workbench.promotion.cells import PANEL, cut, state_of
from workbench.promotion.curves import brought_on, thinned
from workbench.promotion.limits import BEYOND, observed_weeks
from workbench.promotion.plan import Plan, cell_shares, checked
from workbench.promotion.scenes import clock_zero, prepared, same_window
from workbench.promotion.whatif import evaluated

STEPS, POINTS = 200, 33


@dataclass(frozen=True, eq=False)
class BestSplit:
    """The best split found.

    Attributes
    ----------
    plan : the plan with its spend moved, or as it was where nothing better was found.
    spend : channel, now, best, ceiling (what was tried before, x 1.2; null where locked).
    gain : mean streams in the window against the plan. unspent : money that no channel could take.
    better : share of draws on which it brings more.
    """

    plan: Plan
    spend: pl.DataFrame
    gain: float
    unspent: float
    better: float


@analysis(reads="promotion", optional=PANEL)
def best_split(
    label, *, plan: Plan, locked: tuple[str, ...] = (), min_group: int = 10
) -> BestSplit:
    """Return the split of a plan's budget that brings most streams on average.

    No channel gets more than 1.2 times the largest week that was tried, over the flight; one never
    used keeps what the plan gives it. Without campaigns the published curves hold everywhere.

    Parameters
    ----------
    locked : channels that keep their amount.
    """
    fit = label.fit("promotion")
    (plan,) = same_window(fit, checked(plan))
    one = prepared(fit, state_of(label, plan), plan, cut(label, fit, plan, min_group))
    now = dict.fromkeys(one.channels, 0.0) | dict(plan.spend)
    ceilings = _ceilings(fit, plan, now)
    fixed = {name: now[name] for name in locked if name in now}
    free = [name for name in one.channels if name not in fixed]
    room = {name: max(ceilings[name], 0.0) for name in free}
    left = plan.budget - sum(fixed.values())
    best = fixed | _greedy(thinned(one), plan, room, left)
    moved = plan.with_spend(
        {name: round(best[name], 0 if grain(plan.budget) == 1 else 2) for name in one.channels}
    )
    zero = clock_zero(one, plan)
    before = evaluated(one, plan, zero).by_channel.sum(0, dtype=np.float64)
    after = evaluated(one, moved, zero).by_channel.sum(0, dtype=np.float64)
    if after.mean() <= before.mean():
        moved, after = plan.with_spend(now), before
    best = dict(moved.spend)
    return BestSplit(
        plan=moved,
        spend=pl.DataFrame(
            {
                "channel": list(one.channels),
                "now": [now[name] for name in one.channels],
                "best": [best[name] for name in one.channels],
                "ceiling": [room.get(name) for name in one.channels],
            },
            schema_overrides={"ceiling": pl.Float64()},
        ).sort("channel"),
        gain=float(after.mean() - before.mean()),
        unspent=float(max(plan.budget - moved.budget, 0.0)),
        better=float((after > before).mean()),
    )


def _ceilings(fit, plan: Plan, now: dict[str, float]) -> dict[str, float]:
    if not fit.meta["calibrated"]:
        return dict.fromkeys(now, plan.budget)
    most = dict(observed_weeks(fit).select("channel", "most").iter_rows())
    return {
        name: BEYOND * most[name] * plan.flight[1] if name in most else amount
        for name, amount in now.items()
    }


def _greedy(one, plan: Plan, room: dict[str, float], left: float) -> dict[str, float]:
    """Return money per free channel: each step goes where the next bit brings most."""
    given = dict.fromkeys(room, 0.0)
    if left <= 0 or not room:
        return given
    shares = cell_shares(plan, one.cells, one.audience) / one.audience
    grids, means = {}, {}
    for name in room:
        # denser where curves are steep: at the beginning
        grids[name] = min(room[name], left) * np.linspace(0, 1, POINTS) ** 2
        number = one.channels.index(name)
        means[name] = brought_on(one, plan, number, grids[name], shares).mean(1)
    step = left / STEPS
    for _ in range(STEPS):
        gains = {
            name: np.interp(given[name] + step, grids[name], means[name])
            - np.interp(given[name], grids[name], means[name])
            for name in room
            if given[name] + step <= room[name] + 1e-9
        }
        if not gains:
            break
        given[max(sorted(gains), key=gains.get)] += step
    return given
