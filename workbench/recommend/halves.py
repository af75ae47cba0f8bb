"""Scores as products of two halves, listeners and items: one item's column is then cheap.

An item that nobody has heard borrows the halves of items that stand in for it: its artist's other
ones, or those alike in content.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.content import unit_rows
from workbench.recommend.model import strongest

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NEAR = 30  # items alike that stand in
FEW = 2_000  # features up to which profiles are held in full


@dataclass(frozen=True, eq=False)
class Half:
    """Both halves of a model's scores.

    Attributes
    ----------
    listeners : (listeners, k), dense or CSR. items : (items, k), dense or CSR.
    """

    listeners: np.ndarray | csr_matrix
    items: np.ndarray | csr_matrix

    @staticmethod
    def of_content(values: csr_matrix, features: csr_matrix) -> Half:
        """Return the cosines of profiles (listeners, items) to features of length 1 (items, f)."""
        if features.shape[1] <= FEW:  # sums over whole rows: without gaps ten times as fast
            points = values @ features.toarray().astype(np.float64)
            length = np.linalg.norm(points, axis=1, keepdims=True)
            return Half(points / np.maximum(length, 1e-12), features)
        return Half(unit_rows((values @ features).tocsr().astype(np.float64)), features)

    def columns(self, targets: csr_matrix) -> np.ndarray:
        """Return the scores of targets, each a mean over items: float64 (listeners, targets)."""
        wanted = targets @ self.items
        found = self.listeners @ wanted.T
        return np.asarray(found if isinstance(found, np.ndarray) else found.toarray(), np.float64)


def alike(features: csr_matrix, items: np.ndarray, known: np.ndarray) -> csr_matrix:
    """Return how far each of `known` stands in for each of `items` by content, by squared cosine.

    CSR (items, known), the `NEAR` nearest of each. Squares, as many things are a little alike.
    """
    near = strongest((features[items] @ features[known].T).tocsr(), NEAR)
    near.data = np.maximum(near.data, 0.0) ** 2
    return near


def mean_rows(weights: csr_matrix) -> csr_matrix:
    """Return rows that sum to 1; empty rows stay empty."""
    total = np.asarray(weights.sum(axis=1)).ravel()
    row = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    found = weights.astype(np.float64)
    found.data = found.data / np.maximum(total, 1e-12)[row]
    return found
