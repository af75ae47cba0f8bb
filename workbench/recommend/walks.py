"""RP3beta: a random walk of three steps over listeners and items, famous items held back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.model import ItemWeights, binary, listeners_of, strongest

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class RP3Beta:
    """Chance to come from an item over one of its listeners to another item.

    Attributes
    ----------
    alpha : exponent of the chances of a step. beta : exponent of an item's listeners by which its
        score is divided: 0 favours the famous. neighbours : items kept for each item.

    Source: Paudel, Christoffel, Newell and Bernstein 2016, Updatable, accurate, diverse, and
    scalable recommendations for interactive applications.
    """

    alpha: float = 1.0
    beta: float = 0.3
    neighbours: int = 200

    def fit(self, interactions: csr_matrix) -> ItemWeights:
        """Return the chances from item to item, the item itself left out."""
        played = binary(interactions)
        to_listener, to_item = _steps(played.T.tocsr()), _steps(played)
        for step in (to_listener, to_item):
            step.data **= self.alpha
        walked = (to_listener @ to_item).tocsr()
        walked.setdiag(0)
        walked.eliminate_zeros()
        fame = np.maximum(listeners_of(played), 1).astype(np.float32)
        walked.data *= fame[walked.indices] ** -self.beta
        return ItemWeights(strongest(walked, self.neighbours))


def _steps(played: csr_matrix) -> csr_matrix:
    """Return rows that sum to 1, float32."""
    count = np.diff(played.indptr)
    shares = played.copy()
    shares.data = np.repeat(1.0 / np.maximum(count, 1), count).astype(np.float32)
    return shares
