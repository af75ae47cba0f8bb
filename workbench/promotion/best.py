"""The best amounts for one budget, where what a platform does not take is nothing or enough.

Each campaign that a platform takes from some money on is on or off. Without these conditions the
best value bounds that of all that keep them, so that whole families of on and off are left out
unseen (branch and bound).
"""

from collections.abc import Iterator

import numpy as np

from workbench.errors import BadInput
from workbench.promotion.aims import each, objective
from workbench.promotion.allocation import Found, Room, allotted, poured
from workbench.promotion.bounds import Fixed, affordable, room
from workbench.promotion.splitting import Case

SMALL = 0.01  # of the budget: money that counts as nearly nothing
ENOUGH = 0.003  # of the value: families that can be better by less are not looked into
TRIES = 12  # families that are looked at: more hardly ever change the answer


def best_at(asked: Case, budget: float) -> Found:
    """Return the best amounts for a budget.

    Raises
    ------
    BadInput
        No amounts keep the limits.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):  # small products: more threads only wait for each other
        return _best(asked, budget)


def _best(asked: Case, budget: float) -> Found:
    affordable(asked.bound, asked.channels, budget)
    if budget <= 0:
        return Found(np.zeros(asked.spread.shape[1]), 0.0, 0.0)
    _floors_reached(asked)
    small = SMALL * budget if asked.aim.of == "money" else 1e-9
    asks, best, root = asked.asks, None, _searched(asked, budget, small, {}, None)
    waiting = [] if root is None else [(root, {})]
    for _ in range(TRIES):
        if not waiting or _near(best, waiting, small):
            break
        found, fixed = waiting.pop(int(np.argmax([_upto(one, small) for one, _ in waiting])))
        short = _short(found, asks, budget)
        if not short:
            best = found if best is None else max(best, found, key=lambda one: one.value)
            continue
        if best is None:
            best = _rounded(asked, budget, small, found, fixed)
        if _near(best, [*waiting, (found, fixed)], small):
            waiting.append((found, fixed))
            break
        # the one that is furthest from both nothing and enough
        first = max(short, key=lambda ask: min(short[ask], asks[ask][1] - short[ask]))
        for on in (True, False):
            part = fixed | {first: on}
            if (then := _searched(asked, budget, small, part, found.x)) is not None:
                waiting.append((then, part))
    if best is None:
        raise BadInput(
            "No split keeps all limits: floors of cells, limits of channels and what platforms "
            f"take cannot hold together within {budget:,.0f}. Lower a floor or raise a maximum."
        )
    above = max([_upto(one, small) for one, _ in waiting], default=best.value)
    missed = (above - best.value) / max(abs(best.value), small)
    return Found(best.x, best.value, max(best.gap, missed))


def _near(best: Found | None, waiting: list, small: float) -> bool:
    """Tell whether no family that waits holds anything much better."""
    if best is None:
        return False
    above = max(_upto(one, small) for one, _ in waiting)
    return above - best.value <= ENOUGH * max(abs(best.value), small)


def _upto(found: Found, small: float) -> float:
    """Return the value that nothing of the found one's family lies above."""
    return found.value + found.gap * max(abs(found.value), small)


def _short(found: Found, asks: list, budget: float) -> dict[int, float]:
    """Return the sums that are more than nothing and less than enough, by their number."""
    loose = 1e-6 * max(budget, 1.0)
    sums = {number: float(row @ found.x) for number, (row, _) in enumerate(asks)}
    return {
        number: money for number, money in sums.items() if loose < money < asks[number][1] - loose
    }


def _rounded(asked: Case, budget: float, small: float, found: Found, fixed: dict) -> Found | None:
    """Return one point that keeps all: what is short goes to what is nearer, until nothing is."""
    asks = asked.asks
    for nearest in (True, False):  # if enough is too much somewhere, all of it to nothing
        held, one = dict(fixed), found
        while one is not None and (short := _short(one, asks, budget)):
            held |= {ask: nearest and 2 * money >= asks[ask][1] for ask, money in short.items()}
            one = _searched(asked, budget, small, held, one.x)
        if one is not None:
            return one
    return None


def _floors_reached(asked: Case) -> None:
    """Say which floor no amounts can reach, as the plan is split."""
    bound = asked.bound
    reached = asked.spread.reshape(*asked.money.shape, -1).max((0, 2))
    if (reached < bound.floor - 1e-9).any():
        cell = int(np.argmax(bound.floor - reached))
        raise BadInput(
            f"{asked.one.cells[cell]} gets {reached[cell]:.0%} of any channel as the plan is "
            f"split, and its floor is {bound.floor[cell]:.0%}. Split over cells, too, or lower the "
            "floor."
        )


def _searched(
    asked: Case, budget: float, small: float, fixed: dict[int, bool], start: np.ndarray | None
) -> Found | None:
    """Return the best amounts of a family; None of an empty one."""
    asks = asked.asks
    held: Fixed = [(asks[ask][0], asks[ask][1] if on else None) for ask, on in fixed.items()]
    within = room(asked.bound, budget, asked.spread, asked.caps, held)
    if (within.least > within.most + 1e-9).any():
        return None
    least = within.steepest(-np.ones(len(within.least)))
    if least is None:
        return None
    return allotted(
        objective(asked.table, asked.spread, asked.aim),
        within,
        _starts(asked, budget, within, least, start),
        small,
    )


def _starts(
    asked: Case, budget: float, within: Room, least: np.ndarray, start: np.ndarray | None
) -> Iterator[np.ndarray]:
    """Yield points to search from, made when they are asked for."""
    if start is not None:
        yield start
    yield poured(each(asked.table, asked.spread, asked.aim), within, least)
    by = asked.spread > 0
    yield np.array([asked.money.ravel()[pairs].sum() for pairs in by.T])
    yield np.full(len(least), budget / len(least))
