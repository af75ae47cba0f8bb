"""Listener profiles: how much each listener plays each artist, as one sparse matrix.

Plays are discounted by age where times exist, log-scaled so that one obsession does not drown a
taste, and weighted by inverse document frequency so that the artists everybody plays say little
about anybody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.errors import MissingTable
from workbench.listening.streams import is_stream

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import Dataset, View

HALF_LIFE_DAYS = 730.0


@dataclass(frozen=True, eq=False)
class Profiles:
    """Listeners as weights over artists.

    Attributes
    ----------
    matrix : CSR (listeners, artists), float32: log plays times idf.
    listeners, artists : ids of rows and columns, sorted.
    streams : plays behind each row, undiscounted, int64.
    """

    matrix: csr_matrix
    listeners: pl.Series
    artists: pl.Series
    streams: np.ndarray


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


def discounted(plays: pl.LazyFrame, tracks: pl.LazyFrame, half_life_days: float) -> pl.LazyFrame:
    """Return listener_id, artist_id, streams, weight: streams discounted by age.

    A stream counts half for every `half_life_days` of age. Age is counted in whole days before
    the newest play of the table.
    """
    day = pl.col("played_at").dt.date()
    age = (pl.col("newest") - pl.col("day")).dt.total_days()
    newest = plays.select(day.max().alias("newest"))
    per_day = (
        plays.filter(is_stream())
        .group_by("listener_id", "track_id", day.alias("day"))
        .agg(pl.len().alias("streams"))
    )
    return (
        per_day.join(newest, how="cross")
        .with_columns(
            (pl.col("streams") * (-age * math.log(2) / half_life_days).exp()).alias("weight")
        )
        .join(tracks.select("track_id", "artist_id"), on="track_id")
        .group_by("listener_id", "artist_id")
        .agg(pl.col("streams").sum().cast(pl.Int64), pl.col("weight").sum())
    )


def profiles(label: Dataset | View, *, half_life_days: float = HALF_LIFE_DAYS) -> Profiles:
    """Return the profiles of all listeners; reads plays and tracks, else listening_counts.

    Raises
    ------
    MissingTable
        The label has no table of who listened to what.
    """
    if source(label) == "plays":
        weights = discounted(label.scan("plays"), label.scan("tracks"), half_life_days)
    else:
        weights = counted(label).with_columns(pl.col("streams").cast(pl.Float64).alias("weight"))
    return profile_matrix(weights.collect())


def profile_matrix(weights: pl.DataFrame) -> Profiles:
    """Return the profiles of a frame (listener_id, artist_id, streams, weight).

    A cell is log(1 + weight) x log((1 + listeners) / (1 + listeners of the artist)) + the same
    log: the smoothed idf never reaches zero, so a listener of one famous artist keeps a profile.
    Rows and columns stand in id order and the values are rounded to float32, so that the order of
    a parallel sum cannot reach the seeded fit.
    """
    from scipy.sparse import csr_matrix

    weights = weights.sort("listener_id", "artist_id")
    listeners = weights.get_column("listener_id").unique().sort()
    artists = weights.get_column("artist_id").unique().sort()
    rows = _positions(weights.get_column("listener_id"), listeners)
    columns = _positions(weights.get_column("artist_id"), artists)
    document_frequency = np.bincount(columns, minlength=len(artists))
    idf = np.log((1 + len(listeners)) / (1 + document_frequency)) + 1.0
    values = np.log1p(weights.get_column("weight").to_numpy()) * idf[columns]
    matrix = csr_matrix(
        (values.astype(np.float32), (rows, columns)), shape=(len(listeners), len(artists))
    )
    streams = np.bincount(rows, weights=weights.get_column("streams").to_numpy())
    return Profiles(matrix, listeners, artists, streams.astype(np.int64))


def _positions(values: pl.Series, index: pl.Series) -> np.ndarray:
    """Return where each value stands in the sorted index."""
    return index.search_sorted(values, side="left").to_numpy().astype(np.int64)
