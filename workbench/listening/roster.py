"""Every artist in one row: size, change over 7, 28 and 90 days, momentum, sources, markets."""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening import panel
from workbench.listening.change import DAYS, WINDOWS, beyond_noise, changes
from workbench.listening.counts import SOURCES, Counts, artist_counts
from workbench.listening.momentum import WEIGHTS, scored
from workbench.listening.noise import weekly_grid
from workbench.listening.own_columns import Own, with_own
from workbench.listening.trend import trends

READS = f"tracks artists artist_annotations {SOURCES}"
PROSPECT, SIGNED, UNKNOWN = "prospect", "signed", "not known"
TOP_MARKETS = 3


@dataclass(frozen=True, eq=False)
class Roster:
    """Artists of a label, own and prospects, the most streamed first.

    Attributes
    ----------
    artists : artist_id | artist | standing (signed, prospect, not known) | country | genres |
        tracks (released) | latest_release | streams | before | added (streams more than before) |
        change_7 | change_28 | change_90 | low | high | evidence (of `days`) | stands_out | trend |
        momentum | momentum_low | momentum_high | the parts of momentum | listeners |
        saves_per_listener | sought_out | mix (sources, in the order of panel.SOURCE_TITLES) |
        top_markets | hidden | “set.column” of annotations.
    markets : artist_id | country | listeners (of the panel; null where hidden) | hidden.
    as_of : last day counted. days : window of streams, low, high and evidence.
    source : table that streams are counted from. own : names of own columns.
    """

    artists: pl.DataFrame
    markets: pl.DataFrame
    as_of: datetime.date | None
    days: int
    source: str | None
    own: tuple[str, ...]


@analysis(optional=READS)
def roster(
    label,
    *,
    filters: Filters = Filters(),
    days: int = DAYS,
    own: Own | None = None,
    until: datetime.date | None = None,
    min_group: int = 10,
) -> Roster:
    """Return the artists that `filters` and `own` choose.

    Filters of artists and genres (of their tracks) choose rows; filters of countries choose whose
    streams and listeners count. Noise and momentum are learnt from all artists.

    Raises
    ------
    MissingTable
        There are no artists: neither in a table nor named by tracks nor by streams.
    """
    return listed(label, streams_by_artist(label), filters, days, own, until, min_group)


def listed(label, counts: Counts | None, filters: Filters, days, own, until, min_group) -> Roster:
    """Return what `roster` returns, from streams that are counted already."""
    rows = _artists(label, filters, counts)
    if rows.is_empty() and not (filters.artists or filters.genres):
        raise label.missing("artists")
    annotations = label.scan("artist_annotations")
    names = tuple(sorted(set(annotations.collect_schema().names()) - {"artist_id"}))
    rows = with_own(rows, annotations, "artist_id")
    rows = own.rows(rows) if own else rows
    as_of, markets = None, pl.DataFrame(schema=MARKETS)
    if counts is None:
        rows = rows.with_columns(pl.lit(None, kind).alias(n) for n, kind in MEASURED.items())
    else:
        as_of = counts.until(until)
        measured, markets = _measured(label, counts, filters, as_of, days, min_group)
        rows = rows.join(measured, on="artist_id", how="left")
        markets = markets.join(rows.select("artist_id"), on="artist_id", how="semi")
    return Roster(
        artists=rows.select(*FACTS, *MEASURED, *names).sort(
            "streams", "artist_id", descending=[True, False], nulls_last=True
        ),
        markets=markets.sort("artist_id", "country"),
        as_of=as_of,
        days=days,
        source=counts.source if counts else None,
        own=names,
    )


FACTS = ("artist_id", "artist", "standing", "country", "genres", "tracks", "latest_release")
MARKETS = {
    "artist_id": pl.String,
    "country": pl.String,
    "listeners": pl.Int64,
    "hidden": pl.Boolean,
}
MEASURED = {
    "streams": pl.Int64,
    "before": pl.Int64,
    "added": pl.Int64,
    **{f"change_{window}": pl.Float64 for window in WINDOWS},
    "low": pl.Float64,
    "high": pl.Float64,
    "evidence": pl.String,
    "stands_out": pl.Boolean,
    "trend": pl.List(pl.Float64),
    "momentum": pl.Float64,
    "momentum_low": pl.Float64,
    "momentum_high": pl.Float64,
    **dict.fromkeys(WEIGHTS, pl.Float64),
    "listeners": pl.Int64,
    "saves_per_listener": pl.Float64,
    "sought_out": pl.Float64,
    "mix": pl.List(pl.Float64),
    "top_markets": pl.String,
    "hidden": pl.Boolean,
}


