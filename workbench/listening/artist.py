"""One artist: whether it grows, and on what."""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import Filters, analysis
from workbench.errors import BadInput
from workbench.listening import momentum, panel
from workbench.listening.change import DAYS, WINDOWS, changes
from workbench.listening.counts import SOURCES, Counts
from workbench.listening.marks import READS as MARK_READS
from workbench.listening.marks import marks
from workbench.listening.roster import listed, streams_by_artist
from workbench.listening.streams import WEEK_DAYS, WORLDWIDE

READS = f"{SOURCES} {MARK_READS} artists artist_annotations"
STEP = 28
SMOOTH = 7


@dataclass(frozen=True, eq=False)
class Artist:
    """One artist.

    Attributes
    ----------
    facts : the artist's row of `roster.roster`. parts : of momentum, see `momentum.parts`.
    windows : days | streams | before | added | change | low | high | evidence, for 7, 28 and 90.
    line : day (last one covered) | streams | mean_7 (null in gaps of unknown days).
    step : days that a row of the line covers: 1, or 7 where streams are counted by the week.
    marks : releases, playlist stays and campaigns, see `marks.marks`.
    mix : step_end (last day of 28) | source | share | listeners (of the step) | hidden.
    markets : country | streams | before | change | low | high | evidence | share | listeners (of
        the panel, null where hidden).
    reach : metric (a column of `people`) | now | before (28 days ago) | change, of the last day
        that a store reports. people : day | monthly_listeners | monthly_active_listeners |
        super_listeners | followers, as stores report them for the artist; empty where none does.
    as_of : last day counted. source : table that streams are counted from.
    """

    facts: pl.DataFrame
    parts: pl.DataFrame
    windows: pl.DataFrame
    line: pl.DataFrame
    step: int
    marks: pl.DataFrame
    mix: pl.DataFrame
    markets: pl.DataFrame
    reach: pl.DataFrame
    people: pl.DataFrame
    as_of: datetime.date
    source: str


@analysis(optional=READS)
def artist(
    label,
    *,
    artist_id: str,
    filters: Filters = Filters(),
    days: int = DAYS,
    min_group: int = 10,
) -> Artist:
    """Return what moves one artist.

    Of `filters` countries count everywhere, dates bound the line and its marks.

    Raises
    ------
    MissingTable
        Nothing counts streams. BadInput : there is no such artist.
    """
    places = Filters(countries=filters.countries)
    counted = streams_by_artist(label)
    whole = listed(label, counted, places, days, None, None, min_group)
    facts = whole.artists.filter(pl.col("artist_id") == artist_id)
    if facts.is_empty():
        raise BadInput(f"There is no artist “{artist_id}” in this label.")
    if whole.as_of is None:
        raise label.missing("daily_streams")
    counts = counted.by_day(countries=filters.countries, until=whole.as_of)
    mine = counts.filter(pl.col("id") == artist_id)
    step = int(mine["days"].min() or (WEEK_DAYS if whole.source == "window_totals" else 1))
    line = _line(mine, counted, step, whole.as_of, filters)
    people = _people(label, artist_id, whole.as_of)
    bounds = (line["day"].min() or whole.as_of, line["day"].max() or whole.as_of)
    return Artist(
        facts=facts,
        parts=momentum.parts(facts),
        windows=_windows(counts, counted, artist_id, whole.as_of),
        line=line,
        step=step,
        marks=marks(label, artist_id, since=bounds[0], until=bounds[1]),
        mix=_mix(label, artist_id, places, whole.as_of, min_group),
        markets=_markets(counted, artist_id, whole, filters),
        reach=_reach(people),
        people=people.filter(pl.col("day").is_between(*bounds)),
        as_of=whole.as_of,
        source=whole.source,
    )


def _windows(counts, counted: Counts, artist_id: str, as_of: datetime.date) -> pl.DataFrame:
    judged = {"as_of": as_of, "whole": counted.whole, "first": counted.first}
    return pl.concat(
        changes(counts, days=days, **judged)
        .filter(pl.col("id") == artist_id)
        .select(
            pl.lit(days, pl.Int64).alias("days"),
            "streams",
            "before",
            (pl.col("streams") - pl.col("before")).alias("added"),
            "change",
            "low",
            "high",
            "evidence",
        )
        for days in WINDOWS
    )


