"""The best items of each profile, in batches: no matrix of all scores is ever held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.model import Scorer

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

CELLS = 8_000_000  # scores held at a time, 32 MB
WIDTH = 64  # items of a block


def best(
    scorer: Scorer, rows: csr_matrix, count: int, *, allowed: np.ndarray | None = None
) -> np.ndarray:
    """Return the `count` best items that each profile does not hold, best first: int64.

    `allowed` is a Boolean per item. -1 fills a row that has fewer items left. Of equal scores the
    item that stands first in the catalogue comes first.
    """
    items = rows.shape[1]
    found = np.full((rows.shape[0], count), -1, dtype=np.int64)
    step = max(CELLS // max(items, 1), 1)
    for start in range(0, rows.shape[0], step):
        batch = rows[start : start + step]
        scores = without(scorer.scores(batch), batch)
        if allowed is not None:
            scores[:, ~allowed] = -np.inf
        found[start : start + step, : min(count, items)] = largest(scores, count)
    return found


def without(scores: np.ndarray, known: csr_matrix) -> np.ndarray:
    """Return the scores (rows, items) with -infinity at the known items, changed in place."""
    scores[np.repeat(np.arange(len(scores)), np.diff(known.indptr)), known.indices] = -np.inf
    return scores


def largest(scores: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the `count` largest of each row, largest first; -1 for -infinity.

    Of equal scores the first place wins. The largest stand in the `count` blocks with the largest
    maxima, so that only those are looked at; a block is every so many-th place, which finds the
    maxima at the speed of memory.
    """
    rows, items = scores.shape
    count = min(count, items)
    blocks = -(-items // WIDTH)
    if blocks <= 2 * count:
        return _sorted_out(scores, count)
    whole = items // blocks * blocks
    top = scores[:, :whole].reshape(rows, -1, blocks).max(axis=1)
    rest = items - whole
    np.maximum(top[:, :rest], scores[:, whole:], out=top[:, :rest])
    chosen = np.argpartition(top, blocks - count, axis=1)[:, blocks - count :]
    places = (chosen[:, :, None] + blocks * np.arange(-(-items // blocks))).reshape(rows, -1)
    outside = places >= items
    places[outside] = 0
    values = np.take_along_axis(scores, places, axis=1)
    values[outside] = -np.inf
    last = values.shape[1] - count
    taken = np.argpartition(values, last, axis=1)[:, last:]
    found = np.take_along_axis(places, taken, axis=1)
    kept = np.take_along_axis(values, taken, axis=1)
    least = kept.min(axis=1, keepdims=True)
    order = np.lexsort((found, -kept), axis=1)
    found = np.take_along_axis(found, order, axis=1)
    found[np.take_along_axis(kept, order, axis=1) == -np.inf] = -1
    # Where the last score is also had by an item that was left out, all are looked at.
    tied = ((values >= least).sum(axis=1) > count) | ((top >= least).sum(axis=1) > count)
    if tied.any():
        found[tied] = _sorted_out(scores[tied], count)
    return found


def _sorted_out(scores: np.ndarray, count: int) -> np.ndarray:
    found = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    return np.where(np.take_along_axis(scores, found, axis=1) > -np.inf, found, -1)