def streams_by_artist(label) -> Counts | None:
    """Return streams by artist; None where nothing counts any."""
    has_tracks = label.has("tracks")
    if not (has_tracks or label.has("daily_streams")):
        return None
    counts = artist_counts(label) if _any_source(label) else None
    return None if counts is None or counts.last is None else counts


def _any_source(label) -> bool:
    return any(label.has(name) for name in ("daily_streams", "window_totals", "plays"))


def _artists(label, filters: Filters, counts: Counts | None) -> pl.DataFrame:
    """Artists by table, and those that only tracks or streams name."""
    tracks = filters.tracks(label.scan("tracks"))
    out = pl.col("status") == "released"
    work = tracks.group_by("artist_id").agg(
        out.sum().cast(pl.Int64).alias("tracks"),
        pl.col("release_date").filter(out).max().alias("latest_release"),
    )
    named = [label.scan("artists").select("artist_id"), tracks.select("artist_id")]
    if counts is not None and not filters.genres:
        named.append(counts.together.lazy().select(pl.col("id").alias("artist_id")))
    ids = pl.concat(named).unique()
    if filters.artists:
        ids = ids.filter(pl.col("artist_id").is_in(list(filters.artists)))
    if filters.genres:
        ids = ids.join(work.select("artist_id"), on="artist_id", how="semi")
    standing = (
        pl.when("signed").then(pl.lit(SIGNED))
        .when(~pl.col("signed")).then(pl.lit(PROSPECT))
        .otherwise(pl.lit(UNKNOWN))
    )  # fmt: skip
    return (
        ids.join(label.scan("artists"), on="artist_id", how="left")
        .join(work, on="artist_id", how="left")
        .with_columns(
            pl.coalesce("name", "artist_id").alias("artist"),
            standing.alias("standing"),
            pl.col("tracks").fill_null(0),
        )
        .select(FACTS)
        .collect()
    )


def _measured(label, counted: Counts, filters, as_of, days: int, min_group: int):
    counts = counted.by_day(countries=filters.countries, until=as_of)
    judged = {"as_of": as_of, "whole": counted.whole, "first": counted.first}
    by_window = {w: changes(counts, days=w, **judged) for w in sorted({*WINDOWS, days})}
    found = beyond_noise(by_window[days]).with_columns(
        (pl.col("streams") - pl.col("before")).alias("added")
    )
    found = found.drop("change")
    for window in WINDOWS:
        change = by_window[window].select("id", pl.col("change").alias(f"change_{window}"))
        found = found.join(change, on="id", how="left")
    found = found.join(trends(counts, as_of, whole=counted.whole), on="id", how="left")
    sought, markets = None, pl.DataFrame(schema=MARKETS)
    if label.has("plays") and label.has("tracks"):
        plays = panel.window_plays(label, filters, as_of=as_of, days=days, per="artist")
        people = panel.people(plays, min_group=min_group)
        cells = panel.markets(plays, min_group=min_group)
        found = found.join(people, on="id", how="left")
        found = found.join(_top_markets(cells), on="id", how="left")
        sought = people.filter(pl.col("sought_out").is_not_null())
        markets = cells.rename({"id": "artist_id"})
    age = (pl.lit(as_of) - pl.col("day")).dt.total_days()
    saved = counts.filter(age < DAYS).group_by("id").agg(
        pl.col("streams").sum(),
        pl.when(pl.col("saves").count() > 0).then(pl.col("saves").sum()).alias("saves"),
    )  # fmt: skip
    grid = weekly_grid(counts, as_of, whole=counted.whole)
    momentum = scored(by_window[28], by_window[7], grid, saved, sought)
    found = found.join(momentum, on="id", how="left").with_columns(
        pl.lit(None, kind).alias(n) for n, kind in MEASURED.items() if n not in found.columns
        and n not in momentum.columns
    )  # fmt: skip
    return found.select(pl.col("id").alias("artist_id"), *MEASURED), markets


def _top_markets(cells: pl.DataFrame) -> pl.DataFrame:
    text = pl.format("{} {}", "country", "listeners")
    return (
        cells.filter(~pl.col("hidden"))
        .sort("id", "listeners", "country", descending=[False, True, False])
        .group_by("id", maintain_order=True)
        .agg(text.head(TOP_MARKETS).str.join(" · ").alias("top_markets"))
    )
