"""The panel: 6,000 listeners in eight taste groups, their tiers, and whom they come to like."""

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.generator.roster import MOODS
from sample_data.generator.world import (
    AUDIENCE,
    CODES,
    DAYS,
    FIRST_DAY,
    PANEL_LISTENERS,
    stream,
)


@dataclass(frozen=True)
class Group:
    """A planted taste: share of the audience, genres, moods, countries where it is commoner."""

    name: str
    share: float
    genres: dict
    moods: tuple
    countries: dict


GROUPS = (
    Group(
        "Dance floor en español",
        0.15,
        {"latin": 1.0, "electronic": 0.14, "rnb-soul": 0.05, "hip-hop": 0.08},
        ("joy", "desire", "playfulness", "pride"),
        {"ES": 3.5, "MX": 4.5, "BR": 3.0, "US": 1.1, "DE": 0.5, "SE": 0.4, "JP": 0.4, "TW": 0.4},
    ),
    Group(
        "Slow burn",
        0.11,
        {"latin": 0.62, "rnb-soul": 0.42, "singer-songwriter": 0.12},
        ("longing", "sadness", "love"),
        {"ES": 2.6, "MX": 3.2, "BR": 3.0, "DE": 0.5, "GB": 0.7, "FR": 1.4},
    ),
    Group(
        "Bars first",
        0.15,
        {"hip-hop": 1.0, "rnb-soul": 0.10, "electronic": 0.08, "latin": 0.05},
        ("pride", "anger", "playfulness", "reflection"),
        {"US": 1.4, "GB": 1.1, "FR": 1.5, "SE": 0.6, "TW": 0.6},
    ),
    Group(
        "After midnight",
        0.12,
        {"rnb-soul": 1.0, "hip-hop": 0.22, "electronic": 0.08, "latin": 0.05},
        ("desire", "love", "calm"),
        {"US": 1.4, "GB": 1.1, "DE": 0.7, "JP": 1.2},
    ),
    Group(
        "Bright guitars",
        0.15,
        {"indie-pop": 1.0, "singer-songwriter": 0.12, "electronic": 0.12, "latin": 0.03},
        ("joy", "hope", "playfulness", "love"),
        {"GB": 1.3, "SE": 1.6, "AU": 1.9, "NL": 1.2, "TW": 2.2, "JP": 1.6, "MX": 0.5},
    ),
    Group(
        "Rain on the window",
        0.12,
        {"indie-pop": 0.58, "singer-songwriter": 0.55, "electronic": 0.05},
        ("sadness", "longing", "fear", "reflection"),
        {"GB": 1.4, "DE": 1.1, "SE": 1.5, "TW": 1.6, "BR": 0.5, "MX": 0.5},
    ),
    Group(
        "Kitchen table",
        0.10,
        {"singer-songwriter": 1.0, "rnb-soul": 0.10, "indie-pop": 0.08},
        ("calm", "reflection", "hope", "love"),
        {"DE": 1.4, "NL": 1.6, "FR": 1.4, "AU": 1.2, "MX": 0.5},
    ),
    Group(
        "Warehouse",
        0.10,
        {"electronic": 1.0, "hip-hop": 0.12, "indie-pop": 0.07, "rnb-soul": 0.05},
        ("joy", "fear", "anger", "desire"),
        {"DE": 2.0, "NL": 2.4, "GB": 1.1, "JP": 1.4, "US": 0.6},
    ),
)
MIXED = 0.2
# Everyone plays a little of everything: the share of taste that follows popularity alone.
WANDERING = 0.05

TIERS = ("super", "regular", "casual", "passive")
TIER_SHARE = (0.04, 0.16, 0.38, 0.42)
TIER_ACTIVITY = np.array([6.0, 2.6, 1.0, 0.42])
TIER_INTENT = np.array([0.95, 0.80, 0.55, 0.22])

AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55+")


@dataclass(frozen=True, eq=False)
class Panel:
    """Listeners as arrays, one place a listener, and what each makes of the tracks.

    taste (listeners, groups); affinity (groups, tracks); country (index into CODES); tier,
    activity, intent (listeners,); start and end of listening in days from the first day (end
    beyond the last day: still here); liking (listeners, tracks) = taste @ affinity; fandom
    (listeners, artists), 0 for artists that a listener never sought out.
    """

    ids: np.ndarray
    taste: np.ndarray
    affinity: np.ndarray
    country: np.ndarray
    tier: np.ndarray
    activity: np.ndarray
    intent: np.ndarray
    age: np.ndarray
    start: np.ndarray
    end: np.ndarray
    consent: np.ndarray
    liking: np.ndarray
    fandom: np.ndarray


def affinity(tracks: pl.DataFrame) -> np.ndarray:
    """Return how much each group likes each track (groups, tracks), by genre, mood and artist."""
    rng = stream("affinity")
    artists = sorted(tracks["artist_id"].unique())
    by_artist = np.exp(rng.normal(0, 0.55, (len(GROUPS), len(artists))))
    place = [artists.index(a) for a in tracks["artist_id"]]
    by_track = np.exp(rng.normal(0, 0.15, (len(GROUPS), tracks.height)))
    table = np.empty((len(GROUPS), tracks.height))
    for g, group in enumerate(GROUPS):
        genre = np.array([group.genres.get(name, 0.025) for name in tracks["family"]])
        mood = np.array([_mood_factor(group, name) for name in tracks["mood"]])
        table[g] = genre * mood * by_artist[g, place] * by_track[g]
    return table


