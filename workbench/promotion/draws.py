"""Stored draws made ready for the engine: one release, one window, everything but the spend.

Two plans are compared on the same scene draws, so that what both share falls out of their
difference. Arrays are float32 with draws last: the engine's inner loops run along them.
"""

import datetime
import zlib
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.errors import BadInput
from workbench.promotion.coordinates import appeal, mix
from workbench.promotion.expected import logistic
from workbench.promotion.observations import OLD, SETTLED
from workbench.promotion.plan import Plan, friday, not_covered
from workbench.promotion.priors import PRIORS
from workbench.promotion.response import release_curve, retained_back, season_waves
from workbench.promotion.sizes import roster_spread
from workbench.store.artifacts import Fit

UNKNOWN = 20  # seed
LEAD = 8  # weeks before the window whose spend still carries over into it


@dataclass(frozen=True, eq=False)
class Scene:
    """A release in its window, over T weeks, K cells, C channels and S draws.

    Attributes
    ----------
    weeks : first days (T,). release : week of the release in the window, below zero if before.
    planned : whether the release is to come, so that its level is a draw from the pool.
    base : expected streams without promotion (K, T, S). lift : season of promotion (T, S).
    carry, gain : (C, S). height : (C, K, S). kept, stay : (S,).
    worth : streams in the window that one stream won in a week leads to (T, S).
    audience : share of streams (K,).
    """

    weeks: np.ndarray
    release: int
    planned: bool
    cells: tuple[str, ...]
    channels: tuple[str, ...]
    base: np.ndarray
    lift: np.ndarray
    carry: np.ndarray
    gain: np.ndarray
    height: np.ndarray
    kept: np.ndarray
    stay: np.ndarray
    worth: np.ndarray
    audience: np.ndarray

    @property
    def bytes(self) -> int:
        """Size in memory."""
        return sum(value.nbytes for value in vars(self).values() if isinstance(value, np.ndarray))


def dated(fit: Fit, plan: Plan) -> Plan:
    """Return the plan with its artist, genre, release date and start filled in.

    Raises
    ------
    BadInput
        The label has no such track, or a release without a track is not after the data.
    """
    if plan.track_id is not None:
        row = fit.frames["catalogue"].filter(pl.col("track_id") == pl.lit(plan.track_id, pl.String))
        if row.is_empty():
            raise BadInput(f"The label has no track “{plan.track_id}”.")
        facts = row.row(0, named=True)
        plan = replace(
            plan,
            artist_id=facts["artist_id"],
            genre=facts["genre"],
            release_date=plan.release_date or facts["release_date"],
        )
    after = datetime.date.fromisoformat(fit.meta["last_week"]) + datetime.timedelta(weeks=1)
    plan = not_covered(plan, after - datetime.timedelta(weeks=1))
    if plan.start is None:
        release = friday(plan.release_date) if plan.release_date else after
        plan = replace(plan, start=release if to_come(fit, plan) else after)
    return replace(plan, start=friday(plan.start))


def to_come(fit: Fit, plan: Plan) -> bool:
    """Tell whether the plan's release has not been heard yet."""
    if (
        plan.track_id is None
        or fit.frames["tracks"]
        .filter(pl.col("track_id") == pl.lit(plan.track_id, pl.String))
        .is_empty()
    ):
        last = datetime.date.fromisoformat(fit.meta["last_week"])
        return plan.release_date is not None and plan.release_date > last
    return False


def scene(fit: Fit, plan: Plan) -> Scene:
    """Return everything about a dated plan but its spend, on the draws of the fit."""
    draws = fit.arrays["draws"].astype(np.float64)
    at = {name: slice(*ends) for name, ends in fit.meta["blocks"].items()}
    cells, channels = tuple(fit.meta["cells"]), tuple(fit.meta["channels"])
    weeks = np.arange(plan.weeks) * 7 + np.datetime64(plan.start, "D")
    planned = to_come(fit, plan)
    fitted = fit.frames["tracks"].filter(pl.col("track_id") == pl.lit(plan.track_id, pl.String))
    heard = not fitted.is_empty() and not planned
    own = _heard(fit, fitted["row"][0], draws, at) if heard else _drawn(fit, plan, draws, at)
    release = np.datetime64(plan.release_date, "D") if plan.release_date else None
    age = np.full(len(weeks), OLD) if release is None else (weeks - release).astype(float) / 7
    if planned:  # a release counts from its own week, whichever day it falls on
        age = (weeks - np.datetime64(friday(plan.release_date), "D")).astype(float) / 7
    settled = fit.arrays["settled"][fitted["row"][0]] if heard else SETTLED
    zero = settled if release is not None else _clock_zero(fit, weeks)
    clock = age - zero if release is not None else zero
    alive = (age >= 0).astype(np.float64)

    wave = season_waves(weeks) @ draws[:, at["season"]].T
    ride = draws[:, at["ride"]].T if len(channels) else 0.0
    season, lift = np.exp(wave), np.exp(wave * ride) * alive[:, None]
    curve = own["level"] - release_curve(np.float64(settled), *own["shape"])
    curve = curve + release_curve(np.maximum(age, 0)[:, None], *own["shape"])
    total = np.exp(curve + own["drift"] * clock[:, None]) * season * alive[:, None]
    split = fit.arrays["audience"][:, None] * np.exp(own["mix"])
    size = _size(fit, plan, len(draws)) if planned else _known_size(fit, plan) or 1.0
    carry = logistic(draws[:, at["carry"]]).T
    bend = np.exp(draws[:, at["bend"]]).T
    effect = (draws[:, at["effect"]].T + own["appeal"])[:, None]
    if len(cells) > 1:
        effect = effect + draws[:, at["cell"]].T.reshape(len(channels), len(cells), -1)
    reach = fit.arrays["audience"][:, None] * size
    height = reach * np.exp(effect) / np.tanh(bend / 2)[:, None]
    kept = logistic(draws[:, at["kept"]])[:, 0]
    stay = np.exp(-np.exp(draws[:, at["leaving"]]))[:, 0]
    single = np.float32
    return Scene(
        weeks=weeks,
        release=int(np.searchsorted(age, 0.0)) if planned else -1,
        planned=planned,
        cells=cells,
        channels=channels,
        base=(split[:, None] * total).astype(single),
        lift=lift.astype(single),
        carry=carry.astype(single),
        gain=(bend / (fit.arrays["usual"][:, None] * size)).astype(single),
        height=height.astype(single),
        kept=kept.astype(single),
        stay=stay.astype(single),
        # who is won before the release cannot hear it
        worth=(retained_back(lift, kept, stay) * alive[:, None]).astype(single),
        audience=fit.arrays["audience"].astype(single),
    )


