"""Tiers where no listener is known: what Spotify's own columns, markets and playlists say.

A label with Spotify for Artists timelines only has counts of people per artist and day, never the
people. They are shown as they are: listeners of two artists or two days overlap and are not added
up.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.errors import MissingTable
from workbench.listening import streams
from workbench.listening.change import changes
from workbench.listening.counts import track_counts

WINDOW_DAYS = 28
HISTORY_DAYS = 28 * 13
WORLD = "WW"
MARKETS = {
    "territory": pl.String,
    "streams": pl.Int64,
    "before": pl.Int64,
    "saves": pl.Int64,
    "growth": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "saves_per_100_streams": pl.Float64,
}


@dataclass(frozen=True, eq=False)
class PlatformTiers:
    """What aggregates say of loyalty. Nothing here is computed from single listeners.

    Attributes
    ----------
    artists : artist_id | name | day (newest with counts) | monthly_listeners |
        monthly_active_listeners | super_listeners | active (share of monthly) | super_share (of
        active) | change (of monthly listeners against 28 days before, share). Null where a file
        lacks the column.
    history : artist_id | day | monthly_listeners | monthly_active_listeners | super_listeners,
        every seventh day of the last 13 x 28.
    markets : territory | streams (28 days) | before (the 28 days before) | growth (share) | low |
        high (90 %, as `listening.change` judges any change) | saves | saves_per_100_streams.
        Largest first.
    playlists : playlist | kind | tracks | followers (of the list) of stays that are open, by reach.
    missing : question | file: what other files would answer.
    as_of : newest day of the counts, None without any.
    """

    artists: pl.DataFrame
    history: pl.DataFrame
    markets: pl.DataFrame
    playlists: pl.DataFrame
    missing: pl.DataFrame
    as_of: datetime.date | None


@analysis(optional="daily_streams window_totals plays listeners tracks artists playlist_spells")
def platform_tiers(label, *, filters: Filters = Filters(), playlists: int = 10) -> PlatformTiers:
    """Return the audience by Spotify's columns, markets by growth, and the playlists that carry it.

    `filters` chooses artists, genres and countries; `until` is the day looked back from.

    Raises
    ------
    MissingTable
        The label has no counts of streams or listeners at all.
    """
    if not label.has("daily_streams") and streams.source(label) is None:
        raise MissingTable(
            "daily_streams",
            "Listener tiers need a listening history, or Spotify for Artists timelines (audience "
            "timeline with monthly, monthly active and super listeners). Import one of them.",
        )
    history = _counts(label, filters)
    markets, as_of = _markets(label, filters)
    newest = history.get_column("day").max()
    return PlatformTiers(
        artists=_artists(label, history),
        history=_thinned(history),
        markets=markets,
        playlists=_playlists(label, filters, playlists),
        missing=_missing(label, history, markets),
        as_of=max((d for d in (newest, as_of) if d is not None), default=None),
    )


def _counts(label, filters: Filters) -> pl.DataFrame:
    """Return artist_id | day | the three counts, worldwide where a source has it."""
    people = ("monthly_listeners", "monthly_active_listeners", "super_listeners")
    wanted = label.scan("daily_streams").filter(
        (pl.col("entity") == "artist") & pl.any_horizontal(pl.col(people).is_not_null())
    )
    places = list(filters.countries) or [WORLD]
    wanted = wanted.filter(pl.col("territory").is_in(places))
    if filters.until is not None:
        wanted = wanted.filter(pl.col("day") <= filters.until)
    if filters.artists or filters.genres:
        chosen = filters.tracks(label.scan("tracks")).select(entity_id="artist_id")
        wanted = wanted.join(chosen, on="entity_id", how="semi")
    # One row a day: people of two stores or territories overlap, so the largest stands for them.
    return (
        wanted.group_by(pl.col("entity_id").alias("artist_id"), "day")
        .agg(pl.col(people).max())
        .sort("artist_id", "day")
        .collect()
    )


def _artists(label, history: pl.DataFrame) -> pl.DataFrame:
    names = label.scan("artists").select("artist_id", "name").collect()
    monthly = pl.col("monthly_listeners")
    past = history.select(
        "artist_id", pl.col("day").dt.offset_by(f"{WINDOW_DAYS}d"), monthly.alias("before")
    )
    return (
        history.group_by("artist_id")
        .agg(pl.all().sort_by("day").last())
        .join(past, on=["artist_id", "day"], how="left")
        .join(names, on="artist_id", how="left")
        .with_columns(
            pl.col("name").fill_null(pl.col("artist_id")),
            (pl.col("monthly_active_listeners") / monthly).alias("active"),
            (pl.col("super_listeners") / pl.col("monthly_active_listeners")).alias("super_share"),
            (monthly / pl.col("before") - 1).alias("change"),
        )
        .with_columns(pl.col("active", "super_share", "change").replace([float("inf")], None))
        .select(
            *("artist_id", "name", "day", "monthly_listeners", "monthly_active_listeners"),
            *("super_listeners", "active", "super_share", "change"),
        )
        .fill_nan(None)
        .sort("artist_id")
    )


def _thinned(history: pl.DataFrame) -> pl.DataFrame:
    age = (pl.col("day").max() - pl.col("day")).dt.total_days()
    return history.filter((age % 7 == 0) & (age < HISTORY_DAYS))


def _markets(label, filters: Filters) -> tuple[pl.DataFrame, datetime.date | None]:
    """Return markets by size, with growth against the four weeks before, and the newest day."""
    if streams.source(label) not in ("daily_streams", "plays"):
        return pl.DataFrame(schema=MARKETS), None
    counted = track_counts(label)
    rows = counted.rows
    if filters.artists or filters.genres:
        chosen = filters.tracks(label.scan("tracks")).select(id="track_id")
        rows = rows.join(chosen, on="id", how="semi")
    if filters.countries:
        rows = rows.filter(pl.col("territory").is_in(list(filters.countries)))
    as_of = counted.until(filters.until)
    daily = (
        rows.filter(pl.col("day") <= as_of)
        .group_by(pl.col("territory").alias("id"), "day")
        .agg(pl.col("days").max(), pl.col("streams").sum(), _known_sum("saves"))
        .sort("id", "day")
        .collect()
    )
    if daily.is_empty():
        return pl.DataFrame(schema=MARKETS), None
    judged = {"as_of": as_of, "days": WINDOW_DAYS, "whole": counted.whole, "first": counted.first}
    # Each market on its own, as Catalogue judges the total of one: one number, one interval.
    changed = pl.concat(
        changes(market, **judged) for market in daily.partition_by("id", maintain_order=True)
    )
    recent = (pl.lit(as_of) - pl.col("day")).dt.total_days() < WINDOW_DAYS
    saved = daily.filter(recent).group_by("id").agg(_known_sum("saves"))
    each = 100 * pl.col("saves") / pl.col("streams")
    return (
        changed.join(saved, on="id", how="left")
        .with_columns(pl.col("streams", "before").fill_null(0))
        .filter(pl.col("streams") + pl.col("before") > 0)
        .with_columns(
            pl.when(pl.col("streams") > 0).then(each).alias("saves_per_100_streams"),
        )
        .rename({"id": "territory", "change": "growth"})
        .select(*MARKETS)
        .cast(MARKETS)
        .sort("streams", "territory", descending=[True, False])
    ), as_of


def _known_sum(column: str) -> pl.Expr:
    """Return a sum that stays null where nothing was counted."""
    return pl.when(pl.col(column).count() > 0).then(pl.col(column).sum()).alias(column)


def _playlists(label, filters: Filters, count: int) -> pl.DataFrame:
    spells = label.scan("playlist_spells").filter(pl.col("removed_at").is_null())
    if filters.artists or filters.genres:
        chosen = filters.tracks(label.scan("tracks")).select("track_id")
        spells = spells.join(chosen, on="track_id", how="semi")
    return (
        spells.group_by("playlist", "kind")
        .agg(
            pl.col("track_id").n_unique().cast(pl.Int64).alias("tracks"), pl.col("followers").max()
        )
        .sort("followers", "playlist", "kind", descending=[True, False, False], nulls_last=True)
        .head(count)
        .collect()
    )


def _missing(label, history: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Return which questions stay open, and the file that would close each."""
    audience = "Spotify for Artists: audience timeline of each artist (the newest kind has it)"
    known = set(history.drop("artist_id", "day").pipe(_filled))
    asked = [
        ("Who is super, moderate and light", not label.has("plays"),
         "a listening history by listener (Spotify privacy export, ListenBrainz)"),
        ("Monthly active listeners", "monthly_active_listeners" not in known, audience),
        ("Super listeners", "super_listeners" not in known, audience),
        ("Saves per stream and market", not _filled(markets.select("saves")),
         "Spotify for Artists: timelines or songs table with saves"),
        ("Markets", not set(markets["territory"]) - {WORLD},
         "daily streams by territory (distributor or store report)"),
        ("Streams by source, dependence on playlists", not label.has("plays"),
         "a listening history with sources; Spotify for Artists: playlists table"),
        ("Playlists that hold the songs now", not label.has("playlist_spells"),
         "a table with track, playlist, date added and date removed"),
    ]  # fmt: skip
    rows = [(question, file) for question, absent, file in asked if absent]
    return pl.DataFrame(rows, schema={"question": pl.String, "file": pl.String}, orient="row")


def _filled(frame: pl.DataFrame) -> list[str]:
    """Return the columns that hold at least one value."""
    return [column for column in frame.columns if frame[column].count()]
