"""How somebody listened up to a day: what a first purchase is told by."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import polars as pl

from workbench.listening.streams import is_stream
from workbench.tables.plays import INTENTIONAL

if TYPE_CHECKING:
    from workbench.dataset import View

RECENT_DAYS = 84
FEATURES = {
    "recency": "days since the last stream",
    "frequency": "streams of the last 12 weeks",
    "ever": "streams ever",
    "depth": "songs ever",
    "tenure": "days since the first stream",
    "sought": "share sought out, not fed",
    "favourite": "share of the artist heard most",
    "goods": "streams sought out, of artists that sell",
}


def heard(label: View) -> pl.LazyFrame:
    """Return listener_id | track_id | artist_id | day | streams | sought | goods, a row a stream.

    `sought` are the streams that the listener came for, `goods` those of artists with products.
    """
    sellers = label.scan("tracks").select("artist_id").unique()
    if label.has("products"):
        sellers = label.scan("products").select("artist_id").drop_nulls().unique()
    sought = pl.col("source").is_in(INTENTIONAL).fill_null(value=False).cast(pl.Int64)
    return (
        label.scan("plays")
        .filter(is_stream())
        .select(
            "listener_id", "track_id", sought.alias("sought"), day=pl.col("played_at").dt.date(),
            streams=pl.lit(1, pl.Int64),
        )
        .join(label.scan("tracks").select("track_id", "artist_id"), on="track_id", how="left")
        .join(sellers.with_columns(sells=pl.lit(value=True)), on="artist_id", how="left")
        .with_columns(goods=pl.when("sells").then("sought").otherwise(0))
        .drop("sells")
    )  # fmt: skip


def by_day(streams: pl.LazyFrame) -> pl.DataFrame:
    """Return the same with a row for each listener, track and day, held in memory.

    Ids become numbers, which are counted three times as fast; listeners keep their names.
    """
    named = (
        streams.group_by("listener_id", "track_id", "artist_id", "day")
        .agg(pl.col("streams", "sought", "goods").sum())
        .collect(engine="streaming")
        .with_columns(pl.col("listener_id", "track_id", "artist_id").cast(pl.Categorical))
    )
    return named.with_columns(pl.col("track_id", "artist_id").to_physical())


def known_on(streams: pl.DataFrame | pl.LazyFrame, day: datetime.date) -> pl.DataFrame:
    """Return listener_id and `FEATURES` of everybody who streamed before a day; `streams` as heard.

    Counts and days by their logarithm.
    """
    before = streams.lazy().filter(pl.col("day") < day)
    back = (pl.lit(day) - pl.col("day")).dt.total_days()
    total = pl.col("streams").sum()
    first = (
        before.group_by("listener_id", "artist_id")
        .agg(total)
        .group_by("listener_id")
        .agg(most=pl.col("streams").max())
    )
    return (
        before.group_by("listener_id")
        .agg(
            recency=back.min(),
            frequency=pl.col("streams").filter(back <= RECENT_DAYS).sum(),
            ever=total,
            depth=pl.col("track_id").n_unique(),
            tenure=back.max(),
            # of few streams a share says little: two more, one of them sought out
            sought=(pl.col("sought").sum() + 1) / (total + 2),
            goods=pl.col("goods").sum(),
        )
        .join(first, on="listener_id")
        .with_columns(favourite=pl.col("most") / pl.col("ever"))
        .with_columns(pl.col("recency", "frequency", "ever", "depth", "tenure", "goods").log1p())
        .select(pl.col("listener_id").cast(pl.String), pl.col(*FEATURES).cast(pl.Float64))
        .sort("listener_id")
        .collect()
    )
