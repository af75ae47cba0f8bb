"""Item kNN: items whose listeners are the same people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.model import ItemWeights, binary, listeners_of, strongest

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class ItemKNN:
    """Cosine between the columns of who played what.

    Attributes
    ----------
    neighbours : items that speak for an item. shrink : listeners added to the denominator, so that
        two items with one common listener are not the same item.

    Source: Sarwar et al. 2001; the shrunk cosine is Bell and Koren's (2007).
    """

    neighbours: int = 100
    shrink: float = 5.0

    def fit(self, interactions: csr_matrix) -> ItemWeights:
        """Return for each item its nearest items."""
        played = binary(interactions)
        both = (played.T @ played).tocsr()
        both.setdiag(0)
        both.eliminate_zeros()
        length = np.sqrt(listeners_of(played))
        row = np.repeat(np.arange(both.shape[0]), np.diff(both.indptr))
        both.data /= length[row] * length[both.indices] + self.shrink
        # Cosine is symmetric: the strongest of a row are those that speak for that item.
        return ItemWeights(strongest(both, self.neighbours).T.tocsr())
