"""ALS on implicit feedback: listeners and items as points of one space, for any size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


CELLS = 20_000  # plays of the profiles that are solved at a time


@dataclass(frozen=True)
class ALS:
    """Weighted least squares in turn for listeners and items.

    Attributes
    ----------
    factors : dimensions. confidence : weight of a play of 1 against 1 for every pair that was
        not played (`alpha` of the library, whose own 1 makes the two alike and ruins binary data).
    ridge : penalty. rounds : passes over both sides. seed : of the start.

    Source: Hu, Koren and Volinsky 2008; fitted by the library `implicit`.
    """

    factors: int = 64
    confidence: float = 20.0
    ridge: float = 20.0
    rounds: int = 10
    seed: int = 0

    def fit(self, interactions: csr_matrix) -> Factors:
        """Return the points of the items."""
        from implicit.cpu.als import AlternatingLeastSquares
        from threadpoolctl import threadpool_limits

        # One thread: the order of a parallel sum would reach the fit.
        with threadpool_limits(1, "blas"):
            model = AlternatingLeastSquares(
                self.factors, self.ridge, self.confidence, iterations=self.rounds,
                num_threads=1, random_state=self.seed,
            )  # fmt: skip
            model.fit(interactions.astype(np.float32), show_progress=False)
        return Factors(model.item_factors, self.confidence, self.ridge)


@dataclass(frozen=True, eq=False)
class Factors:
    """Points of the items, float32 (items, factors); a profile's point is solved from its items."""

    items: np.ndarray
    confidence: float
    ridge: float

    def points(self, rows: csr_matrix) -> np.ndarray:
        """Return the point of each profile, float32 (rows, factors).

        What the last half round of the fit would give: (Y'Y + Y'(C - 1)Y + ridge)^-1 Y'C.
        """
        whole = self.items.T @ self.items
        whole[np.diag_indices(len(whole))] += self.ridge
        found = np.zeros((rows.shape[0], self.items.shape[1]), np.float32)
        length = np.diff(rows.indptr)
        order = np.argsort(length, kind="stable")  # equally long ones together, or nearly
        order = order[length[order] > 0]
        while len(order):
            # backwards, so that the first one taken is the longest
            batch = order[-max(CELLS // int(length[order[-1]]), 1) :]
            order = order[: -len(batch)]
            cell = np.arange(length[batch[-1]])
            there = cell < length[batch, None]
            cell = np.where(there, rows.indptr[batch, None] + cell, 0)
            weight = np.where(there, self.confidence * rows.data[cell], 0).astype(np.float32)
            own = self.items[rows.indices[cell]]
            more = own * np.where(there, self._more(rows.data[cell]), 0)[:, :, None]
            left, right = whole + more.swapaxes(1, 2) @ own, own.swapaxes(1, 2) @ weight[:, :, None]
            found[batch] = np.linalg.solve(left, right)[:, :, 0]
        return found

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return float32 (rows, items)."""
        return self.points(rows) @ self.items.T

    def said_by(self, row: csr_matrix, items: np.ndarray) -> np.ndarray:
        """Return what each item of the profile adds to the scores of `items`.

        The point is a solved sum over the profile's items, so that each has its term.
        Source: Hu, Koren and Volinsky 2008, section 5.
        """
        own = self.items[row.indices].astype(np.float64)
        whole = self.items.T @ self.items + self.ridge * np.eye(self.items.shape[1])
        whole = whole + (own.T * self._more(row.data)) @ own
        weight = self.confidence * row.data
        return weight[:, None] * (own @ np.linalg.solve(whole, self.items[items].T))

    def _more(self, played: np.ndarray) -> np.ndarray:
        """Return by how much a pair weighs more than one that was not played.

        A value below 1 is the share of a group that played it, and weighs as their mean.
        """
        return self.confidence * played - np.minimum(played, 1)
