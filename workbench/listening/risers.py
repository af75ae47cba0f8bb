"""The largest risers and fallers: songs that changed beyond their own noise, one an artist."""

import polars as pl

from workbench.analysis import analysis
from workbench.listening.catalogue import READS, catalogue
from workbench.listening.change import DAYS

MOVERS = {
    "track_id": pl.String,
    "title": pl.String,
    "artist_id": pl.String,
    "artist": pl.String,
    "streams": pl.Int64,
    "before": pl.Int64,
    "known": pl.Int64,
    "known_before": pl.Int64,
    "change": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "sure": pl.Float64,
    "others": pl.Int64,
}


@analysis(optional=READS)
def risers(label, *, days: int = DAYS, most: int = 2) -> pl.DataFrame:
    """Return the songs that rose or fell most, of those that stand out.

    “Most” is what is sure: the end of the interval nearer to no change, in streams. Of each artist
    the largest riser and the largest faller counts.

    Parameters
    ----------
    days : window. most : risers, and as many fallers.

    Returns
    -------
    track_id | title | artist_id | artist | streams | before | known | known_before (days of
    them) | change (of the mean known day) | low | high | sure (streams gained or lost at least,
    90 %) | others (more songs of the artist that stand out the same way). Risers first, largest
    first. Empty where nothing stands out.

    Raises
    ------
    MissingTable
        Nothing counts streams, and there are no tracks.
    """
    found = catalogue(label, days=days)
    if found.source is None:
        return pl.DataFrame(schema=MOVERS)
    nearer = pl.when(pl.col("change") > 0).then("low").otherwise("high")
    per_day = pl.col("before") / pl.col("known_before") * pl.col("known")
    group = [pl.coalesce("artist_id", "track_id"), pl.col("rising")]
    movers = (
        found.tracks.filter("stands_out")
        .with_columns((per_day * nearer).alias("sure"), (pl.col("change") > 0).alias("rising"))
        # the season may carry a song over the line that its own interval does not pass
        .filter((pl.col("sure") > 0) == pl.col("rising"))
        .with_columns((pl.len().over(group) - 1).cast(pl.Int64).alias("others"))
        .sort(pl.col("sure").abs(), "track_id", descending=[True, False])
    )
    firsts = movers.filter(pl.int_range(pl.len()).over(group) == 0)
    parts = [firsts.filter(pl.col("rising")), firsts.filter(~pl.col("rising"))]
    return pl.concat(part.head(most) for part in parts).select(MOVERS.keys()).cast(MOVERS)
