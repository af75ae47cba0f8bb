"""Labels with a known truth: drawn from the response model, or from the sample label's generator.

Six tracks of three artists over 56 weeks; six channels, each on three tracks; twelve territories,
of which the model makes eight cells. Spend ends six weeks before the data, so that a plan meets
nothing left over.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from sample_data.generator import channels as other
from sample_data.generator import demand, world
from workbench.promotion.coordinates import Coordinates, coordinates
from workbench.promotion.draws import dated, scene
from workbench.promotion.expected import curves
from workbench.promotion.lasting import last_weeks, wandering
from workbench.promotion.observations import Observed, at_cell, observed
from workbench.promotion.plan import Plan, cell_shares
from workbench.promotion.posterior import SMALL
from workbench.promotion.predictive import scattered
from workbench.promotion.sizes import artist_sizes
from workbench.promotion.whatif import evaluated
from workbench.store.artifacts import Fit

FIRST = world.FIRST_DAY
WEEKS, TRACKS, ARTISTS, REST = 56, 6, 3, 6
CHANNELS = ("creators", "marquee", "meta", "radio", "tiktok", "youtube")
LEVEL = 15_000.0  # streams a week of a usual track
MONEY = 500.0  # EUR a week of a usual run
WINDOW, FLIGHT = 26, 8
EVENT = ("kind", "artist_id", "track_id", "cell", "left_out")


@dataclass(frozen=True, eq=False)
class Simulated:
    """A label and what is true of it.

    Attributes
    ----------
    data : as the fit reads it. shared, own : true parameters; None of another generator.
    brought : streams that a plan truly brings in its window. weekly : streams by week.
    """

    data: Observed
    shared: np.ndarray | None
    own: np.ndarray | None
    brought: Callable[[Plan], float]
    tracks: pl.DataFrame
    weekly: pl.DataFrame


def spend_and_tracks(seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return weekly spend and tracks; half of the runs name their territories."""
    rng = np.random.default_rng([seed, 1])
    rows, tracks = [], []
    order, steps = rng.permutation(len(CHANNELS)), rng.choice(len(CHANNELS), 3, replace=False)
    for i in range(TRACKS):
        name, out = f"{seed}-{i}", int(rng.integers(-20, 26))
        day = FIRST + datetime.timedelta(weeks=out)
        tracks.append((name, f"a{i % ARTISTS}", ("pop", "folk")[i % 2], day))
        for channel in (CHANNELS[order[(i + step) % len(CHANNELS)]] for step in steps):
            begin = int(rng.integers(max(out, 0), WEEKS - REST - 8))
            scale = MONEY * rng.lognormal(0, 0.7)
            where = rng.choice(world.CODES, 3, False, world.AUDIENCE / world.AUDIENCE.sum())
            territories = ["WW"] if rng.random() < 0.5 else sorted(where)
            for week in range(begin, begin + int(rng.integers(4, 9))):
                money = scale * rng.lognormal(0, 0.5) * (rng.random() > 0.2)
                friday = FIRST + datetime.timedelta(weeks=week)
                rows += [
                    (name, channel, friday, one, money / len(territories)) for one in territories
                ]
    spend = pl.DataFrame(
        rows, schema=["track_id", "channel", "week", "territory", "spend"], orient="row"
    )
    head = ["track_id", "artist_id", "genre", "release_date"]
    return spend, pl.DataFrame(tracks, schema=head, orient="row")


def sizes(rng: np.random.Generator) -> dict[str, float]:
    """Return how large each artist is against the usual one."""
    return {f"a{one}": float(size) for one, size in enumerate(rng.lognormal(0, 0.5, ARTISTS))}


