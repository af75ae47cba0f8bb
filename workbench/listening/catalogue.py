"""Every track with its streams of 28 days and what changed."""

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening import streams


@analysis(reads="tracks", optional=f"artists lyrics {streams.SOURCES}")
def catalogue(label, *, filters: Filters = Filters()) -> pl.DataFrame:
    """Return the tracks that `filters` chooses.

    Returns
    -------
    track_id | title | artist | genre | release_date
    """
    artists = label.scan("artists").select("artist_id", pl.col("name").alias("artist"))
    return (
        filters.tracks(label.scan("tracks"))
        .join(artists, on="artist_id", how="left")
        .select("track_id", "title", "artist", "genre", "release_date")
        .sort("track_id")
        .collect()
    )
