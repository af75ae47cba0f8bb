"""What a model may see and what it is asked: played pairs of listener and item in two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def split(interactions: csr_matrix, held: np.ndarray) -> tuple[csr_matrix, csr_matrix]:
    """Return the pairs to learn from and those held out.

    `held` is a Boolean for each stored pair, in the order of `interactions.data`.
    """
    return _only(interactions, ~held), _only(interactions, held)


def folds(pairs: int, count: int, *, seed: int = 0) -> np.ndarray:
    """Return the fold of each pair, int64 (pairs,): `count` parts of one size."""
    return np.random.default_rng([seed, pairs]).permutation(pairs) % count


def later(first_day: np.ndarray, share: float = 0.2) -> np.ndarray:
    """Return which pairs are held out by time: those first played on the last days, Boolean.

    One day for everybody, so that nothing learnt from is younger than anything asked. The day is
    the first after which no more than `share` of the pairs began.
    """
    days, begun = np.unique(first_day, return_counts=True)
    from_here = np.cumsum(begun[::-1])[::-1]
    enough = np.flatnonzero(from_here <= share * len(first_day))
    if not len(enough):
        return np.zeros(len(first_day), dtype=bool)
    return first_day >= days[enough[0]]


def _only(interactions: csr_matrix, wanted: np.ndarray) -> csr_matrix:
    from scipy.sparse import csr_matrix

    row = np.repeat(np.arange(interactions.shape[0]), np.diff(interactions.indptr))
    count = np.bincount(row[wanted], minlength=interactions.shape[0])
    ends = np.concatenate([[0], np.cumsum(count)])
    cells = (interactions.data[wanted], interactions.indices[wanted], ends)
    return csr_matrix(cells, interactions.shape)
