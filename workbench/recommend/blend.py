"""The hybrid: several models, each on one scale, added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.model import Explained, Model

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Blend:
    """Models with weights.

    Attributes
    ----------
    parts : pairs of a model and its weight.
    """

    parts: tuple[tuple[Model, float], ...]

    def fit(self, interactions: csr_matrix) -> Blended:
        """Return every part fitted on the same interactions."""
        return Blended(tuple((model.fit(interactions), weight) for model, weight in self.parts))


@dataclass(frozen=True, eq=False)
class Blended:
    """Fitted models with weights."""

    parts: tuple[tuple[Explained, float], ...]

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return the weighted sum of standard scores: float32 (rows, items)."""
        return sum(weight * standardised(part.scores(rows)) for part, weight in self.parts)

    def said_by(self, row: csr_matrix, items: np.ndarray) -> np.ndarray:
        """Return what each item of one profile adds to the scores of `items`.

        Each part's own sums over its spread, weighted; the means that standard scores take off
        are the same for all items and are nobody's.
        """
        found = np.zeros((row.nnz, len(items)))
        for part, weight in self.parts:
            spread = part.scores(row).std()
            if weight and spread > 0:
                found += weight / spread * part.said_by(row, items)
        return found


def standardised(scores: np.ndarray) -> np.ndarray:
    """Return each row less its mean, over its standard deviation; flat rows are 0."""
    centred = scores - scores.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", centred, centred) / centred.shape[1])
    centred /= np.where(spread > 0, spread, np.inf)[:, None].astype(np.float32)
    return centred
