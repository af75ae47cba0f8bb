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
    codes = names.to_physical()
    known = pl.DataFrame({"code": codes, "id": names}).unique("code")
    known = known.with_columns(pl.col("id").cast(pl.String)).sort("id")
    place = np.empty(known.height, dtype=np.int64)
    place[known["code"].to_numpy()] = np.arange(known.height)
    return np.repeat(place[codes.to_numpy()], runs["len"].to_numpy()), known["id"]
