"""The rules of Listener tiers: who is super, moderate, light, previously active or programmed.

The frame is Spotify for Artists' audience segments: active is an intentional stream in the last 28
days, previously active one within two years but not in the last 28 days, programmed only streams
that were chosen for the listener (editorial and algorithmic playlists, radio). Spotify does not say
what parts super from moderate and light: those two thresholds are ours, and settings.

A play whose source is unknown is not intentional. Who has only such plays, or such beside
programmed ones, is in a tier of their own, "unknown": nobody can say which of the two they are.
"""

from __future__ import annotations

import datetime

import numpy as np
import polars as pl

from workbench.audience.numbered import numbered
from workbench.listening.streams import is_stream
from workbench.tables.plays import INTENTIONAL, PROGRAMMED

WINDOW_DAYS = 28
DAY_MS = 86_400_000
LOOKBACK_STEPS = 26  # 26 x 28 = 728 days: two years in whole steps
SUPER_FROM = 12
MODERATE_FROM = 4

ACTIVE = ("super", "moderate", "light")
TIERS = (*ACTIVE, "previously_active", "programmed", "unknown")
PASSIVE = "passive"


def day_of(column: str = "played_at") -> pl.Expr:
    """Return the UTC day of a play."""
    return pl.col(column).dt.date()


def stepped(
    plays: pl.LazyFrame, newest: pl.Expr, *, by: tuple[str, ...], history: bool = True
) -> pl.LazyFrame:
    """Return streams per listener and 28-day step.

    Parameters
    ----------
    plays : rows of table plays, with the columns of `by`. newest : the last day of step 0.
    by : columns that a tier is given for: ("listener_id",), or with "artist_id".
    history : False where only today's tiers are asked for: everything of the two years before the
        newest step is then step 1, which is a tenth of the groups.

    Returns
    -------
    `by` | step (0 is the newest 28 days, later plays are left out) | intentional | programmed |
    unknown (streams)
    """
    age = (newest - day_of()).dt.total_days()
    source = pl.col("source")
    step = age // WINDOW_DAYS
    within = age >= 0
    if not history:
        step = step.clip(upper_bound=1)
        within &= age < LOOKBACK_STEPS * WINDOW_DAYS
    return (
        plays.filter(is_stream() & within)
        .group_by(*by, step.alias("step"))
        .agg(
            source.is_in(INTENTIONAL).sum().cast(pl.Int64).alias("intentional"),
            source.is_in(PROGRAMMED).sum().cast(pl.Int64).alias("programmed"),
            (source == "unknown").sum().cast(pl.Int64).alias("unknown"),
        )
    )


def listener_steps(
    plays: pl.LazyFrame, newest: datetime.date, *, steps: int = LOOKBACK_STEPS + 1
) -> tuple[pl.DataFrame, pl.Series]:
    """Return what `stepped` does by listener, in one pass of four columns, and who is who.

    Parameters
    ----------
    plays : rows of table plays. newest : the last day of step 0.
    steps : how many are told apart; everything older is one step more, and with 1 or fewer it ends
        with two years.

    Returns
    -------
    listener (place among the ids) | step | intentional | programmed | unknown, by listener and
    step; and the ids, sorted.
    """
    end = datetime.datetime.combine(newest, datetime.time(), datetime.UTC)
    end += datetime.timedelta(days=1)
    moment, source = pl.col("played_at"), pl.col("source")
    within = moment < end
    if steps <= 1:
        within &= moment >= end - datetime.timedelta(days=LOOKBACK_STEPS * WINDOW_DAYS)
    ms = (int(end.timestamp() * 1000) - 1 - moment.dt.timestamp("ms")) // (WINDOW_DAYS * DAY_MS)
    kind = pl.when(source.is_in(INTENTIONAL)).then(0).when(source == "unknown").then(2).otherwise(1)
    width = 3 * (steps + 1)
    rows = (
        plays.filter(is_stream() & within)
        .select("listener_id", (ms.clip(0, steps) * 3 + kind).cast(pl.UInt16).alias("cell"))
        .collect(engine="streaming")
    )
    listener, ids = numbered(rows["listener_id"])
    counts = np.bincount(listener * width + rows["cell"].to_numpy(), minlength=len(ids) * width)
    counts = counts.reshape(-1, 3)
    held = np.flatnonzero(counts[:, 0] | counts[:, 1] | counts[:, 2])
    kinds = dict(zip(("intentional", "programmed", "unknown"), counts[held].T, strict=True))
    place = {"listener": held // (steps + 1), "step": held % (steps + 1)}
    return pl.DataFrame(place | kinds), ids


def listener_tiers(
    counted: pl.DataFrame, ids: pl.Series, *, at: int = 0, **limits: int
) -> pl.DataFrame:
    """Return `tiered` of what `listener_steps` gives, with listener_id again."""
    found = tiered(counted.lazy(), by=("listener",), at=at, **limits).collect()
    return found.select(ids.gather(found["listener"]).alias("listener_id"), pl.exclude("listener"))


def tiered(
    steps: pl.LazyFrame,
    *,
    by: tuple[str, ...],
    at: int = 0,
    super_from: int = SUPER_FROM,
    moderate_from: int = MODERATE_FROM,
) -> pl.LazyFrame:
    """Return the tier of everybody in the audience at the end of step `at`.

    Parameters
    ----------
    steps : from `stepped`. by : the same. at : 0 for today, 1 for 28 days ago.
    super_from, moderate_from : intentional streams in 28 days; light is one or more.

    Returns
    -------
    `by` | tier | intentional_28d | streams_28d
    """
    in_window = pl.col("step") == at
    heard = pl.col("intentional") + pl.col("programmed") + pl.col("unknown")
    recent, ever = pl.col("intentional_28d"), pl.col("intentional_2y")
    return (
        steps.filter(pl.col("step").is_between(at, at + LOOKBACK_STEPS - 1))
        .group_by(*by)
        .agg(
            pl.col("intentional").filter(in_window).sum().alias("intentional_28d"),
            heard.filter(in_window).sum().alias("streams_28d"),
            pl.col("intentional").sum().alias("intentional_2y"),
            pl.col("unknown").sum().alias("unknown_2y"),
        )
        .with_columns(
            pl.when(recent >= super_from)
            .then(pl.lit("super"))
            .when(recent >= moderate_from)
            .then(pl.lit("moderate"))
            .when(recent > 0)
            .then(pl.lit("light"))
            .when(ever > 0)
            .then(pl.lit("previously_active"))
            .when(pl.col("unknown_2y") == 0)
            .then(pl.lit("programmed"))
            .otherwise(pl.lit("unknown"))
            .alias("tier")
        )
        .select(*by, "tier", "intentional_28d", "streams_28d")
    )
