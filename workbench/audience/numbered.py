"""Listeners by number: what is counted for hundreds of thousands must not hash their ids twice."""

from __future__ import annotations

import numpy as np
import polars as pl


def numbered(ids: pl.Series) -> tuple[np.ndarray, pl.Series]:
    """Return each row's place among the distinct ids, int64 (rows,), and these ids, sorted.

    A slice keeps the rows of one listener together, so that each such run is looked up once; rows
    in any other order give the same numbers, only later.
    """
    runs = ids.rle().struct.unnest()
    # Categories of their own: they go when the series does, and no other column shares them.
    names = runs["value"].cast(pl.Categorical(pl.Categories.random()))
    codes = names.to_physical().to_numpy().astype(np.int64)
    # Categories are numbered from 0 as they are met, so the last one written is the first one met.
    first = np.empty(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    known = runs["value"].gather(first)
    order = known.arg_sort().to_numpy()
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return np.repeat(place[codes], runs["len"].to_numpy()), known.gather(order)
