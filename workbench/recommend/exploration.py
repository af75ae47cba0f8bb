"""Songs that a list shows to find out: drawn with known probabilities, so that nothing is lost.

A list without them only ever asks about what the model likes already. With the probability of
each song on record, what other lists would have been worth can be estimated later without bias.
"""

from __future__ import annotations

import numpy as np

SHARE = 0.1  # of a list
SOFTER = 10.0  # how far places beyond the list are levelled: the first is 1 / 10 of all to come


def explored(places: int, length: int, share: float) -> int:
    """Return how many songs of a list are drawn: its share, rounded, of what there is to draw.

    `places` : songs that may be in the list. At least one where the share is above 0.
    """
    wanted = max(round(share * length), 1) if share > 0 else 0
    return min(wanted, max(places - (length - wanted), 0))


def propensities(places: int, count: int) -> np.ndarray:
    """Return the probability of each song beyond the list to be drawn, float64 (places,).

    They sum to `count`, fall as 1 / (SOFTER + place), and are above 0 for every song.
    """
    if count >= places:
        return np.ones(places)
    weight = 1.0 / (SOFTER + np.arange(places))
    sure = np.zeros(places, dtype=bool)
    while True:
        chance = np.where(sure, 1.0, (count - sure.sum()) * weight / weight[~sure].sum())
        more = ~sure & (chance >= 1.0)
        if not more.any():
            return chance
        sure |= more


def drawn(chance: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return which songs are drawn, int64: exactly sum(chance) of them, each with its chance.

    Systematic sampling in a random order: one start, then every whole step of the running sum.
    Source: Madow 1949; Hartley and Rao 1962.
    """
    count = round(float(chance.sum()))
    if not count:
        return np.zeros(0, dtype=np.int64)
    order = draw.permutation(len(chance))
    ends = np.cumsum(chance[order])
    ends[-1] = count  # not a rounding less
    steps = draw.random() + np.arange(count)
    return np.sort(order[np.searchsorted(ends, steps, side="right")])


def woven(head: np.ndarray, found: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return a list of both, the drawn ones at random places and the others in their order."""
    length = len(head) + len(found)
    at = np.zeros(length, dtype=bool)
    at[draw.choice(length, len(found), replace=False)] = True
    both = np.zeros(length, dtype=np.int64)
    both[at], both[~at] = draw.permutation(found), head
    return both
