"""Small lines: the last days of an entity as a list."""

import datetime

import polars as pl

TREND_DAYS = 28
TREND_WEEKS = 8


def trends(counts: pl.DataFrame, as_of: datetime.date, *, whole: bool) -> pl.DataFrame:
    """Return the last 28 days (or 8 weeks, where counts are weekly) of each entity.

    Parameters
    ----------
    counts : id | day | days | streams. whole : whether a day without a row had no streams.

    Returns
    -------
    id | trend (list of numbers, oldest first; null for a day that is not known)
    """
    step = 7 if counts["days"].min() == 7 else 1
    length = TREND_WEEKS if step == 7 else TREND_DAYS
    place = length - 1 - (pl.lit(as_of) - pl.col("day")).dt.total_days() // step
    recent = counts.select("id", place.alias("place"), pl.col("streams").cast(pl.Float64)).filter(
        pl.col("place") >= 0
    )
    places = pl.DataFrame({"place": range(length)})
    grid = recent.select("id").unique().join(places, how="cross")
    lines = grid.join(recent, on=["id", "place"], how="left")
    if whole:
        lines = lines.with_columns(pl.col("streams").fill_null(0.0))
    return (
        lines.sort("id", "place").group_by("id", maintain_order=True)
        .agg(pl.col("streams").alias("trend"))
    )  # fmt: skip
