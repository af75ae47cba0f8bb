"""What people would play without playlists and promotion: sizes, release curves, season, noise."""

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.generator.audience import Panel
from sample_data.generator.world import (
    AUDIENCE,
    CODES,
    DAYS,
    LAST_DAY,
    PANEL_SCALE,
    PANEL_STREAMS,
    WEEKDAY,
    WEEKDAY_SHIFT,
    autoregressive,
    day_index,
    season,
    stream,
    weekday,
)

BASE_SHARE = 0.90  # of all streams; playlists, promotion and break-outs bring the rest
TOP_THREE = (0.165, 0.135, 0.105)
FALL = 0.865  # from one rank to the next, after the third
SIZE_OF_VERSION = {"remix": 0.30, "live": 0.16, "acoustic": 0.22, "edit": 0.45}
LANGUAGE_HOME = {
    "es": {"ES": 2.4, "MX": 2.6, "BR": 1.3, "US": 1.0, "DE": 0.5, "GB": 0.5, "SE": 0.5},
    "pt": {"BR": 6.0, "US": 0.6},
    "de": {"DE": 6.0, "NL": 1.0, "US": 0.15, "GB": 0.2},
    "fr": {"FR": 7.0, "US": 0.4, "GB": 0.5, "DE": 0.7},
    "zh": {"TW": 30.0, "US": 0.6, "JP": 2.0},
    "ja": {"JP": 25.0, "TW": 2.5, "US": 0.5},
    "nl": {"NL": 16.0, "US": 0.2},
    "sv": {"SE": 16.0, "US": 0.2},
}


@dataclass(frozen=True, eq=False)
class Baseline:
    """Expected streams of the whole audience, and what made them.

    own, programmed : (tracks, days, territories), sought out or played by algorithm and radio.
    share : (tracks, territories), sums to 1. age : (tracks, days) days since release, negative
    before. release : (tracks,) day index, DAYS for what is not out. rhythm : (tracks, days) season
    times weekday. size : (artists,) share of the label's streams by plan. curves : a row a track.
    """

    own: np.ndarray
    programmed: np.ndarray
    share: np.ndarray
    age: np.ndarray
    release: np.ndarray
    rhythm: np.ndarray
    size: np.ndarray
    curves: pl.DataFrame

    @property
    def streams(self) -> np.ndarray:
        """Both parts together (tracks, days, territories)."""
        return self.own + self.programmed


def sizes(artists: pl.DataFrame, tracks: pl.DataFrame) -> np.ndarray:
    """Return each artist's planned share of streams (artists by id): a long tail.

    Three signed artists of three genres hold 40 %; the unsigned and the newly started stand in the
    lower two thirds.
    """
    rng = stream("sizes")
    count = artists.height
    first = tracks.group_by("artist_id").agg(pl.col("release_date").min()).sort("artist_id")
    late = np.array([d is None or d.year >= 2025 for d in first["release_date"]])
    unsigned = ~artists["signed"].fill_null(False).to_numpy()
    family = artists["family"].to_list()
    draw = rng.random(count) + 0.55 * unsigned + 0.5 * late
    order = list(np.argsort(draw, kind="stable"))
    top: list[int] = []
    # A label lives off acts at home in its large markets, and they have been around for a while.
    large = [c in CODES[:3] for c in artists["country"]]
    known = [d is not None and d.year <= 2022 for d in first["release_date"]]
    for a in [a for a in order if large[a] and known[a] and not unsigned[a]] + order:
        if len(top) < len(TOP_THREE) and family[a] not in {family[b] for b in top}:
            top.append(a)
    rest = [a for a in order if a not in top]
    tail = FALL ** np.arange(len(rest))
    share = np.zeros(count)
    share[top] = TOP_THREE[: len(top)]
    share[rest] = tail / tail.sum() * (1 - sum(TOP_THREE[: len(top)]))
    return share


def baseline(artists: pl.DataFrame, tracks: pl.DataFrame, people: Panel, size: np.ndarray):
    """Return the `Baseline`: size x release curve x territory share x season x weekday x noise."""
    ids = artists["artist_id"].to_list()
    place = np.array([ids.index(a) for a in tracks["artist_id"]])
    release = np.array([_release(*row) for row in tracks.select("status", "release_date").rows()])
    age = np.arange(DAYS)[None, :] - release[:, None]
    curves = release_curves(tracks)
    rows = zip(curves.iter_rows(named=True), age, strict=True)
    shape = np.stack([release_curve(row, a) for row, a in rows])
    shape *= curves["level"].to_numpy()[:, None]
    shape *= _artist_motion(len(ids), place, release)
    rhythm = _rhythm(tracks)
    share = territory_shares(artists, tracks, people, place)
    noise = autoregressive(stream("noise"), shape.shape, 0.92, 0.09)
    local = autoregressive(stream("local noise"), (*share.shape, DAYS), 0.97, 0.10)
    total = shape * rhythm * np.exp(noise)
    goal = BASE_SHARE * PANEL_STREAMS * PANEL_SCALE * size
    for a in range(len(ids)):
        mine = place == a
        if total[mine].sum() > 0:
            total[mine] *= goal[a] / total[mine].sum()
    whole = total[:, :, None] * share[:, None, :] * np.exp(local.transpose(0, 2, 1))
    sought = _sought(len(ids))[place][:, None] * np.where(age < 28, 1.15, 1.0)
    sought = np.clip(sought, 0, 0.9)[:, :, None]
    columns = {"sought": _sought(len(ids))[place], "release": release}
    return Baseline(
        own=whole * sought,
        programmed=whole * (1 - sought),
        share=share,
        age=age,
        release=release,
        rhythm=rhythm,
        size=size,
        curves=curves.with_columns(**{k: pl.Series(v) for k, v in columns.items()}),
    )