def _line(mine: pl.DataFrame, counted: Counts, step: int, as_of, filters) -> pl.DataFrame:
    if mine.is_empty():
        return pl.DataFrame(schema=LINE)
    last = mine["day"].max() if step > 1 else as_of
    every = pl.date_range(mine["day"].min(), last, interval=f"{step}d", eager=True)
    rows = pl.DataFrame({"day": every}).join(mine.select("day", "streams"), on="day", how="left")
    if counted.whole:
        rows = rows.with_columns(pl.col("streams").fill_null(0))
    smooth = SMOOTH // step
    mean = pl.col("streams").rolling_mean(smooth, min_samples=(smooth + 1) // 2)
    rows = rows.with_columns(pl.when(pl.col("streams").is_not_null()).then(mean).alias("mean_7"))
    if filters.since is not None:
        rows = rows.filter(pl.col("day") >= filters.since)
    if filters.until is not None:
        rows = rows.filter(pl.col("day") <= filters.until)
    return rows.select(LINE.keys()).cast(LINE)


LINE = {"day": pl.Date, "streams": pl.Int64, "mean_7": pl.Float64}
MIX = {
    "step_end": pl.Date,
    "source": pl.String,
    "share": pl.Float64,
    "listeners": pl.Int64,
    "hidden": pl.Boolean,
}


def _mix(label, artist_id: str, filters, as_of: datetime.date, min_group: int) -> pl.DataFrame:
    if not (label.has("plays") and label.has("tracks")):
        return pl.DataFrame(schema=MIX)
    first = min(entry.first for entry in label.entries("plays"))
    # Whole steps only: a step that begins before the panel would be another kind of number.
    steps = max(1, ((as_of - datetime.date.fromisoformat(first)).days + 1) // STEP)
    plays = panel.window_plays(label, filters, as_of=as_of, days=steps * STEP, per="artist")
    mine = plays.filter(pl.col("id") == artist_id)
    ends = pl.lit(as_of) - pl.duration(days=pl.col("step") * STEP)
    return (
        panel.source_steps(mine, step=STEP, min_group=min_group)
        .with_columns(ends.alias("step_end"))
        .select(MIX.keys())
        .cast(MIX)
        .sort("step_end", "source")
    )


def _markets(counted: Counts, artist_id: str, whole, filters) -> pl.DataFrame:
    rows = counted.rows.filter((pl.col("id") == artist_id) & (pl.col("day") <= whole.as_of))
    if filters.countries:
        rows = rows.filter(pl.col("territory").is_in(list(filters.countries)))
    counts = rows.select(pl.col("territory").alias("id"), "day", "days", "streams").collect()
    found = changes(
        counts,
        as_of=whole.as_of,
        days=whole.days,
        whole=counted.whole,
        first=counted.first,
        apart=False,
    )
    listeners = whole.markets.filter(pl.col("artist_id") == artist_id)
    return (
        found.rename({"id": "country"})
        .join(listeners.select("country", "listeners"), on="country", how="left")
        .with_columns((pl.col("streams") / pl.col("streams").sum()).alias("share"))
        .select(
            "country", "streams", "before", "change", "low", "high", "evidence", "share",
            "listeners",
        )
        .sort("streams", "country", descending=[True, False], nulls_last=True)
    )  # fmt: skip


PEOPLE = ("monthly_listeners", "monthly_active_listeners", "super_listeners", "followers")


def _people(label, artist_id: str, until: datetime.date) -> pl.DataFrame:
    """Counts of people stand for themselves: one store's row a day, the largest, never a sum."""
    return (
        label.scan("daily_streams")
        .filter((pl.col("entity") == "artist") & (pl.col("entity_id") == artist_id))
        .filter((pl.col("day") <= until) & (pl.col("territory") == WORLDWIDE))
        .filter(pl.any_horizontal(pl.col(PEOPLE).is_not_null()))
        .group_by("day")
        .agg(pl.col(PEOPLE).max())
        .sort("day")
        .collect()
    )


def _reach(people: pl.DataFrame) -> pl.DataFrame:
    rows = []
    last = people["day"].max()
    for metric in PEOPLE:
        ends = [None, None]
        for place, back in enumerate((0, STEP) if last is not None else ()):
            day = people.filter(pl.col("day") == last - datetime.timedelta(days=back))
            ends[place] = day[metric].max()
        rows.append({"metric": metric, "now": ends[0], "before": ends[1]})
    frame = pl.DataFrame(rows, schema={"metric": pl.String, "now": pl.Int64, "before": pl.Int64})
    share = pl.when(pl.col("before") > 0).then(pl.col("now") / pl.col("before") - 1)
    return frame.with_columns(share.alias("change"))
