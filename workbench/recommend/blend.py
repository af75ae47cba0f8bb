"""The hybrid: several models, each on one scale, added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.model import Model, Scorer

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

    parts: tuple[tuple[Scorer, float], ...]

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return the weighted sum of standard scores: float32 (rows, items)."""
        return sum(weight * standardised(part.scores(rows)) for part, weight in self.parts)


def standardised(scores: np.ndarray) -> np.ndarray:
    """Return each row less its mean, over its standard deviation; flat rows are 0."""
    centred = scores - scores.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", centred, centred) / centred.shape[1])
    centred /= np.where(spread > 0, spread, np.inf)[:, None].astype(np.float32)
    return centred
