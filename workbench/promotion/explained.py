"""What the model puts a song's observed weeks down to: release and season, lists, events, spend."""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.errors import NotEnoughEvidence

CAUSES = ("release", "lists", "events", "promotion", "scatter")


@dataclass(frozen=True, eq=False)
class Explained:
    """A song's weeks by what the model puts them down to, at the best fit.

    Attributes
    ----------
    weeks : week | came | release (with the season) | lists | events | promotion | scatter (what is
        left over); the five add up to what came, and events may take away.
    parts : cause | streams | share (of what came), in the order of `CAUSES`.
    events : name | kind | first_day | last_day of those that touched the song, by first day.
    """

    weeks: pl.DataFrame
    parts: pl.DataFrame
    events: pl.DataFrame


@analysis(reads="promotion")
def weeks_explained(
    label, *, track_id: str, begin: datetime.date, until: datetime.date
) -> Explained:
    """Return what the weeks of a song from `begin` to `until` are put down to.

    Raises
    ------
    NotEnoughEvidence
        No week of the song was observed between them.
    """
    fit = label.fit("promotion")
    own = pl.col("track_id") == pl.lit(track_id, pl.String)
    rows = fit.frames["weekly"].filter(own, pl.col("week").is_between(begin, until)).sort("week")
    if rows.is_empty():
        raise NotEnoughEvidence(f"No week of this song was seen from {begin} to {until}.")
    causes = {
        "lists": pl.col("listed"),
        "promotion": pl.col("promoted"),
        "events": pl.col("events"),
    }
    release = pl.col("expected") - sum(causes.values())
    causes |= {"release": release, "scatter": pl.col("streams") - pl.col("expected")}
    weeks = rows.select(
        "week", came=pl.col("streams").cast(pl.Float64), **{name: causes[name] for name in CAUSES}
    )
    sums = {name: float(weeks[name].sum()) for name in CAUSES}
    came = float(weeks["came"].sum()) or float("nan")
    artist = fit.frames["catalogue"].filter(own)["artist_id"].first()
    touched = fit.frames["events"].filter(
        pl.col("left_out").is_null(),
        pl.col("track_id").is_null() | own,
        pl.col("artist_id").is_null() | pl.col("artist_id").eq(pl.lit(artist, pl.String)),
        pl.col("last_day") >= begin,
        pl.col("first_day") <= until,
    )
    return Explained(
        weeks=weeks,
        parts=pl.DataFrame(
            {"cause": list(sums), "streams": list(sums.values()),
             "share": [one / came for one in sums.values()]}
        ),
        events=touched.select("name", "kind", "first_day", "last_day").unique()
        .sort("first_day", "name"),
    )  # fmt: skip
