"""What is on offer to listeners: songs that are out, each by its days on offer and its age.

Demand can be seen only of what could be played. A song of eleven months had eleven months to be
played in, and a new one is played more by the day whatever it says; both are taken off before the
moods that listeners play are held against the moods that are there.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.errors import NotEnoughEvidence
from workbench.listening.streams import is_stream

if TYPE_CHECKING:
    from workbench.dataset import View

# Days since release at which a new band of age begins; within a band all days weigh the same.
BANDS = (0, 28, 91, 366)
ROUNDS = 25
TO_COME = ("planned", "demo")


def songs(
    label: View, leads: pl.DataFrame, until: datetime.date
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Return the songs that are out, those planned, and how many are planned at all.

    Parameters
    ----------
    leads : track_id | mood of the scored songs. until : the last day.

    Returns
    -------
    track_id | artist_id | release_date | status | mood: out, then planned; sorted by artist, track.

    Raises
    ------
    NotEnoughEvidence
        No song that is out has a scored lyric.
    """
    columns = ("track_id", "artist_id", "release_date", "status")
    tracks = label.scan("tracks").select(columns).collect()
    scored = tracks.join(leads, on="track_id").sort("artist_id", "track_id")
    out = scored.filter(~to_come(until))
    if out.is_empty():
        raise NotEnoughEvidence("No song that is out has a scored lyric, so no mood is on offer.")
    return out, scored.filter(to_come(until)), tracks.filter(to_come(until)).height


def recent(label: View, since: datetime.date) -> pl.LazyFrame:
    """Return the streams since a day: listener_id | track_id | played_at."""
    # A bound on the column itself lets whole months of files be skipped.
    midnight = datetime.datetime.combine(since, datetime.time(), datetime.UTC)
    streams = label.scan("plays").filter(is_stream() & (pl.col("played_at") >= midnight))
    return streams.select("listener_id", "track_id", "played_at")


def weighted(
    plays: pl.LazyFrame, out: pl.DataFrame, since: datetime.date, until: datetime.date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the songs with their weight on offer, and the rates by age.

    Returns
    -------
    song (0, 1, ...) | the columns of `out` | weight (days on offer, each at the rate of its age);
    days (since release, from) | rate
    """
    numbered = out.with_row_index("song").with_columns(pl.col("song").cast(pl.Int64))
    days = days_by_age(out["release_date"], since, until)
    artist = out["artist_id"].rank("dense").to_numpy().astype(np.int64) - 1
    rates = age_rates(streams_by_age(plays, numbered), days, artist)
    offer = numbered.with_columns(pl.Series("weight", days @ rates))
    return offer, pl.DataFrame({"days": BANDS, "rate": rates})


def to_come(until: datetime.date) -> pl.Expr:
    """Tell whether a track is planned: by its status, or released after the last day."""
    return pl.col("status").is_in(TO_COME).fill_null(False) | (
        pl.col("release_date") > until
    ).fill_null(False)


def days_by_age(released: pl.Series, since: datetime.date, until: datetime.date) -> np.ndarray:
    """Return how many days from `since` to `until` each song was on offer at each age.

    Parameters
    ----------
    released : days of release; null is taken for older than the last band's beginning.

    Returns
    -------
    float64 (songs, bands)
    """
    begin, end = (day.toordinal() for day in (since, until + datetime.timedelta(days=1)))
    old = begin - BANDS[-1]
    out = np.array([old if day is None else day.toordinal() for day in released.to_list()])
    edges = out[:, None] + np.array([*BANDS, 10**7])
    return np.diff(np.clip(edges, begin, end), axis=1).astype(np.float64)


def age_rates(streams: np.ndarray, days: np.ndarray, artist: np.ndarray) -> np.ndarray:
    """Return how much a day at each age is played, against the artist's own days: (bands,).

    streams_jb is taken as size of the artist x rate of the band x days_jb, fitted by iterative
    proportional scaling (Deming and Stephan 1940); the mean over the days on offer is 1. A band
    without days or without streams of its own keeps 1.

    Parameters
    ----------
    streams, days : of each song at each age, (songs, bands). artist : number of each song's artist.
    """
    rates = np.ones(days.shape[1])
    by_artist = np.bincount(artist, streams.sum(axis=1))
    for _ in range(ROUNDS):
        room = np.bincount(artist, days @ rates)
        size = np.divide(by_artist, room, out=np.zeros_like(by_artist), where=room > 0)
        expected = size[artist] @ days
        seen = streams.sum(axis=0)
        fitted = np.divide(seen, expected, out=np.ones_like(rates), where=expected > 0)
        rates = np.where(fitted > 0, fitted, 1.0)
        rates /= max((days @ rates).sum() / max(days.sum(), 1.0), 1e-12)
    return rates


def streams_by_age(plays: pl.LazyFrame, songs: pl.DataFrame) -> np.ndarray:
    """Return the streams of each song at each age: (songs, bands).

    Parameters
    ----------
    plays : streams of the period. songs : song (0, 1, ...) | track_id | release_date.
    """
    age = (pl.col("day") - pl.col("release_date")).dt.total_days().fill_null(BANDS[-1])
    band = pl.sum_horizontal((age >= edge).cast(pl.Int64) for edge in BANDS[1:])
    counted = (
        plays.group_by("track_id", pl.col("played_at").dt.date().alias("day"))
        .agg(pl.len().alias("streams"))
        .join(songs.lazy().select("song", "track_id", "release_date"), on="track_id")
        .group_by("song", band.alias("band"))
        .agg(pl.col("streams").sum())
        .collect(engine="streaming")
    )
    table = np.zeros((songs.height, len(BANDS)))
    table[counted["song"].to_numpy(), counted["band"].to_numpy()] = counted["streams"].to_numpy()
    return table
