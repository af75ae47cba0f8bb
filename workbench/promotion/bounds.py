"""What a better plan must keep: minima, maxima, locks, floors; and why it cannot, if it cannot."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.errors import BadInput
from workbench.promotion.allocation import Room
from workbench.promotion.limits import BEYOND, observed_weeks
from workbench.promotion.names import spoken
from workbench.promotion.plan import Plan, flight_weights
from workbench.promotion.platforms import Takes

Fixed = Sequence[tuple[np.ndarray, float | None]]
ROUNDING = 1e-9  # of an amount: what sums of shares in double precision may lack


@dataclass(frozen=True)
class Limits:
    """What a user asks of a better plan.

    Attributes
    ----------
    least, most : (channel, money). locked : channels that keep their amount.
    moves : (channel, share of its amount by which it may change at most).
    floors : (cell, share of all spend that it gets at least).
    """

    least: tuple[tuple[str, float], ...] = ()
    most: tuple[tuple[str, float], ...] = ()
    locked: tuple[str, ...] = ()
    moves: tuple[tuple[str, float], ...] = ()
    floors: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Bounds:
    """Limits, ceilings and platforms together, for C channels and K cells.

    Attributes
    ----------
    least, most : money (C,). minimum : zero or at least this much (C,). floor : (K,).
    tried : money up to which the channel's curve is known, infinite where nothing says so (C,).
    market_least : zero or at least this much in a market, which is then bought by itself (C, K).
    market_most : in each cell (C, K).
    """

    least: np.ndarray
    most: np.ndarray
    minimum: np.ndarray
    floor: np.ndarray
    tried: np.ndarray
    market_least: np.ndarray
    market_most: np.ndarray

    @property
    def sold(self) -> np.ndarray:
        """Whether a channel is bought market by market (C,)."""
        return (self.market_least > 0).any(1)

    def keeps(self, money: np.ndarray) -> bool:
        """Tell whether a plan's money (C, K) lies within, but for rounding."""
        spent, total = money.sum(1), money.sum()
        loose = 1e-6 * max(total, 1.0)
        return bool(
            (spent >= self.least - loose).all()
            and (spent <= self.most + loose).all()
            and ((spent <= loose) | (spent >= self.minimum - loose)).all()
            and (money.sum(0) >= self.floor * total - loose).all()
            and ((money <= loose) | (money >= self.market_least - loose)).all()
            and (money <= self.market_most + loose).all()
        )


def bounds(
    channels: tuple[str, ...],
    cells: tuple[str, ...],
    now: np.ndarray,
    limits: Limits,
    ceiling: np.ndarray,
    platforms: Takes,
) -> Bounds:
    """Return what each channel and cell may get.

    Parameters
    ----------
    now : the plan's money (C,). ceiling : (C,), to which only a locked channel does not keep.
    platforms : what campaigns take; a locked channel keeps its amount all the same.

    Raises
    ------
    BadInput
        Limits that name no channel or cell of the plan, are no money or shares, or that no amount
        of a channel keeps.
    """
    given = {"least": limits.least, "most": limits.most, "moves": limits.moves}
    named = {name: _named(pairs, channels, "channel") for name, pairs in given.items()}
    floors = _named(limits.floors, cells, "cell")
    _named(tuple((name, 0.0) for name in limits.locked), channels, "channel")
    least, most = np.zeros(len(channels)), np.minimum(ceiling, platforms.most)
    for number, channel in enumerate(channels):
        amount = float(now[number])
        if channel in limits.locked:
            least[number] = most[number] = amount
            continue
        move = named["moves"].get(channel)
        moved = np.inf if move is None else move * amount  # a channel without money gets none
        low = max(named["least"].get(channel, 0.0), amount - moved)
        high = min(named["most"].get(channel, np.inf), amount + moved)
        if low > high + 1e-9:
            raise BadInput(
                f"{spoken(channel)}: at least {low:,.0f} and at most {high:,.0f} cannot both hold; "
                "raise the one, lower the other, or let it move more."
            )
        if low > most[number] + 1e-9:
            raise BadInput(
                f"{spoken(channel)}: at least {low:,.0f}, but its ceiling is {most[number]:,.0f} "
                "(1.2 times what was tried, or what its platform takes). Ask for less, or lock it."
            )
        least[number], most[number] = low, min(high, most[number])
    floor = np.array([floors.get(cell, 0.0) for cell in cells])
    if floor.sum() > 1 + 1e-9:
        raise BadInput(
            f"The floors of the cells add up to {floor.sum():.0%} of the spend; 100 % is all."
        )
    free = np.array([channel not in limits.locked for channel in channels], bool)
    return Bounds(
        least=least,
        most=most,
        minimum=np.where(free, np.maximum(least, platforms.least), 0.0),
        floor=floor,
        tried=ceiling,
        market_least=np.where(free[:, None], platforms.market_least, 0.0),
        market_most=np.where(free[:, None], platforms.market_most, np.inf),
    )


