"""Every track with its streams, what changed, and who saved it."""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening import panel
from workbench.listening.change import DAYS, beyond_noise, changes
from workbench.listening.counts import SOURCES, Counts, track_counts
from workbench.listening.own_columns import Own, with_own
from workbench.listening.streams import source
from workbench.listening.trend import trends

READS = f"tracks artists track_annotations {SOURCES}"


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Tracks of a label, the most streamed first.

    Attributes
    ----------
    tracks : track_id | title | version | artist_id | artist | release_date | genre | language |
        album | status | streams | before | known | known_before (days) | change | low | high |
        evidence | stands_out (beyond its own noise, see `change.beyond_noise`) | trend (28 days) |
        saves_per_1000 (streams) | listeners | saves_per_listener (of the panel) | hidden |
        “set.column” of annotations. Where nothing counts streams those columns are null.
    total : one row as `change.changes` gives it, for all chosen tracks together, with trend.
        Empty without streams.
    as_of : last day counted. days : of the window. source : table that streams are counted from.
    found : tracks that the filters choose, of which `tracks` may hold the first ones only.
    planned, standing_out : how many of them are not out, stand out.
    own : names of own columns.
    """

    tracks: pl.DataFrame
    total: pl.DataFrame
    as_of: datetime.date | None
    days: int
    source: str | None
    found: int
    planned: int
    standing_out: int
    own: tuple[str, ...]


@analysis(optional=READS)
def catalogue(
    label,
    *,
    filters: Filters = Filters(),
    days: int = DAYS,
    own: Own | None = None,
    find: str = "",
    limit: int | None = None,
    until: datetime.date | None = None,
    min_group: int = 10,
) -> Catalogue:
    """Return the tracks that `filters`, `own` and `find` choose.

    Filters of artists and genres choose rows; filters of countries choose whose streams count.
    Noise is learnt from all tracks. Without a table of tracks the ids that have streams stand for
    titles.

    Parameters
    ----------
    days : window, held against as many days before. find : text in title, version or artist.
    limit : most rows to return. until : last day to count. min_group : of listeners in the panel.

    Raises
    ------
    MissingTable
        There are neither tracks nor streams.
    """
    counted = None if source(label) is None else track_counts(label)
    if counted is None and not label.has("tracks"):
        raise label.missing("tracks")
    rows = _titles(label, filters, counted)
    annotations = label.scan("track_annotations")
    names = tuple(sorted(set(annotations.collect_schema().names()) - {"track_id"}))
    rows = with_own(rows, annotations, "track_id")
    rows = _found(own.rows(rows) if own else rows, find)
    total, as_of = pl.DataFrame(), None
    if counted is None:
        rows = rows.with_columns(pl.lit(None, kind).alias(name) for name, kind in STREAMS.items())
    else:
        as_of = counted.until(until)
        rows, total = _with_streams(label, rows, counted, filters, as_of, days, min_group)
    rows = rows.sort("streams", "track_id", descending=[True, False], nulls_last=True)
    return Catalogue(
        tracks=rows.head(limit or rows.height).select(*COLUMNS, *names),
        total=total,
        as_of=as_of,
        days=days,
        source=counted.source if counted else None,
        found=rows.height,
        planned=rows.filter(pl.col("status") != "released").height,
        standing_out=int(rows["stands_out"].sum()),
        own=names,
    )


STREAMS = {
    "streams": pl.Int64,
    "before": pl.Int64,
    "known": pl.Int64,
    "known_before": pl.Int64,
    "change": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "evidence": pl.String,
    "stands_out": pl.Boolean,
    "trend": pl.List(pl.Float64),
    "saves_per_1000": pl.Float64,
    "listeners": pl.Int64,
    "saves_per_listener": pl.Float64,
    "hidden": pl.Boolean,
}
FACTS = ("track_id", "title", "version", "artist_id", "artist", "release_date", "genre",
         "language", "album", "status")  # fmt: skip
COLUMNS = (*FACTS, *STREAMS)


def _titles(label, filters: Filters, counted: Counts | None) -> pl.DataFrame:
    """Chosen tracks, and ids with streams that no track explains: those are kept, not dropped."""
    names = label.scan("artists").select("artist_id", pl.col("name").alias("artist"))
    tracks = (
        filters.tracks(label.scan("tracks"))
        .join(names, on="artist_id", how="left")
        .with_columns(pl.col("artist").fill_null(pl.col("artist_id")))
        .select(FACTS)
        .collect()
    )
    if counted is None or filters.artists or filters.genres:
        return tracks
    known = label.scan("tracks").select("track_id")
    others = (
        counted.together.lazy()
        .select(pl.col("id").alias("track_id"))
        .unique()
        .join(known, on="track_id", how="anti")
        .with_columns(title=pl.col("track_id"), status=pl.lit("released"))
        .collect()
    )
    return pl.concat([tracks, others], how="diagonal")


def _found(rows: pl.DataFrame, find: str) -> pl.DataFrame:
    words = find.casefold().split()
    text = pl.concat_str("title", "version", "artist", separator=" ", ignore_nulls=True)
    for word in words:
        rows = rows.filter(text.str.to_lowercase().str.contains(word, literal=True))
    return rows


def _with_streams(label, rows, counted: Counts, filters, as_of, days: int, min_group: int):
    """Add the columns of STREAMS to tracks; return them and the row of their total."""
    counts = counted.by_day(countries=filters.countries, until=as_of)
    judged = {"as_of": as_of, "days": days, "whole": counted.whole, "first": counted.first}
    changed = beyond_noise(changes(counts, **judged))
    lines = trends(counts, as_of, whole=counted.whole)
    age = (pl.lit(as_of) - pl.col("day")).dt.total_days()
    saved = (
        counts.filter((age < days) & pl.col("saves").is_not_null())
        .group_by("id")
        .agg((1000 * pl.col("saves").sum() / pl.col("streams").sum()).alias("saves_per_1000"))
        .with_columns(pl.col("saves_per_1000").fill_nan(None))
    )
    found = changed.join(lines, on="id", how="left").join(saved, on="id", how="left")
    if label.has("plays"):
        plays = panel.window_plays(label, filters, as_of=as_of, days=days, per="track")
        listened = panel.people(plays, min_group=min_group)
        found = found.join(listened, on="id", how="left")
    found = found.with_columns(
        pl.lit(None, kind).alias(n) for n, kind in STREAMS.items() if n not in found.columns
    ).select(pl.col("id").alias("track_id"), *STREAMS)
    together = (
        counts.join(rows.select(pl.col("track_id").alias("id")), on="id", how="semi")
        .group_by("day")
        .agg(pl.col("days").max(), pl.col("streams").sum())
        .with_columns(pl.lit("all").alias("id"))
    )
    total = changes(together, **judged).join(
        trends(together, as_of, whole=counted.whole), on="id", how="left"
    )
    return rows.join(found, on="track_id", how="left"), total
