"""EASE and its dropout variant: each item predicted from all others by one ridge regression.

Solved where it is smaller, over the items or over the listeners; the answer is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import BadInput
from workbench.recommend.model import ItemWeights, Scorer, listeners_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Ease:
    """Weights between items that rebuild each profile best, no item from itself.

    With P = (X'X + D)^-1 and D = ridge + dropout / (1 - dropout) x diag(X'X) the weights are
    I - P / diag(P). Dropout is what training on profiles with that share of items missing comes
    to; 0 is EASE.

    Attributes
    ----------
    ridge : penalty, on the scale of X'X. dropout : share, 0 to below 1.
    fewest : listeners below which an item is neither learnt from nor scored.

    Source: Steck 2019, Embarrassingly shallow autoencoders for sparse data; Steck 2020,
    Autoencoders that don't overfit towards the identity (EDLAE).
    """

    ridge: float = 100.0
    dropout: float = 0.5
    fewest: int = 2

    def fit(self, interactions: csr_matrix) -> Scorer:
        """Return the weights, or for fewer listeners than items what they are made of."""
        kept = np.flatnonzero(listeners_of(interactions) >= self.fewest)
        played = interactions[:, kept].astype(np.float32)
        squares = np.asarray(played.multiply(played).sum(axis=0)).ravel()
        penalty = (self.ridge + self.dropout / (1 - self.dropout) * squares).astype(np.float32)
        solved = _over_items if len(kept) <= played.shape[0] else _over_listeners
        return Among(solved(played, penalty), kept, interactions.shape[1])


@dataclass(frozen=True, eq=False)
class Among:
    """A model of some of the items: the others score 0, as an item that nothing speaks for.

    Attributes
    ----------
    inner : fitted on the items `kept`. items : of the catalogue.
    """

    inner: Scorer
    kept: np.ndarray
    items: int

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return float32 (rows, items)."""
        found = np.zeros((rows.shape[0], self.items), np.float32)
        found[:, self.kept] = self.inner.scores(rows[:, self.kept].astype(np.float32).tocsr())
        return found


@dataclass(frozen=True, eq=False)
class OverListeners:
    """The weights by the Woodbury identity, never written out: listeners x items is smaller.

    Attributes
    ----------
    played : X, CSR (listeners, items). penalty : D, float32 (items,).
    solved : (X D^-1 X' + 1)^-1 X D^-1, float32 (listeners, items). diagonal : of P, float32.
    """

    played: csr_matrix
    penalty: np.ndarray
    solved: np.ndarray
    diagonal: np.ndarray

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Return x - x P / diag(P) with x P = x D^-1 - (x D^-1 X') solved: float32."""
        light = rows.copy()
        light.data = rows.data / self.penalty[rows.indices]
        found = (light @ self.played.T).toarray() @ self.solved
        found /= self.diagonal
        row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        found[row, rows.indices] += rows.data - light.data / self.diagonal[rows.indices]
        return found


def _over_items(played: csr_matrix, penalty: np.ndarray) -> ItemWeights:
    gram = (played.T @ played).toarray().astype(np.float64)
    gram[np.diag_indices(len(gram))] += penalty
    weights = _inverse(gram)
    weights /= -np.diag(weights)
    weights[np.diag_indices(len(weights))] = 0.0
    return ItemWeights(weights.astype(np.float32))


def _over_listeners(played: csr_matrix, penalty: np.ndarray) -> OverListeners:
    light = played.copy()
    light.data = played.data / penalty[played.indices]
    inner = (light @ played.T).toarray().astype(np.float64)
    inner[np.diag_indices(len(inner))] += 1.0
    solved = _inverse(inner).astype(np.float32) @ light
    row = np.repeat(np.arange(played.shape[0]), np.diff(played.indptr))
    shared = light.data * solved[row, played.indices]
    diagonal = 1.0 / penalty - np.bincount(played.indices, shared, minlength=len(penalty))
    return OverListeners(played, penalty, solved, diagonal.astype(np.float32))


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """Return the inverse of a symmetric positive definite matrix, in half the time of any."""
    from scipy.linalg import lapack

    factor, failed = lapack.dpotrf(matrix, lower=1, overwrite_a=1)
    inverse, singular = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if failed or singular:
        raise BadInput("The ridge is too small for these plays; take a larger one.")
    lower = np.tril(inverse, -1)
    return lower + lower.T + np.diag(np.diag(inverse))
