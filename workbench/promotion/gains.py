"""What money brings on every draw, tabulated once, so that a search can ask for it cheaply.

A channel's curve is one function of money per listener on each draw; cells differ in height and in
listeners. It is kept with its slope on a grid and read between by cubics.
"""

from dataclasses import dataclass

import numpy as np

from workbench.promotion.draws import LEAD, Scene
from workbench.promotion.plan import Plan, weekly_spend
from workbench.promotion.response import adstock

POINTS = 33


@dataclass(frozen=True, eq=False)
class Gains:
    """Streams in the window by money, for C channels, K cells, S draws.

    Attributes
    ----------
    top : money per listener of the mean cell at which a channel's grid ends (C,).
    value, slope : of a channel's curve and its step on the grid (C, P, S).
    height : (C, K, S). audience : (K,).
    """

    top: np.ndarray
    value: np.ndarray
    slope: np.ndarray
    height: np.ndarray
    audience: np.ndarray

    def brought(self, money: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return streams (C, K, S) and their slope by money (C, K, S), for money (C, K)."""
        place = np.sqrt(np.clip(money / self.audience / self.top[:, None], 0, 1)) * (POINTS - 1)
        left = np.minimum(place.astype(int), POINTS - 2)
        # the grid is denser where curves are steep: its points stand at squares
        start, end = left**2, (left + 1) ** 2
        width = end - start
        share = (place**2 - start) / width
        channel = np.arange(len(self.top))[:, None]
        edges = [
            table[channel, left + side] for table in (self.value, self.slope) for side in (0, 1)
        ]
        rise, fall = share * share * (3 - 2 * share), share * (1 - share)
        at = [1 - rise, rise, width * fall * (1 - share), -width * fall * share]
        steep = 6 * fall / width
        by = [-steep, steep, (1 - share) * (1 - 3 * share), share * (3 * share - 2)]
        streams, slopes = (
            sum(part[:, :, None].astype(np.float32) * edge
                for part, edge in zip(parts, edges, strict=True))
            for parts in (at, by)
        )  # fmt: skip
        step = (POINTS - 1) ** 2 / self.top[:, None] / self.audience
        slopes *= step[:, :, None].astype(np.float32)
        return streams * self.height, slopes * self.height

    @property
    def mean(self) -> "Gains":
        """The mean over draws, of which each pair of channel and cell is a channel of its own."""
        pairs = (-1, POINTS, 1)
        value, slope = (
            np.einsum("cks,cps->ckp", self.height, table).reshape(pairs) / self.height.shape[2]
            for table in (self.value, self.slope)
        )
        top = np.outer(self.top, self.audience).ravel()
        return Gains(top, value, slope, np.ones((len(top), 1, 1), np.float32), np.ones(1))


def gains(one: Scene, plan: Plan, zero: int, most: np.ndarray) -> Gains:
    """Return the tables of a scene for the flight of a plan.

    Parameters
    ----------
    zero : week of the window from which the flight is counted.
    most : money up to which each channel is asked for, in each cell (C, K).
    """
    unit = weekly_spend(
        Plan(track_id="", spend=(("unit", 1.0),), flight=plan.flight, flighting=plan.flighting),
        ("unit",), -LEAD - zero, LEAD + len(one.weeks),
    )  # fmt: skip
    top = np.maximum((most / one.audience).max(1), 1e-9)
    stock = adstock(unit[:, :, None], one.carry)[LEAD:]
    stock *= one.gain
    squares = (np.arange(POINTS) / (POINTS - 1)) ** 2
    value = np.zeros((len(top), POINTS, len(one.kept)), np.float32)
    slope = np.zeros_like(value)
    for channel in range(len(top)):
        dose = stock[:, channel]
        felt = dose.any(1)
        dose, worth = dose[felt], one.worth[felt]
        pull = worth * dose * np.float32(2 * top[channel] / (POINTS - 1) ** 2)
        room = np.empty_like(dose)
        whole = worth.sum(0)
        for point, share in enumerate(squares):
            np.multiply(dose, np.float32(-share * top[channel]), out=room)
            np.exp(room, out=room)
            room += 1
            np.reciprocal(room, out=room)
            # saturation is 2 b - 1 of b = 1 / (1 + e^-x), its slope by x is 2 b (1 - b)
            value[channel, point] = 2 * np.einsum("ts,ts->s", room, worth) - whole
            room -= room * room
            slope[channel, point] = np.einsum("ts,ts->s", room, pull)
    return Gains(top, value, slope, one.height, np.asarray(one.audience, float))
