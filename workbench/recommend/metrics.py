"""How good a list is: one number per listener, over the whole catalogue and nothing sampled.

`hits` is Boolean (listeners, k): whether the item at each place was held out from that listener.
`relevant` is int64 (listeners,): how many items were held out, also those that no model can know.
Listeners with none are left out before. A list shorter than k counts its empty places as misses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

HEAD = 0.2  # share of the catalogue, the most played, that is not the tail


def hits(lists: np.ndarray, held_out: csr_matrix) -> np.ndarray:
    """Return whether each recommended item was held out, Boolean (listeners, k)."""
    items = held_out.shape[1]
    row = np.repeat(np.arange(held_out.shape[0]), np.diff(held_out.indptr))
    keys = np.arange(len(lists))[:, None] * items + lists
    return np.isin(keys, row * items + held_out.indices) & (lists >= 0)


def precision(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Return hits / k."""
    return hits.mean(axis=1)


def recall(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Return hits / held out; the divisor is all held out, not the smaller of that and k."""
    return hits.sum(axis=1) / relevant


def ndcg(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Return the sum of 1 / log2(1 + place) over hits, over that of the best list possible.

    The best list has min(k, held out) hits in front. Source: Järvelin and Kekäläinen 2002.
    """
    worth = 1.0 / np.log2(np.arange(2, hits.shape[1] + 2))
    ideal = np.concatenate([[0.0], np.cumsum(worth)])[np.minimum(relevant, hits.shape[1])]
    return hits @ worth / ideal


def average_precision(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Return the sum of the precision at each hit, over held out; its mean is MAP.

    The divisor is all held out, as in trec_eval.
    """
    place = np.arange(1, hits.shape[1] + 1)
    return (hits * np.cumsum(hits, axis=1) / place).sum(axis=1) / relevant


def reciprocal_rank(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Return 1 / place of the first hit, 0 without one; its mean is MRR."""
    return np.where(hits.any(axis=1), 1.0 / (1 + hits.argmax(axis=1)), 0.0)


ACCURACY = {
    "ndcg": ndcg,
    "recall": recall,
    "precision": precision,
    "map": average_precision,
    "mrr": reciprocal_rank,
}


def coverage(lists: np.ndarray, items: int) -> float:
    """Return the share of the catalogue that stands in at least one list."""
    return len(np.unique(lists[lists >= 0])) / items


def novelty(lists: np.ndarray, listeners: np.ndarray, people: int) -> np.ndarray:
    """Return the mean of -log2(share of the listeners who have the item), bits.

    An item that nobody has counts as one that a single listener has.
    Source: Vargas and Castells 2011 (popularity complement, self-information).
    """
    surprise = -np.log2(np.maximum(listeners, 1) / people)
    return _mean_of(surprise, lists)


def diversity(lists: np.ndarray, features: csr_matrix) -> np.ndarray:
    """Return the mean of 1 - cosine over the pairs of a list; features (items, f) of length 1.

    Source: Smyth and McClave 2001 (intra-list diversity).
    """
    from scipy.sparse import csr_matrix

    there = lists >= 0
    size = there.sum(axis=1)
    ends = np.concatenate([[0], np.cumsum(size)])
    chosen = csr_matrix((np.ones(ends[-1]), lists[there], ends), (len(lists), features.shape[0]))
    own = features.multiply(features)
    # the cosines of all pairs: the sum's squared length less those of the items with themselves
    sums = chosen @ features
    alike = np.asarray(sums.multiply(sums).sum(axis=1) - (chosen @ own).sum(axis=1)).ravel()
    pairs = size * (size - 1)
    return np.where(pairs > 0, 1.0 - alike / np.maximum(pairs, 1), np.nan)


def popularity_lift(lists: np.ndarray, profiles: csr_matrix, listeners: np.ndarray) -> np.ndarray:
    """Return mean listeners of the recommended items / of the items the listener has, less 1.

    0 keeps a listener's taste for the famous, 1 doubles it.
    Source: Abdollahpouri, Mansoury, Burke and Mobasher 2019.
    """
    row = np.repeat(np.arange(profiles.shape[0]), np.diff(profiles.indptr))
    fame = np.bincount(row, listeners[profiles.indices], minlength=profiles.shape[0])
    own = fame / np.maximum(np.diff(profiles.indptr), 1)
    return np.where(own > 0, _mean_of(listeners, lists) / np.maximum(own, 1e-12) - 1.0, np.nan)


def tail(listeners: np.ndarray) -> np.ndarray:
    """Return which items are outside the most played fifth of those ever played, Boolean (items,).

    Of equally played items those that stand first count as more played.
    """
    order = np.argsort(-listeners, kind="stable")
    front = np.zeros(len(listeners), dtype=bool)
    front[order[: int(np.ceil(HEAD * (listeners > 0).sum()))]] = True
    return ~front


def _mean_of(values: np.ndarray, lists: np.ndarray) -> np.ndarray:
    there = lists >= 0
    return np.where(there, values[lists], 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
