"""What a listener's plays are worth: by their place among the listener's own, not by their number.

A listener with a million plays, or a bot, weighs as much as anybody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SPREAD = 2.0


def by_place(counts: csr_matrix, *, spread: float = SPREAD) -> csr_matrix:
    """Return 1 + `spread` x share of the listener's items played no more than this one, float32.

    Equal counts share the mean of their places; a listener's only item has the full weight.
    `spread` 0 is binary data.
    """
    from scipy.sparse import csr_matrix

    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    cells = pl.DataFrame({"row": row, "count": counts.data})
    place = cells.select(pl.col("count").rank("average").over("row")).to_series().to_numpy()
    share = place / np.diff(counts.indptr)[row]
    values = (1.0 + spread * share).astype(np.float32)
    return csr_matrix((values, counts.indices, counts.indptr), counts.shape)
