"""What every recommender is: fitted on who played what, it scores all items for any profile.

To add one: a file with a frozen dataclass of its parameters and a `fit`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


class Scorer(Protocol):
    """A fitted model."""

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return float32 (rows, items), higher is better; scales differ from model to model.

        `rows` are profiles (rows, items), of listeners who were learnt from or of anybody else.
        """


class Explained(Scorer, Protocol):
    """A fitted model whose score is a sum over the items of the profile."""

    def said_by(self, row: csr_matrix, items: np.ndarray) -> np.ndarray:
        """Return what each item of one profile adds to the scores of `items`.

        float64 (items of the profile, in their order, len(items)); the columns sum to the scores.
        """


class Model(Protocol):
    """Parameters of a model, chosen before anything is seen."""

    def fit(self, interactions: csr_matrix) -> Scorer:
        """Return the model fitted on interactions (listeners, items), values above 0."""


@dataclass(frozen=True, eq=False)
class ItemWeights:
    """Scores as sums over the profile: what each item says for each other one.

    Attributes
    ----------
    weights : sparse or dense (items, items), row: the item of the profile, column: the scored one.
    """

    weights: csr_matrix | np.ndarray

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return float32 (rows, items)."""
        found = rows @ self.weights
        return _dense(found).astype(np.float32, copy=False)

    def said_by(self, row: csr_matrix, items: np.ndarray) -> np.ndarray:
        """Return what each item of the profile adds to the scores of `items`."""
        return row.data[:, None] * _dense(self.weights[row.indices][:, items])


def _dense(matrix: csr_matrix | np.ndarray) -> np.ndarray:
    return matrix if isinstance(matrix, np.ndarray) else matrix.toarray()


def binary(interactions: csr_matrix) -> csr_matrix:
    """Return 1 where something was played, float32, rows sorted."""
    from scipy.sparse import csr_matrix

    ones = np.ones(interactions.nnz, np.float32)
    return csr_matrix((ones, interactions.indices, interactions.indptr), interactions.shape)


def listeners_of(interactions: csr_matrix) -> np.ndarray:
    """Return how many listeners each item has, int64 (items,)."""
    return np.bincount(interactions.indices, minlength=interactions.shape[1])


def strongest(weights: csr_matrix, count: int) -> csr_matrix:
    """Return the `count` largest cells of each row; of equal ones those that stand first."""
    from scipy.sparse import csr_matrix

    row = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    order = np.lexsort((weights.indices, -weights.data, row))
    place = np.arange(weights.nnz) - weights.indptr[row]  # `order` keeps the rows where they were
    kept = np.sort(order[place < count])
    ends = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=weights.shape[0]))])
    return csr_matrix((weights.data[kept], weights.indices[kept], ends), weights.shape)
