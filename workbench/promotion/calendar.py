"""The calendar: own releases by week, and what weekdays did."""

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import NotEnoughEvidence
from workbench.listening import streams
from workbench.promotion.launches import FIRST_WEEKS

FRIDAY = 5  # of Polars: Monday is 1
FEWEST = 5  # launches on either side, to tell one weekday from others
TAIL = 0.95


@dataclass(frozen=True, eq=False)
class Calendar:
    """Own releases around today.

    Attributes
    ----------
    releases : track_id | title | artist_id | artist | genre | date | week (its Friday) | planned;
        by date. Of demos and what has no date nothing is listed.
    today : day that parts what is out from what is planned. planned : how many of them are.
    fridays, others : releases of the whole catalogue on a Friday, and on another day.
    """

    releases: pl.DataFrame
    today: datetime.date
    planned: int
    fridays: int
    others: int


@analysis(reads="tracks", optional=f"artists {streams.SOURCES}")
def release_calendar(
    label, *, today: datetime.date | None = None, before: int = 26, weeks: int = 39
) -> Calendar:
    """Return the releases of `before` weeks up to today and of `weeks` after it.

    Parameters
    ----------
    today : None takes the last day on which streams are known, else the latest release that is out.

    Raises
    ------
    NotEnoughEvidence
        No track has a release date.
    """
    tracks = label.scan("tracks").drop_nulls("release_date").collect()
    if tracks.is_empty():
        raise NotEnoughEvidence(
            "No track has a release date. Import a catalogue sheet or a release schedule with one."
        )
    today = today or _last_day(label, tracks)
    weekday = tracks["release_date"].dt.weekday()
    week = datetime.timedelta(weeks=1)
    artists = label.scan("artists").select("artist_id", artist="name").collect()
    near = (
        tracks.filter(
            pl.col("release_date").is_between(today - before * week, today + weeks * week),
            pl.col("status").ne_missing("demo"),
        )
        .join(artists, on="artist_id", how="left")
        .select(
            "track_id",
            pl.coalesce("title", "track_id").alias("title"),
            "artist_id",
            pl.coalesce("artist", "artist_id").alias("artist"),
            "genre",
            date="release_date",
            week=streams.friday("release_date"),
            planned=pl.col("release_date") > today,
        )
        .sort("date", "track_id")
    )
    return Calendar(
        releases=near,
        today=today,
        planned=int(near["planned"].sum()),
        fridays=int((weekday == FRIDAY).sum()),
        others=int((weekday != FRIDAY).sum()),
    )


def _last_day(label, tracks: pl.DataFrame) -> datetime.date:
    ends = [
        datetime.date.fromisoformat(entry.last)
        for name in ("daily_streams", "plays", "window_totals")
        if label.has(name)
        for entry in label.entries(name)
        if entry.rows and entry.last
    ]
    out = tracks.filter(pl.col("status").ne_missing("planned"))["release_date"]
    return max(ends) if ends else out.max() or tracks["release_date"].min()


@dataclass(frozen=True, eq=False)
class FridayEffect:
    """Launches on a Friday against those on other days.

    Attributes
    ----------
    fridays, others : launches that were seen from their first weeks on. effect, low, high : log
        level of Fridays over other days, artist's size taken off (90 %); None under 5 on a side.
    """

    fridays: int
    others: int
    effect: float | None
    low: float | None
    high: float | None


@analysis(reads="promotion")
def friday_effect(label) -> FridayEffect:
    """Return how far launches on a Friday lie above those on other days, where both are known.

    A comparison, not an experiment: who leaves Friday has a reason. Welch's interval.
    """
    fit = label.fit("promotion")
    line = fit.arrays["launch_line"]
    launched = (
        fit.frames["tracks"]
        .filter(pl.col("first_age") <= FIRST_WEEKS)
        .drop_nulls("release_date")
        .join(fit.frames["artists"], on="artist_id", how="left")
        .with_columns(pl.col("size").fill_null(1.0))
    )
    level = fit.arrays["own"][launched["row"].to_numpy(), 0]
    above = level - line[0] - line[1] * np.log(launched["size"].to_numpy())
    on_friday = (launched["release_date"].dt.weekday() == FRIDAY).to_numpy()
    sides = above[on_friday], above[~on_friday]
    counts = len(sides[0]), len(sides[1])
    if min(counts) < FEWEST:
        return FridayEffect(*counts, None, None, None)
    from scipy.special import stdtrit

    parts = [side.var(ddof=1) / len(side) for side in sides]
    error = np.sqrt(sum(parts))
    freedom = sum(parts) ** 2 / sum(p**2 / (n - 1) for p, n in zip(parts, counts, strict=True))
    effect = sides[0].mean() - sides[1].mean()
    reach = stdtrit(freedom, TAIL) * error
    return FridayEffect(*counts, float(effect), float(effect - reach), float(effect + reach))
