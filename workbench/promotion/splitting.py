"""A question for the best split made ready: curves, limits, and the search for one budget."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from workbench.errors import BadInput
from workbench.promotion.aims import Aim, each, objective
from workbench.promotion.allocation import Found, allotted, poured
from workbench.promotion.amounts import grain, whole
from workbench.promotion.bounds import Bounds, Limits, affordable, bounds, ceilings, room
from workbench.promotion.cells import PANEL, cut, state_of
from workbench.promotion.curves import thinned
from workbench.promotion.draws import Scene
from workbench.promotion.exchange import exchange
from workbench.promotion.gains import Gains, gains
from workbench.promotion.money import Money, checked_money, kept_rates
from workbench.promotion.plan import Plan, channel_shares, checked, known_channels
from workbench.promotion.platforms import DOLLAR, takes
from workbench.promotion.scenes import clock_zero, prepared, same_window
from workbench.promotion.whatif import evaluated

READS = f"{PANEL} fx_rates"
WIDEST = 20  # times the budget, where no ceiling is known
PIECES = 1e-4  # of a channel's money: a cell gets whole ones


@dataclass(frozen=True, eq=False)
class Case:
    """A question for the best split of a plan, over C channels, K cells.

    Attributes
    ----------
    plan : dated, with every channel. one : its scene. zero : week from which its flight is counted.
    money : of the plan (C, K). bound : what is allowed. split : see `bounds.room`.
    spread : money of one unit of each amount (C * K, n). table : what money brings.
    rates : money that one stream is worth (K,). top : largest budget asked for.
    unit : smallest amount told apart.
    cells : whether amounts by cell are asked for.
    """

    plan: Plan
    one: Scene
    zero: int
    money: np.ndarray
    bound: Bounds
    split: np.ndarray
    spread: np.ndarray
    table: Gains
    aim: Aim
    rates: np.ndarray
    top: float
    unit: float
    cells: bool

    @property
    def pay(self) -> np.ndarray:
        """Worth of a stream in what is sought (K,)."""
        return self.rates if self.aim.of == "money" else np.ones_like(self.rates)

    @property
    def channels(self) -> tuple[str, ...]:
        """All channels of the model."""
        return self.one.channels

    @property
    def now(self) -> dict[str, float]:
        """Money of the plan by channel."""
        return dict(self.plan.spend)

    def by_cell(self, plan: Plan) -> np.ndarray:
        """Return a plan's money (C, K)."""
        return _by_cell(plan, self.one)

    def streams(self, plan: Plan) -> np.ndarray:
        """Return streams that a plan wins in each cell on all draws (K, S)."""
        return evaluated(self.one, plan, self.zero).by_cell.astype(np.float64)

    def valued(self, streams: np.ndarray, plan: Plan) -> np.ndarray:
        """Return what streams (K, S) of a plan are worth in what is sought (S,)."""
        return self.pay @ streams - (plan.budget if self.aim.of == "money" else 0.0)

    def slope(self, plan: Plan) -> np.ndarray:
        """Return mean streams that one more unit of money on each channel brings (C,)."""
        shares = channel_shares(plan, self.channels, self.one.cells, self.one.audience)
        _, slope = self.table.brought(self.by_cell(plan))
        return (slope.mean(2) * shares).sum(1)

    def planned(self, x: np.ndarray) -> Plan:
        """Return the plan with these amounts, in whole units."""
        amounts = (self.spread @ x).reshape(self.money.shape)
        spent = whole(amounts.sum(1), self.unit)
        plan = self.plan.with_spend(dict(zip(self.channels, spent, strict=True)))
        if not self.cells:
            return plan
        shares = [
            (name, cell, float(piece))
            for name, row in zip(self.channels, amounts, strict=True)
            if row.sum() > 0
            for cell, piece in zip(self.one.cells, whole(row / row.sum(), PIECES), strict=True)
            if piece > 0
        ]
        return replace(plan, channel_shares=tuple(shares))


def case(
    label,
    plan: Plan,
    limits: Limits,
    aim: Aim,
    min_group: int,
    *,
    cells: bool,
    money: Money = Money(),
    widest: bool = False,
) -> Case:
    """Return a plan's question.

    Parameters
    ----------
    money : what is kept of a stream.
    widest : whether larger budgets than the plan's will be asked for: up to all ceilings, or
        twenty times the plan's (of a usual campaign, where it has none).
    """
    fit = label.fit("promotion")
    (plan,) = same_window(fit, checked(plan))
    parts = cut(label, fit, plan, min_group)
    one = prepared(fit, state_of(label, plan), plan, parts)
    spend = dict(known_channels(plan, one.channels).spend)
    plan = plan.with_spend(dict.fromkeys(one.channels, 0.0) | spend)
    now = np.array([dict(plan.spend)[name] for name in one.channels])
    ceiling = ceilings(fit, plan, now)
    top = plan.budget
    if widest:
        usual = float(fit.arrays["usual"].sum()) * plan.flight[1]
        top = max(top, float(ceiling.sum())) if ceiling.sum() < np.inf else WIDEST * (top or usual)
    rate = None
    if label.has("fx_rates"):
        rate = exchange(label.table("fx_rates"), DOLLAR, fit.meta["currency"])
    bound = bounds(one.channels, one.cells, now, limits, ceiling, takes(one.channels, rate or 1.0))
    rates = kept_rates(fit, plan, checked_money(money), parts)
    return framed(one, plan, bound, aim, rates, top, cells=cells)


def framed(
    one: Scene,
    plan: Plan,
    bound: Bounds,
    aim: Aim,
    rates: np.ndarray,
    top: float,
    *,
    cells: bool,
) -> Case:
    """Return the question for a scene, bounds and money per stream (K,), up to a budget."""
    zero, money = clock_zero(one, plan), _by_cell(plan, one)
    most = np.minimum(bound.most, max(top, float(bound.least.max(initial=0.0))))
    shares = channel_shares(plan, one.channels, one.cells, one.audience)
    # a listener of no cell gets more than at the ceiling, but for what the plan gives already
    split = np.maximum(np.minimum(np.outer(bound.tried, one.audience), top), money)
    split = split if cells else shares
    spread = np.eye(split.size) if cells else _spread(shares)
    # on average a quarter of the draws says the same; the worst tenth needs them all
    drawn = one if aim.caution else thinned(one)
    reach = np.maximum(split if cells else most[:, None] * shares, money)
    return Case(
        plan=plan, one=one, zero=zero, money=money, bound=bound, split=split, spread=spread,
        table=gains(drawn, plan, zero, reach), aim=aim,
        rates=rates, top=top, unit=grain(top), cells=cells,
    )  # fmt: skip


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
    sought = objective(asked.table, asked.spread, asked.aim, asked.pay)
    level = poured(each(asked.table, asked.spread, asked.aim, asked.pay), within, least)
    now = asked.money.ravel() if asked.cells else asked.money.sum(1)
    return allotted(sought, within, [level, now, np.full(count, budget / count)])


def _by_cell(plan: Plan, one: Scene) -> np.ndarray:
    spend = dict(plan.spend)
    money = np.array([spend.get(name, 0.0) for name in one.channels])
    return money[:, None] * channel_shares(plan, one.channels, one.cells, one.audience)


def _spread(shares: np.ndarray) -> np.ndarray:
    count, width = shares.shape
    spread = np.zeros((count, width, count))
    spread[np.arange(count), :, np.arange(count)] = shares
    return spread.reshape(-1, count)