def _named(pairs: tuple[tuple[str, float], ...], names: tuple[str, ...], kind: str) -> dict:
    for name, value in pairs:
        if name not in names:
            raise BadInput(f"The plan has no {kind} “{name}”; it has {', '.join(names)}.")
        if not (np.isfinite(value) and value >= 0):
            raise BadInput(f"The limit of {spoken(name)} must be zero or more.")
    return dict(pairs)


def affordable(bound: Bounds, channels: tuple[str, ...], budget: float) -> None:
    """Say why no plan of a budget keeps the bounds, if none does for the sake of money.

    Raises
    ------
    BadInput
        The minima and locked amounts add up to more than the budget.
    """
    needed = float(bound.least.sum())
    if needed > budget + 1e-6 * max(budget, 1.0):
        parts = ", ".join(
            f"{spoken(name)} {least:,.0f}"
            for name, least in zip(channels, bound.least, strict=True)
            if least > 0
        )
        raise BadInput(
            f"What must be spent ({parts}) adds up to {needed:,.0f}, more than the budget of "
            f"{budget:,.0f}. Raise the budget by {needed - budget:,.0f}, or lower a minimum."
        )


def room(
    bound: Bounds, budget: float, spread: np.ndarray, caps: np.ndarray, fixed: Fixed = ()
) -> Room:
    """Return where the amounts (n,) may lie.

    Parameters
    ----------
    spread : money by channel and cell of one unit of each amount (C * K, n). caps : of each (n,).
    fixed : sums of amounts (n,) that are on, each with the least it then gets, or off (None).
    """
    channels, cells = bound.market_least.shape
    by = spread.reshape(channels, cells, -1)
    held = bound.floor > 0
    floors = (by.sum(0) - bound.floor[:, None] * spread.sum(0))[held]
    sums = [
        *zip(by.sum(1), bound.least, np.minimum(bound.most, budget), strict=True),
        *((row, 0.0, np.inf) for row in floors),
        *((row, 0.0 if enough is None else enough, np.inf if enough else 0.0)
          for row, enough in fixed),
    ]  # fmt: skip
    least, most = np.zeros(spread.shape[1]), np.minimum(caps, budget)
    rows = [(spread.sum(0), -np.inf, budget)]
    for row, low, high in sums:
        alone = np.flatnonzero(row)
        if len(alone) == 1 and row[alone[0]] > 0:  # a bound is kept to the last digit
            least[alone] = np.maximum(least[alone], low / row[alone])
            most[alone] = np.minimum(most[alone], high / row[alone])
        else:
            rows.append((row, low, high))
    # shares that add up to nearly one put a locked amount a rounding above its own ceiling
    most = np.where(least <= most * (1 + ROUNDING), np.maximum(least, most), most)
    matrix, low, high = (np.array(column, float) for column in zip(*rows, strict=True))
    return Room(least, most, matrix, low, high)


def ceilings(fit, plan: Plan, now: np.ndarray) -> np.ndarray:
    """Return the most money that each channel may get (C,); without campaigns there is no end."""
    if not fit.meta["calibrated"]:
        return np.full(len(now), np.inf)
    most = dict(observed_weeks(fit).select("channel", "most").iter_rows())
    largest = float(flight_weights(plan).max())
    return np.array(
        [
            BEYOND * most[name] / largest if name in most else amount
            for name, amount in zip(fit.meta["channels"], now, strict=True)
        ]
    )
