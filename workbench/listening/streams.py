"""One number, one source: streams come from daily_streams, else from window_totals or plays.

Every package that counts streams asks here, so that two pages never disagree. An analysis that
uses these functions declares `SOURCES` (space separated) in its reads or optional.
"""

import datetime
from typing import TYPE_CHECKING

import polars as pl

from workbench.errors import MissingTable
from workbench.tables.plays import STREAM_MS

if TYPE_CHECKING:
    from workbench.dataset import View

SOURCES = "daily_streams window_totals plays listeners"
WEEK_DAYS = 7
REPORTING = 28  # days before the last within which a store must have a row to count as reporting
BUSY = 70.0  # streams a week: above, a day without a row is one that nobody reported
WORLDWIDE = "WW"
DAILY = pl.Schema(
    {
        "track_id": pl.String(),
        "day": pl.Date(),
        "territory": pl.String(),
        "streams": pl.Int64(),
        "saves": pl.Int64(),
    }
)


def source(label: "View") -> str | None:
    """Return the table that streams of tracks are counted from; None when there is none.

    Daily streams of a store count the whole audience; weekly totals do, too, by the week; plays
    count a panel.
    """
    if label.has("daily_streams") and any_row(label.scan("daily_streams"), _of_tracks()):
        return "daily_streams"
    if label.has("window_totals") and any_row(label.scan("window_totals"), _weekly_streams()):
        return "window_totals"
    return "plays" if label.has("plays") else None


def daily(label: "View", *, territories: bool = True) -> pl.LazyFrame:
    """Return streams by day, summed over stores.

    Parameters
    ----------
    territories : False where the caller sums over them: single plays then need no listeners.

    Returns
    -------
    track_id | day | territory | streams | saves (null where the source has none)

    Raises
    ------
    MissingTable
        No source gives streams by the day.
    """
    chosen = source(label)
    if chosen == "daily_streams":
        return by_territory(label.scan("daily_streams").filter(_of_tracks()))
    if chosen == "plays":
        return _from_plays(label, territories)
    raise MissingTable(
        "daily_streams",
        "This needs streams by the day. Import Spotify for Artists timelines, any table with "
        "track, day and streams, or a listening history.",
    )


def weekly(label: "View") -> pl.LazyFrame:
    """Return streams by week, Friday to Thursday; a first or last week that is cut off is left out.

    So is the last week of a song whose rows end within it, unless so few are streamed that its
    other days may have had none. Where a store ends before the others, all end with it.

    Returns
    -------
    track_id | week (its Friday) | territory | streams | saves | last_day (streams of the Thursday;
    null where none is known)
    """
    if source(label) == "window_totals":
        return from_windows(label)
    rows = daily(label)
    first, last = _span(label)
    if first is None:
        return rows.rename({"day": "week"}).with_columns(pl.col("streams").alias("last_day"))
    week = friday("day")
    whole = (pl.lit(first) <= week) & (week.dt.offset_by("6d") <= pl.lit(last))
    weeks = (
        rows.filter(whole)
        .with_columns(
            week.alias("week"),
            pl.when(week.dt.offset_by("6d") == pl.col("day")).then("streams").alias("last_day"),
        )
        .group_by("track_id", "week", "territory")
        .agg(total("streams"), total("saves"), total("last_day"), pl.col("day").max())
    )
    known = "track_id", "week", "territory", "streams", "saves", "last_day"
    if source(label) == "plays":  # a day without a play had none
        return weeks.select(known)
    return weeks.join(_cut_off(weeks), on=["track_id", "week"], how="anti").select(known)


def _span(label: "View") -> tuple[datetime.date | None, datetime.date | None]:
    """Return the first day, and the last that every store still reporting has."""
    if source(label) == "plays":
        day = pl.col("played_at").dt.date()
        ends = label.scan("plays").filter(is_stream()).select(first=day.min(), last=day.max())
        return ends.collect().row(0)
    rows = label.scan("daily_streams").filter(_of_tracks())
    stores = rows.group_by("store").agg(first=pl.col("day").min(), last=pl.col("day").max())
    reporting = pl.col("last") > pl.col("last").max().dt.offset_by(f"-{REPORTING}d")
    last = pl.col("last").filter(reporting).min()
    return stores.select(pl.col("first").min(), last).collect().row(0)


