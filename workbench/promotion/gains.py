"""What money earns on every draw, tabulated once, so that a search can ask for it cheaply.

A channel's curve is one function of money per listener on each draw; cells differ in height and in
listeners. Parts of what is sought add up on one grid, with its slope, and are read between by
cubics.
"""

from dataclasses import dataclass

import numpy as np

from workbench.promotion.draws import LEAD, Scene
from workbench.promotion.earnings import Earning
from workbench.promotion.plan import Plan, weekly_spend
from workbench.promotion.response import adstock, fade

POINTS = 33
FAINT = np.float32(1e-5)  # of the strongest dose: weeks below it add nothing


@dataclass(frozen=True, eq=False)
class Gains:
    """What is sought by money, for N pairs of a channel and a cell, S draws or their mean alone.

    Attributes
    ----------
    top : money at which a pair's grid ends (N,). value, slope : on the grid, by its step (N, P, S).
    """

    top: np.ndarray
    value: np.ndarray
    slope: np.ndarray

    def brought(self, money: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return value (N, S) and slope by money (N, S), for money (N,)."""
        place = np.sqrt(np.clip(money / self.top, 0, 1)) * (POINTS - 1)
        left = np.minimum(place.astype(int), POINTS - 2)
        # the grid is denser where curves are steep: its points stand at squares
        start, end = left**2, (left + 1) ** 2
        width = end - start
        share = (place**2 - start) / width
        pair = np.arange(len(self.top))
        edges = [table[pair, left + side] for table in (self.value, self.slope) for side in (0, 1)]
        rise, fall = share * share * (3 - 2 * share), share * (1 - share)
        at = [1 - rise, rise, width * fall * (1 - share), -width * fall * share]
        steep = 6 * fall / width
        by = [-steep, steep, (1 - share) * (1 - 3 * share), share * (3 * share - 2)]
        value, slopes = (
            sum(part[:, None].astype(np.float32) * edge
                for part, edge in zip(parts, edges, strict=True))
            for parts in (at, by)
        )  # fmt: skip
        return value, slopes * ((POINTS - 1) ** 2 / self.top)[:, None].astype(np.float32)

    @property
    def mean(self) -> "Gains":
        """The mean over draws."""
        value, slope = (table.mean(2, keepdims=True) for table in (self.value, self.slope))
        return Gains(self.top, value, slope)


def gains(
    parts: tuple[Earning, ...], plan: Plan, zero: int, most: np.ndarray, *, mean: bool
) -> Gains:
    """Return the table of a sum of parts for the flight of a plan.

    Parameters
    ----------
    parts : of what is sought, on the same draws. zero : week from which the flight is counted.
    most : money up to which each channel is asked for, in each cell (C, K).
    mean : whether the mean over draws is all that is asked for.
    """
    audience = np.asarray(parts[0].scene.audience, float)
    top = np.maximum((most / audience).max(1), 1e-9)
    tables = []
    for part in parts:
        height = part.scene.height * part.pay[:, None].astype(np.float32)
        curves = _curves(part.scene, plan, zero, top)
        if mean:
            count = np.float32(height.shape[2])
            tables.append([np.einsum("cks,cps->ckp", height, one)[..., None] / count
                           for one in curves])  # fmt: skip
        else:
            tables.append([height[:, :, None] * one[:, None] for one in curves])
    value, slope = (sum(one).reshape(-1, *one[0].shape[2:]) for one in zip(*tables, strict=True))
    return Gains(np.outer(top, audience).ravel(), value, slope)


def _curves(one: Scene, plan: Plan, zero: int, top: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return value and slope of each channel's curve on the grid (C, P, S).

    Parameters
    ----------
    top : money per listener of the mean cell at which the grid ends (C,).
    """
    unit = weekly_spend(
        Plan(track_id="", spend=(("unit", 1.0),), flight=plan.flight, flighting=plan.flighting),
        ("unit",), -LEAD - zero, LEAD + len(one.weeks),
    )  # fmt: skip
    stock = adstock(unit[:, :, None], one.carry)[LEAD:]
    stock *= one.gain
    squares = (np.arange(POINTS) / (POINTS - 1)) ** 2
    value = np.zeros((len(top), POINTS, len(one.kept)), np.float32)
    slope = np.zeros_like(value)
    for channel in range(len(top)):
        dose = stock[:, channel]
        felt = dose.max(1) > FAINT * dose.max()
        dose, worth = dose[felt], one.worth[felt]
        pull = worth * dose * np.float32(2 * top[channel] / (POINTS - 1) ** 2)
        room = np.empty_like(dose)
        whole = worth.sum(0)
        for point, share in enumerate(squares):
            np.multiply(dose, np.float32(-share * top[channel]), out=room)
            steep = 2 * fade(room, one.hill)
            room += 1
            np.reciprocal(room, out=room)
            # saturation is 2 b - 1 of b = 1 / (1 + e^-y), its slope by y is 2 b (1 - b)
            value[channel, point] = 2 * np.einsum("ts,ts->s", room, worth) - whole
            room -= room * room
            if one.hill:  # y = log(1 + 2 x), whose slope by x is 2 e^-y
                room *= steep
            slope[channel, point] = np.einsum("ts,ts->s", room, pull)
    return value, slope