def panel(tracks: pl.DataFrame, fame: np.ndarray) -> Panel:
    """Draw the panel.

    Parameters
    ----------
    tracks : the roster's tracks. fame : relative audience of each artist, artists sorted by id.
    """
    rng = stream("listeners")
    count = PANEL_LISTENERS
    country = rng.choice(len(CODES), count, p=AUDIENCE / AUDIENCE.sum())
    first = np.array([rng.choice(len(GROUPS), p=_shares(CODES[k])) for k in country])
    taste = np.zeros((count, len(GROUPS)))
    taste[np.arange(count), first] = 1.0
    for u in np.flatnonzero(rng.random(count) < MIXED):
        others = _shares(CODES[country[u]])
        others[first[u]] = 0
        second = rng.choice(len(GROUPS), p=others / others.sum())
        weight = rng.uniform(0.52, 0.70)
        taste[u, [first[u], second]] = weight, 1 - weight
    tier = rng.choice(len(TIERS), count, p=TIER_SHARE)
    activity = TIER_ACTIVITY[tier] * np.exp(rng.normal(0, 0.45, count))
    before = rng.random(count) < 0.62
    start = np.where(before, -rng.integers(1, 1_800, count), rng.integers(0, DAYS - 45, count))
    stay = rng.exponential(900, count) + 40
    leaves = rng.random(count) < 0.45
    end = np.where(leaves, np.maximum(start, 0) + stay, DAYS + 1).astype(int)
    table = affinity(tracks)
    normal = table / table.sum(axis=1, keepdims=True)
    liking = (1 - WANDERING) * taste @ normal + WANDERING / tracks.height
    return Panel(
        ids=_pseudonyms(rng, count),
        taste=taste,
        affinity=table,
        country=country,
        tier=tier,
        activity=activity,
        intent=TIER_INTENT[tier],
        age=_ages(rng, first),
        start=start,
        end=end,
        consent=rng.random(count) < np.array([0.52, 0.42, 0.31, 0.22])[tier],
        liking=liking,
        fandom=_fandom(liking, activity, tracks, fame),
    )


def listeners(people: Panel, first_play: pl.DataFrame) -> pl.DataFrame:
    """Return table listeners; first_seen is the day the label first saw the pseudonym.

    `first_play` holds listener_id and day of the first play in the panel's data.
    """
    day = [FIRST_DAY + datetime.timedelta(int(s)) for s in people.start]
    frame = pl.DataFrame(
        {
            "listener_id": people.ids,
            "country": np.array(CODES)[people.country],
            "age_band": people.age,
            "first_seen": day,
            "consent": people.consent,
        }
    )
    seen = pl.min_horizontal("first_seen", "day")
    return (
        frame.join(first_play, on="listener_id", how="left")
        .with_columns(seen.alias("first_seen"), pl.col("age_band").replace("", None))
        .drop("day")
        .sort("listener_id")
    )


def _mood_factor(group: Group, mood: str) -> float:
    if mood not in MOODS:
        return 1.0
    return 1.75 if mood in group.moods else 0.6


def _shares(code: str) -> np.ndarray:
    shares = np.array([g.share * g.countries.get(code, 1.0) for g in GROUPS])
    return shares / shares.sum()


def _fandom(
    liking: np.ndarray, activity: np.ndarray, tracks: pl.DataFrame, fame: np.ndarray
) -> np.ndarray:
    """Draw whom each listener seeks out, and how strongly (listeners, artists): mostly zeros."""
    rng = stream("fandom")
    artists = sorted(tracks["artist_id"].unique())
    place = np.array([artists.index(a) for a in tracks["artist_id"]])
    by_artist = np.stack([liking[:, place == a].mean(axis=1) for a in range(len(artists))], axis=1)
    relative = by_artist / by_artist.mean(axis=1, keepdims=True)
    known = fame**0.35 * relative * activity[:, None] ** 0.35
    finds = rng.random(known.shape) < 1 - np.exp(-0.45 * known)
    return finds * np.exp(rng.normal(0, 0.9, known.shape))


def _pseudonyms(rng: np.random.Generator, count: int) -> np.ndarray:
    numbers = rng.choice(1 << 32, size=count * 2, replace=True)
    return np.array([f"{n:08x}" for n in np.unique(numbers)[::2][:count]])


def _ages(rng: np.random.Generator, first: np.ndarray) -> np.ndarray:
    """Draw age bands: groups differ, and one listener in nine gave none ("")."""
    young = np.array([0.30, 0.0, 0.35, 0.1, 0.15, 0.05, -0.45, 0.05])
    slope = young[first][:, None] * np.array([1.0, 1.2, 0.4, -0.5, -1.2, -1.8])
    odds = np.array([0.07, 0.28, 0.31, 0.18, 0.10, 0.06]) * np.exp(slope)
    edges = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
    chosen = (rng.random(len(first))[:, None] > edges).sum(axis=1).clip(max=len(AGES) - 1)
    return np.where(rng.random(len(first)) < 0.11, "", np.array(AGES)[chosen])
