"""Mood gap: what each Taste cluster plays, by mood, against what is on offer and planned."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.audience import mood_offer
from workbench.audience.assigned import assigned, held_traits
from workbench.audience.mood_cells import EVERYBODY, INDEX, PLANNED, SHARED, measured
from workbench.audience.mood_hidden import hidden_cells
from workbench.audience.overindex import (
    FALSE_DISCOVERIES,
    false_discovery_rate,
    share_interval,
)
from workbench.audience.traits import cluster_names
from workbench.errors import NotEnoughEvidence
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.families import CARRIED, MISSING
from workbench.store.privacy import HIDDEN, in_fives

DAYS = 365
FEWEST_LISTENERS = 30
FEWEST_SONGS = 3
FEWEST_PLANNED = 5
INDEX_STEP = 5
STEP = 0.005  # of shares as shown: what two numbers of clusters differ in must not tell of a few
ALL = "All clusters"
WANTED, PLENTY, NOISE, FEW, CLOSED = "wanted", "plenty", "noise", "few songs", "hidden"


@dataclass(frozen=True, eq=False)
class MoodGap:
    """Moods that listeners play, against moods on offer. Hidden cells are null.

    Attributes
    ----------
    cells : segment (-2 is all clusters together) | name | mood | songs (on offer) | planned
        (songs) | listeners (who played the mood, in fives) | demand (share of the cluster's
        listening) with _low and _high | index (demand over that of all clusters, 100 is the same)
        with _low and _high | offered (share of what its artists offer) | gap (demand
        - offered) with _low and _high | q | verdict (wanted, plenty, noise, few songs, hidden) |
        plan_gap (demand - share of the plan) with _low and _high | hidden; the widest gap first.
        Intervals are 90 %.
    moods : mood | songs | share (of all on offer, by days and age) | planned | plan_share |
        plan_low | plan_high (90 %) | judged, for every family; one that no label carries is last.
    segments : segment | name | listeners (in fives) | left_out.
    songs, artists : scored songs on offer, and their artists. planned : songs planned; of them
    plan_scored. rates : days | rate: how much a day at that age is played, against 1.
    since, until : days that count. hidden : cells hidden for privacy.
    """

    cells: pl.DataFrame
    moods: pl.DataFrame
    segments: pl.DataFrame
    songs: int
    artists: int
    planned: int
    plan_scored: int
    rates: pl.DataFrame
    since: datetime.date
    until: datetime.date
    count: int
    hidden: int
    min_group: int


@analysis(
    reads="plays tracks lyrics lyric_lines line_moods",
    optional="segments listeners artists listening_counts",
)
def mood_gap(
    label, *, count: int | None = None, days: int = DAYS, min_group: int = 10, seed: int = 0
) -> MoodGap:
    """Return where clusters play a mood more, or less, than the artists they play offer it.

    Demand is the mean over a cluster's listeners of the share of their streams (30 s or more, the
    last `days`) that went to songs led by the mood; everybody weighs the same. The offer is the
    share of the mood among the songs of the same artists, each song by its days on offer and the
    usual rate of play at its age, each artist as much as the cluster plays it. Songs that are not
    scored are on neither side. `count` is the number of clusters, None for the most stable.

    A gap counts as wanted or plenty where shuffled moods seldom give one as wide (false-discovery
    rate 5 % over all that is judged). Cells of fewer than `min_group` listeners are hidden.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence, BadInput
        As `assigned`; or no scored song is out, or no cluster has 30 listeners.
    """
    _, count, members = assigned(label, count)
    names = cluster_names(held_traits(label, members, min_group)[0], list(range(count)))
    newest = max(entry.last for entry in label.entries("plays") if entry.rows)
    until = datetime.date.fromisoformat(newest)
    since = until - datetime.timedelta(days=days - 1)
    leads = catalogue_moods(label).tracks.select("track_id", pl.col("lead").alias("mood"))
    out, planned, to_come = mood_offer.songs(label, leads.drop_nulls(), until)
    plays = mood_offer.recent(label, since)
    songs, rates = mood_offer.weighted(plays, out, since, until)
    heard = _heard(plays, songs, members)
    segments = _segments(heard, names, min_group)
    if segments["left_out"].all():
        raise NotEnoughEvidence(
            f"No Taste cluster has {max(min_group, FEWEST_LISTENERS)} listeners who played a song "
            f"with a scored lyric in the last {days} days, too few to say what they want."
        )
    moods = _moods(songs, planned)
    cells, hidden = _cells(heard, songs, moods, segments, min_group, seed)
    return MoodGap(
        cells=cells,
        moods=moods,
        segments=segments,
        songs=songs.height,
        artists=songs["artist_id"].n_unique(),
        planned=to_come,
        plan_scored=planned.height,
        rates=rates,
        since=since,
        until=until,
        count=count,
        hidden=hidden,
        min_group=min_group,
    )


def _heard(plays: pl.LazyFrame, songs: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return listener_id | segment | song | share (of the listener's streams of scored songs)."""
    known = songs.lazy().select("song", "track_id")
    pairs = plays.join(known, on="track_id").group_by("listener_id", "song").agg(n=pl.len())
    return (
        pairs.collect(engine="streaming")
        .join(members.select("listener_id", "segment"), on="listener_id")
        .filter(pl.col("segment") >= 0)
        .with_columns(share=pl.col("n") / pl.col("n").sum().over("listener_id"))
        .sort("segment", "listener_id", "song")
        .select("listener_id", "segment", "song", "share")
    )


