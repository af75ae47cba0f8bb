"""Money allotted where it brings most, under linear limits.

The gains are concave, so that one best value exists: water-filling comes near it, SLSQP from
several starts refines it, and a linear program bounds what is still left. Amounts are searched as
shares of the budget; in units of money gradients are so small that a search stops where it starts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np

STEPS = 100  # of the water-filling
CRUMBS = 1e-6  # of the budget
NEAR = 1e-3  # of the value: a gap below it is no gap

Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Room:
    """Where n amounts may lie: least <= x <= most, low <= rows @ x <= high.

    Attributes
    ----------
    least, most : (n,). rows : (m, n). low, high : (m,), without a limit infinite.
    """

    least: np.ndarray
    most: np.ndarray
    rows: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def steepest(self, slope: np.ndarray) -> np.ndarray | None:
        """Return the point of the room that is furthest along a slope; None in an empty room."""
        from scipy.optimize import linprog

        upper, lower = np.isfinite(self.high), np.isfinite(self.low)
        found = linprog(
            -slope / max(np.abs(slope).max(), 1e-300),
            A_ub=np.vstack([self.rows[upper], -self.rows[lower]]),
            b_ub=np.concatenate([self.high[upper], -self.low[lower]]),
            bounds=np.column_stack([self.least, self.most]),
        )
        return np.clip(found.x, self.least, self.most) if found.status == 0 else None

    def holds(self, x: np.ndarray) -> bool:
        """Tell whether a point lies in the room, but for rounding."""
        loose = 1e-6 * max(float(np.abs(x).sum()), 1e-9)
        sums = self.rows @ x
        return bool(
            (x >= self.least - loose).all()
            and (x <= self.most + loose).all()
            and (sums >= self.low - loose).all()
            and (sums <= self.high + loose).all()
        )


@dataclass(frozen=True, eq=False)
class Found:
    """The best point found.

    Attributes
    ----------
    x : (n,). value : there. gap : share of it by which the value of no other point in the room lies
        further above it.
    """

    x: np.ndarray
    value: float
    gap: float


def allotted(
    objective: Objective, room: Room, starts: Iterable[np.ndarray], small: float = 1e-9
) -> Found | None:
    """Return the best point of a room; None in an empty one.

    The search ends with the first start from which the gap closes; it stops at no start, since a
    point that could still be improved has a gap.

    Parameters
    ----------
    objective : value and slope (n,) at a point; concave.
    starts : points to begin with, in the room or not. small : a value below it counts as this much,
        as of nearly nothing no share is near.
    """
    first = room.steepest(objective(room.least)[1])
    if first is None:
        return None
    best = None
    for start in chain(starts, [first]):
        for x in (start, _climbed(objective, room, start)):
            if x is None or not room.holds(x):
                continue
            value, slope = objective(x)
            if best is None or value > best.value:
                gap = float(slope @ (room.steepest(slope) - x)) / max(abs(value), small)
                best = Found(x, float(value), max(gap, 0.0))
        if best is not None and best.gap <= NEAR:
            break
    return best


def _climbed(objective: Objective, room: Room, start: np.ndarray) -> np.ndarray | None:
    """Return where SLSQP ends, in shares of the largest sum; None where it fails."""
    from scipy.optimize import minimize

    ends = room.high[np.isfinite(room.high)]
    unit = max(float(ends.max()) if len(ends) else float(room.most.sum()), 1e-9)
    scale = max(abs(objective(np.clip(start, room.least, room.most))[0]), 1e-9)

    def down(share: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = objective(share * unit)
        return -value / scale, -slope * unit / scale

    upper, lower = np.isfinite(room.high), np.isfinite(room.low)
    rows = np.vstack([-room.rows[upper], room.rows[lower]])
    ends = np.concatenate([room.high[upper], -room.low[lower]]) / unit
    found = minimize(
        down,
        np.clip(start, room.least, room.most) / unit,
        jac=True,
        method="SLSQP",
        bounds=np.column_stack([room.least, room.most]) / unit,
        constraints={"type": "ineq", "fun": lambda at: rows @ at + ends, "jac": lambda _: rows},
        options={"maxiter": 100, "ftol": 1e-9},
    )
    if not np.isfinite(found.x).all():
        return None  # a singular subproblem
    # the last crumbs are the search's, not the gain's: at nothing at all draws are alike
    x = np.where(found.x < CRUMBS, 0.0, found.x * unit)
    return np.clip(x, room.least, room.most)


def poured(gain: Callable[[np.ndarray], np.ndarray], room: Room, start: np.ndarray) -> np.ndarray:
    """Return amounts after water-filling: each step goes where the next bit brings most.

    Parameters
    ----------
    gain : what each amount brings by itself (n,), at a point. start : a point of the room.
    """
    x, now = start.copy(), gain(start).copy()
    ends = room.high[np.isfinite(room.high)]
    left = min(float(ends.max()) if len(ends) else np.inf, float(room.most.sum())) - x.sum()
    if left <= 0:
        return x
    step = left / STEPS
    for _ in range(STEPS):
        reached = gain(x + step)
        more = reached - now
        open_ = (x + step <= room.most + 1e-9) & (more > 0)
        sums = (room.rows @ x)[:, None] + room.rows * step
        open_ &= (sums <= room.high[:, None] + 1e-9).all(0)
        if not open_.any():
            break
        one = int(np.argmax(np.where(open_, more, -np.inf)))
        x[one] += step
        now[one] = reached[one]
    return x
