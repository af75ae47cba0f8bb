"""Who streams more than time allows: bots as a rule. They count as listeners, their sums do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from workbench.audience.profiles import source
from workbench.listening.streams import is_stream
from workbench.store.memory import memory

if TYPE_CHECKING:
    from workbench.dataset import View

A_DAY = 24 * 60 * 2  # streams of 30 seconds, without a pause
LONGEST_DAYS = 365  # of such days, where plays have no times


def tireless(label: View) -> pl.DataFrame:
    """Return listener_id of those with more streams in a day, or in all, than time allows.

    Reads plays, else listening_counts; kept until the data change.
    """
    table = source(label)
    return memory.load(
        f"tireless:{label.dataset.folder}:{label.version(table)}",
        lambda: _found(label, table).select("listener_id").unique().sort("listener_id").collect(),
        lambda frame: int(frame.estimated_size()),
    )


def _found(label: View, table: str) -> pl.LazyFrame:
    if table == "plays":
        days = label.scan("plays").filter(is_stream()).group_by(
            "listener_id", day=pl.col("played_at").dt.date()
        ).len()  # fmt: skip
        return days.filter(pl.col("len") > A_DAY)
    counts = label.scan("listening_counts").filter(entity="track")
    streams = counts.group_by("listener_id").agg(pl.col("plays").sum())
    return streams.filter(pl.col("plays") > A_DAY * LONGEST_DAYS)
