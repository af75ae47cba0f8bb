"""A look at the result: the panel's habits, and figures a label person would check first."""

from pathlib import Path

import polars as pl

from sample_data.generator import write
from sample_data.generator.commerce import INTENTIONAL
from sample_data.generator.world import PANEL_SCALE, PAYOUT

SUPER_STREAMS = 12  # intentional streams of an artist within 28 days
WINDOW = "28d"


def habits(plays: pl.DataFrame, tracks: pl.DataFrame, artists: pl.DataFrame) -> pl.DataFrame:
    """Return artist_id | streams_per_listener | active_part | super_part, over windows of 28 days.

    Small artists are drawn towards the label's mean with the weight of 200 listener-months.
    """
    months = (
        plays.lazy()
        .filter(pl.col("ms_played") >= 30_000)
        .join(tracks.lazy().select("track_id", "artist_id"), on="track_id")
        .with_columns(
            ((pl.col("played_at").dt.date() - pl.lit(plays["played_at"].min().date()))
             .dt.total_days() // 28).alias("month"),
            pl.col("source").is_in(INTENTIONAL).alias("sought"),
        )
        .group_by("artist_id", "listener_id", "month")
        .agg(pl.len().alias("streams"), pl.col("sought").sum())
    )  # fmt: skip
    sums = (
        pl.len().alias("listeners"),
        pl.col("streams").sum(),
        (pl.col("sought") > 0).sum().alias("active"),
        (pl.col("sought") >= SUPER_STREAMS).sum().alias("supers"),
    )
    mean = months.select(sums).collect().row(0, named=True)
    each = months.group_by("artist_id").agg(sums).collect()
    rest = pl.col("listeners") + 200.0

    def drawn(name: str) -> pl.Expr:
        return (pl.col(name) + 200.0 * mean[name] / mean["listeners"]) / rest

    return (
        artists.select("artist_id")
        .join(each, on="artist_id", how="left")
        .with_columns(pl.col("listeners", "streams", "active", "supers").fill_null(0))
        .select(
            "artist_id",
            drawn("streams").alias("streams_per_listener"),
            drawn("active").alias("active_part"),
            drawn("supers").alias("super_part"),
        )
        .sort("artist_id")
    )


def report(tables: dict[str, pl.DataFrame], spending: pl.DataFrame, out: Path) -> None:
    """Print sizes, streams of artists, sources, and money spent against money earned."""
    plays, daily, tracks = tables["plays"], tables["daily_streams"], tables["tracks"]
    by_track = daily.filter(pl.col("entity") == "track")
    total = by_track["streams"].sum()
    heard = plays.filter(pl.col("ms_played") >= 30_000)
    artist = by_track.join(tracks, left_on="entity_id", right_on="track_id")
    month = (pl.col("streams").sum() / 24).round().cast(pl.Int64).alias("streams_a_month")
    latest = daily.filter((pl.col("entity") == "artist") & (pl.col("day") == daily["day"].max()))
    people = latest.select(
        pl.col("entity_id").alias("artist_id"),
        "monthly_listeners",
        "monthly_active_listeners",
        "super_listeners",
        "followers",
    )
    with pl.Config(tbl_rows=60, tbl_cols=12, tbl_width_chars=140, fmt_str_lengths=40):
        print(write.slices(out / "label"))
        print(f"all files: {write.size(out) / 1e6:.2f} MB")
        print(f"streams {total:,}, revenue {total * PAYOUT:,.0f} EUR, plays {plays.height:,}")
        print(f"audience / panel: {total / heard.height:.1f} (goal {PANEL_SCALE})")
        print(
            artist.group_by("artist_id")
            .agg(month, (pl.col("streams").sum() / total).round(4).alias("share"))
            .join(people, on="artist_id", how="left")
            .sort("share", descending=True)
        )
        print(plays["source"].value_counts(sort=True, normalize=True))
        print(plays.select(pl.col("skipped", "saved").mean(), pl.col("listener_id").n_unique()))
        print(plays.group_by("listener_id").len().select(pl.col("len").quantile(q).alias(f"{q}")
              for q in (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)))  # fmt: skip
        spent = spending.group_by("channel").agg(pl.col("spend", "streams_brought").sum(), pl.len())
        earned = (pl.col("streams_brought") * PAYOUT / pl.col("spend")).round(3).alias("return")
        print(spent.with_columns(earned).sort("spend", descending=True))
        lines = tables["purchases"]
        print(f"order lines {lines.height}, buyers {lines['listener_id'].n_unique()}, "
              f"sum {lines['amount'].sum()} EUR")  # fmt: skip
