"""Break-outs: songs beyond their own trend, with a stated rate of false alarms."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import NotEnoughEvidence
from workbench.listening import ahead
from workbench.listening.series import TRACK, Series, series
from workbench.listening.streams import friday
from workbench.listening.surprise import RATE, STRETCH, watched

MOST = 2_000  # songs; of more, the most streamed
SONGS = {
    "track_id": pl.String,
    "title": pl.String,
    "artist_id": pl.String,
    "artist": pl.String,
    "since": pl.Date,
    "alarm": pl.Date,
    "before": pl.Float64,
    "now": pl.Float64,
    "times": pl.Float64,
    "event": pl.String,
}


@dataclass(frozen=True, eq=False)
class Breakouts:
    """Songs whose surprises added up past the line in the last 26 weeks.

    Attributes
    ----------
    songs : track_id | title | artist_id | artist | since (Friday of the first week beyond) |
        alarm (Friday of the week that passed the line) | before (streams of the week before
        `since`) | now (of the last week known) | times (now over before; null where either is not
        known) | event (what is on file of those weeks: playlists, campaigns; null for nothing).
        The largest gain in streams first.
    watched : songs that could be told of. quiet : songs that set the line. begins : first week
        watched. rate : of quiet songs that alarm by chance in the weeks watched.
    """

    songs: pl.DataFrame
    watched: int
    quiet: int
    begins: datetime.date
    rate: float = RATE


@analysis(
    reads="tracks",
    optional="artists daily_streams plays listeners window_totals campaigns playlist_spells",
)
def breakouts(label) -> Breakouts:
    """Return the songs that broke out in the last 26 weeks.

    A trend is learnt from all weeks but the last 26; the line is set on the 26 before those, by
    songs that no campaign and no editorial or algorithmic playlist touched in them; watched are
    the last 26, in the 2,000 songs most streamed in them. See `workbench.listening.surprise`.

    Raises
    ------
    MissingTable, NotEnoughEvidence
        Nothing counts streams by week; too few weeks before the last 26, or too few quiet songs.
    """
    panel = series(label)
    rows = _largest(panel)
    ids, known = panel.ids[rows].str.strip_prefix(TRACK), panel.known[rows]
    begin = known.shape[1] - STRETCH
    if begin <= STRETCH:
        raise NotEnoughEvidence(
            f"{known.shape[1]} weeks are known. A break-out is told in the last {STRETCH}, by a "
            f"line that is set in the {STRETCH} before."
        )
    events = on_file(label)
    calm = quiet(ids, events, panel.fridays[begin - STRETCH], panel.fridays[begin])
    run, limit = watched(ahead.Weeks(ahead.logs(known), panel.number), begin, calm)
    alarmed = np.flatnonzero((run > limit).any(axis=1))
    found = [
        (ids[song], *_told(known[song], run[song] > limit, run[song] > 0, begin, panel.fridays))
        for song in alarmed.tolist()
    ]
    told = ("track_id", "since", "alarm", "before", "now")
    songs = pl.DataFrame(found, schema={name: SONGS[name] for name in told}, orient="row")
    return Breakouts(
        songs=_named(label, _explained(songs, events)),
        watched=int(np.isfinite(known[:, begin:]).any(axis=1).sum()),
        quiet=int(calm.sum()),
        begins=panel.fridays[begin],
    )


def _largest(panel: Series) -> np.ndarray:
    """Return the rows of the songs most streamed of late, in their order."""
    rows = panel.ids.str.starts_with(TRACK).arg_true().to_numpy()
    late = np.nansum(panel.known[rows, -STRETCH:], axis=1)
    return np.sort(rows[np.argsort(-late, kind="stable")[:MOST]])


def unexplained(songs: pl.DataFrame) -> pl.DataFrame:
    """Return the songs that are still above the week before, with nothing on file for it."""
    return songs.filter(pl.col("event").is_null() & (pl.col("times") > 1))


EVENTS = {"track_id": pl.String, "week": pl.Date, "until": pl.Date, "event": pl.String}


def on_file(label) -> pl.DataFrame:
    """Return what is on file that may move a song: track_id | week | until (Fridays) | event.

    A campaign moves it in all weeks that it runs, a playlist when it comes and when it goes: a
    place that lasts moves nothing from one week to the next. Playlists that listeners keep are
    left out: a song that grows is added to more of them.
    """
    parts = []
    if label.has("campaigns"):
        spent = label.scan("campaigns").filter(pl.col("spend") > 0).drop_nulls("track_id")
        ends = pl.col("day") + pl.duration(days=pl.col("days").fill_null(1) - 1)
        named = pl.format("campaign on {}", "channel")
        parts.append(spent.select("track_id", "day", ends.alias("last"), named.alias("event")))
    if label.has("playlist_spells"):
        spells = label.scan("playlist_spells").filter(pl.col("kind").ne_missing("listener"))
        for moment, named in (("added_at", "playlist {}"), ("removed_at", "end of playlist {}")):
            day = pl.col(moment).dt.date()
            event = pl.format(named, "playlist").alias("event")
            moved = spells.select("track_id", day.alias("day"), day.alias("last"), event)
            parts.append(moved.drop_nulls("day"))
    if not parts:
        return pl.DataFrame(schema=EVENTS)
    return (
        pl.concat(parts)
        .select("track_id", friday("day").alias("week"), friday("last").alias("until"), "event")
        .unique()
        .sort("track_id", "week", "event")
        .collect()
    )


def quiet(
    ids: pl.Series, events: pl.DataFrame, since: datetime.date, until: datetime.date
) -> np.ndarray:
    """Tell of each song whether nothing on file may have moved it between two Fridays."""
    week = datetime.timedelta(weeks=1)
    inside = (pl.col("week") <= until - week) & (pl.col("until") >= since - week)
    moved = events.filter(inside)["track_id"]
    return ~ids.is_in(moved.implode()).to_numpy()


def _told(known: np.ndarray, over: np.ndarray, beyond: np.ndarray, begin: int, fridays: list):
    """Return since, alarm, streams before and now, of one song."""
    alarm = int(over.argmax())
    calm = np.flatnonzero(~beyond[:alarm])
    since = begin + (int(calm[-1]) + 1 if len(calm) else 0)
    before, last = known[since - 1], known[np.isfinite(known)][-1]
    return (
        fridays[since], fridays[begin + alarm],
        float(before) if np.isfinite(before) else None, float(last),
    )  # fmt: skip


def _explained(songs: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Add what is on file from a week before the first week beyond, up to the alarm."""
    first = pl.col("since").dt.offset_by("-1w")
    around = (pl.col("week") <= pl.col("alarm")) & (pl.col("until") >= first)
    causes = (
        songs.select("track_id", "since", "alarm")
        .join(events, on="track_id")
        .filter(around)
        .group_by("track_id")
        .agg(pl.col("event").unique().sort().str.join(", "))
    )
    return songs.join(causes, on="track_id", how="left")


def _named(label, songs: pl.DataFrame) -> pl.DataFrame:
    tracks = label.scan("tracks").select("track_id", "title", "artist_id").collect()
    artists = label.scan("artists").select("artist_id", artist="name").collect()
    times = pl.when(pl.col("before") > 0).then(pl.col("now") / pl.col("before"))
    return (
        songs.join(tracks, on="track_id", how="left")
        .join(artists, on="artist_id", how="left")
        .with_columns(
            pl.coalesce("title", "track_id").alias("title"),
            pl.coalesce("artist", "artist_id").alias("artist"),
            times.alias("times"),
        )
        .sort(
            pl.col("now") - pl.col("before"), "track_id", descending=[True, False], nulls_last=True
        )
        .select(SONGS.keys())
        .cast(SONGS)
    )