def _cut_off(weeks: pl.LazyFrame) -> pl.LazyFrame:
    """Return track_id | week of last weeks that end before their Thursday, and not for a lull."""
    songs = weeks.group_by("track_id", "week").agg(pl.col("streams").sum(), pl.col("day").max())
    before = pl.col("streams").shift(1).over("track_id", order_by="week")
    ended = pl.col("day") < pl.col("week").dt.offset_by("6d")
    last = pl.col("week") == pl.col("week").max().over("track_id")
    return songs.filter(last & ended & (before >= BUSY)).select("track_id", "week")


def friday(column: str) -> pl.Expr:
    """Return the Friday on or before a date: the week that charts and releases go by."""
    back = (pl.col(column).dt.weekday() + 2) % WEEK_DAYS
    return pl.col(column) - pl.duration(days=back)


def is_stream() -> pl.Expr:
    """Tell whether a play counts as a stream: 30 seconds or more, or a length nobody recorded."""
    return pl.col("ms_played").fill_null(STREAM_MS) >= STREAM_MS


def _from_plays(label: "View", territories: bool) -> pl.LazyFrame:
    plays = label.scan("plays").filter(is_stream())
    if territories and label.has("listeners"):
        plays = plays.join(
            label.scan("listeners").select("listener_id", "country"), on="listener_id", how="left"
        )
        territory = pl.col("country").fill_null(WORLDWIDE)
    else:
        territory = pl.lit(WORLDWIDE)
    return plays.group_by(
        "track_id",
        pl.col("played_at").dt.date().alias("day"),
        territory.alias("territory"),
    ).agg(
        pl.len().cast(pl.Int64).alias("streams"),
        total("saved").cast(pl.Int64).alias("saves"),
    )


def by_territory(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Sum rows of daily_streams over stores, without counting anybody twice.

    A store may report a day both worldwide and by country. Its worldwide row then stands for the
    countries that it does not name: what is left of it.
    """
    worldwide = pl.col("territory") == WORLDWIDE
    kinds = rows.select(worldwide.any().alias("ww"), worldwide.not_().any().alias("named"))
    if all(kinds.collect().row(0)):
        by_store = ("entity_id", "day", "store")
        named = [pl.col(c).filter(~worldwide).sum().over(by_store) for c in ("streams", "saves")]
        rows = rows.with_columns(
            pl.when(worldwide).then((pl.col(c) - n).clip(0)).otherwise(c).alias(c)
            for c, n in zip(("streams", "saves"), named, strict=True)
        ).filter(~worldwide | (pl.col("streams") > 0))
    entity = pl.col("entity_id").alias("track_id")
    if rows.select(pl.col("store").n_unique()).collect().item() <= 1:  # the key is unique already
        return rows.select(entity, "day", "territory", "streams", "saves")
    return rows.group_by(entity, "day", "territory").agg(total("streams"), total("saves"))


def from_windows(label: "View") -> pl.LazyFrame:
    """Weekly totals as they are: a source's own week is kept, named by its first day.

    Weeks that overlap others (a total taken every day) are left out: only every seventh counts.
    """
    newest = pl.col("window_start").max().over("entity_id", "territory", "store")
    return (
        label.scan("window_totals")
        .filter(_weekly_streams())
        .filter((newest - pl.col("window_start")).dt.total_days() % WEEK_DAYS == 0)
        .group_by(
            pl.col("entity_id").alias("track_id"),
            pl.col("window_start").alias("week"),
            "territory",
        )
        .agg(pl.col("value").sum().round().cast(pl.Int64).alias("streams"))
        .with_columns(pl.lit(None, pl.Int64).alias(c) for c in ("saves", "last_day"))
    )


def _of_tracks() -> pl.Expr:
    return (pl.col("entity") == "track") & pl.col("streams").is_not_null()


def _weekly_streams() -> pl.Expr:
    length = (pl.col("window_end") - pl.col("window_start")).dt.total_days() + 1
    return (pl.col("entity") == "track") & (pl.col("metric") == "streams") & (length == WEEK_DAYS)


def total(column: str) -> pl.Expr:
    """Sum a column; all null stays null, so that what nobody counted is not called zero."""
    return pl.when(pl.col(column).count() > 0).then(pl.col(column).sum()).alias(column)


def any_row(rows: pl.LazyFrame, wanted: pl.Expr) -> bool:
    """Tell whether a table has such a row, reading only the columns that it takes."""
    return not rows.select(wanted.alias("wanted")).filter("wanted").head(1).collect().is_empty()
