"""A small label simulated from planted parameters."""

import datetime
from dataclasses import replace

import numpy as np
import polars as pl

from workbench.promotion.coordinates import Coordinates, coordinates
from workbench.promotion.expected import curves
from workbench.promotion.lift_terms import expected_lifts
from workbench.promotion.lifts import with_lifts
from workbench.promotion.observations import Observed, observed, with_places
from workbench.promotion.places import places

FIRST = datetime.date(2025, 1, 3)
WEEKS = 60


def frames(seed: int = 0, tracks: int = 6) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return weekly streams of one, spend of two channels, and tracks; two territories."""
    rng = np.random.default_rng(seed)
    names = [f"t{i}" for i in range(tracks)]
    release = [FIRST + datetime.timedelta(weeks=4 * i - 6) for i in range(tracks)]
    day = [FIRST + datetime.timedelta(weeks=t) for t in range(WEEKS)]
    weekly = [
        (name, week, cell, 1000 * size + week.day % 2)
        for name, out in zip(names, release, strict=True)
        for week in day
        if week >= out
        for cell, size in (("DE", 1), ("US", 2))
    ]
    spend = []
    for name, out in zip(names, release, strict=True):
        start = max(0, (out - FIRST).days // 7)
        for channel, territory in (("meta", "US"), ("posters", "WW")):
            chosen = sorted(rng.choice(np.arange(start, WEEKS), 12, replace=False))
            spend += [
                (name, channel, day[week], territory, float(rng.uniform(50, 800)))
                for week in chosen
            ]
    return (
        pl.DataFrame(weekly, schema=["track_id", "week", "territory", "streams"], orient="row"),
        pl.DataFrame(
            spend, schema=["track_id", "channel", "week", "territory", "spend"], orient="row"
        ),
        pl.DataFrame(
            {
                "track_id": names,
                "artist_id": ["a", "b"] * (tracks // 2),
                "genre": ["pop", "folk"] * (tracks // 2),
                "release_date": release,
            }
        ),
    )


def spells() -> pl.DataFrame:
    """Return stays of two tracks: on an editorial list, on one made per listener, and to come."""
    day = [datetime.datetime.combine(FIRST, datetime.time(), datetime.UTC)
           + datetime.timedelta(days=d) for d in (60, 130, 200, 380)]  # fmt: skip
    return pl.DataFrame(
        {
            "track_id": ["t0", "t1", "t0"],
            "playlist": ["New", "Mix", "New"],
            "added_at": [day[0], day[1], day[3]],
            "removed_at": [day[1], day[2], None],
            "followers": [100_000, None, 100_000],
            "kind": ["editorial", "algorithmic", "editorial"],
        }
    )


def planted(seed: int = 0) -> tuple[Observed, Coordinates, np.ndarray, np.ndarray, Observed]:
    """Return arrays, layout, true parameters, and the arrays with streams drawn from them."""
    rng = np.random.default_rng(seed)
    bare = observed(*frames(seed))
    usual = np.full(bare.age.shape, 3000.0)
    bare = with_places(bare, places(spells(), bare.tracks, bare.weeks, usual, panel=False))
    at = coordinates(bare)
    shared, own = at.mean.copy(), at.own_mean.copy()
    shared[at.at["carry"]] = [0.4, -1.2]
    shared[at.at["bend"]] = [0.6, 0.1]
    shared[at.at["effect"]] = np.log([900.0, 1400.0])
    own[:, 0] = np.log(6000) + 0.4 * rng.standard_normal(len(own))
    own[:, 1:5] += 0.5 * at.own_sd[:, 1:5] * rng.standard_normal((len(own), 4))
    mean = curves(bare, at, shared, own).mean
    noise = np.exp(0.08 * rng.standard_normal(mean.shape))
    return bare, at, shared, own, replace(bare, streams=np.round(mean * noise))


def tests_of(data: Observed, shared: np.ndarray, own: np.ndarray):
    """Return the arrays with three lift tests that measured the truth, all tests as told, and the
    layout and true parameters with tests.

    One of a track in a territory, one that cut the spend of all tracks together, and one of a
    channel's steady week; a fourth lies before the data.
    """
    rows = [
        ("ads in the US", "meta", "t1", "US", 20, 3, None, 200.0),
        ("dark", "posters", None, None, 30, 4, None, -40.0),
        ("steady", "posters", "t0", "WW", 10, 6, 100.0, 150.0),
        ("too early", "meta", "t1", "US", -30, 2, None, 200.0),
    ]
    tests = pl.DataFrame(
        [
            (name, channel, track, cell, FIRST + datetime.timedelta(weeks=week),
             FIRST + datetime.timedelta(weeks=week + long, days=-1), control, extra, 0.0, 1.0, None)
            for name, channel, track, cell, week, long, control, extra in rows
        ],
        schema={"test": pl.String, "channel": pl.String, "track_id": pl.String,
                "territory": pl.String, "start": pl.Date, "end": pl.Date, "control": pl.Float64,
                "extra": pl.Float64, "lift": pl.Float64, "error": pl.Float64,
                "left_out": pl.String},
        orient="row",
    )  # fmt: skip
    tested, told = with_lifts(data, tests)
    at = coordinates(tested)
    whole = np.insert(shared, at.at["follows"].start, [0.0] * len(at.tested))
    lift, _ = expected_lifts(tested.lifts, at, whole, own)
    measured = replace(tested.lifts, lift=lift, error=0.05 * np.abs(lift))
    return replace(tested, lifts=measured), told, at, whole


def brought(data: Observed, at: Coordinates, shared: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return streams that each channel won (C,), retention apart."""
    state = curves(data, at, shared, own)
    return np.bincount(data.pushes.by, state.each.sum(0), len(data.channels))