def of_the_model(seed: int) -> Simulated:
    """Return a label whose parameters are draws of the priors, and streams draws of the model."""
    rng = np.random.default_rng([seed, 2])
    spend, tracks = spend_and_tracks(seed)
    size = dict(
        zip(tracks["artist_id"].unique().sort(), rng.lognormal(0, 0.5, ARTISTS), strict=True)
    )
    weeks = [FIRST + datetime.timedelta(weeks=t) for t in range(WEEKS)]
    flat = pl.DataFrame(
        [
            # what comes of the draws later replaces this; nothing that stands still is fitted
            (row["track_id"], day, code, (1 + t % 2 / 100) * LEVEL * size[row["artist_id"]] * share)
            for row in tracks.to_dicts()
            for t, day in enumerate(weeks)
            if day >= row["release_date"]
            for code, share in world.TERRITORIES.items()
        ],
        schema=["track_id", "week", "territory", "streams"],
        orient="row",
    )
    bare = observed(flat, spend, tracks)
    at = coordinates(bare)
    shared = at.mean + at.sd * rng.standard_normal(at.size)
    own = at.own_mean + at.own_sd * rng.standard_normal(at.own_mean.shape)
    own[:, 0] = at.own_mean[:, 0] + 0.5 * rng.standard_normal(len(own))  # its prior is all but flat
    mean = curves(bare, at, shared, own).mean
    gap = scattered(bare.seen, at, shared, rng)
    streams = np.maximum((mean + SMALL) * np.exp(gap) - SMALL, 0.0)
    data = replace(bare, streams=np.where(bare.seen, streams, 0.0))
    truth = as_fit(data, at, (shared[None], shared, own), tracks, flat)
    return Simulated(data, shared, own, lambda plan: float(brought(truth, plan)[0]), tracks, flat)


def of_the_generator(seed: int) -> Simulated:
    """Return a label made as the sample is: S-shaped saturation of delayed adstock, by the day."""
    rng = np.random.default_rng([seed, 3])
    spend, tracks = spend_and_tracks(seed)
    days, season = 7 * WEEKS, world.season()
    share = world.AUDIENCE / world.AUDIENCE.sum()
    truly = {
        name: replace(other.CHANNELS[name], name=f"{name} {seed}") for name in CHANNELS
    }  # its territories differ from label to label
    shapes = demand.release_curves(tracks.with_columns(version=pl.lit(None, pl.String))).to_dicts()
    size = dict(
        zip(tracks["artist_id"].unique().sort(), rng.lognormal(0, 0.5, ARTISTS), strict=True)
    )
    weekly = []
    for track, shape in zip(tracks.to_dicts(), shapes, strict=True):
        age = np.arange(days) - (track["release_date"] - FIRST).days
        base = demand.release_curve(shape, age)
        base *= LEVEL / 7 * size[track["artist_id"]] / base[age >= 0][:180].mean()
        where = rng.dirichlet(60 * share)
        total = base[:, None] * where
        total *= np.exp(world.autoregressive(rng, (1, days), 0.92, 0.09)).T
        total *= np.exp(world.autoregressive(rng, (len(where), days), 0.97, 0.10)).T
        for name, channel in truly.items():
            money = np.zeros((days, len(where)))
            mine = spend.filter(pl.col("track_id") == track["track_id"], pl.col("channel") == name)
            for row in mine.to_dicts():
                first = (row["week"] - FIRST).days
                whole = row["territory"] == "WW"
                parts = share if whole else np.array(world.CODES) == row["territory"]
                money[first : first + 7] += row["spend"] / 7 * parts
            if money.any():
                total += channel.response(money, track["track_id"]) * (age >= 0)[:, None]
        total *= season[:days, None]
        for week in np.flatnonzero(age[::7] >= 0):
            day = FIRST + datetime.timedelta(weeks=int(week))
            counted = total[7 * week : 7 * week + 7].sum(0)
            weekly += [
                (track["track_id"], day, code, float(one))
                for code, one in zip(world.CODES, counted, strict=True)
            ]
    frame = pl.DataFrame(weekly, schema=["track_id", "week", "territory", "streams"], orient="row")
    data = observed(frame, spend, tracks)

    def truth(plan: Plan) -> float:
        return _truly_brought(data, truly, plan)

    return Simulated(data, None, None, truth, tracks, frame)


