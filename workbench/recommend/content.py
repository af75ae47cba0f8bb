"""Content: items that are alike in what they are, also when nobody has played them yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.model import listeners_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, eq=False)
class Content:
    """Features of items; a profile asks for the items nearest to the sum of its own.

    Attributes
    ----------
    features : CSR (items, features), rows of length 1 or 0 (nothing known); see `weighted`.
    """

    features: csr_matrix

    def fit(self, interactions: csr_matrix) -> Likeness:
        """Return the features: nothing is learnt from plays."""
        return Likeness(self.features.astype(np.float32))


@dataclass(frozen=True, eq=False)
class Likeness:
    """Features of items, CSR float32 (items, features)."""

    features: csr_matrix

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return the sums over the profile of cosines: float32 (rows, items)."""
        if rows.shape[0] > self.features.shape[0]:  # less to multiply: items with items first
            alike = (self.features @ self.features.T).toarray()
            return rows.astype(np.float32).toarray() @ alike
        return ((rows.astype(np.float32) @ self.features) @ self.features.T).toarray()

    def said_by(self, row: csr_matrix, items: np.ndarray) -> np.ndarray:
        """Return what each item of the profile adds to the scores of `items`."""
        alike = self.features[row.indices] @ self.features[items].T
        return row.data[:, None] * alike.toarray()


def weighted(counts: csr_matrix, *, fewest: int = 3) -> csr_matrix:
    """Return counts (items, features) as log(1 + count) x log(items / items with it), length 1.

    Features of fewer than `fewest` items relate nothing to anything and are left out.
    """
    held = listeners_of(counts)
    kept = np.flatnonzero(held >= fewest)
    found = counts[:, kept].astype(np.float64)
    found.data = np.log1p(found.data) * np.log(counts.shape[0] / held[kept])[found.indices]
    return unit_rows(found)


def unit_rows(matrix: csr_matrix) -> csr_matrix:
    """Return rows of length 1; empty rows stay empty."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    scaled = matrix.copy()
    scaled.data = matrix.data / np.maximum(length, 1e-12)[row]
    return scaled
