"""How somebody listened up to a day: what a first purchase is told by."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from workbench.audience.streamed import starts

if TYPE_CHECKING:
    from workbench.audience.streamed import Streamed
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
    "flat": "the same, squared: below 0 each more counts less",
}


def selling(label: View, streams: Streamed) -> np.ndarray:
    """Return whose artist has products, Boolean (tracks,); everybody where no product is known."""
    sellers = label.table("products" if label.has("products") else "tracks")["artist_id"]
    artist = streams.tracks["artist_id"]
    return artist.is_in(sellers.drop_nulls().implode()).fill_null(value=False).to_numpy()


def known_on(streams: Streamed, sells: np.ndarray, days: Sequence[datetime.date]) -> np.ndarray:
    """Return `FEATURES` of everybody on some days, ascending: (days, listeners, features).

    `sells` says which tracks are of artists that sell something. What was streamed on the day
    itself or later is not seen; who streamed nothing before has nan. Counts and days by their
    logarithm. Each stream is counted once, in sums that run over the days.
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
    found = {
        "recency": days - last,
        "frequency": ever - streamed[:, before],
        "ever": ever,
        "depth": sofar(starts(streams.person, streams.track))[:, now],
        "tenure": days - streams.first_day()[:, None],
        # of few streams a share says little: two more, one of them sought out
        "sought": (sought + 1) / (ever + 2),
        "favourite": _most(streams, place, order, now) / np.maximum(ever, 1),
        "goods": sofar(streams.sought & sells[streams.track])[:, now],
    }
    unheard = ever == 0
    for name in set(found) - {"sought", "favourite"}:
        found[name] = np.log1p(np.where(unheard, 0, found[name]))
    found["flat"] = found["goods"] ** 2
    return np.where(unheard, np.nan, np.stack([found[name] for name in FEATURES])).T


def _most(streams: Streamed, place: np.ndarray, order: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Return the streams of the artist each listener heard most so far, (listeners, days)."""
    artist = streams.tracks["artist_id"].rank("dense").fill_null(0).to_numpy()[streams.track]
    pairs = starts(streams.person, artist)
    pair = np.repeat(np.arange(len(pairs)), np.diff(pairs, append=len(artist)))
    owner = starts(streams.person[pairs])
    pair, ends = pair[order], np.searchsorted(place[order], np.arange(now.max(initial=-1) + 2))
    found = np.zeros((len(now), len(streams.listeners)), np.int64)
    sofar = np.zeros(len(pairs), np.int64)
    for edge in range(len(ends) - 1):
        sofar += np.bincount(pair[ends[edge] : ends[edge + 1]], minlength=len(pairs))
        if len(pairs):
            found[now == edge] = np.maximum.reduceat(sofar, owner)
    return found.T
