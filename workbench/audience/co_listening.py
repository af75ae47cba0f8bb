"""How many people two artists share by chance: their audiences and everybody's breadth alone.

Who listens to many artists shares them all, so that a plain lift calls every pair of a label close.
Here people are held against people who hear about as many artists: among those, chance is that
whom else one hears has nothing to do with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FEWEST = 300  # people in a band of breadth, unless there are fewer in all
ROUNDS = 50


def shared_by_chance(who: csr_matrix, artist: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the people that an artist shares with each other one by chance: mean and sd.

    Parameters
    ----------
    who : CSR of ones (people, artists), everybody with at least one.

    In a band of people of like breadth, an artist's listeners hear so many others in all; chance
    hands these out in proportion to what the others are heard, a u_a u_b for each pair that keeps
    every artist's sum. Somebody who hears one artist shares it with none. The variance is that of
    draws without replacement from the band.
    Source: Mantel and Haenszel 1959 (strata); Deming and Stephan 1940 (proportional fitting).
    """
    band = bands(np.diff(who.indptr))
    mean, variance = np.zeros(who.shape[1]), np.zeros(who.shape[1])
    for number in range(band.max(initial=-1) + 1):
        rows = who[np.flatnonzero(band == number)]
        n, heard = rows.shape[0], np.asarray(rows.sum(0)).ravel().astype(np.float64)
        others = np.asarray(rows.T @ (np.diff(rows.indptr) - 1)).ravel().astype(np.float64)
        part = _parts(others)
        expected = np.minimum(part * part[artist], np.minimum(heard, heard[artist]))
        mean += expected
        if n > 1:
            variance += expected * (n - heard[artist]) * (n - heard) / (n * (n - 1))
    return mean, np.sqrt(variance)


def _parts(others: np.ndarray) -> np.ndarray:
    """Return u with u_a (sum of u - u_a) = others_a, as near as there is one."""
    part = others / np.sqrt(max(others.sum(), 1.0))
    for _ in range(ROUNDS):
        rest = part.sum() - part
        wanted = np.divide(others, rest, where=rest > 0, out=np.zeros_like(part))
        part = np.sqrt(part * wanted)  # half the way: whole steps swing
    return part


def bands(breadth: np.ndarray) -> np.ndarray:
    """Return a band for each person, int64: equal breadth together, `FEWEST` people or more."""
    steps, people = np.unique(breadth, return_counts=True)
    band = np.zeros(len(steps), dtype=np.int64)
    number = held = 0
    for i, count in enumerate(people):
        band[i] = number
        held += count
        # What is left over joins the last band.
        if held >= FEWEST and people[i + 1 :].sum() >= FEWEST:
            number, held = number + 1, 0
    return band[np.searchsorted(steps, breadth)]
