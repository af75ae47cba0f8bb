"""A question for the best split made ready: curves, limits, and what is sought."""

from dataclasses import dataclass, replace

import numpy as np

from workbench.promotion.aims import Aim
from workbench.promotion.amounts import grain, whole
from workbench.promotion.bounds import Bounds, Limits, bounds, ceilings
from workbench.promotion.cells import PANEL, cut, state_of
from workbench.promotion.curves import thinned
from workbench.promotion.draws import Scene
from workbench.promotion.earnings import Earning, earned, earnings
from workbench.promotion.exchange import exchange
from workbench.promotion.gains import Gains, gains
from workbench.promotion.money import Money, checked_money
from workbench.promotion.per_listener import PerListener
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
    spread : money of one unit of each amount (C * K, n). table : what money brings of what is
        sought. paid : parts of what promotion earns. top : largest budget asked for.
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
    paid: tuple[Earning, ...]
    top: float
    unit: float
    cells: bool

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
    rate = None
    if label.has("fx_rates"):
        rate = exchange(label.table("fx_rates"), DOLLAR, fit.meta["currency"])
    bound = bounds(one.channels, one.cells, now, limits, ceiling, takes(one.channels, rate or 1.0))
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
    # a listener of no cell gets more than at the ceiling, but for what the plan gives already
    split = np.maximum(np.minimum(np.outer(bound.tried, one.audience), top), money)
    split = split if cells else shares
    spread = np.eye(split.size) if cells else _spread(shares)
    reach = np.maximum(split if cells else most[:, None] * shares, money)
    sought = paid if aim.of == "money" else (Earning(one, np.ones(len(one.cells))),)
    # on average a quarter of the draws says the same; the worst tenth needs them all
    if not aim.caution:
        sought = tuple(replace(part, scene=thinned(part.scene)) for part in sought)
    return Case(
        plan=plan, one=one, zero=zero, money=money, bound=bound, split=split, spread=spread,
        table=gains(sought, plan, zero, reach, mean=not aim.caution), aim=aim, paid=paid,
        top=top, unit=grain(top), cells=cells,
    )  # fmt: skip


def _by_cell(plan: Plan, one: Scene) -> np.ndarray:
    spend = dict(plan.spend)
    money = np.array([spend.get(name, 0.0) for name in one.channels])
    return money[:, None] * channel_shares(plan, one.channels, one.cells, one.audience)


def _spread(shares: np.ndarray) -> np.ndarray:
    count, width = shares.shape
    spread = np.zeros((count, width, count))
    spread[np.arange(count), :, np.arange(count)] = shares
    return spread.reshape(-1, count)
