"""How much each part of a blend counts: chosen on pairs that no part was fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend.blend import standardised
from workbench.recommend.metrics import hits, ndcg
from workbench.recommend.ranking import largest, without

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

OFFERED = (0.0, 0.15, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0)
ROUNDS = 2
PLACES = 10
DEEP = 100  # of each part: what stands lower in all of them leads no blend


def gain(scores: np.ndarray, known: csr_matrix, held_out: csr_matrix) -> float:
    """Return the mean NDCG@10 of scores (rows, items) on what was held out; known ones excluded."""
    return float(gains(scores, known, held_out).mean())


def gains(scores: np.ndarray, known: csr_matrix, held_out: csr_matrix) -> np.ndarray:
    """Return the NDCG@10 of each row that something was held out of, as `gain` means them."""
    relevant = np.diff(held_out.indptr)
    asked = np.flatnonzero(relevant)
    lists = largest(without(scores[asked], known[asked]), PLACES)
    return ndcg(hits(lists, held_out[asked]), relevant[asked])


def weights(
    parts: Sequence[np.ndarray], known: csr_matrix, held_out: csr_matrix
) -> tuple[float, ...]:
    """Return the weight of each part's scores (rows, items) in the best blend; the first has 1.

    One weight at a time over `OFFERED`, `ROUNDS` times round; of equal gains the smaller weight.
    """
    relevant = np.diff(held_out.indptr)
    asked = np.flatnonzero(relevant)
    relevant, held_out, known = relevant[asked], held_out[asked], known[asked]
    ready = [standardised(scores[asked]) for scores in parts]
    first = [largest(without(scores.copy(), known), DEEP) for scores in ready]
    leading = np.sort(np.concatenate(first, axis=1), axis=1)
    twice = np.zeros(leading.shape, dtype=bool)
    twice[:, 1:] = leading[:, 1:] == leading[:, :-1]
    found = hits(leading, held_out)
    ready = [np.take_along_axis(scores, leading, axis=1) for scores in ready]
    ready[0][twice | (leading < 0)] = -np.inf

    def gained(scores: np.ndarray) -> float:
        lists = largest(scores, PLACES)
        return ndcg(np.take_along_axis(found, lists, axis=1) & (lists >= 0), relevant).mean()

    chosen = [1.0] + [0.0] * (len(ready) - 1)
    for _ in range(ROUNDS):
        before = list(chosen)
        for place in range(1, len(ready)):
            gains = []
            for one in OFFERED:
                chosen[place] = one
                gains.append(gained(sum(w * s for w, s in zip(chosen, ready, strict=True))))
            chosen[place] = OFFERED[int(np.argmax(gains))]
        if chosen == before:
            break
    return tuple(chosen)
