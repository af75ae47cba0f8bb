"""Lead artists: whom each listener streams most, period by period.

Periods are of equal length, counted back from the last day.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import Filters
from workbench.audience import chosen
from workbench.audience.tier_rules import day_of
from workbench.listening.streams import is_stream

if TYPE_CHECKING:
    from workbench.dataset import View


def period_streams(label: View, filters: Filters, until, days: int, steps: int):
    """Return listener_id | step (0 is the newest) | artist_id | streams, and how many are whole."""
    scope = Filters(countries=filters.countries, until=until, segment=filters.segment)
    age = (pl.lit(until) - day_of()).dt.total_days()
    found = (
        chosen.plays(label, scope)
        .filter(is_stream() & (age < days * (steps + 1)))
        .join(label.scan("tracks").select("track_id", "artist_id"), on="track_id")
        .group_by("listener_id", (age // days).alias("step"), "artist_id")
        .agg(pl.len().cast(pl.Int64).alias("streams"))
        .collect(engine="streaming")
        .sort("listener_id", "step", "artist_id")
    )
    first = min(
        (datetime.date.fromisoformat(e.first) for e in label.entries("plays") if e.rows),
        default=until,
    )
    return found, min(((until - first).days + 1) // days, steps + 1)


def leads(counts: pl.DataFrame) -> pl.DataFrame:
    """Return listener_id | step | artist_id of the most streams; of equals the first by id."""
    return (
        counts.sort(
            "listener_id", "step", "streams", "artist_id", descending=[False, False, True, False]
        )
        .group_by("listener_id", "step", maintain_order=True)
        .agg(pl.col("artist_id").first())
    )


def moves(leads: pl.DataFrame) -> pl.DataFrame:
    """Return listener_id | step (of the later period) | from | to (null for no stream)."""
    later = leads.with_columns(pl.col("step") + 1).rename({"artist_id": "to"})
    return (
        leads.rename({"artist_id": "from"})
        .join(later, on=["listener_id", "step"], how="left")
        .filter(pl.col("step") > 0)
        .with_columns(pl.col("step") - 1)
    )


def dealt(counts: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """Return counts whose streams are dealt to the listener's periods anew, as many to each."""
    each = counts.sort("listener_id", "step", "artist_id").select(
        pl.exclude("streams").repeat_by("streams").list.explode()
    )
    listener = each["listener_id"].rle_id().to_numpy()
    order = np.lexsort((draw.random(len(listener)), listener))
    return (
        each.with_columns(each["artist_id"].gather(order))
        .group_by("listener_id", "step", "artist_id")
        .agg(pl.len().cast(pl.Int64).alias("streams"))
        .sort("listener_id", "step", "artist_id")
    )
