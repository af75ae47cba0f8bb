"""A release that nobody has heard: scored as its artist's other songs are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.model import Explained, Model, listeners_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, eq=False)
class OwnCatalogue:
    """A model, and for items without listeners the mean score of their owner's items.

    Attributes
    ----------
    model : of who played what. owner : of each item, int64 (items,), -1 for none.
    """

    model: Model
    owner: np.ndarray

    def fit(self, interactions: csr_matrix) -> WithPrior:
        """Return the model with what stands in for its blind spots."""
        return WithPrior(
            self.model.fit(interactions), stand_ins(listeners_of(interactions), self.owner)
        )


@dataclass(frozen=True, eq=False)
class WithPrior:
    """A fitted model, and CSR (items, items): whose mean each item is, a heard one its own."""

    inner: Explained
    sources: csr_matrix

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return float32 (rows, items)."""
        return (self.sources @ self.inner.scores(rows).T).T.astype(np.float32)

    def said_by(self, row: csr_matrix, items: np.ndarray) -> np.ndarray:
        """Return what each item of a profile adds to the scores of `items`."""
        return (self.sources[items] @ self.inner.said_by(row, np.arange(self.sources.shape[0])).T).T


def stand_ins(listeners: np.ndarray, owner: np.ndarray) -> csr_matrix:
    """Return rows of weights: 1 for a heard item itself, the mean over the owner's heard others.

    An unheard item whose owner has nothing heard stays as it is.
    """
    from scipy.sparse import csr_matrix

    heard = listeners > 0
    rows, columns, values = [], [], []
    for item in range(len(listeners)):
        own = np.array([item])
        if not heard[item] and owner[item] >= 0:
            others = np.flatnonzero(heard & (owner == owner[item]))
            own = others if len(others) else own
        rows.append(np.full(len(own), item))
        columns.append(own)
        values.append(np.full(len(own), 1.0 / len(own), np.float32))
    at = (np.concatenate(rows), np.concatenate(columns))
    return csr_matrix((np.concatenate(values), at), (len(listeners), len(listeners)))
