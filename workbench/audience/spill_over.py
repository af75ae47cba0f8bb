"""Spill-over: whose listeners, and who of which feature, begin with an artist by themselves.

Twelve weeks are held back. Who had not heard the artist before them is asked twice: did they hear
the other one (or the feature), and did they begin with the artist in the weeks held back? Who is
active finds everything sooner, so that people are held against people who streamed as much.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.audience import chosen
from workbench.audience.begun import SHOWN, compared
from workbench.audience.heard import Heard, heard
from workbench.audience.profiles import added
from workbench.audience.rules import READS, last_day
from workbench.audience.tier_rules import day_of
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.listening.streams import is_stream
from workbench.store.privacy import HIDDEN, in_fives

if TYPE_CHECKING:
    from workbench.dataset import View

DAYS = 84
WINDOW, AFTER = 1, 2  # parts of time: 0 is long before
BANDS = 5


@dataclass(frozen=True, eq=False)
class SpillOver:
    """Who begins with an artist. Hidden cells are null; people are in fives, shares 0 to 1.

    Attributes
    ----------
    others : artist_id | name | heard (listeners of the other one who did not know the artist) |
        began (of them) | share | like_share (began, of people as active who had not heard the other
        one) | more | low | high (share less like_share, 90 %) | z | q | apart | reach (of those
        active now, who do not know the artist) | hidden; most first.
    features : track_id | name (title) | host | the same without reach, of who heard a song with the
        artist as its guest, against who heard the host only.
    name : of the artist. since, until : the days held back. hidden : rows hidden for privacy.
    """

    others: pl.DataFrame
    features: pl.DataFrame
    name: str
    since: datetime.date
    until: datetime.date
    hidden: int
    min_group: int


@analysis(reads="plays tracks artists", optional=READS)
def spill_over(
    label, *, artist_id: str, filters: Filters = Filters(), days: int = DAYS, min_group: int = 10
) -> SpillOver:
    """Return whose listeners begin with an artist more than people as active do.

    People are those with a stream in the `days` before the ones held back who had not streamed the
    artist; bands of equal size by their streams then make them alike. `filters` chooses countries
    and the last day. What is found goes together; it does not say what a show or a song would do.

    Raises
    ------
    BadInput, NotEnoughEvidence
        No such artist; less than twice `days` of plays, or nobody to ask.

    Source: direct standardisation to the exposed (Rothman, Greenland and Lash 2008, chapter 15).
    """
    names = dict(label.scan("artists").select("artist_id", "name").collect().iter_rows())
    if artist_id not in names:
        raise BadInput(f"There is no artist “{artist_id}”.")
    until = min(last_day(label), filters.until or datetime.date.max)
    since = until - datetime.timedelta(days=days - 1)
    found = _heard(label, filters, since, until, days)
    place = found.place(artist_id)
    asked = _asked(found.cells, place)
    early = min((e.first for e in label.entries("plays") if e.rows), default=str(until))
    whole = datetime.date.fromisoformat(early) <= since - datetime.timedelta(days=days)
    if asked.height < max(min_group, 1) or not whole:
        raise NotEnoughEvidence(
            f"This needs {2 * days} days of plays by people who did not know {names[artist_id]}: "
            "half to see what they heard, half to see whether they began."
        )
    others = compared(_exposed(found, place, asked), asked, min_group)
    others = others.join(_reach(found.cells, place, min_group), on="key", how="left")
    others = others.with_columns(found.artists.gather(others["key"]).alias("artist_id"))
    name = pl.col("artist_id").replace_strict(names, default=None).alias("name")
    others = others.with_columns(name).drop_nulls("name")
    features = _features(label, filters, asked, found, (artist_id, names), since, min_group)
    columns = ("heard", *SHOWN)
    return SpillOver(
        others=_ordered(others.select("artist_id", "name", *columns, "reach", HIDDEN)),
        features=_ordered(features.select("track_id", "name", "host", *columns, HIDDEN)),
        name=names[artist_id],
        since=since,
        until=until,
        hidden=int(others[HIDDEN].sum() + features[HIDDEN].sum()),
        min_group=min_group,
    )


def _heard(label: View, filters: Filters, since, until, days: int) -> Heard:
    """Return the streams long before, in the window before, and in the days held back."""
    scope = Filters(countries=filters.countries, until=until, segment=filters.segment)
    day, early = day_of(), since - datetime.timedelta(days=days)
    part = (day >= early).cast(pl.Int64) + (day >= since).cast(pl.Int64)
    return heard(label, chosen.plays(label, scope), part, AFTER + 1)


def _asked(cells: pl.DataFrame, artist: int) -> pl.DataFrame:
    """Return listener | began | band of who was active and had not heard the artist."""
    own = cells.filter(pl.col("artist") == artist)
    knew = own.filter(pl.col("part") < AFTER)
    began = own.filter(pl.col("part") == AFTER).select("listener", began=pl.lit(1))
    active = (
        cells.filter(pl.col("part") == WINDOW).group_by("listener").agg(pl.col("streams").sum())
    )
    active = active.join(knew, on="listener", how="anti").sort("streams", "listener")
    place = pl.int_range(pl.len()) * BANDS // pl.len()
    return active.join(began, on="listener", how="left").select(
        "listener",
        pl.col("began").fill_null(0).cast(pl.Int64),
        # who streamed as much is in the same band
        place.min().over("streams").alias("band"),
    )


def _exposed(found: Heard, artist: int, asked: pl.DataFrame) -> pl.DataFrame:
    """Return key | band | n1 | began: who of those asked had heard each other artist, by band."""
    early = found.cells.filter((pl.col("part") < AFTER) & (pl.col("artist") != artist))
    listener, width = early["listener"].to_numpy(), len(found.artists)
    once = added(listener, early["artist"].to_numpy(), listener, (len(found.listeners), width))
    rows = once[asked["listener"].to_numpy()]
    owner = np.repeat(np.arange(asked.height), np.diff(rows.indptr))
    cell = asked["band"].to_numpy()[owner] * width + rows.indices
    people = np.bincount(cell)
    began = np.bincount(cell, weights=asked["began"].to_numpy()[owner])
    held = np.flatnonzero(people)
    place = {"key": held % max(width, 1), "band": held // max(width, 1)}
    counts = {"n1": people[held], "began": began[held]}
    return pl.DataFrame(place | counts).cast(pl.Int64)


def _reach(cells: pl.DataFrame, artist: int, min_group: int) -> pl.DataFrame:
    """Return key | reach: who streams another artist now and never streamed this one."""
    knows = cells.filter(pl.col("artist") == artist)
    new = cells.filter(pl.col("part") == AFTER).join(knows, on="listener", how="anti")
    counted = new.group_by(key="artist").agg(pl.len().cast(pl.Int64).alias("exact"))
    shown = pl.when(pl.col("exact") >= min_group).then(in_fives(pl.col("exact"), min_group))
    return counted.select("key", shown.alias("reach"))


def _features(label, filters, asked, found, artist, since, min_group) -> pl.DataFrame:
    """Return what `_compared` does of songs with the artist as guest, each against its host's."""
    artist_id, names = artist
    guest = pl.element().str.to_lowercase().is_in([names[artist_id].lower(), artist_id.lower()])
    songs = (
        label.scan("tracks")
        .filter(pl.col("featured").list.eval(guest).list.any())
        .filter(pl.col("artist_id") != artist_id)
        .select("track_id", "title", "artist_id")
        .sort("track_id")
        .collect()
    )
    before_then = since - datetime.timedelta(days=1)
    scope = Filters(countries=filters.countries, until=before_then, segment=filters.segment)
    number = found.listeners.alias("listener_id").to_frame().with_row_index("listener")
    hearers = (
        chosen.plays(label, scope)
        .filter(is_stream() & pl.col("track_id").is_in(songs["track_id"].to_list()))
        .select("listener_id", pl.col("track_id").alias("key"))
        .unique()
        .collect()
        .join(number.select("listener_id", pl.col("listener").cast(pl.Int64)), on="listener_id")
        .select("listener", "key")
    )
    early = found.cells.filter(pl.col("part") < AFTER)
    rows = []
    for song, host in songs.select("track_id", "artist_id").iter_rows():
        # only who heard the host: else the feature would stand for the host's whole audience
        of_host = early.filter(pl.col("artist") == found.place(host))
        near = asked.join(of_host, on="listener", how="semi")
        own = hearers.filter(pl.col("key") == song).join(near, on="listener")
        cells = own.group_by("key", "band").agg(pl.len().alias("n1"), pl.col("began").sum())
        rows.append(compared(cells, near, min_group))
    if not rows:
        empty = hearers.head(0).join(asked, on="listener").with_columns(n1=pl.col("began"))
        rows.append(compared(empty, asked, min_group))
    return (
        pl.concat(rows)
        .join(songs, left_on="key", right_on="track_id")
        .select(
            pl.col("key").alias("track_id"),
            pl.col("title").alias("name"),
            pl.col("artist_id").replace_strict(names, default=None).alias("host"),
            pl.exclude("key", "title", "artist_id"),
        )
    )


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort by what is shown: an order by what is hidden would tell it."""
    key = rows.columns[0]
    return rows.sort("more", key, descending=[True, False], nulls_last=True)
