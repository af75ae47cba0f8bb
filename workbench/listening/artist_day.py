"""One day of an artist: which songs and which countries it was made of."""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.listening.counts import SOURCES, by_track
from workbench.listening.streams import source


@dataclass(frozen=True, eq=False)
class Day:
    """What one day of an artist was made of.

    Attributes
    ----------
    tracks : track_id | title | streams | usual (mean of that weekday in the eight weeks before).
    countries : country | streams | usual. day : the day.
    """

    tracks: pl.DataFrame
    countries: pl.DataFrame
    day: datetime.date


USUAL_WEEKS = 8


@analysis(optional=f"{SOURCES} tracks")
def artist_day(
    label, *, artist_id: str, day: datetime.date, filters: Filters = Filters()
) -> Day:  # fmt: skip
    """Return one day of an artist beside its usual weekday, by track and by country.

    Raises
    ------
    MissingTable
        Nothing counts streams.
    """
    if source(label) is None:
        raise label.missing("daily_streams")
    titles = label.scan("tracks").filter(pl.col("artist_id") == artist_id)
    age = (pl.lit(day) - pl.col("day")).dt.total_days()
    rows = (
        by_track(label)
        .join(titles.select("track_id", "title"), left_on="id", right_on="track_id")
        .filter((age % 7 == 0) & age.is_between(0, 7 * USUAL_WEEKS))
    )
    if filters.countries:
        rows = rows.filter(pl.col("territory").is_in(list(filters.countries)))
    today = pl.col("streams").filter(pl.col("day") == day).sum()
    before = pl.col("streams").filter(pl.col("day") < day)
    weeks = pl.col("day").filter(pl.col("day") < day).n_unique()
    usual = pl.when(weeks > 0).then(before.sum() / weeks).alias("usual")
    tracks = rows.group_by(pl.col("id").alias("track_id"), "title").agg(today, usual)
    by_country = rows.group_by(pl.col("territory").alias("country")).agg(today, usual)
    return Day(
        tracks=tracks.sort("streams", "track_id", descending=[True, False]).collect(),
        countries=by_country.sort("streams", "country", descending=[True, False]).collect(),
        day=day,
    )
