"""Plays of the panel: every expected stream of the audience, thinned by 500, finds its listener."""

import datetime

import numpy as np
import polars as pl

from sample_data.generator.audience import AGES, Panel
from sample_data.generator.channels import CHANNELS
from sample_data.generator.demand import Baseline
from sample_data.generator.streams import Audience
from sample_data.generator.world import (
    CODES,
    DAYS,
    FIRST_DAY,
    PANEL_SCALE,
    UTC_OFFSET,
    WEEKS,
    autoregressive,
    stream,
    weekday,
)

SOURCES = ("library", "artist_page", "listener_playlist", "search", "editorial", "algorithmic",
           "radio", "unknown")  # fmt: skip
# Where plays of each part are counted, in the order of SOURCES.
SOURCE_ODDS = {
    "own": (0.50, 0.15, 0.26, 0.07, 0, 0, 0, 0.02),
    "own, new": (0.18, 0.40, 0.18, 0.22, 0, 0, 0, 0.02),
    "programmed": (0, 0, 0, 0, 0, 0.64, 0.33, 0.03),
    "editorial": (0, 0, 0, 0, 1.0, 0, 0, 0),
    "algorithmic": (0, 0, 0, 0, 0, 1.0, 0, 0),
    "listener": (0, 0, 1.0, 0, 0, 0, 0, 0),
    "viral": (0.12, 0.22, 0.18, 0.46, 0, 0, 0, 0.02),
    "paid": (0.14, 0.42, 0.06, 0.34, 0, 0, 0, 0.04),
}
# Plays that end before 30 s, per stream.
EARLY_SKIPS = {"own": 0.08, "programmed": 0.27, "editorial": 0.30, "algorithmic": 0.24,
               "listener": 0.13, "viral": 0.14, "paid": 0.22}  # fmt: skip
# Local hours 0 to 23, Monday to Thursday; the weekend starts later and ends later.
HOURS = np.array([14, 7, 4, 3, 3, 7, 20, 42, 52, 46, 44, 46, 50, 49, 50, 54, 62, 68, 66, 62, 58, 52,
                  42, 27])  # fmt: skip


def plays(tracks: pl.DataFrame, base: Baseline, whole: Audience, people: Panel) -> pl.DataFrame:
    """Return table plays, sorted by listener and time."""
    ids = sorted(tracks["artist_id"].unique())
    artist = np.array([ids.index(a) for a in tracks["artist_id"]])
    order = np.argsort(people.country, kind="stable")
    edges = np.searchsorted(people.country[order], np.arange(len(CODES) + 1))
    weights = _Weights(base, people, artist, whole.broad)
    found = []
    for name, part in whole.parts.items():
        rng = stream("panel", name)
        early = EARLY_SKIPS.get(name, EARLY_SKIPS["paid"])
        counts = rng.poisson(part / PANEL_SCALE * (1 + early))
        for i in np.flatnonzero(counts.sum(axis=(1, 2))):
            drawn = _listeners_of(rng, counts[i], weights, name, int(i), order, edges)
            found.append(_events(rng, drawn, name, int(i), early, base, whole, people))
    frame = pl.DataFrame({k: np.concatenate([f[k] for f in found]) for k in found[0]})
    return _table(frame, tracks, people)


class _Weights:
    """Who is likely to be behind a stream, by part, track and week."""

    def __init__(self, base: Baseline, people: Panel, artist: np.ndarray, broad) -> None:
        rng = stream("weights")
        count = len(people.ids)
        self.people, self.artist, self.broad = people, artist, broad
        week = np.arange(WEEKS) * 7
        self.here = (people.start[:, None] <= week + 6) & (people.end[:, None] > week)
        # People have months of much and of little music.
        mood = autoregressive(rng, (count, WEEKS), 0.75, 0.75)
        self.mood = np.exp(mood) * self.here
        first = np.array([base.release[artist == a].min() for a in range(artist.max() + 1)])
        found = _discovery(rng, people, first)
        self.found = found
        fades = rng.random(found.shape) < 0.45
        self.fading = np.where(fades, rng.uniform(0.02, 0.12, found.shape), 0.0)
        self.loyal = np.exp(rng.normal(0, 0.7, people.liking.shape))
        young = np.array([1.0, 0.8, 0.3, -0.3, -0.9, -1.3])
        self.young = np.array([young[AGES.index(a)] if a else 0.0 for a in people.age])

    def __call__(self, name: str, i: int, week: int) -> np.ndarray:
        """Return a weight per listener (listeners,)."""
        p, now = self.people, self.mood[:, week]
        liking = p.liking[:, i]
        if name == "own":
            since = week - self.found[:, self.artist[i]]
            known = (since >= 0) * np.exp(-self.fading[:, self.artist[i]] * np.maximum(since, 0))
            fan = p.fandom[:, self.artist[i]] * known * liking**0.6 * self.loyal[:, i]
            return now * p.activity * p.intent * (fan + 0.002 * liking**0.6)
        if name == "programmed":
            return now * p.activity**0.8 * (1.15 - p.intent) * liking
        if name in ("editorial", "algorithmic", "listener"):
            return now * p.activity**0.9 * (1.2 - 0.8 * p.intent) * liking**0.8
        if name == "viral":
            keen = self.loyal[:, i] ** 1.6
            return now * p.activity**0.7 * liking**0.7 * keen * np.exp(0.5 * self.young)
        channel = CHANNELS[name]
        answers = p.taste @ channel.group_response()
        aim = liking ** (0.25 if (i, name) in self.broad else 0.8)
        return (now * p.activity**0.6 * aim * answers) * np.exp(channel.young * self.young)


