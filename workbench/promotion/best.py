"""The best amounts for one budget, where what a platform does not take is nothing or enough."""

from itertools import product

import numpy as np

from workbench.errors import BadInput
from workbench.promotion.aims import each, objective
from workbench.promotion.allocation import Found, allotted, poured
from workbench.promotion.bounds import affordable, room
from workbench.promotion.splitting import Case

SMALL = 0.01  # of the budget: money that counts as nearly nothing


def best_at(asked: Case, budget: float) -> Found:
    """Return the best amounts for a budget.

    Where the best has a platform's campaign below what it takes, those channels are tried on and
    off, in every combination.

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
    bound = asked.bound
    reached = asked.split.max(0)
    if not asked.cells and (reached < bound.floor - 1e-9).any():
        cell = int(np.argmax(bound.floor - reached))
        raise BadInput(
            f"{asked.one.cells[cell]} gets {reached[cell]:.0%} of any channel as the plan is "
            f"split, and its floor is {bound.floor[cell]:.0%}. Split over cells, too, or lower the "
            "floor."
        )
    found = _searched(asked, budget, None)
    if found is not None:
        spent = (asked.spread @ found.x).reshape(asked.money.shape).sum(1)
        loose = 1e-6 * max(budget, 1.0)
        if not ((spent > loose) & (spent < bound.minimum - loose)).any():
            return found
    asks = np.flatnonzero(bound.minimum > 0)
    tried = []
    for on in product((True, False), repeat=len(asks)):
        used = np.zeros(len(bound.least), bool)
        used[asks] = on
        if (used[asks] | (bound.least[asks] == 0)).all():
            tried.append(_searched(asked, budget, used))
    held = [one for one in tried if one is not None]
    if not held:
        raise BadInput(
            "No split keeps all limits: floors of cells, limits of channels and what platforms "
            f"take cannot hold together within {budget:,.0f}. Lower a floor or raise a maximum."
        )
    return max(held, key=lambda one: one.value)


def _searched(asked: Case, budget: float, used: np.ndarray | None) -> Found | None:
    within = room(asked.bound, budget, asked.split, used, cells=asked.cells)
    if (within.least > within.most + 1e-9).any():
        return None
    count = len(within.least)
    least = within.steepest(-np.ones(count))
    if least is None:
        return None
    sought = objective(asked.table, asked.spread, asked.aim)
    level = poured(each(asked.table, asked.spread, asked.aim), within, least)
    now = asked.money.ravel() if asked.cells else asked.money.sum(1)
    # of a hundredth of the budget, where money comes back by hardly more than it costs
    small = SMALL * budget if asked.aim.of == "money" else 1e-9
    return allotted(sought, within, [level, now, np.full(count, budget / count)], small)
