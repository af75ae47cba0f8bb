"""ALS on implicit feedback: listeners and items as points of one space, for any size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


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
        for i in np.flatnonzero(np.diff(rows.indptr)):
            cells = slice(rows.indptr[i], rows.indptr[i + 1])
            weight = (self.confidence * rows.data[cells]).astype(np.float32)
            own = self.items[rows.indices[cells]]
            found[i] = np.linalg.solve(whole + (own.T * (weight - 1)) @ own, weight @ own)
        return found

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return float32 (rows, items)."""
        return self.points(rows) @ self.items.T
