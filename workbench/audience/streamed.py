"""Every stream by number, read once: what is counted by day and listener, over and over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.numbered import numbered
from workbench.listening.streams import is_stream
from workbench.store.memory import memory
from workbench.tables.plays import INTENTIONAL

if TYPE_CHECKING:
    from workbench.dataset import View


@dataclass(frozen=True, eq=False)
class Streamed:
    """Streams of 30 s or more, ordered by listener, artist, song and day.

    Attributes
    ----------
    listeners : ids, sorted. tracks : track_id | artist_id (null where the catalogue has none) of
        all that was streamed, sorted by artist and song. person, track, day, sought : of each
        stream (n,), its places in these two, days since 1970, and whether the listener came for it.
    """

    listeners: pl.Series
    tracks: pl.DataFrame
    person: np.ndarray
    track: np.ndarray
    day: np.ndarray
    sought: np.ndarray

    @property
    def nbytes(self) -> int:
        """Return the bytes of the streams."""
        return sum(one.nbytes for one in (self.person, self.track, self.day, self.sought))

    def of(self, kept: np.ndarray) -> Streamed:
        """Return the streams of some listeners, Boolean (listeners,)."""
        own, place = kept[self.person], np.cumsum(kept, dtype=np.int32) - 1
        columns = (place[self.person[own]], self.track[own], self.day[own], self.sought[own])
        return Streamed(self.listeners.filter(pl.Series(kept)), self.tracks, *columns)

    def first_day(self) -> np.ndarray:
        """Return the day of each listener's first stream, (listeners,)."""
        return np.minimum.reduceat(self.day, starts(self.person)) if len(self.day) else self.day

    def before(self, asked: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of occasions, listener_id | day, and the places of streams before them.

        A pair for each stream of the listener before the day, by row and in the order of streams.
        """
        known = self.listeners.alias("listener_id").to_frame().with_row_index("person")
        who = asked.join(known, on="listener_id", how="left", maintain_order="left")["person"]
        who = who.cast(pl.Int64).fill_null(len(self.listeners)).to_numpy()
        ends = np.searchsorted(self.person, np.arange(len(self.listeners) + 1), side="right")
        first = np.concatenate([[0], ends])[who]
        length = np.where(who < len(self.listeners), ends[who] - first, 0)
        row = np.repeat(np.arange(asked.height), length)
        place = np.arange(len(row)) + np.repeat(first - np.cumsum(length) + length, length)
        kept = self.day[place] < asked["day"].to_physical().to_numpy()[row]
        return row[kept], place[kept]


def streamed(label: View) -> Streamed:
    """Return all streams of the label's listeners, kept in memory."""
    return memory.load(
        f"streamed:{label.version('plays', 'tracks')}", lambda: _read(label), lambda one: one.nbytes
    )


def _read(label: View) -> Streamed:
    # an id takes four bytes as a category, wherever it was read
    ids = [pl.col(name).cast(pl.Categorical(pl.Categories.random()))
           for name in ("listener_id", "track_id")]  # fmt: skip
    found = (
        label.scan("plays")
        .filter(is_stream())
        .select(
            *ids,
            day=pl.col("played_at").dt.date(),
            sought=pl.col("source").is_in(INTENTIONAL).fill_null(value=False),
        )
        .collect(engine="streaming")
    )
    return by_number(found, label.table("tracks"))


def by_number(found: pl.DataFrame, catalogue: pl.DataFrame) -> Streamed:
    """Return streams, listener_id | track_id | day | sought, by number; `catalogue` is tracks."""
    person, listeners = numbered(found["listener_id"])
    track, played = numbered(found["track_id"])
    tracks = (
        played.cast(pl.String).alias("track_id").to_frame().with_row_index("place")
        .join(catalogue.select("track_id", "artist_id"), on="track_id", how="left")
        .sort("artist_id", "track_id")
    )  # fmt: skip
    place = np.empty(tracks.height, np.int64)
    place[tracks["place"].to_numpy()] = np.arange(tracks.height)
    # one number a stream is sorted several times as fast as four columns
    day = found["day"].to_physical().to_numpy().astype(np.int64)
    since = day.min(initial=10**6)
    days = max(day.max(initial=0) - since + 1, 1)
    whole = (person * tracks.height + place[track]) * days + (day - since)
    whole = np.sort(whole * 2 + found["sought"].to_numpy())
    whole, sought = np.divmod(whole, 2)
    whole, day = np.divmod(whole, days)
    person, track = np.divmod(whole, max(tracks.height, 1))
    numbers = (one.astype(np.int32) for one in (person, track, day + since))
    return Streamed(listeners.cast(pl.String), tracks.drop("place"), *numbers, sought.astype(bool))


def starts(*columns: np.ndarray) -> np.ndarray:
    """Return where runs of equal rows begin; numbers from 0."""
    other = np.logical_or.reduce([np.diff(one, prepend=-1) != 0 for one in columns])
    return np.flatnonzero(other)
