"""Who listens to one song: Taste clusters and markets, against everybody who listened."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience import chosen, rules
from workbench.audience.assigned import assigned, held_traits
from workbench.audience.clusters import UNASSIGNED
from workbench.audience.overindex import MIN_SUPPORT, overindex
from workbench.audience.traits import cluster_names, in_fives
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.listening.streams import is_stream
from workbench.store.privacy import HIDDEN, shown_people, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View

DAYS = 365
NOT_KNOWN = "not known"
READS = rules.READS  # of which clusters, names and countries are asked here, too
MEASURES = pl.Schema(
    {
        "listeners": pl.Int64(),
        "share": pl.Float64(),
        "all_share": pl.Float64(),
        "index": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "q": pl.Float64(),
        "apart": pl.Boolean(),
        HIDDEN: pl.Boolean(),
    }
)


@dataclass(frozen=True, eq=False)
class SongAudience:
    """Listeners of a song in the panel. Hidden cells are null.

    Attributes
    ----------
    clusters : segment | name | listeners (of the song) | share (of its listeners) | all_share (of
        everybody) | index | low | high (100 is average, 90 %; null without support) | q | apart |
        hidden; the largest share first, hidden rows last. Segment -1 is the unassigned. No rows
        where the clusters are not made, or cannot be.
    markets : country (“not known” where nobody said) | the same. No rows without countries.
    listeners : of the song. population : who streamed anything of the label in the same days; both
        in fives.
    since, until : first and last of them. hidden : rows hidden for privacy.
    """

    clusters: pl.DataFrame
    markets: pl.DataFrame
    listeners: int
    population: int
    since: datetime.date
    until: datetime.date
    hidden: int
    min_group: int


@analysis(reads="plays tracks", optional=READS)
def song_audience(
    label, *, track_id: str, count: int | None = None, days: int = DAYS,
    filters: Filters = Filters(), min_group: int = 10,
) -> SongAudience:  # fmt: skip
    """Return which clusters and markets a song's listeners of the last days stand in.

    A listener of the song streamed it (30 s or more) at least once in the `days` up to the newest
    play of the label; the over-index is against everybody who streamed anything in those days.
    `filters` of countries and a segment choose who of both is counted.
    `count` is the number of clusters, by default the most that stay the same. A row of fewer than
    `min_group` listeners of the song is hidden, and so are rows that would give it away. Shown
    counts are rounded to fives, shares and intervals come of those, as on Taste clusters; what
    differs is decided on exact counts.

    Raises
    ------
    NotEnoughEvidence
        Fewer than `min_group` listeners, or none: the message says which, and what comes instead.
    BadInput
        No such track; a count that is not offered.
    """
    newest = max(entry.last for entry in label.entries("plays") if entry.rows)
    until = datetime.date.fromisoformat(newest)
    since = until - datetime.timedelta(days=days - 1)
    people = _people(label, track_id, since, filters)
    heard = int(people["heard"].sum())
    if heard < max(min_group, 1):
        raise NotEnoughEvidence(_too_few(label, track_id, heard, days, until, min_group))
    clusters, few = _clusters(label, people, count, min_group)
    markets, small = _markets(label, people, min_group)
    counts = (shown_people(number, min_group) for number in (heard, people.height))
    return SongAudience(clusters, markets, *counts, since, until, few + small, min_group)


def _people(label: View, track_id: str, since: datetime.date, filters: Filters) -> pl.DataFrame:
    """Return listener_id | heard, whether the song, of everybody who streamed since a day."""
    # A bound on the column itself lets whole months of files be skipped.
    midnight = datetime.datetime.combine(since, datetime.time(), datetime.UTC)
    known = label.scan("tracks").select("track_id")
    whose = Filters(countries=filters.countries, segment=filters.segment)
    return (
        chosen.plays(label, whose)
        .filter(is_stream() & (pl.col("played_at") >= midnight))
        .join(known, on="track_id", how="semi")
        .group_by("listener_id")
        .agg((pl.col("track_id") == track_id).any().alias("heard"))
        .sort("listener_id")
        .collect(engine="streaming")
    )


def _too_few(
    label: View, track_id: str, heard: int, days: int, until: datetime.date, min_group: int
) -> str:
    """Return why a song's listeners cannot be shown, in the words of the page."""
    own = label.scan("tracks").filter(pl.col("track_id") == track_id)
    found = own.select("release_date", "status").collect().to_dicts()
    if not found:
        raise BadInput(f"There is no track “{track_id}”.")
    ever = label.scan("plays").filter(is_stream() & (pl.col("track_id") == track_id))
    if heard or ever.head(1).collect().height:
        return (
            f"Fewer than {max(min_group, 1)} listeners of the panel streamed this song in the last "
            f"{days} days, too few to say who they are."
        )
    released, status = found[0]["release_date"], found[0]["status"]
    to_come = status in ("planned", "demo") or (released is not None and released > until)
    day = f" for {released.day} {released:%B %Y}" if released else ""
    out = f" It is planned{day}." if to_come else ""
    return (
        f"Nobody in the panel has streamed this song yet.{out} Who would love a song before it is "
        "heard is a question for Potential listeners."
    )


