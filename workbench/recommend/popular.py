"""Most popular: the same list for everybody, and what every other model must beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.model import listeners_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class MostPopular:
    """Items by how many listeners have them."""

    def fit(self, interactions: csr_matrix) -> Popularity:
        """Return the numbers of listeners."""
        return Popularity(listeners_of(interactions).astype(np.float32))


@dataclass(frozen=True, eq=False)
class Popularity:
    """How many listeners each item has, float32 (items,)."""

    listeners: np.ndarray

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return the same scores for every row: float32 (rows, items)."""
        return np.tile(self.listeners, (rows.shape[0], 1))
