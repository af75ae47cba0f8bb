"""A question for the best split made ready: curves, limits, and what is sought."""

from dataclasses import dataclass, replace

import numpy as np

from workbench.promotion.aims import Aim
from workbench.promotion.amounts import grain, whole
from workbench.promotion.bounds import Bounds, Limits, bounds, ceilings
from workbench.promotion.cells import cut, state_of
from workbench.promotion.curves import thinned
from workbench.promotion.draws import Scene
from workbench.promotion.earnings import Earning, earned, earnings
from workbench.promotion.eligible import taken
from workbench.promotion.gains import Gains, gains
from workbench.promotion.money import Money, checked_money
from workbench.promotion.per_listener import PerListener
from workbench.promotion.plan import Plan, channel_shares, checked, known_channels
from workbench.promotion.scenes import clock_zero, prepared, same_window
from workbench.promotion.whatif import evaluated

WIDEST = 20  # times the budget, where no ceiling is known
DIGITS = 6  # of a share


@dataclass(frozen=True, eq=False)
class Case:
    """A question for the best split of a plan, over C channels, K cells.

    Attributes
    ----------
    plan : dated, with every channel. one : its scene. zero : week from which its flight is counted.
    money : of the plan (C, K). bound : what is allowed.
    apart : channels whose amounts are asked for by cell (C,). spread : money of one unit of each
        amount (C * K, n). caps : the most of each amount (n,).
    table : what money brings of what is sought. paid : parts of what promotion earns.
    top : largest budget asked for. unit : smallest amount told apart.
    """

    plan: Plan
    one: Scene
    zero: int
    money: np.ndarray
    bound: Bounds
    apart: np.ndarray
    spread: np.ndarray
    caps: np.ndarray
    table: Gains
    aim: Aim
    paid: tuple[Earning, ...]
    top: float
    unit: float

    @property
    def asks(self) -> list[tuple[np.ndarray, float]]:
        """Sums of amounts (n,) that are nothing or enough, and what is enough."""
        rows, total = self.spread, self.spread.reshape(*self.money.shape, -1).sum(1)
        least = np.concatenate([self.bound.minimum, self.bound.market_least.ravel()])
        both = zip(np.vstack([total, rows]), least, strict=True)
        return [(row, float(enough)) for row, enough in both if enough > 0]

    @property
    def most(self) -> np.ndarray:
        """The most that each channel may get (C,)."""
        there = (self.spread @ self.caps).reshape(self.money.shape).sum(1)
        return np.where(self.apart, np.minimum(self.bound.most, there), self.bound.most)

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
        """Return streams that a plan wins in the window on all draws (S,)."""
        return evaluated(self.one, plan, self.zero).by_cell.sum(0, dtype=np.float64)

    def earned(self, plan: Plan) -> np.ndarray:
        """Return what a plan's promotion earns, less its spend (S,)."""
        return earned(self.paid, plan).sum((0, 1)) - plan.budget

    def slope(self, plan: Plan) -> np.ndarray:
        """Return mean of what is sought that one more unit of money on each channel brings (C,)."""
        shares = channel_shares(plan, self.channels, self.one.cells, self.one.audience)
        _, steep = self.table.brought(self.by_cell(plan).ravel())
        return (steep.mean(1).reshape(shares.shape) * shares).sum(1)

    def planned(self, x: np.ndarray) -> Plan:
        """Return the plan with these amounts, in whole units."""
        amounts = (self.spread @ whole(x, self.unit)).reshape(self.money.shape)
        spent = np.round(amounts.sum(1) / self.unit) * self.unit
        plan = self.plan.with_spend(dict(zip(self.channels, spent, strict=True)))
        if not self.apart.any():
            return plan
        shares = [
            (name, cell, float(share))
            for name, row in zip(self.channels, amounts, strict=True)
            if row.sum() > 0
            for cell, share in zip(self.one.cells, _adding_up(row / row.sum()), strict=True)
            if share > 0
        ]
        return replace(plan, channel_shares=tuple(shares))


def _adding_up(shares: np.ndarray) -> np.ndarray:
    """Return shares in few digits that add up to 1."""
    found = np.round(shares, DIGITS)
    found[np.argmax(found)] += 1 - found.sum()
    return np.round(found, DIGITS)


def case(
    label,
    plan: Plan,
    limits: Limits,
    aim: Aim,
    min_group: int,
    *,
    cells: bool,
    money: Money = Money(),
    listeners: PerListener | None = None,
    widest: bool = False,
) -> Case:
    """Return a plan's question.

    Parameters
    ----------
    money, listeners : as of `plan_outcome`.
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
    bound = bounds(one.channels, one.cells, now, limits, ceiling, taken(label, fit, plan, one))
    paid = earnings(fit, state_of(label, plan), plan, checked_money(money), listeners, parts)
    return framed(one, plan, bound, aim, paid, top, cells=cells)


def framed(
    one: Scene,
    plan: Plan,
    bound: Bounds,
    aim: Aim,
    paid: tuple[Earning, ...],
    top: float,
    *,
    cells: bool,
) -> Case:
    """Return the question for a scene, bounds and what promotion earns, up to a budget."""
    zero, money = clock_zero(one, plan), _by_cell(plan, one)
    most = np.minimum(bound.most, max(top, float(bound.least.max(initial=0.0))))
    shares = channel_shares(plan, one.channels, one.cells, one.audience)
    # what is sold by market is bought in each by itself, in those that the plan names
    apart = np.ones(len(most), bool) if cells else bound.sold
    # a listener of no cell gets more than at the ceiling, but for what the plan gives already
    split = np.maximum(np.minimum(np.outer(bound.tried, one.audience), top), money)
    split = np.minimum(split, bound.market_most) * (cells | (shares > 0))
    spread = _spread(shares, apart)
    caps = np.concatenate(
        [np.minimum(split[c], most[c]) if alone else most[[c]] for c, alone in enumerate(apart)]
    )
    reach = np.maximum(np.where(apart[:, None], split, most[:, None] * shares), money)
    sought = paid if aim.of == "money" else (Earning(one, np.ones(len(one.cells))),)
    # on average a quarter of the draws says the same; the worst tenth needs them all
    if not aim.caution:
        sought = tuple(replace(part, scene=thinned(part.scene)) for part in sought)
    return Case(
        plan=plan, one=one, zero=zero, money=money, bound=bound, apart=apart, spread=spread,
        caps=caps, table=gains(sought, plan, zero, reach, mean=not aim.caution), aim=aim,
        paid=paid, top=top, unit=grain(top),
    )  # fmt: skip


def _by_cell(plan: Plan, one: Scene) -> np.ndarray:
    spend = dict(plan.spend)
    money = np.array([spend.get(name, 0.0) for name in one.channels])
    return money[:, None] * channel_shares(plan, one.channels, one.cells, one.audience)


def _spread(shares: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """Return the money of one unit of each amount (C * K, n): of a channel, or of its cells."""
    count, width = shares.shape
    columns = []
    for channel, alone in enumerate(apart):
        column = np.zeros((count, width, width if alone else 1))
        column[channel] = np.eye(width) if alone else _whole(shares[channel])
        columns.append(column.reshape(count * width, -1))
    return np.hstack(columns)


def _whole(shares: np.ndarray) -> np.ndarray:
    """Return shares that add up to 1 in double precision (K, 1)."""
    return (shares.astype(np.float64) / shares.sum(dtype=np.float64))[:, None]
