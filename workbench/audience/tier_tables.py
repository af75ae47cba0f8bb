"""Tiers broken down: movement between two dates, per market, per artist, per source.

Every table is suppressed here and its counts of people are rounded to fives; the second value of
each function is the number of hidden cells.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import polars as pl

from workbench.audience import tier_rules as rules
from workbench.listening.streams import is_stream
from workbench.store.privacy import in_fives, per_head, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View

LISTENER = ("listener_id",)
NEVER = "never"
LEFT = "left"
NOT_KNOWN = "not known"
OTHER = "other"


def streams_each(streams: str, people: pl.Expr, min_group: int) -> pl.Expr:
    """Return streams a head in tenths, from ten on in whole ones.

    Of a few people with many streams, what two filters differ in would follow from tenths.
    """
    fine, coarse = (per_head(pl.col(streams), people, min_group, step) for step in (0.1, 1.0))
    return pl.when(fine < 10).then(fine).otherwise(coarse)


def rounded(
    frame: pl.DataFrame, min_group: int, *, also: tuple[str, ...] = (), margins=()
) -> tuple[pl.DataFrame, int]:
    """Return `frame` with small cells emptied and `listeners` in fives, and hidden cells.

    `streams`, where there are any, become the shown listeners times a rounded average a head.
    """
    frame, hidden = suppressed(frame, "listeners", min_group, also=also, margins=margins)
    people = in_fives(pl.col("listeners"), min_group)
    if "streams" in frame.columns:
        each = streams_each("streams", pl.col("listeners"), min_group)
        frame = frame.with_columns((each * people).round().cast(pl.Int64).alias("streams"))
    return frame.with_columns(people.alias("listeners")), hidden


def sources(plays: pl.LazyFrame, as_of: datetime.date, min_group: int) -> tuple[pl.DataFrame, int]:
    """Return source, intentional, listeners, streams, share of the last 28 days, largest first.

    Listeners stand under several sources, so no total is known and only small cells are hidden.
    """
    # Bounds on the column itself let whole months of files be skipped.
    first = as_of - datetime.timedelta(days=rules.WINDOW_DAYS - 1)
    midnight = datetime.datetime.combine(first, datetime.time(), datetime.UTC)
    end = midnight + datetime.timedelta(days=rules.WINDOW_DAYS)
    recent = (pl.col("played_at") >= midnight) & (pl.col("played_at") < end)
    frame = (
        plays.filter(is_stream() & recent)
        .group_by("source")
        .agg(
            pl.col("listener_id").n_unique().cast(pl.Int64).alias("listeners"),
            pl.len().cast(pl.Int64).alias("streams"),
        )
        .with_columns(
            pl.col("source").is_in(rules.INTENTIONAL).alias("intentional"),
        )
        .select("source", "intentional", "listeners", "streams")
        .sort("streams", "source", descending=[True, False])
        .collect()
    )
    # To the per cent, of all: a share of what is shown would grow with what is hidden.
    share = pl.col("streams") / pl.col("streams").sum()
    frame = frame.with_columns((share.round(2) if min_group > 1 else share).alias("share"))
    return rounded(frame, min_group, also=("streams", "share"))


def history(
    stepped: pl.DataFrame, as_of, since, steps: int, limits: dict, min_group: int
) -> tuple[pl.DataFrame, int]:
    """Return monthly listeners by tier at the end of each whole step, oldest first."""
    whole = ((as_of - since).days + 1) // rules.WINDOW_DAYS
    intentional = pl.col("intentional")
    tier = (
        pl.when(intentional >= limits["super_from"])
        .then(pl.lit("super"))
        .when(intentional >= limits["moderate_from"])
        .then(pl.lit("moderate"))
        .when(intentional > 0)
        .then(pl.lit("light"))
        .otherwise(pl.lit(rules.PASSIVE))
    )
    frame = (
        stepped.filter(pl.col("step") < min(steps, whole))
        .group_by("step", tier.alias("tier"))
        .agg(
            pl.len().cast(pl.Int64).alias("listeners"),
            pl.sum_horizontal("intentional", "programmed", "unknown").sum().alias("streams"),
        )
        .with_columns(
            (pl.lit(as_of) - pl.duration(days=pl.col("step") * rules.WINDOW_DAYS)).alias("day")
        )
        .select("day", "tier", "listeners", "streams")
        .sort("day", "tier")
    )
    return rounded(frame, min_group, also=("streams",), margins=(("day",),))


def flows(now: pl.DataFrame, before: pl.DataFrame, min_group: int) -> tuple[pl.DataFrame, int]:
    """Return who moved: tier_before | tier_now | listeners | share | hidden, and hidden cells.

    Programmed, unknown and not yet in the audience are one state, "never": never active so far.
    """
    passive = ("programmed", "unknown")
    states = [
        frame.select(
            "listener_id",
            pl.when(pl.col("tier").is_in(passive))
            .then(pl.lit(NEVER))
            .otherwise("tier")
            .alias(side),
        )
        for frame, side in ((before, "tier_before"), (now, "tier_now"))
    ]
    people = in_fives(pl.col("listeners"), min_group)
    frame = (
        states[0]
        .join(states[1], on="listener_id", how="full", coalesce=True)
        .with_columns(
            pl.col("tier_before").fill_null(NEVER),
            # Two years without an intentional stream: out of the audience.
            pl.col("tier_now").fill_null(LEFT),
        )
        .group_by("tier_before", "tier_now")
        .agg(pl.len().cast(pl.Int64).alias("listeners"))
        .with_columns((people / people.sum().over("tier_before")).fill_nan(None).alias("share"))
        .sort("tier_before", "tier_now")
    )
    edges = (("tier_before",), ("tier_now",))
    return rounded(frame, min_group, also=("share",), margins=edges)


def markets(label: View, now: pl.DataFrame, min_group: int) -> tuple[pl.DataFrame, int]:
    """Return one row a country with a column for each tier that occurs, and hidden cells."""
    places = label.scan("listeners").select("listener_id", "country").collect()
    placed = now.join(places, on="listener_id", how="left").with_columns(
        pl.col("country").fill_null(NOT_KNOWN)
    )
    # A market of a few listeners is not hidden but counted with the other small ones: a row whose
    # total is hidden would take another row's total with it.
    sizes = placed.group_by("country").agg(pl.len()).sort("len", "country")
    small = sizes.filter(pl.col("len") < min_group)
    if 0 < small["len"].sum() < min_group and small.height < sizes.height:
        small = sizes.head(small.height + 1)
    pooled = (
        pl.when(pl.col("country").is_in(small["country"].implode()))
        .then(pl.lit(OTHER))
        .otherwise("country")
    )
    cells = (
        placed.with_columns(pooled.alias("country"))
        .group_by("country", "tier")
        .agg(pl.len().cast(pl.Int64).alias("listeners"))
    )
    return _wide(cells, "country", (("country",), ("tier",)), min_group)


def artists(
    label: View, plays: pl.LazyFrame, as_of: datetime.date, limits: dict, min_group: int
) -> tuple[pl.DataFrame, int]:
    """Return one row an artist, from streams of that artist alone, and hidden cells."""
    by = ("artist_id", *LISTENER)
    owner = label.scan("tracks").select("track_id", "artist_id")
    owned = plays.join(owner, on="track_id")
    names = label.scan("artists").select("artist_id", "name").collect()
    cells = (
        rules.tiered(rules.stepped(owned, pl.lit(as_of), by=by, history=False), by=by, **limits)
        .group_by("artist_id", "tier")
        .agg(pl.len().cast(pl.Int64).alias("listeners"))
        .collect()
    )
    wide, hidden = _wide(cells, "artist_id", (("artist_id",),), min_group)
    named = wide.join(names, on="artist_id", how="left").with_columns(
        pl.col("name").fill_null(pl.col("artist_id"))
    )
    return named.select("artist_id", "name", pl.exclude("artist_id", "name")), hidden


def _wide(cells, key: str, margins, min_group) -> tuple[pl.DataFrame, int]:
    """Return one row a key with one column for each tier that occurs in `cells`."""
    people = pl.col("listeners")
    known = [tier for tier in rules.TIERS if tier in cells["tier"].to_list()]
    full = (
        cells.select(key)
        .unique()
        .join(pl.DataFrame({"tier": known}, schema={"tier": pl.String}), how="cross")
        .join(cells, on=[key, "tier"], how="left")
        .with_columns(pl.col("listeners").fill_null(0))
        .sort(key, "tier")
    )
    totals = full.group_by(key).agg(pl.col("listeners").sum())
    known_total = pl.col("listeners") >= min_group
    totals = totals.with_columns(pl.when(known_total).then(in_fives(people, min_group)))
    shown, hidden = rounded(full, min_group, margins=margins)
    wide = shown.pivot("tier", index=key, values="listeners", on_columns=known)
    occurring = [tier for tier in rules.ACTIVE if tier in known]
    active = pl.sum_horizontal(*occurring, ignore_nulls=False) if occurring else pl.lit(0)
    most = pl.col("super") if "super" in known else pl.lit(0)
    # Of a hidden total there is no share, not even none of it.
    shares = [
        pl.when(people.is_not_null()).then((part / people).clip(upper_bound=1.0)).alias(name)
        for name, part in (("active", active), ("super_share", most))
    ]
    return (
        totals.join(wide, on=key)
        .with_columns(shares)
        .select(key, "listeners", *known, "active", "super_share")
        .sort(key)
    ), hidden
