"""Weekly streams of every track and artist as one dense panel: what forecasts learn from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.errors import NotEnoughEvidence
from workbench.listening import streams
from workbench.listening.ahead import Weeks, endings, logs
from workbench.store.memory import memory

TRACK, ARTIST = "track ", "artist "  # what an id begins with


@dataclass(frozen=True, eq=False)
class Series:
    """Streams by week, Friday to Thursday.

    Attributes
    ----------
    ids : (“track …”, “artist …”), sorted. fridays : of the weeks. known : streams (ids, weeks), NaN
        where they are not known. last_day : those of the Thursday, NaN where days are not known.
        version : of the tables that they come from.
    """

    ids: pl.Series
    fridays: list[datetime.date]
    known: np.ndarray
    last_day: np.ndarray
    version: str

    @property
    def number(self) -> int:
        """Number of the first week since a fixed day: the season goes by it."""
        return self.fridays[0].toordinal() // 7

    @property
    def weeks(self) -> Weeks:
        """What forecasts look at."""
        return Weeks(logs(self.known), self.number, endings(self.known, self.last_day))


def series(label) -> Series:
    """Return the panel of a label, kept in memory.

    A series begins with its first row; where single plays are counted a later week without one
    is a week of none, elsewhere it is not known.

    Raises
    ------
    MissingTable, NotEnoughEvidence
        Nothing counts streams by day or week; no whole week of them.
    """
    if streams.source(label) is None:
        raise label.missing("daily_streams")
    version = label.version("tracks", "daily_streams", "plays", "window_totals")
    return memory.load(
        f"series:{version}", lambda: _made(label, version), lambda one: 2 * one.known.nbytes
    )


def _made(label, version: str) -> Series:
    rows = (
        streams.weekly(label)
        .group_by("track_id", "week")
        .agg(pl.col("streams").sum(), streams.total("last_day"))
    )
    owned = rows.join(label.scan("tracks").select("track_id", "artist_id"), on="track_id")
    both = [
        rows.select(pl.format(TRACK + "{}", "track_id").alias("id"), "week", "streams", "last_day"),
        owned.drop_nulls("artist_id")
        .group_by(pl.format(ARTIST + "{}", "artist_id").alias("id"), "week")
        .agg(pl.col("streams").sum(), streams.total("last_day")),
    ]
    frame = pl.concat(both).drop_nulls("streams").collect().sort("id", "week")
    if frame.is_empty():
        raise NotEnoughEvidence("No whole week of streams is known.")
    ids = frame["id"].unique().sort()
    first, last = frame["week"].min(), frame["week"].max()
    count = (last - first).days // 7 + 1
    known = np.full((len(ids), count), np.nan)
    at = ((frame["week"] - first).dt.total_days() // 7).to_numpy()
    row = frame["id"].replace_strict(ids, range(len(ids)), return_dtype=pl.Int64).to_numpy()
    known[row, at] = frame["streams"].to_numpy()
    last_day = np.full_like(known, np.nan)
    last_day[row, at] = frame["last_day"].to_numpy()
    if streams.source(label) == "plays":
        begun = np.maximum.accumulate(np.isfinite(known), axis=1)
        known[begun & np.isnan(known)] = 0.0
        last_day[begun & np.isnan(last_day)] = 0.0
    fridays = [first + datetime.timedelta(weeks=k) for k in range(count)]
    return Series(ids, fridays, known, last_day, version)
