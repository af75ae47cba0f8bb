"""Streams of one song: by week, and where they came from last."""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening import streams
from workbench.listening.counts import by_track


@dataclass(frozen=True, eq=False)
class SongStreams:
    """Streams of a song.

    Attributes
    ----------
    weeks : week (its Friday) | streams. markets : territory | streams | share, of the last `days`
    days with data, the largest first. total : streams of those days. until : the last of them.
    source : table that they are counted from. planned : its date, of a song that is to come and
    has never been streamed; else None.
    """

    weeks: pl.DataFrame
    markets: pl.DataFrame
    total: int
    until: datetime.date | None
    source: str | None
    days: int
    planned: datetime.date | None


@analysis(reads="tracks", optional=streams.SOURCES)
def song_streams(
    label, *, track: str, days: int = 28, count: int = 12, filters: Filters = Filters()
) -> SongStreams:
    """Return the weekly streams of a song and its `count` largest markets of the last days.

    `filters` of countries choose whose streams count.
    """
    source = streams.source(label)
    if source is None:
        empty = pl.DataFrame(schema={"week": pl.Date, "streams": pl.Int64})
        none = pl.DataFrame(
            schema={"territory": pl.String, "streams": pl.Int64, "share": pl.Float64}
        )
        return SongStreams(empty, none, 0, None, None, days, None)
    at_home = pl.col("territory").is_in(list(filters.countries)) if filters.countries else True
    own = by_track(label).filter((pl.col("id") == track) & at_home)
    last = own.select(pl.col("day").max()).collect().item()
    # A row of a week counts when it lies in the window as a whole.
    age = (pl.lit(last, pl.Date) - pl.col("day")).dt.total_days()
    weeks = (
        streams.weekly(label)
        .filter((pl.col("track_id") == track) & at_home)
        .group_by("week")
        .agg(pl.col("streams").sum())
        .sort("week")
        .collect()
    )
    markets = (
        own.filter(age + pl.col("days") <= days)
        .group_by("territory")
        .agg(pl.col("streams").sum())
        .with_columns(share=pl.col("streams") / pl.col("streams").sum())
        .sort("streams", "territory", descending=[True, False])
        .collect()
    )
    total = int(markets["streams"].sum())
    planned = None if last else _planned(label, track)
    return SongStreams(weeks, markets.head(count), total, last, source, days, planned)


def _planned(label, track: str) -> datetime.date | None:
    row = label.scan("tracks").filter(pl.col("track_id") == track)
    dates = row.filter(pl.col("status") == "planned").select("release_date").collect()
    return dates.item() if dates.height else None


@dataclass(frozen=True, eq=False)
class SongChoices:
    """Songs to choose from.

    Attributes
    ----------
    songs : track_id | name (title, version and artist), those with a lyric first, then by name.
    found : how many there are, also beyond `limit`.
    """

    songs: pl.DataFrame
    found: int


@analysis(reads="tracks", optional="artists lyrics")
def song_choices(
    label, *, filters: Filters = Filters(), find: str = "", limit: int = 2_000,
    linked: tuple[str, ...] = (),
) -> SongChoices:  # fmt: skip
    """Return the songs of the chosen artists and genres whose name holds `find`.

    Parameters
    ----------
    limit : how many are offered. linked : ids that came by a link, offered also beyond `limit`.
    """
    artists = label.scan("artists").select("artist_id", pl.col("name").alias("artist"))
    with_text = label.scan("lyrics").select("track_id").unique().with_columns(text=True)
    name = pl.concat_str(
        [
            "title",
            pl.format(" ({})", "version").fill_null(""),
            pl.format(", {}", pl.coalesce("artist", "artist_id")).fill_null(""),
        ]
    )
    songs = (
        filters.tracks(label.scan("tracks"))
        .join(artists, on="artist_id", how="left")
        .join(with_text, on="track_id", how="left")
        .select("track_id", name.alias("name"), pl.col("text").fill_null(False))
        .filter(pl.col("name").str.to_lowercase().str.contains(find.lower(), literal=True))
        .sort("text", "name", "track_id", descending=[True, False, False])
        .select("track_id", "name")
        .collect()
    )
    beyond = songs.slice(limit).filter(pl.col("track_id").is_in(list(linked)))
    return SongChoices(pl.concat([songs.head(limit), beyond]), songs.height)
