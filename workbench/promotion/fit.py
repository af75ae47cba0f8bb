"""Makes the artifact “promotion”: the response model fitted to a label."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.promotion.brought import brought_frame, lists_frame
from workbench.promotion.doubts import doubts
from workbench.promotion.estimate import Posterior, posterior
from workbench.promotion.events import event_frame
from workbench.promotion.expected import Curves, curves
from workbench.promotion.lasting import last_weeks, wandering
from workbench.promotion.launches import Launches, launches
from workbench.promotion.lift_terms import lift_frame
from workbench.promotion.observations import Observed
from workbench.promotion.own_model import own_channels, with_own_channels
from workbench.promotion.points import EDGES
from workbench.promotion.priors import EDGE, PRIORS, cost
from workbench.promotion.reading import Read, arrays
from workbench.promotion.saves import follower_ratios, save_ratios
from workbench.promotion.sizes import artist_sizes
from workbench.settings import settings

if TYPE_CHECKING:
    from workbench.dataset import Making

STEPS = 15
LAUNCH_WEEKS = 12  # of a release, whose lists count as usual
BENT = {"carry": "logit", "bend": "log", "effect": "log"}


def make_promotion(label: "Making", *, progress: Callable[[int, int, str], None]) -> None:
    """Fit the response model and save its draws.

    Reads weekly streams, tracks, playlists, campaigns, lift tests, events, exchange rates and the
    label's own priors. A label without campaigns and tests gets draws of the priors for its
    channels, and a fit of its release curves. Draws of a team's own model replace the channels'.

    Raises
    ------
    MissingTable
        No table gives streams. NotEnoughEvidence : fewer than eight weeks of them.
    """
    begin = time.perf_counter()
    progress(0, STEPS, "Counting streams by week")
    read = arrays(label)
    data, drawn = read.data, label.table("channel_draws")
    own = own_channels(data, drawn) if drawn.height else None
    found = posterior(
        data,
        exact=settings().exact_draws,
        progress=lambda done, total, text: progress(1 + done, STEPS, text),
    )
    if own is not None:
        data, found = with_own_channels(data, found, *own)
    state = curves(data, found.at, found.shared, found.own)
    pool = launches(
        launch_levels(data, found), np.log(data.size) / PRIORS["size"].mean, _first(data)
    )
    label.save_fit(
        "promotion",
        arrays=_arrays(data, read, found, state, pool),
        frames=_frames(data, read, found),
        meta=_facts(data, read, found, pool)
        | {
            "own_model": own is not None,
            "wandering": wandering(data, state),
            "seconds": time.perf_counter() - begin,
        },
    )
    progress(STEPS, STEPS, "Saved")


def _arrays(
    data: Observed, read: Read, found: Posterior, state: Curves, pool: Launches
) -> dict[str, np.ndarray]:
    return {
        "draws": found.draws.astype(np.float32),
        "shared": found.shared,
        "own": found.own,
        "own_factor": found.own_factor.astype(np.float32),
        "own_slope": found.own_slope.astype(np.float32),
        "audience": data.audience,
        "usual": data.usual,
        "size": data.size,
        "settled": data.settled,
        **last_weeks(data, state),
        "running": read.held.running,
        "launch_line": pool.line,
        "launch_factor": pool.factor,
    }


def _frames(data: Observed, read: Read, found: Posterior) -> dict[str, pl.DataFrame]:
    return {
        "tracks": _tracks(data, read.tracks),
        "catalogue": read.catalogue.sort("track_id"),
        "artists": artist_sizes(read.weekly, read.tracks),
        "channels": channel_frame(data, found),
        "cells": pl.DataFrame({"cell": list(data.cells), "audience": data.audience}),
        "weekly": _history(data, found),
        "spend": _spend_frame(data),
        "left_out": read.left_out,
        "brought": brought_frame(data, found),
        "lists": lists_frame(data, found),
        "doubts": doubts(data, found.at, found.shared, found.own),
        "events": read.events,
        "event_effects": event_frame(data, found, read.events),
        "lift_tests": lift_frame(data, read.tests, found),
        "save_ratios": save_ratios(read.weekly, read.tracks),
        "follower_ratios": follower_ratios(read.followers, read.weekly, read.tracks),
    }


def _facts(data: Observed, read: Read, found: Posterior, pool: Launches) -> dict[str, object]:
    return {
        "cells": list(data.cells),
        "channels": list(data.channels),
        "genres": list(found.at.genres),
        "kinds": list(data.kinds),
        "list_scale": read.held.scale,
        "blocks": {name: [block.start, block.stop] for name, block in found.at.at.items()},
        "first_week": str(data.weeks[0]),
        "last_week": str(data.weeks[-1]),
        "source": read.source,
        "calibrated": data.taught,
        "hill": data.hill,
        "pareto_k": _plain(found.pareto_k),
        "exact": found.chains is not None,
        "r_hat": found.chains and found.chains.r_hat,
        "effective": found.effective,
        "tried": found.tried,
        "modes": list(found.modes),
        "prior_sd": {name: one.sd for name, one in data.priors.items()},
        "noise": float(np.exp(found.shared[found.at.at["noise"]][0])),
        "launches": pool.count,
        "launch_spread": pool.spread,
        "split": data.split,
        "currency": read.currency,
        "dollar": data.dollar,
        "tracks": len(data.tracks),
        "runs": len(data.run_track),
    }


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _first(data: Observed) -> np.ndarray:
    """Return the age at which each track was first seen (N,)."""
    first = data.seen.any(2).argmax(0)
    return data.age[first, np.arange(len(data.tracks))]


def launch_levels(data: Observed, found: Posterior) -> np.ndarray:
    """Return the log level of each track with what lists usually add in its first weeks (N,).

    A release to come gets the lists that the label's launches usually got; a place that is pitched
    for comes on top.
    """
    state = curves(data, found.at, found.shared, found.own)
    young = (data.seen.any(2) & (data.age <= LAUNCH_WEEKS))[:, :, None]
    listed, base = ((young * part).sum((0, 2)) for part in (state.listed, state.base))
    return found.own[:, 0] + np.log1p(listed / np.maximum(base, 1.0))


def _tracks(data: Observed, tracks: pl.DataFrame) -> pl.DataFrame:
    rows = pl.DataFrame(
        {"track_id": data.tracks, "row": np.arange(len(data.tracks)), "first_age": _first(data)}
    )
    return rows.join(tracks, on="track_id", how="left").sort("track_id")


def channel_frame(data: Observed, found: Posterior) -> pl.DataFrame:
    """Return what is believed of each channel, before and after the data.

    channel, parameter, median, low, high (90 %), sd and prior_sd (of the logarithm or logit),
    dominance, prior_median, prior_low, prior_high, prior_own. `dominance` is posterior sd over
    prior sd: above .8 the prior speaks louder than the data. `prior_own`: the prior is the label's.
    """
    rows = []
    for c, name in enumerate(data.channels):
        effect = cost(name, data.priors, data.dollar) or data.priors["elasticity"]
        before_it = {**data.priors, "effect": effect}
        for block, scale in BENT.items():
            column = found.at.at[block].start + c
            drawn = found.draws[:, column]
            low, median, high = np.quantile(drawn, EDGES)
            natural = np.exp if scale == "log" else lambda x: 1 / (1 + np.exp(-x))
            sd, prior_sd = float(drawn.std()), float(found.at.sd[column])
            before = found.at.mean[column] + prior_sd * np.array([0.0, -EDGE, EDGE])
            rows.append(
                (name, block, natural(median), natural(low), natural(high), sd, prior_sd,
                 sd / prior_sd, *natural(before), before_it[block].own)
            )  # fmt: skip
    names = ["channel", "parameter", "median", "low", "high", "sd", "prior_sd", "dominance",
             "prior_median", "prior_low", "prior_high", "prior_own"]  # fmt: skip
    schema = {name: pl.String() if i < 2 else pl.Float64() for i, name in enumerate(names)}
    schema["prior_own"] = pl.Boolean()
    return pl.DataFrame(rows, schema=schema, orient="row").sort("channel", "parameter")


def _history(data: Observed, found: Posterior) -> pl.DataFrame:
    """Return what each week held and what the model says of it, summed over the cells seen."""
    state = curves(data, found.at, found.shared, found.own)
    week, track = np.nonzero(data.seen.any(2))
    calm = state.base if state.stirred is None else state.base / state.stirred
    stirred = state.season[:, None, None] * (state.base - calm)
    return pl.DataFrame(
        {
            "track_id": data.tracks[track],
            "week": data.weeks[week],
            "streams": np.where(data.seen, data.streams, 0).sum(2)[week, track],
            "expected": np.where(data.seen, state.mean, 0).sum(2)[week, track],
            "promoted": np.where(data.seen, state.full, 0).sum(2)[week, track],
            "listed": np.where(data.seen, state.season[:, None, None] * state.listed, 0).sum(2)[
                week, track
            ],
            "events": np.where(data.seen, stirred, 0).sum(2)[week, track],
        }
    ).sort("track_id", "week")


def _spend_frame(data: Observed) -> pl.DataFrame:
    """Return track_id, channel, week, spend over all cells, dense.

    `dense` is the spend that would give every listener what one of the best served cell got.
    """
    total, dense = data.run_spend.sum(2), (data.run_spend / data.audience).max(2)
    week, run = np.nonzero(total)
    return pl.DataFrame(
        {
            "track_id": data.tracks[data.run_track[run]].astype(str),
            "channel": np.array(data.channels)[data.run_channel[run]].astype(str),
            "week": data.weeks[week],
            "spend": total[week, run],
            "dense": dense[week, run],
        },
        schema={
            "track_id": pl.String(),
            "channel": pl.String(),
            "week": pl.Date(),
            "spend": pl.Float64(),
            "dense": pl.Float64(),
        },
    ).sort("track_id", "channel", "week")