def territory_shares(
    artists: pl.DataFrame, tracks: pl.DataFrame, people: Panel, place: np.ndarray
) -> np.ndarray:
    """Return where each track's streams fall (tracks, territories), rows summing to 1.

    The taste of the people there, the language of the song, the home of the artist.
    """
    heard = people.liking * people.activity[:, None]
    by_country = np.stack(
        [heard[people.country == k].sum(axis=0) for k in range(len(CODES))], axis=1
    )
    # The panel's own head counts wobble; the audience does not.
    found = np.bincount(people.country, minlength=len(CODES)) / len(people.country)
    by_country *= AUDIENCE / AUDIENCE.sum() / np.maximum(found, 1e-9)
    home = artists["country"].to_list()
    for i, language in enumerate(tracks["language"]):
        lift = LANGUAGE_HOME.get(re.split(r"\W", str(language))[0], {})
        by_country[i] *= [lift.get(code, 0.7 if lift else 1.0) for code in CODES]
        if home[place[i]] in CODES:
            by_country[i, CODES.index(home[place[i]])] *= 1.9
    return by_country / by_country.sum(axis=1, keepdims=True)


def _release(status: str, day: object) -> int:
    """Return the day index of a release; DAYS for what is not out within the data."""
    if status != "released" or day is None or day > LAST_DAY:
        return DAYS
    return day_index(day)


def release_curves(tracks: pl.DataFrame) -> pl.DataFrame:
    """Draw a release curve per track, after the measured spread of promotion.md 2.5."""
    rows = []
    for track, version in tracks.select("track_id", "version").rows():
        rng = stream("curve", track)
        kind = next((k for k in SIZE_OF_VERSION if k in (version or "").lower()), None)
        rows.append(
            {
                "track_id": track,
                "level": float(np.exp(rng.normal(0, 0.75))) * SIZE_OF_VERSION.get(kind, 1.0),
                # Days until the build-up is two thirds done: the peak then falls in week 1 to 18.
                "build_days": float(np.exp(rng.normal(np.log(14.0), 0.75))),
                "fast_decay": float(np.clip(np.exp(rng.normal(-3.218, 0.876)), 0.012, 0.25)),
                "slow_decay": float(np.exp(rng.normal(np.log(0.0045), 0.4))),
                "slow_part": float(rng.beta(4, 8)),
                "first_days": float(np.exp(rng.normal(-0.75, 0.6))),
            }
        )
    return pl.DataFrame(rows)


def release_curve(row: dict, age: np.ndarray) -> np.ndarray:
    """Return relative streams by age in days: opening rush, build-up, fast and slow decay."""
    a = np.maximum(age, 0).astype(float)
    w = a / 7
    body = (1 - row["slow_part"]) * np.exp(-row["fast_decay"] * w)
    body += row["slow_part"] * np.exp(-row["slow_decay"] * w)
    rush = row["first_days"] * np.exp(-a / 4.5)
    return np.where(age >= 0, rush + (1 - np.exp(-(a + 1) / row["build_days"])) * body, 0.0)


def _artist_motion(count: int, place: np.ndarray, release: np.ndarray) -> np.ndarray:
    """Return slow growth or decline a year, and the lift that a new release gives older songs."""
    growth = stream("growth").normal(0.0, 0.22, count)[place]
    years = (np.arange(DAYS) - DAYS / 2) / 365
    motion = np.exp(growth[:, None] * years[None, :])
    for i, day in enumerate(release):
        if 0 <= day < DAYS:
            lift = stream("lift", i).uniform(0.04, 0.16)
            older = (place == place[i]) & (release < day)
            motion[older, day:] *= 1 + lift * np.exp(-np.arange(DAYS - day) / 30)
    return motion


def _rhythm(tracks: pl.DataFrame) -> np.ndarray:
    index = [WEEKDAY + WEEKDAY_SHIFT.get(genre, 0.0) for genre in tracks["family"]]
    return season()[None, :] * np.stack(index)[:, weekday()]


def _sought(count: int) -> np.ndarray:
    """Return the part of an artist's streams that people sought out; two live off algorithms."""
    sought = stream("sought").uniform(0.55, 0.78, count)
    sought[stream("programmed").choice(count, min(2, count), replace=False)] = 0.30
    return sought