def _discovery(rng, people: Panel, first: np.ndarray) -> np.ndarray:
    """Return the week in which each listener found each artist (listeners, artists).

    Before the data for most, and never before there was something to find.
    """
    shape = people.fandom.shape
    early = rng.random(shape) < np.where(first < -200, 0.55, 0.25)[None, :]
    start = np.maximum(first, 0)[None, :] / 7
    during = start + rng.random(shape) * np.maximum(WEEKS - 1 - start, 1)
    found = np.where(early & (first < 0)[None, :], -rng.uniform(0, 90, shape), during)
    return np.maximum(found, people.start[:, None] / 7)


def _listeners_of(rng, counts, weights: _Weights, name, i, order, edges):
    """Return (day, listener) of each play of a part and track; `counts`: (days, territories)."""
    day, country = np.nonzero(counts)
    day, country = (np.repeat(v, counts[day, country]) for v in (day, country))
    listener = np.empty(len(day), dtype=np.int64)
    starts = np.searchsorted(day, np.arange(WEEKS + 1) * 7)
    for week in np.flatnonzero(np.diff(starts)):
        here = slice(starts[week], starts[week + 1])
        total = np.concatenate([[0.0], np.cumsum(weights(name, i, int(week))[order])])
        low, high = total[edges[country[here]]], total[edges[country[here] + 1]]
        at = np.searchsorted(total, low + rng.random(len(low)) * (high - low), side="right") - 1
        listener[here] = order[np.clip(at, edges[country[here]], edges[country[here] + 1] - 1)]
    return day, listener


def _events(rng, drawn, name, i, early, base: Baseline, whole: Audience, people: Panel) -> dict:
    """Return plays of one part and track with source, length and saves."""
    day, listener = drawn
    count = len(day)
    dislike = (people.liking[:, i].mean() / people.liking[listener, i]) ** 0.4
    dislike = np.clip(dislike, 0.3, 2.5)
    short = rng.random(count) < early / (1 + early) * dislike / dislike.mean()
    broken = ~short & (rng.random(count) < (0.07 if name == "own" else 0.15))
    kind = name if name in SOURCE_ODDS else "paid"
    odds = np.tile(SOURCE_ODDS[kind], (count, 1))
    if name == "own":
        odds[base.age[i, day] < 21] = SOURCE_ODDS["own, new"]
    cut = (rng.random(count)[:, None] * 0.9999 >= np.cumsum(odds, axis=1)).sum(axis=1)
    return {
        "track": np.full(count, i),
        "listener": listener,
        "day": day,
        "source": cut,
        "short": short,
        "broken": broken,
        "part": rng.random(count),
        "saved": ~short & (rng.random(count) < whole.saves[name][i]),
        "hour": _hours(rng, day, people.country[listener]),
        "second": rng.integers(0, 3600, count),
    }


def _hours(rng, day: np.ndarray, country: np.ndarray) -> np.ndarray:
    """Return the hour in UTC: local rhythm of the country, later at weekends."""
    late = np.roll(HOURS, 2) * np.where(np.arange(24) < 3, 1.6, 1.0)
    local = np.stack([HOURS / HOURS.sum(), late / late.sum()])
    weekend = (weekday()[day] >= 4).astype(int)
    cumulative = np.cumsum(local, axis=1)[weekend]
    hour = (rng.random(len(day))[:, None] * 0.9999 >= cumulative).sum(axis=1)
    return (hour - np.array([UTC_OFFSET[c] for c in CODES])[country]) % 24


def _table(frame: pl.DataFrame, tracks: pl.DataFrame, people: Panel) -> pl.DataFrame:
    duration = tracks["duration_ms"].to_numpy()[frame["track"].to_numpy()]
    short, broken, part = (frame[c].to_numpy() for c in ("short", "broken", "part"))
    length = np.where(broken, 30_000 + part * np.maximum(duration - 31_000, 1_000), duration)
    length = np.where(short, 1_000 + 28_500 * part**1.6, length)
    # Players report cut plays to the second, whole plays as the length of the recording.
    length = np.where(short | broken, length // 1000 * 1000, length).astype(np.int64)
    frame = frame.with_columns(
        pl.Series("ms_played", length),
        (pl.col("day") * 86_400 + pl.col("hour") * 3_600 + pl.col("second")).alias("start"),
    ).sort("listener", "start", "track", "ms_played", "source")
    start = _one_after_another(
        frame["listener"].to_numpy(), frame["start"].to_numpy(), frame["ms_played"].to_numpy()
    )
    origin = datetime.datetime.combine(FIRST_DAY, datetime.time(), tzinfo=datetime.UTC)
    first_save = pl.col("saved") & (pl.col("saved").cum_sum().over("listener", "track") == 1)
    return frame.with_columns(
        pl.Series("listener_id", people.ids[frame["listener"].to_numpy()]),
        pl.Series("track_id", tracks["track_id"].to_numpy()[frame["track"].to_numpy()]),
        (pl.lit(origin) + pl.duration(seconds=pl.Series(start)))
        .cast(pl.Datetime("ms", "UTC"))
        .alias("played_at"),
        pl.Series("source", np.array(SOURCES)[frame["source"].to_numpy()]),
        (pl.col("short") | pl.col("broken")).alias("skipped"),
        first_save.alias("saved"),
    ).select("listener_id", "track_id", "played_at", "ms_played", "source", "skipped", "saved")


def _one_after_another(listener: np.ndarray, start: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Return starts moved so that nobody hears two songs at once, within the data's last day."""
    moved, free, last = start.copy(), 0, -1
    for n in range(len(start)):
        if listener[n] != last:
            last, free = listener[n], 0
        moved[n] = max(start[n], free)
        free = moved[n] + length[n] // 1000 + 1
    return np.minimum(moved, DAYS * 86_400 - 1 - (np.arange(len(moved)) % 7))
