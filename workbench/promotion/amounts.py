"""Amounts on sliders: whole units that add up, whichever slider moves."""

import numpy as np


def grain(budget: float) -> float:
    """Return the smallest amount that sliders tell apart: whole units, once there are many."""
    return 1.0 if budget >= 100 else 0.01


def rebalanced(
    amounts: dict[str, float],
    total: float,
    moved: str | None,
    locked: frozenset[str],
    unit: float = 1.0,
) -> dict[str, float]:
    """Return amounts in whole units that add up to a total after one of them was moved.

    The others give way in proportion to what they have; locked ones stay. Where the locked ones and
    the moved one leave no room, the moved one stops at the room there is.

    Parameters
    ----------
    amounts : by name; while one slider is moved on, those that the others had before it was first
        moved, so that moving it back brings all of them back.
    moved : the one just set, None when the total was. locked : names.
    unit : the smallest amount that is told apart.
    """
    amounts, total = {name: value / unit for name, value in amounts.items()}, total / unit
    fixed = {name: round(value) for name, value in amounts.items() if name in locked}
    room = max(round(total) - sum(fixed.values()), 0)
    free = [name for name in amounts if name not in locked and name != moved]
    settled = dict(fixed)
    if moved is not None and moved not in locked:
        settled[moved] = min(round(amounts[moved]), room) if free else room
        room -= settled[moved]
    if free:
        have = np.array([amounts[name] for name in free])
        parts = have / have.sum() if have.sum() > 0 else np.full(len(free), 1 / len(free))
        settled |= dict(zip(free, whole(room * parts, 1.0).tolist(), strict=True))
    return {name: float(settled[name] * unit) for name in amounts}


def whole(amounts: np.ndarray, unit: float) -> np.ndarray:
    """Return amounts in whole units with the same sum, but for less than a unit."""
    # a search ends within a hundredth of a unit
    pieces = np.floor(amounts / unit + 0.01)
    over = int(np.floor(amounts.sum() / unit + 0.01) - pieces.sum())
    # what rounding left over goes where most was cut off
    pieces[np.argsort(pieces - amounts / unit, kind="stable")[: max(over, 0)]] += 1
    return pieces * unit
