"""A release's own parameters on the draws: from its fitted law, or from the pools."""

import zlib

import numpy as np
import polars as pl

from workbench.promotion.coordinates import appeal, mix
from workbench.promotion.expected import logistic
from workbench.promotion.plan import Plan
from workbench.promotion.priors import PRIORS
from workbench.promotion.sizes import roster_spread
from workbench.store.artifacts import Fit

UNKNOWN = 20  # seed


def known_size(fit: Fit, plan: Plan) -> float | None:
    """Return how large the artist is, to the power of the prior; None without streams."""
    artists = fit.frames["artists"]
    known = artists.filter(pl.col("artist_id") == pl.lit(plan.artist_id, pl.String))["size"]
    return float(known[0]) ** PRIORS["size"].mean if len(known) else None


def size_of(fit: Fit, plan: Plan, count: int) -> float | np.ndarray:
    """Return the size of a coming release's artist; of one without streams it is a draw (S,)."""
    known = known_size(fit, plan)
    if known is not None:
        return known
    # apart from the release's other random numbers, and the same for all of whom nothing is known
    z = np.random.default_rng(UNKNOWN).standard_normal(count)
    return np.exp(PRIORS["size"].mean * roster_spread(fit.frames["artists"]) * z)


def _rng(plan: Plan) -> np.random.Generator:
    """Return random numbers that depend on the release only: paired over plans for it."""
    text = f"{plan.track_id}|{plan.artist_id}|{plan.genre}"
    return np.random.default_rng(zlib.crc32(text.encode()))


def heard(fit: Fit, row: int, draws: np.ndarray, at: dict[str, slice]) -> dict:
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
        "listed": values[:, 5],
        "appeal": values[:, appeal(count)].T,
        "mix": values[:, mix(count)].T if len(fit.meta["cells"]) > 1 else np.zeros((1, len(draws))),
    }


def drawn(fit: Fit, plan: Plan, draws: np.ndarray, at: dict[str, slice]) -> dict:
    """Return parameters of a release nobody has heard: drawn from the pools, and wider for it."""
    rng, count = _rng(plan), len(draws)
    size = np.log(size_of(fit, plan, count)) / PRIORS["size"].mean
    line = fit.arrays["launch_line"][:, None] + fit.arrays["launch_factor"] @ rng.standard_normal(
        (2, count)
    )
    level = line[0] + line[1] * size + fit.meta["launch_spread"] * rng.standard_normal(count)
    pool = fit.meta["prior_sd"]
    spread = [pool[name] for name in ("decay_track", "floor_track", "ramp_track")]
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
        sd = pool["mix"] * np.sqrt(1 / (len(seen) + 1) + 0.3)
        shares = centre[:, None] + sd * rng.standard_normal((cells, count))
    return {
        "level": level,
        "shape": _shape(fit, plan.genre or "", draws, at, steps),
        "drift": np.zeros(count),
        "appeal": pool["appeal"] * rng.standard_normal((channels, count)),
        "mix": shares,
        "listed": pool["listing_track"] * rng.standard_normal(count),
    }


def _shape(fit: Fit, genre: str, draws: np.ndarray, at: dict[str, slice], steps: np.ndarray):
    decay = draws[:, at["decay"]][:, 0] + steps[0]
    if genre in fit.meta["genres"]:
        decay = decay + draws[:, at["decay_genre"].start + fit.meta["genres"].index(genre)]
    floor = logistic(draws[:, at["floor"]][:, 0] + steps[1])
    return np.exp(decay), floor, np.exp(draws[:, at["ramp"]][:, 0] + steps[2])
