"""Playlist stays: which list holds which song, for how long, and what that truly brings."""

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.generator.demand import Baseline
from sample_data.generator.world import CODES, DAYS, FIRST_DAY, stream

# Streams a follower and day on the largest lists (promotion.md 2.6, upper end); less on others.
PER_FOLLOWER_DAY = 0.014
# Days from a release to a place on a list.
WAITS = (0, 3, 7, 14, 28, 60, 150)
WAITS_ODDS = (0.2, 0.1, 0.2, 0.2, 0.15, 0.1, 0.05)


@dataclass(frozen=True)
class Playlist:
    """A list: followers (None where the service builds it per listener), genres or moods, home."""

    name: str
    kind: str
    followers: int | None
    fits: tuple
    home: tuple = CODES


LISTS = (
    Playlist("First Light Friday", "editorial", 1_640_000, ("new",)),
    Playlist("Fuego Lento", "editorial", 1_120_000, ("latin",)),
    Playlist("Perreo y Punto", "editorial", 540_000, ("latin",), ("ES", "MX", "US", "BR")),
    Playlist("Bars & Bruises", "editorial", 870_000, ("hip-hop",)),
    Playlist("Kellerfilter", "editorial", 190_000, ("hip-hop", "electronic"), ("DE",)),
    Playlist("Soft Focus", "editorial", 760_000, ("rnb-soul",)),
    Playlist("Guitar Weather", "editorial", 610_000, ("indie-pop",)),
    Playlist("Porch Light", "editorial", 480_000, ("singer-songwriter",)),
    Playlist("Concrete Floor", "editorial", 690_000, ("electronic",)),
    Playlist("The Quiet Part", "editorial", 930_000, ("sadness", "longing", "reflection")),
    Playlist("Window Seat", "editorial", 420_000, ("calm", "hope", "reflection")),
    Playlist("Good Legs", "editorial", 350_000, ("joy", "playfulness", "pride")),
    Playlist("Nouvelle Tournée", "editorial", 140_000, ("new",), ("FR",)),
    Playlist("Nordvind", "editorial", 88_000, ("indie-pop", "electronic"), ("SE",)),
    Playlist("Discovery Mix", "algorithmic", None, ("any",)),
    Playlist("Release Mix", "algorithmic", None, ("new",)),
    Playlist("tardeo sin prisa", "listener", 62_000, ("latin",), ("ES", "MX")),
    Playlist("crying on the night bus", "listener", 21_500, ("sadness", "longing"), ("GB",)),
    Playlist("kochen und spülen", "listener", 11_800, ("singer-songwriter", "calm"), ("DE",)),
    Playlist("gym, but make it rude", "listener", 47_000, ("pride", "anger")),
    Playlist("roadtrip w/ no map", "listener", 83_000, ("hope", "joy", "indie-pop")),
    Playlist("slow dance in socks", "listener", 34_200, ("love", "desire")),
    Playlist("warm-up for the warm-up", "listener", 28_900, ("electronic",), ("DE", "NL", "GB")),
    Playlist("lo-fi for tax returns", "listener", 15_300, ("calm", "reflection"), ("US", "GB")),
)


@dataclass(frozen=True, eq=False)
class Placements:
    """Expected streams that playlists bring (tracks, days, territories), by kind of list.

    spells : table playlist_spells. effects : the truth of each stay and of the unrecorded one.
    """

    editorial: np.ndarray
    algorithmic: np.ndarray
    listener: np.ndarray
    spells: pl.DataFrame
    effects: pl.DataFrame


def placements(tracks: pl.DataFrame, base: Baseline, unrecorded: tuple) -> Placements:
    """Return stays and their streams.

    `unrecorded` is (track_id, first day index, days, followers) of the stay nobody wrote down.
    """
    parts = {k: np.zeros_like(base.own) for k in ("editorial", "algorithmic", "listener")}
    heat = _heat(base)
    rows, ids = [], tracks["track_id"].to_list()
    for place, playlist in enumerate(LISTS):
        rng = stream("playlist", playlist.name)
        for i, first, last in _stays(rng, tracks, base, heat, playlist, place):
            rate = _rate(rng, playlist.followers, playlist.kind)
            if playlist.followers is None:
                # Per-listener lists grow with what the song does already.
                around = base.streams[i, max(first, 0) : max(first, 0) + 28].sum() / 28
                rate = float(rng.uniform(0.06, 0.16)) * around
            brought = _brought(base, i, first, last, rate, playlist.home)
            parts[playlist.kind][i] += brought
            rows.append(_row(ids[i], playlist, first, last, rate, brought.sum(), recorded=True))
    track, first, days, followers = unrecorded
    i = ids.index(track)
    hidden = Playlist("unrecorded", "listener", followers, ())
    brought = _brought(base, i, first, first + days, 0.45 * PER_FOLLOWER_DAY * followers, CODES)
    parts["listener"][i] += brought
    rate = 0.45 * PER_FOLLOWER_DAY * followers
    rows.append(_row(track, hidden, first, first + days, rate, brought.sum(), recorded=False))
    effects = pl.DataFrame(rows).sort("track_id", "playlist", "added_at")
    table = ("track_id", "playlist", "added_at", "removed_at", "followers", "kind")
    spells = effects.filter("recorded").select(table)
    return Placements(**parts, spells=spells, effects=effects)


