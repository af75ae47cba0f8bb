"""Artists side by side: weekly streams, on one scale or from a common start."""

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening.counts import SOURCES, artist_counts
from workbench.listening.noise import weekly_grid

WEEKS = 52
COMPARED = {
    "artist_id": pl.String,
    "artist": pl.String,
    "week_end": pl.Date,
    "streams": pl.Float64,
    "index": pl.Float64,
}


@analysis(optional=f"{SOURCES} tracks artists")
def compared(
    label, *, artists: tuple[str, ...], weeks: int = WEEKS, filters: Filters = Filters()
) -> pl.DataFrame:
    """Return weekly streams of some artists, counted back from the last day.

    Parameters
    ----------
    artists : ids. weeks : how far back. filters : countries count.

    Returns
    -------
    artist_id | artist | week_end | streams (a week at the mean of its known days) | index (100 is
    the artist's mean of the first four known weeks shown)
    """
    counted = artist_counts(label)
    counts = counted.by_day(countries=filters.countries).filter(pl.col("id").is_in(list(artists)))
    grid = weekly_grid(counts, counted.last, whole=counted.whole).filter(pl.col("week") < weeks)
    names = label.scan("artists").select("artist_id", "name").collect()
    scaled = grid.select(
        pl.col("id").alias("artist_id"),
        (pl.lit(counted.last) - pl.duration(days=7 * pl.col("week"))).alias("week_end"),
        (7 * pl.col("streams") / pl.col("known")).alias("streams"),
    ).sort("artist_id", "week_end")
    start = pl.col("streams").drop_nulls().head(4).mean().over("artist_id")
    return (
        scaled.join(names, on="artist_id", how="left")
        .with_columns(
            pl.coalesce("name", "artist_id").alias("artist"),
            pl.when(start > 0).then(100 * pl.col("streams") / start).alias("index"),
        )
        .select(COMPARED.keys())
        .cast(COMPARED)
        .sort("artist_id", "week_end")
    )
