"""Listener profiles: how much each listener plays each artist, as one sparse matrix.

Plays are discounted by age where times exist, log-scaled so that one obsession does not drown a
taste, and weighted by inverse document frequency so that the artists everybody plays say little
about anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.numbered import numbered
from workbench.errors import MissingTable
from workbench.listening.streams import is_stream

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import Dataset, View

HALF_LIFE_DAYS = 730.0
BILLION = 10**9


@dataclass(frozen=True, eq=False)
class Profiles:
    """Listeners as weights over artists.

    Attributes
    ----------
    matrix : CSR (listeners, artists), float32: log plays times idf.
    listeners, artists : ids of rows and columns, sorted.
    streams : plays behind each row, undiscounted, int64. idf : weight of each artist, float64.
    """

    matrix: csr_matrix
    listeners: pl.Series
    artists: pl.Series
    streams: np.ndarray
    idf: np.ndarray


def source(label: Dataset | View) -> str:
    """Return the table that says who listened to what: "plays", else "listening_counts".

    Raises
    ------
    MissingTable
        Neither has rows.
    """
    for name in ("plays", "listening_counts"):
        if label.has(name):
            return name
    raise MissingTable(
        "plays",
        "This needs who listened to what. Import a Spotify history, ListenBrainz, or any table "
        "with listener, track and time (or listener, artist and number of plays). With totals "
        "only, Listener tiers already answers.",
    )


def counted(label: Dataset | View) -> pl.LazyFrame:
    """Return listener_id, artist_id, streams of the whole label, one stream or more a row."""
    if source(label) == "plays":
        return listened(label.scan("plays"), label.scan("tracks"))
    counts = label.scan("listening_counts").filter(pl.col("plays") > 0)
    of_artists = counts.filter(pl.col("entity") == "artist").select(
        "listener_id", pl.col("entity_id").alias("artist_id"), pl.col("plays").alias("streams")
    )
    of_tracks = (
        counts.filter(pl.col("entity") == "track")
        .join(
            label.scan("tracks").select("track_id", "artist_id"),
            left_on="entity_id",
            right_on="track_id",
        )
        .group_by("listener_id", "artist_id")
        .agg(pl.col("plays").sum().alias("streams"))
    )
    # A source that counts both would count every play twice: its artist rows are the wider ones.
    both = of_tracks.join(of_artists, on=["listener_id", "artist_id"], how="anti")
    return pl.concat([of_artists, both.select(of_artists.collect_schema().names())])


def listened(plays: pl.LazyFrame, tracks: pl.LazyFrame) -> pl.LazyFrame:
    """Return listener_id, artist_id, streams from plays (30 s or more)."""
    per_track = (
        plays.filter(is_stream()).group_by("listener_id", "track_id").agg(pl.len().alias("streams"))
    )
    return (
        per_track.join(tracks.select("track_id", "artist_id"), on="track_id")
        .group_by("listener_id", "artist_id")
        .agg(pl.col("streams").sum().cast(pl.Int64))
    )


def discounted(
    plays: pl.LazyFrame, tracks: pl.LazyFrame, half_life_days: float = HALF_LIFE_DAYS
) -> Profiles:
    """Return the profiles of plays (30 s or more), streams discounted by age.

    A stream counts half for every `half_life_days` of age. Age is counted in whole days before
    the newest play of the table.
    """
    day = pl.col("played_at").dt.date().to_physical()
    newest = plays.select(day.max()).collect().item() or 0
    rows, artists = streamed(plays, tracks, "artist_id", day.alias("day"))
    row, listeners = numbered(rows["listener_id"])
    # In whole billionths: sums of integers do not depend on the order of a parallel reading.
    age = newest - rows["day"].to_numpy().astype(np.int64)
    worth = np.rint(BILLION * 0.5 ** (np.arange(age.max(initial=0) + 1) / half_life_days))
    shape = (len(listeners), len(artists))
    summed = added(row, rows["key"].to_numpy(), worth.astype(np.int64)[age], shape)
    streams = np.bincount(row, minlength=len(listeners))
    return _profiles(summed, summed.data / BILLION, listeners, artists, streams)


def streamed(
    plays: pl.LazyFrame, tracks: pl.LazyFrame, key: str, *more: pl.Expr
) -> tuple[pl.DataFrame, pl.Series]:
    """Return one row a stream, and the sorted values of a column of tracks that have streams.

    Returns
    -------
    listener_id | key (place among the values) | what `more` asks for; streams of tracks that have
    no value are left out.
    """
    owner = tracks.select("track_id", pl.col(key).alias("value")).drop_nulls().collect()
    names = owner["value"].unique().sort()
    place = names.to_frame().with_row_index("key")
    known = owner.join(place, on="value").select("track_id", "key").lazy()
    rows = (
        plays.filter(is_stream())
        .join(known, on="track_id")
        .select("listener_id", "key", *more)
        .collect(engine="streaming")
    )
    held = np.bincount(rows["key"].to_numpy(), minlength=len(names)) > 0
    fewer = pl.Series(np.cumsum(held) - 1).gather(rows["key"])
    return rows.with_columns(fewer.alias("key")), names.filter(pl.Series(held))


def added(rows: np.ndarray, columns: np.ndarray, values: np.ndarray, shape) -> csr_matrix:
    """Return the CSR of (row, column, value), equal cells summed, columns of a row in order."""
    from scipy.sparse import coo_matrix

    cells = (values, (rows.astype(np.int32), columns.astype(np.int32)))
    summed = coo_matrix(cells, shape=shape).tocsr()
    summed.sort_indices()
    return summed


def profiles(label: Dataset | View, *, half_life_days: float = HALF_LIFE_DAYS) -> Profiles:
    """Return the profiles of all listeners; reads plays and tracks, else listening_counts.

    Raises
    ------
    MissingTable
        The label has no table of who listened to what.
    """
    if source(label) == "plays":
        return discounted(label.scan("plays"), label.scan("tracks"), half_life_days)
    weight = pl.col("streams").cast(pl.Float64).alias("weight")
    return profile_matrix(counted(label).with_columns(weight).collect())


def profile_matrix(weights: pl.DataFrame) -> Profiles:
    """Return the profiles of a frame (listener_id, artist_id, streams, weight).

    A cell is log(1 + weight) x log((1 + listeners) / (1 + listeners of the artist)) + the same
    log: the smoothed idf never reaches zero, so a listener of one famous artist keeps a profile.
    Rows and columns stand in id order and the values are rounded to float32, so that the order of
    a parallel sum cannot reach the seeded fit.
    """
    weights = weights.sort("listener_id", "artist_id")
    row, listeners = numbered(weights["listener_id"])
    column, artists = numbered(weights["artist_id"])
    shape = (len(listeners), len(artists))
    cells = added(row, column, weights["weight"].to_numpy(), shape)
    streams = np.bincount(row, weights=weights["streams"].to_numpy(), minlength=len(listeners))
    return _profiles(cells, cells.data, listeners, artists, streams.astype(np.int64))


def _profiles(cells: csr_matrix, weight, listeners, artists, streams) -> Profiles:
    from scipy.sparse import csr_matrix

    document_frequency = np.bincount(cells.indices, minlength=len(artists))
    idf = np.log((1 + len(listeners)) / (1 + document_frequency)) + 1.0
    values = (np.log1p(weight) * idf[cells.indices]).astype(np.float32)
    matrix = csr_matrix((values, cells.indices, cells.indptr), shape=cells.shape)
    return Profiles(matrix, listeners, artists, streams, idf)