def _clusters(
    label: View, people: pl.DataFrame, count: int | None, min_group: int
) -> tuple[pl.DataFrame, int]:
    """Return the rows of the clusters and how many are hidden."""
    if not label.has("segments") or not label.fit("segments").meta["offered"]:
        none = pl.Schema({"segment": pl.Int64(), "name": pl.String(), **MEASURES})
        return pl.DataFrame(schema=none), 0
    _, count, members = assigned(label, count)
    names = cluster_names(held_traits(label, members, min_group)[0], list(range(count)))
    placed = people.join(members, on="listener_id", how="left").with_columns(
        pl.col("segment").fill_null(UNASSIGNED)
    )
    rows, hidden = _compared(placed, members.select("segment").unique(), min_group)
    named = pl.col("segment").replace_strict(
        {**names, UNASSIGNED: "Unassigned"}, return_dtype=pl.String
    )
    return rows.select("segment", named.alias("name"), pl.exclude("segment")), hidden


def _markets(label: View, people: pl.DataFrame, min_group: int) -> tuple[pl.DataFrame, int]:
    """Return the rows of the markets and how many are hidden."""
    homes = label.scan("listeners").select("listener_id", "country").drop_nulls().collect()
    if homes.is_empty():
        return pl.DataFrame(schema=pl.Schema({"country": pl.String(), **MEASURES})), 0
    placed = people.join(homes, on="listener_id", how="left").with_columns(
        pl.col("country").fill_null(NOT_KNOWN)
    )
    return _compared(placed, placed.select("country").unique(), min_group)


def _compared(
    placed: pl.DataFrame, every: pl.DataFrame, min_group: int
) -> tuple[pl.DataFrame, int]:
    """Return the over-index of each key among those who heard, small groups emptied.

    Parameters
    ----------
    placed : heard and one key for each person. every : the keys that a reader may know of.
    """
    key = every.columns[0]
    counts = (
        every.join(
            placed.group_by(key).agg(
                pl.col("heard").sum().cast(pl.Int64).alias("count"),
                pl.len().cast(pl.Int64).alias("population_count"),
            ),
            on=key,
            how="left",
        )
        .with_columns(pl.col("count", "population_count").fill_null(0))
        .with_columns(pl.lit(placed["heard"].sum(), pl.Int64).alias("size"))
        .with_columns(pl.lit(placed.height, pl.Int64).alias("population"))
        .sort(key)
    )
    closed = suppressed(counts, "count", min_group)[0].select(key, HIDDEN)
    emptied = [
        pl.when(~pl.col(HIDDEN)).then(pl.col(name)).alias(name)
        for name in MEASURES
        if name != HIDDEN
    ]
    tests = overindex(counts, min_support=max(min_group, MIN_SUPPORT))
    # Where nearly all of a cluster heard the song, the few others would follow by subtraction.
    shown = overindex(in_fives(counts, min_group)).drop("q", "apart")
    rows = (
        shown.join(tests.select(key, "q", "apart", pl.col("supported").alias("sure")), on=key)
        .with_columns(pl.when("sure").then(pl.col("index", "low", "high")))
        .join(closed, on=key)
        .rename({"count": "listeners", "population_share": "all_share"})
        .with_columns(pl.col("q").round(3))
        .select(key, *MEASURES)
        .with_columns(emptied)
        # Only after emptying: an order by what is hidden would tell it.
        .sort("share", key, descending=[True, False], nulls_last=True)
    )
    return rows, int(rows[HIDDEN].sum())