def _segments(heard: pl.DataFrame, names: dict[int, str], min_group: int) -> pl.DataFrame:
    """Return every cluster with its listeners who played a scored song; the small ones without."""
    least = max(min_group, FEWEST_LISTENERS)
    sizes = heard.group_by("segment").agg(pl.col("listener_id").n_unique().cast(int).alias("exact"))
    every = pl.DataFrame({"segment": list(names), "name": list(names.values())})
    return (
        every.join(sizes, on="segment", how="left")
        .with_columns(pl.col("exact").fill_null(0))
        .with_columns(left_out=pl.col("exact") < least)
        .with_columns(
            listeners=pl.when(~pl.col("left_out")).then(in_fives(pl.col("exact"), min_group))
        )
        .select("segment", "name", "listeners", "left_out")
        .sort("segment")
    )


def _moods(songs: pl.DataFrame, planned: pl.DataFrame) -> pl.DataFrame:
    """Return what is on offer and what is planned, by mood."""
    total = planned.height
    offered = (
        songs.group_by("mood")
        .agg(pl.len().cast(int).alias("songs"), pl.col("weight").sum())
        .with_columns(share=pl.col("weight") / songs["weight"].sum())
    )
    ahead = planned.group_by("mood").agg(pl.len().cast(int).alias("planned"))
    frame = (
        pl.DataFrame({"mood": [*CARRIED, *MISSING]})
        .join(
            offered.select("mood", "songs", "share"), on="mood", how="left", maintain_order="left"
        )
        .join(ahead, on="mood", how="left", maintain_order="left")
    )
    frame = frame.with_columns(
        pl.col("songs", "planned").fill_null(0), pl.col("share").fill_null(0)
    )
    low, high = share_interval(pl.col("planned"), pl.lit(max(total, 1)))
    told = ~pl.col("mood").is_in(MISSING)
    enough = told & (total >= FEWEST_PLANNED)
    return frame.with_columns(
        pl.when(told).then("share"),
        pl.when(told & (total > 0)).then(pl.col("planned") / max(total, 1)).alias("plan_share"),
        pl.when(enough).then(low.clip(0, 1)).alias("plan_low"),
        pl.when(enough).then(high.clip(0, 1)).alias("plan_high"),
        judged=told & (pl.col("songs") >= FEWEST_SONGS),
    )  # fmt: skip


def _cells(
    heard: pl.DataFrame, songs: pl.DataFrame, moods: pl.DataFrame, segments: pl.DataFrame,
    min_group: int, seed: int,
) -> tuple[pl.DataFrame, int]:  # fmt: skip
    """Return the cells of the clusters that are large enough, and how many are hidden."""
    kept = segments.filter(~pl.col("left_out"))
    ids = [*kept["segment"].to_list(), EVERYBODY]
    heard = heard.filter(pl.col("segment").is_in(ids))
    found = measured(heard, songs, moods, ids, seed)
    everybody = heard.with_columns(segment=pl.lit(EVERYBODY, pl.Int64))
    counts = (
        pl.concat([heard, everybody])
        .join(songs.select("song", "mood"), on="song")
        .group_by("segment", "mood")
        .agg(pl.col("listener_id").n_unique().cast(int).alias("exact"))
    )
    named = {**dict(kept.select("segment", "name").iter_rows()), EVERYBODY: ALL}
    frame = (
        found.join(counts, on=["segment", "mood"], how="left")
        .join(moods.select("mood", "songs", "planned", "judged"), on="mood")
        .with_columns(
            pl.col("exact").fill_null(0),
            pl.col("segment").replace_strict(named, return_dtype=pl.String).alias("name"),
        )
        .with_columns(
            listeners=in_fives(pl.col("exact"), min_group),
            p=pl.when(pl.col("judged") & (pl.col("exact") >= min_group)).then("p"),
        )
        .sort("segment", "mood")
    )
    # What nobody can play is nobody's secret, and hides nothing beside it.
    offered = frame.filter(pl.col("songs") > 0)
    closed = hidden_cells(offered.select("segment", "mood", "exact"), min_group)
    emptied = ("listeners", "p", *SHARED, *INDEX, *PLANNED)
    frame = frame.join(closed, on=["segment", "mood"], how="left").with_columns(
        pl.col(HIDDEN).fill_null(False),
        *(pl.when(~pl.col(HIDDEN)).then(n).alias(n) for n in emptied),
    )
    frame = frame.with_columns(q=false_discovery_rate(pl.col("p")))
    verdict = (
        pl.when(HIDDEN).then(pl.lit(CLOSED))
        .when(~pl.col("judged")).then(pl.lit(FEW))
        .when(pl.col("q").fill_null(1.0) > FALSE_DISCOVERIES).then(pl.lit(NOISE))
        .when(pl.col("gap") > 0).then(pl.lit(WANTED))
        .otherwise(pl.lit(PLENTY))
    )  # fmt: skip
    shown = [pl.col(name) for name in (*SHARED, *PLANNED)]
    if min_group > 1:
        shown = [(column / STEP).round() * STEP for column in shown]
        shown += [(pl.col(name) / INDEX_STEP).round() * INDEX_STEP for name in INDEX]
    columns = ("segment", "name", "mood", "songs", "planned", "listeners", *SHARED, *INDEX, "q",
               "verdict", *PLANNED, HIDDEN)  # fmt: skip
    return (
        frame.with_columns(verdict.alias("verdict"), pl.col("q").round(3), *shown)
        .select(columns)
        # Only after emptying: an order by what is hidden would tell it.
        .sort("gap", "segment", "mood", descending=[True, False, False], nulls_last=True)
    ), int(closed[HIDDEN].sum())
