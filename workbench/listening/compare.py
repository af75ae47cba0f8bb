"""Artists or songs side by side: weekly streams, on one scale or from a common start."""

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening.counts import SOURCES, Counts, artist_counts, track_counts
from workbench.listening.noise import weekly_grid

WEEKS = 52
MEASURES = {"week_end": pl.Date, "streams": pl.Float64, "index": pl.Float64}


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
    names = label.scan("artists").select("artist_id", artist="name").collect()
    return _weeks(artist_counts(label), names, artists, weeks, filters)


@analysis(optional=f"{SOURCES} tracks")
def compared_songs(
    label, *, tracks: tuple[str, ...], weeks: int = WEEKS, filters: Filters = Filters()
) -> pl.DataFrame:
    """Return weekly streams of some songs as `compared` does those of artists.

    Returns
    -------
    track_id | title (with the version, where there is one) | week_end | streams | index. A song
    that nobody streamed in these weeks has no row.
    """
    version = pl.format(" ({})", "version").fill_null("")
    names = label.scan("tracks").select("track_id", title=pl.concat_str("title", version)).collect()
    return _weeks(track_counts(label), names, tracks, weeks, filters)


def _weeks(
    counted: Counts, names: pl.DataFrame, ids: tuple[str, ...], weeks: int, filters: Filters
) -> pl.DataFrame:
    """Return id | name | week_end | streams | index, the first two called as in `names`."""
    key, name = names.columns
    counts = counted.by_day(countries=filters.countries).filter(pl.col("id").is_in(list(ids)))
    grid = weekly_grid(counts, counted.last, whole=counted.whole).filter(pl.col("week") < weeks)
    scaled = grid.select(
        pl.col("id").alias(key),
        (pl.lit(counted.last) - pl.duration(days=7 * pl.col("week"))).alias("week_end"),
        (7 * pl.col("streams") / pl.col("known")).alias("streams"),
    ).sort(key, "week_end")
    start = pl.col("streams").drop_nulls().head(4).mean().over(key)
    return (
        scaled.join(names, on=key, how="left")
        .with_columns(
            pl.col(name).fill_null(pl.col(key)),
            pl.when(start > 0).then(100 * pl.col("streams") / start).alias("index"),
        )
        .select(key, name, *MEASURES)
        .cast(MEASURES)
        .sort(key, "week_end")
    )
