"""Look-alikes: items whose listeners stand, on average, where a profile stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.content import unit_rows
from workbench.recommend.model import binary, listeners_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class LookAlike:
    """Cosine of a profile's point to the mean point of an item's listeners, its seed.

    Points are the leading `dimensions` of who played what, famous items held back (inverse
    document frequency), every listener at length 1. A handful of listeners already has a mean.
    """

    dimensions: int = 100

    def fit(self, interactions: csr_matrix) -> Centroids:
        """Return the axes and the mean point of each item's listeners."""
        from scipy.sparse.linalg import svds

        played = binary(interactions)
        people, items = played.shape
        rarity = np.log((1 + people) / (1 + listeners_of(played))).astype(np.float32)
        size = min(self.dimensions, min(people, items) - 1)
        start = np.random.default_rng(0).normal(size=min(people, items))
        rows = _weighed(played, rarity).astype(np.float64)
        axes = np.zeros((items, size), np.float32)
        if rows.data.any():  # where all listeners hold all items nothing tells them apart
            axes = svds(rows, k=size, v0=start)[2][::-1].T.astype(np.float32)  # the leading first
        found = Centroids(axes, rarity, np.empty((0, size), np.float32))
        means = played.T @ found.points(played)
        return Centroids(axes, rarity, _unit(means))


@dataclass(frozen=True, eq=False)
class Centroids:
    """Axes float32 (items, dimensions), rarity (items,), and mean points of listeners, length 1."""

    axes: np.ndarray
    rarity: np.ndarray
    items: np.ndarray

    def points(self, rows: csr_matrix) -> np.ndarray:
        """Return the point of each profile, float32 (rows, dimensions), of length 1 or 0."""
        return _unit(_weighed(binary(rows), self.rarity) @ self.axes)

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return the cosines: float32 (rows, items)."""
        return self.points(rows) @ self.items.T


def _weighed(played: csr_matrix, rarity: np.ndarray) -> csr_matrix:
    """Return rows of length 1 after the famous are held back."""
    rows = played.copy()
    rows.data = played.data * rarity[played.indices]
    return unit_rows(rows)


def _unit(points: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(points, axis=1, keepdims=True)
    return (points / np.maximum(length, 1e-12)).astype(np.float32)