def _clock_zero(fit: Fit, weeks: np.ndarray) -> np.ndarray:
    """Return weeks since the first observed one: the clock of a track without a release date."""
    return (weeks - np.datetime64(fit.meta["first_week"], "D")).astype(float) / 7


def _known_size(fit: Fit, plan: Plan) -> float | None:
    """Return how large the artist is, to the power of the prior; None without streams."""
    artists = fit.frames["artists"]
    known = artists.filter(pl.col("artist_id") == pl.lit(plan.artist_id, pl.String))["size"]
    return float(known[0]) ** PRIORS["size"].mean if len(known) else None


def _size(fit: Fit, plan: Plan, count: int) -> float | np.ndarray:
    """Return the size of a coming release's artist; of one without streams it is a draw (S,)."""
    known = _known_size(fit, plan)
    if known is not None:
        return known
    # apart from the release's other random numbers, and the same for all of whom nothing is known
    z = np.random.default_rng(UNKNOWN).standard_normal(count)
    return np.exp(PRIORS["size"].mean * roster_spread(fit.frames["artists"]) * z)


def _rng(plan: Plan) -> np.random.Generator:
    """Return random numbers that depend on the release only: paired over plans for it."""
    text = f"{plan.track_id}|{plan.artist_id}|{plan.genre}"
    return np.random.default_rng(zlib.crc32(text.encode()))


def _heard(fit: Fit, row: int, draws: np.ndarray, at: dict[str, slice]) -> dict:
    """Return a track's own parameters on the draws, from its fitted law."""
    own = fit.arrays["own"][row]
    move = (draws - fit.arrays["shared"]) @ fit.arrays["own_slope"][row].T
    noise = np.random.default_rng(row).standard_normal((len(draws), len(own)))
    values = own + move + noise @ fit.arrays["own_factor"][row].T
    genre = fit.frames["tracks"].filter(pl.col("row") == row)["genre"][0] or ""
    count = len(fit.meta["channels"])
    return {
        "level": values[:, 0],
        "shape": _shape(fit, genre, draws, at, values[:, 1:4].T),
        "drift": values[:, 4],
        "appeal": values[:, appeal(count)].T,
        "mix": values[:, mix(count)].T if len(fit.meta["cells"]) > 1 else np.zeros((1, len(draws))),
    }


def _drawn(fit: Fit, plan: Plan, draws: np.ndarray, at: dict[str, slice]) -> dict:
    """Return parameters of a release nobody has heard: drawn from the pools, and wider for it."""
    rng, count = _rng(plan), len(draws)
    size = np.log(_size(fit, plan, count)) / PRIORS["size"].mean
    line = fit.arrays["launch_line"][:, None] + fit.arrays["launch_factor"] @ rng.standard_normal(
        (2, count)
    )
    level = line[0] + line[1] * size + fit.meta["launch_spread"] * rng.standard_normal(count)
    spread = [PRIORS[name].sd for name in ("decay_track", "floor_track", "ramp_track")]
    steps = rng.standard_normal((3, count)) * np.array(spread)[:, None]
    cells = len(fit.meta["cells"])
    channels = len(fit.meta["channels"])
    shares = np.zeros((1, count))
    if cells > 1:
        siblings = fit.frames["tracks"].filter(
            pl.col("artist_id") == pl.lit(plan.artist_id, pl.String)
        )["row"]
        seen = fit.arrays["own"][siblings.to_list(), mix(channels)]
        # one pseudo-track of the label's own mix stands against the artist's tracks
        centre = seen.sum(0) / (len(seen) + 1)
        sd = PRIORS["mix"].sd * np.sqrt(1 / (len(seen) + 1) + 0.3)
        shares = centre[:, None] + sd * rng.standard_normal((cells, count))
    return {
        "level": level,
        "shape": _shape(fit, plan.genre or "", draws, at, steps),
        "drift": np.zeros(count),
        "appeal": PRIORS["appeal"].sd * rng.standard_normal((channels, count)),
        "mix": shares,
    }


def _shape(fit: Fit, genre: str, draws: np.ndarray, at: dict[str, slice], steps: np.ndarray):
    decay = draws[:, at["decay"]][:, 0] + steps[0]
    if genre in fit.meta["genres"]:
        decay = decay + draws[:, at["decay_genre"].start + fit.meta["genres"].index(genre)]
    floor = logistic(draws[:, at["floor"]][:, 0] + steps[1])
    return np.exp(decay), floor, np.exp(draws[:, at["ramp"]][:, 0] + steps[2])
