"""What fitted curves took of the scatter, so that it can be given back.

At the mode of all parameters at once the curves follow the noise: too little of it, and too little
that lasts from week to week, is left for the scatter, and intervals come out too narrow. Scatter is
told by its marginal posterior instead, in which all other parameters are integrated out (REML, by
Laplace's approximation): the joint one less half the log determinant of their information. What
that adds to the slope at the mode is added to a second search as a constant.
"""

import numpy as np

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.fisher import Arrow, information
from workbench.promotion.observations import Observed
from workbench.promotion.posterior import Scatter

SCATTER = ("noise", "memory", "together")
STEP = 0.05


def taken(
    data: Observed, at: Coordinates, pattern: Scatter, shared: np.ndarray, own: np.ndarray
) -> np.ndarray:
    """Return the slope of the marginal posterior of scatter less that of the joint one (Q,)."""
    out = np.zeros(at.size)
    here = volume(information(data, at, pattern, shared, own), at)
    for place in scatter_places(at):
        moved = shared.copy()
        moved[place] += STEP
        there = volume(information(data, at, pattern, moved, own), at)
        out[place] = -0.5 * (there - here) / STEP
    return out


def scatter_places(at: Coordinates) -> np.ndarray:
    """Return where the parameters of scatter stand."""
    return np.concatenate([np.arange(at.at[name].start, at.at[name].stop) for name in SCATTER])


def volume(arrow: Arrow, at: Coordinates) -> float:
    """Return the log determinant of the information of all parameters but those of scatter."""
    rest = np.setdiff1d(np.arange(at.size), scatter_places(at))
    reduced = arrow.shared + np.einsum("npq,npr->qr", arrow.cross, arrow.follow, optimize=True)
    whole = np.linalg.slogdet(reduced[np.ix_(rest, rest)])[1]
    return float(whole + np.linalg.slogdet(arrow.own)[1].sum())
