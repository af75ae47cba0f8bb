"""Who streams more than time allows: bots as a rule. They count as listeners, their sums do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from workbench.audience.profiles import source
from workbench.audience.steps import whole_steps
from workbench.listening.streams import is_stream
from workbench.store.memory import memory

if TYPE_CHECKING:
    from workbench.dataset import View

A_DAY = 24 * 60 * 2  # streams of 30 seconds, without a pause
LONGEST_DAYS = 365  # of such days, where plays have no times


def tireless(label: View) -> pl.DataFrame:
    """Return listener_id of those with more streams in a day, or in all, than time allows.

    Reads plays, else listening_counts; kept until the data change. Who has so many in a day has
    them in 28 days, too, so that only days of those are counted.
    """
    table = source(label)
    return memory.load(
        f"tireless:{label.dataset.folder}:{label.version(table)}",
        lambda: _found(label, table).select("listener_id").unique().sort("listener_id").collect(),
        lambda frame: int(frame.estimated_size()),
    )


def without_tireless(label: View, plays: pl.LazyFrame) -> pl.LazyFrame:
    """Return the plays of everybody else."""
    bots = tireless(label)["listener_id"]
    return plays.filter(~pl.col("listener_id").is_in(bots.implode())) if len(bots) else plays


def _found(label: View, table: str) -> pl.LazyFrame:
    if table == "plays":
        steps, ids = whole_steps(label)
        heard = pl.sum_horizontal("intentional", "programmed", "unknown")
        many = ids.gather(steps.filter(heard > A_DAY)["listener"].unique())
        if many.is_empty():
            return many.alias("listener_id").to_frame().lazy()
        theirs = label.scan("plays").filter(pl.col("listener_id").is_in(many.implode()))
        days = theirs.filter(is_stream()).group_by(
            "listener_id", day=pl.col("played_at").dt.date()
        ).len()  # fmt: skip
        return days.filter(pl.col("len") > A_DAY)
    counts = label.scan("listening_counts").filter(entity="track")
    streams = counts.group_by("listener_id").agg(pl.col("plays").sum())
    return streams.filter(pl.col("plays") > A_DAY * LONGEST_DAYS)