def _truly_brought(data: Observed, truly: dict, plan: Plan) -> float:
    """Return what the generator's channels bring by a plan in its window, season included."""
    cells = at_cell(pl.Series(world.CODES), data.cells)
    inside = np.bincount(cells, world.AUDIENCE)
    shares = cell_shares(plan, data.cells, data.audience)
    where = shares[cells] * world.AUDIENCE / inside[cells]
    pace = np.zeros((7 * WINDOW, 1))
    pace[7 * plan.flight[0] : 7 * sum(plan.flight)] = 1 / (7 * plan.flight[1])
    season = world.season()[7 * WEEKS : 7 * (WEEKS + WINDOW)]
    return sum(
        float((truly[name].response(amount * pace * where, plan.track_id).sum(1) * season).sum())
        for name, amount in plan.spend
    )


def as_fit(data: Observed, at: Coordinates, drawn, tracks: pl.DataFrame, weekly) -> Fit:
    """Return a fit as the lab's engine reads it.

    Parameters
    ----------
    drawn : draws, mode of the shared and of the own parameters and, where these are not known
        for certain, their factor and slope.
    """
    draws, shared, own, *law = drawn
    flat = np.zeros((*own.shape, own.shape[1])), np.zeros((*own.shape, len(shared)))
    factor, slope = law or flat
    rows = pl.DataFrame({"track_id": data.tracks, "row": np.arange(len(data.tracks))})
    state = curves(data, at, shared, own)
    return Fit(
        arrays={
            "draws": draws, "shared": shared, "own": own, "own_factor": factor, "own_slope": slope,
            "audience": data.audience, "usual": data.usual, "settled": data.settled,
            "running": np.zeros((len(data.tracks), len(data.kinds))), **last_weeks(data, state),
        },
        frames={
            "catalogue": tracks, "tracks": rows.join(tracks, on="track_id"),
            "artists": artist_sizes(weekly, tracks),
            "events": pl.DataFrame(schema=dict.fromkeys(EVENT, pl.String)),
        },
        meta={
            "cells": list(data.cells), "channels": list(data.channels), "genres": list(at.genres),
            "kinds": list(data.kinds), "list_scale": 1.0,
            "blocks": {name: (part.start, part.stop) for name, part in at.at.items()},
            "first_week": str(data.weeks[0]), "last_week": str(data.weeks[-1]), "hill": False,
            "wandering": wandering(data, state),
        },
    )  # fmt: skip


def brought(fit: Fit, plan: Plan) -> np.ndarray:
    """Return streams that a plan brings in its window by the lab's engine (S,)."""
    full = dated(fit, plan)
    return evaluated(scene(fit, full), full).by_channel.sum(0, dtype=np.float64)


def plans(data: Observed, seed: int, count: int) -> list[tuple[Plan, Plan]]:
    """Return pairs of plans for promoted tracks: other amounts, other channels, other cells."""
    rng = np.random.default_rng([seed, 4])

    def drawn(track: str) -> Plan:
        used = rng.choice(len(CHANNELS), rng.integers(1, 5), replace=False)
        spend = {CHANNELS[c]: float(FLIGHT * MONEY * rng.lognormal(-0.3, 0.7)) for c in used}
        even = rng.random() < 0.5
        shares = rng.dirichlet(10 * data.audience)
        shares = (
            () if even else tuple(zip(data.cells, (shares / shares.sum()).tolist(), strict=True))
        )
        bare = Plan(track_id=track, weeks=WINDOW, flight=(0, FLIGHT), shares=shares)
        return bare.with_spend(spend)

    tracks = rng.choice(data.tracks, count)
    return [(drawn(str(name)), drawn(str(name))) for name in tracks]
