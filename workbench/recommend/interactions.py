"""Who played which song: the one matrix that all models learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.numbered import numbered
from workbench.audience.profiles import added, source
from workbench.listening.streams import is_stream

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import Dataset, View


@dataclass(frozen=True, eq=False)
class Interactions:
    """Streams of listeners by song.

    Attributes
    ----------
    counts : streams, CSR int64 (listeners, tracks). listeners, tracks : ids of rows and columns,
        sorted; the whole catalogue, also songs that nobody has heard.
    first_day : of each pair, days since 1970, in the order of `counts.data`; None without times.
    """

    counts: csr_matrix
    listeners: pl.Series
    tracks: pl.Series
    first_day: np.ndarray | None


def interactions(label: Dataset | View) -> Interactions:
    """Return who streamed what (30 s or more); reads tracks and plays, else listening_counts.

    Raises
    ------
    MissingTable
        The label has no table of who listened to what.
    """
    tracks = label.scan("tracks").select("track_id").sort("track_id").collect()["track_id"]
    column = pl.DataFrame({"track_id": tracks}).with_row_index("column").lazy()
    if source(label) == "plays":
        day = pl.col("played_at").dt.date().to_physical()
        pairs = (
            label.scan("plays")
            .filter(is_stream())
            .group_by("listener_id", "track_id")
            .agg(pl.len().cast(pl.Int64).alias("streams"), day.min().alias("day"))
        )
    else:
        counts = label.scan("listening_counts")
        heard = counts.filter((pl.col("entity") == "track") & (pl.col("plays") > 0))
        pairs = heard.select(
            "listener_id", pl.col("entity_id").alias("track_id"), pl.col("plays").alias("streams")
        )
    rows = pairs.join(column, on="track_id").drop("track_id")
    rows = rows.collect(engine="streaming").sort("listener_id", "column")
    row, listeners = numbered(rows["listener_id"])
    shape = (len(listeners), len(tracks))
    counts = added(row, rows["column"].to_numpy(), rows["streams"].to_numpy(), shape)
    first_day = rows["day"].to_numpy().astype(np.int64) if "day" in rows.columns else None
    return Interactions(counts, listeners, tracks, first_day)