def _heat(base: Baseline) -> np.ndarray:
    """Return the mean daily streams of a track over the days it is out (tracks,)."""
    out = (base.age >= 0).sum(axis=1)
    return base.streams.sum(axis=(1, 2)) / np.maximum(out, 1)


def _stays(rng, tracks: pl.DataFrame, base: Baseline, heat, playlist: Playlist, place: int):
    """Yield (track, first day, last day) of the stays on a list; a song stays once on each."""
    fits = np.array([_fit(playlist, *row) for row in tracks.select("family", "mood").rows()])
    size = playlist.followers or 400_000
    want = {"editorial": 11, "algorithmic": 34, "listener": 9}[playlist.kind]
    # Long lists take songs that are large already, small lists take anyone.
    reach = np.where(base.release < DAYS, heat, 0.0) ** (0.25 + 0.5 * min(size / 1e6, 1.0))
    recent = np.where(base.release >= -60, 1.0, 0.0 if "new" in playlist.fits else 0.35)
    odds = fits * reach * recent
    if odds.sum() == 0:
        return
    chosen = rng.choice(len(odds), min(want, int((odds > 0).sum())), False, odds / odds.sum())
    for i in np.sort(chosen):
        if "new" in playlist.fits:
            first = base.release[i]
            stay = int(rng.choice([7, 7, 7, 14]))
        else:
            wait = int(rng.choice(WAITS, p=WAITS_ODDS))
            first = max(base.release[i] + wait, int(rng.integers(-90, DAYS - 30)))
            if base.release[i] >= 0 and rng.random() < 0.7:
                first = base.release[i] + wait
            stay = int(np.clip(rng.lognormal(np.log(47), 0.8), 6, 320))
        if -200 < first < DAYS - 2:
            yield int(i), int(first), int(first + stay)


def _fit(playlist: Playlist, genre: str, mood: str) -> float:
    if {"any", "new"} & set(playlist.fits):
        return 1.0
    return float(genre in playlist.fits) + float(mood in playlist.fits)


def _rate(rng, followers: int | None, kind: str) -> float:
    """Return streams a day that a place on the list brings at first."""
    if followers is None:
        return 0.0
    trust = 0.42 if kind == "editorial" else 0.22
    return PER_FOLLOWER_DAY * followers * trust * float(np.exp(rng.normal(-0.2, 0.5)))


def _brought(base: Baseline, i: int, first: int, last: int, rate: float, home: tuple) -> np.ndarray:
    """Return streams a day and territory (days, territories).

    The place sinks while the song stays, and a tenth of the listeners come back later.
    """
    day = np.arange(DAYS)
    on = (day >= first) & (day < last) & (base.age[i] >= 0)
    level = np.where(on, rate * np.exp(-(day - first).clip(0) / 120), 0.0)
    back = np.convolve(level, np.exp(-np.arange(90) / 25) / 25)[:DAYS] * 0.10
    where = base.share[i] * np.isin(CODES, home)
    return ((level + back) * base.rhythm[i])[:, None] * (where / where.sum())[None, :]


def _row(track, playlist: Playlist, first, last, rate, total, *, recorded: bool) -> dict:
    added = datetime.datetime.combine(FIRST_DAY, datetime.time(4), tzinfo=datetime.UTC)
    moment = pl.Series([added + datetime.timedelta(first), added + datetime.timedelta(last)])
    moment = moment.cast(pl.Datetime("ms", "UTC"))
    return {
        "track_id": track,
        "playlist": playlist.name,
        "added_at": moment[0],
        "removed_at": moment[1] if last < DAYS else None,
        "followers": playlist.followers,
        "kind": playlist.kind,
        "first_rate": round(float(rate), 2),
        "streams_brought": round(float(total)),
        "recorded": recorded,
    }
