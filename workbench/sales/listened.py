"""How somebody listened up to a day: what a first purchase is told by."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
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

RECENT_DAYS = 84
FEATURES = {
    "recency": "days since the last stream",
    "frequency": "streams of the last 12 weeks",
    "ever": "streams ever",
    "depth": "songs ever",
    "tenure": "days since the first stream",
    "sought": "share sought out, not fed",
    "favourite": "share of the artist heard most",
    "goods": "streams sought out, of artists that sell",
}
Days = np.ndarray | Sequence[datetime.date]


@dataclass(frozen=True, eq=False)
class Heard:
    """All streams by number, ordered by listener, artist, song and day.

    Attributes
    ----------
    listeners : ids, sorted. tracks : track_id | artist_id | sells (whether its artist has products)
        of all that was streamed, sorted by artist and song. person, track, day, sought : of each
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

    def of(self, kept: np.ndarray) -> Heard:
        """Return the streams of some listeners, Boolean (listeners,)."""
        own, place = kept[self.person], np.cumsum(kept, dtype=np.int32) - 1
        columns = (place[self.person[own]], self.track[own], self.day[own], self.sought[own])
        return Heard(self.listeners.filter(pl.Series(kept)), self.tracks, *columns)

    def first_day(self) -> np.ndarray:
        """Return the day of each listener's first stream, (listeners,)."""
        return np.minimum.reduceat(self.day, _starts(self.person)) if len(self.day) else self.day


def heard(label: View) -> Heard:
    """Return all streams of the label's listeners, kept in memory."""
    return memory.load(
        f"heard:{label.version('plays', 'tracks', 'products')}", lambda: _read(label),
        lambda one: one.nbytes,
    )  # fmt: skip


def _read(label: View) -> Heard:
    sellers = label.table("tracks")["artist_id"]
    if label.has("products"):
        sellers = label.table("products")["artist_id"]
    # an id takes four bytes as a category, wherever it was read
    ids = [pl.col(name).cast(pl.Categorical(pl.Categories.random()))
           for name in ("listener_id", "track_id")]  # fmt: skip
    found = (
        label.scan("plays")
        .filter(is_stream())
        .select(
            *ids, day=pl.col("played_at").dt.date().to_physical().cast(pl.Int64),
            sought=pl.col("source").is_in(INTENTIONAL).fill_null(value=False),
        )
        .collect(engine="streaming")
    )  # fmt: skip
    person, listeners = numbered(found["listener_id"])
    track, played = numbered(found["track_id"])
    tracks = (
        played.cast(pl.String).alias("track_id").to_frame().with_row_index("place")
        .join(label.table("tracks").select("track_id", "artist_id"), on="track_id", how="left")
        .with_columns(sells=pl.col("artist_id").is_in(sellers.drop_nulls().implode()))
        .with_columns(pl.col("sells").fill_null(value=False))
        .sort("artist_id", "track_id")
    )  # fmt: skip
    place = np.empty(tracks.height, np.int64)
    place[tracks["place"].to_numpy()] = np.arange(tracks.height)
    # one number a stream is sorted several times as fast as four columns
    since = int(found["day"].min() or 0)
    days = int(found["day"].max() or 0) - since + 1
    whole = (person * tracks.height + place[track]) * days + (found["day"].to_numpy() - since)
    whole = np.sort(whole * 2 + found["sought"].to_numpy())
    whole, sought = np.divmod(whole, 2)
    whole, day = np.divmod(whole, days)
    person, track = np.divmod(whole, max(tracks.height, 1))
    numbers = (one.astype(np.int32) for one in (person, track, day + since))
    return Heard(listeners.cast(pl.String), tracks.drop("place"), *numbers, sought.astype(bool))


def known_on(streams: Heard, days: Days) -> np.ndarray:
    """Return `FEATURES` of everybody on some days, ascending: (days, listeners, features).

    What was streamed on the day itself or later is not seen; who streamed nothing before has nan.
    Counts and days by their logarithm. Each stream is counted once, in sums that run over the days.
    """
    days = np.asarray(days, "datetime64[D]").astype(np.int64)
    edges = np.union1d(days, days - RECENT_DAYS)
    now, before = np.searchsorted(edges, days), np.searchsorted(edges, days - RECENT_DAYS)
    each = np.arange(streams.day.min(initial=0), streams.day.max(initial=0) + 1)
    place = np.searchsorted(edges, each, side="right")[streams.day - each[0]]  # seen from there on
    shape = (len(streams.listeners), len(edges) + 1)
    cell = streams.person * np.int64(shape[1]) + place

    def sofar(kept: np.ndarray | slice = slice(None)) -> np.ndarray:
        counts = np.bincount(cell[kept], minlength=shape[0] * shape[1])
        return counts.reshape(shape).cumsum(axis=1)

    order = np.argsort((streams.day - each[0]).astype(np.uint16), kind="stable")
    newest = np.full(shape[0] * shape[1], np.iinfo(np.int32).min)
    newest[cell[order]] = streams.day[order]  # of several the last one stays
    last = np.maximum.accumulate(newest.reshape(shape), axis=1)[:, now]
    streamed = sofar()
    ever, sought = streamed[:, now], sofar(streams.sought)[:, now]
    sells = streams.tracks["sells"].to_numpy()
    found = {
        "recency": days - last,
        "frequency": ever - streamed[:, before],
        "ever": ever,
        "depth": sofar(_starts(streams.person, streams.track))[:, now],
        "tenure": days - streams.first_day()[:, None],
        # of few streams a share says little: two more, one of them sought out
        "sought": (sought + 1) / (ever + 2),
        "favourite": _most(streams, place, order, now) / np.maximum(ever, 1),
        "goods": sofar(streams.sought & sells[streams.track])[:, now],
    }
    unheard = ever == 0
    for name in set(FEATURES) - {"sought", "favourite"}:
        found[name] = np.log1p(np.where(unheard, 0, found[name]))
    return np.where(unheard, np.nan, np.stack([found[name] for name in FEATURES])).T


def _most(streams: Heard, place: np.ndarray, order: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return the streams of the artist each listener heard most so far, (listeners, days)."""
    artist = streams.tracks["artist_id"].rank("dense").fill_null(0).to_numpy()[streams.track]
    pairs = _starts(streams.person, artist)
    pair = np.repeat(np.arange(len(pairs)), np.diff(pairs, append=len(artist)))
    owner = _starts(streams.person[pairs])
    pair, ends = pair[order], np.searchsorted(place[order], np.arange(now.max(initial=-1) + 2))
    found = np.zeros((len(now), len(streams.listeners)), np.int64)
    sofar = np.zeros(len(pairs), np.int64)
    for edge in range(len(ends) - 1):
        sofar += np.bincount(pair[ends[edge] : ends[edge + 1]], minlength=len(pairs))
        if len(pairs):
            found[now == edge] = np.maximum.reduceat(sofar, owner)
    return found.T


def _starts(*columns: np.ndarray) -> np.ndarray:
    """Return where runs of equal rows begin."""
    other = np.logical_or.reduce([np.diff(one, prepend=-1) != 0 for one in columns])
    return np.flatnonzero(other)
