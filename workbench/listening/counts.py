"""Counts of streams by track or artist, in the finest step that the label's source has."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from workbench.listening.streams import (
    SOURCES,
    WEEK_DAYS,
    any_row,
    by_territory,
    daily,
    from_windows,
    source,
    total,
)

if TYPE_CHECKING:
    from workbench.dataset import View

__all__ = ["SOURCES", "Counts", "artist_counts", "by_track", "track_counts"]


@dataclass(frozen=True, eq=False)
class Counts:
    """Streams of a label from the one source that counts.

    Attributes
    ----------
    rows : id | day (last one covered) | days (how many the row covers, 1 or 7) | territory |
        streams | saves.
    first, last : days that any row covers. whole : True where the source lists every play, so
        that a day without a row had none; False where such a day is not known.
    source : “daily_streams”, “window_totals” or “plays”.
    """

    rows: pl.LazyFrame
    first: datetime.date
    last: datetime.date
    whole: bool
    source: str

    def until(self, day: datetime.date | None) -> datetime.date:
        """Return the last day to count: the one asked for, or the last there is."""
        return self.last if day is None else min(day, self.last)

    def by_day(
        self, *, countries: tuple[str, ...] = (), until: datetime.date | None = None
    ) -> pl.DataFrame:
        """Return the counts summed over territories: id | day | days | streams | saves."""
        rows = self.rows
        if countries:
            rows = rows.filter(pl.col("territory").is_in(list(countries)))
        if until is not None:
            rows = rows.filter(pl.col("day") <= until)
        summed = rows.group_by("id", "day").agg(
            pl.col("days").max(), total("streams"), total("saves")
        )
        return summed.sort("id", "day").collect()


def track_counts(label: "View") -> Counts:
    """Return streams by track, in the finest step that the source has.

    Raises
    ------
    MissingTable
        Nothing counts streams.
    """
    return _counts(by_track(label), source(label))


def artist_counts(label: "View") -> Counts:
    """Return streams by artist: the sum of the artist's tracks.

    An artist of whom no track has streams is counted by the artist's own rows of daily_streams.
    The caller declares “tracks” besides `SOURCES`.

    Raises
    ------
    MissingTable
        Nothing counts streams.
    """
    own = _of_artists(label)
    if source(label) is None:
        if not any_row(own, pl.col("id").is_not_null()):
            return track_counts(label)  # which says what is missing
        return _counts(own, "daily_streams")
    owners = label.scan("tracks").select("track_id", "artist_id")
    summed = (
        by_track(label)
        .join(owners, left_on="id", right_on="track_id")
        .group_by(pl.col("artist_id").alias("id"), "day", "days", "territory")
        .agg(total("streams"), total("saves"))
        .select("id", "day", "days", "territory", "streams", "saves")
    )
    if not label.has("daily_streams"):
        return _counts(summed, source(label))
    others = own.join(summed.select("id").unique(), on="id", how="anti")
    return _counts(pl.concat([summed, others]), source(label))


def _counts(rows: pl.LazyFrame, table: str) -> Counts:
    rows = rows.collect().lazy()  # used several times by whoever asks
    first, last = rows.select(
        (pl.col("day").dt.offset_by("1d") - pl.duration(days=pl.col("days"))).min().alias("first"),
        pl.col("day").max().alias("last"),
    ).collect().row(0)  # fmt: skip
    return Counts(rows, first, last, whole=table == "plays", source=table)


def by_track(label: "View") -> pl.LazyFrame:
    """Return streams by track, not read yet: id | day | days | territory | streams | saves.

    As `Counts.rows`; for those who want few tracks of many.

    Raises
    ------
    MissingTable
        Nothing counts streams.
    """
    if source(label) == "window_totals":
        return from_windows(label).select(
            pl.col("track_id").alias("id"),
            pl.col("week").dt.offset_by("6d").alias("day"),
            pl.lit(WEEK_DAYS, pl.Int64).alias("days"),
            "territory",
            "streams",
            "saves",
        )
    return _of_days(daily(label))


def _of_artists(label: "View") -> pl.LazyFrame:
    rows = label.scan("daily_streams").filter(
        (pl.col("entity") == "artist") & pl.col("streams").is_not_null()
    )
    return _of_days(by_territory(rows))


def _of_days(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(
        pl.col("track_id").alias("id"),
        "day",
        pl.lit(1, pl.Int64).alias("days"),
        "territory",
        "streams",
        "saves",
    )
