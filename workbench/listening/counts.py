"""Counts of streams by track or artist, in the finest step that the label's source has."""

import datetime
from dataclasses import dataclass
from functools import cached_property
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
    together : id | day (last one covered) | days (how many the row covers, 1 or 7) | streams |
        saves, over all territories, in no order. apart : the same with territory, not counted yet.
    first, last : days that any row covers. whole : True where the source lists every play, so
        that a day without a row had none; False where such a day is not known.
    source : “daily_streams”, “window_totals” or “plays”.
    """

    together: pl.DataFrame
    apart: pl.LazyFrame
    first: datetime.date
    last: datetime.date
    whole: bool
    source: str

    @cached_property
    def rows(self) -> pl.LazyFrame:
        """`apart`, counted once, by the first who asks for it."""
        return self.apart.collect().lazy()

    def until(self, day: datetime.date | None) -> datetime.date:
        """Return the last day to count: the one asked for, or the last there is."""
        return self.last if day is None else min(day, self.last)

    def by_day(
        self, *, countries: tuple[str, ...] = (), until: datetime.date | None = None
    ) -> pl.DataFrame:
        """Return the counts summed over territories: id | day | days | streams | saves."""
        asked = pl.lit(True) if until is None else pl.col("day") <= until
        if not countries:
            return self.together.filter(asked)
        rows = self.rows.filter(asked & pl.col("territory").is_in(list(countries)))
        return _together(rows).collect()


def track_counts(label: "View") -> Counts:
    """Return streams by track, in the finest step that the source has.

    Raises
    ------
    MissingTable
        Nothing counts streams.
    """
    return _counts(by_track(label), by_track(label, territories=False), source(label))


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
        return _counts(own, own, "daily_streams")
    owners = label.scan("tracks").select("track_id", "artist_id").drop_nulls()

    def summed(*, territories: bool) -> pl.LazyFrame:
        return (
            by_track(label, territories=territories)
            .join(owners, left_on="id", right_on="track_id")
            .group_by(pl.col("artist_id").alias("id"), "day", "days", "territory")
            .agg(total("streams"), total("saves"))
            .select("id", "day", "days", "territory", "streams", "saves")
        )

    rows, together = summed(territories=True), summed(territories=False)
    if not label.has("daily_streams"):
        return _counts(rows, together, source(label))
    others = own.join(together.select("id").unique(), on="id", how="anti")
    return _counts(*(pl.concat([one, others]) for one in (rows, together)), source(label))


def _counts(rows: pl.LazyFrame, all_in_one: pl.LazyFrame, table: str) -> Counts:
    # plays without territories are a row an id and day already
    unique = all_in_one.drop("territory") if table == "plays" else _together(all_in_one)
    together = unique.collect()
    first, last = together.select(
        (pl.col("day").dt.offset_by("1d") - pl.duration(days=pl.col("days"))).min().alias("first"),
        pl.col("day").max().alias("last"),
    ).row(0)
    return Counts(together, rows, first, last, whole=table == "plays", source=table)


def _together(rows: pl.LazyFrame) -> pl.LazyFrame:
    summed = rows.group_by("id", "day").agg(pl.col("days").max(), total("streams"), total("saves"))
    return summed.select("id", "day", "days", "streams", "saves")


def by_track(label: "View", *, territories: bool = True) -> pl.LazyFrame:
    """Return streams by track, not read yet: id | day | days | territory | streams | saves.

    As `Counts.apart`; for those who want few tracks of many. `territories` as in `streams.daily`.

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
    return _of_days(daily(label, territories=territories))


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
