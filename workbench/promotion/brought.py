"""What each channel and each kind of playlist brought in the past, on the draws of a fit."""

import numpy as np
import polars as pl

from workbench.promotion.estimate import Posterior
from workbench.promotion.expected import curves, logistic, on_lists
from workbench.promotion.observations import Observed, of_tracks
from workbench.promotion.points import EDGES
from workbench.promotion.priors import EDGE
from workbench.promotion.response import retained_back

DRAWS = 300


def brought(data: Observed, found: Posterior, *, draws: int = DRAWS, seed: int = 0) -> np.ndarray:
    """Return streams that each channel's spend led to in the observed weeks: (draws, C).

    A stream won is counted with what its listener comes back for, to the last observed week.
    """
    rng = np.random.default_rng(seed)
    funded = data.funded
    part = of_tracks(data, funded)
    total = np.zeros((draws, len(data.channels)))
    for one in range(draws):
        shared = found.draws[one % len(found.draws)]
        drawn = found.drawn_own(shared, rng, funded)
        state = curves(part, found.at.for_tracks(funded), found.at.causal(shared), drawn)
        kept = logistic(shared[found.at.at["kept"]])
        stay = np.exp(-np.exp(shared[found.at.at["leaving"]]))
        worth = retained_back(state.lift[:, None], kept, stay)
        total[one] = np.bincount(part.pushes.by, (worth * state.each).sum(0), len(data.channels))
    return total


def brought_frame(data: Observed, found: Posterior) -> pl.DataFrame:
    """Return channel, spend, brought_low, brought, brought_high (90 %), per_money.

    `per_money` is streams for one unit of money; channels without spend are left out.
    """
    spend = np.zeros(len(data.channels))
    np.add.at(spend, data.run_channel, data.run_spend.sum((0, 2)))
    used = np.flatnonzero(spend)
    low, median, high = np.quantile(brought(data, found), EDGES, axis=0)
    return pl.DataFrame(
        {
            "channel": [data.channels[c] for c in used],
            "spend": spend[used],
            "brought_low": low[used],
            "brought": median[used],
            "brought_high": high[used],
            "per_money": median[used] / spend[used],
        },
        schema_overrides={"channel": pl.String()},
    ).sort("channel")


def lists_frame(data: Observed, found: Posterior, *, draws: int = DRAWS, seed: int = 0):
    """Return what each kind of playlist brought in the observed weeks.

    Returns
    -------
    kind | tracks (with a stay) | brought_low | brought | brought_high (90 %, streams) |
    rate_low | rate | rate_high (streams of a unit of dose, see `places`) | prior_low | prior_high
    """
    rng = np.random.default_rng(seed)
    held = np.flatnonzero(data.placed.any((0, 2)))
    part = of_tracks(data, held)
    total, rates = np.zeros((draws, len(data.kinds))), np.zeros((draws, len(data.kinds)))
    layout = found.at.for_tracks(held)
    for one in range(draws):
        shared = found.draws[one % len(found.draws)]
        drawn = found.drawn_own(shared, rng, held)
        state = curves(part, layout, shared, drawn)
        kinds = on_lists(part, layout, shared, drawn)
        whole = np.maximum(kinds.sum(2, keepdims=True), 1e-300)
        streams = (state.season[:, None] * state.listed.sum(2))[:, :, None]
        total[one] = (streams * kinds / whole * part.seen.any(2)[:, :, None]).sum((0, 1))
        rates[one] = np.exp(found.at.rates(shared))
    at = found.at
    mean = at.rates(at.mean)
    sd = np.hypot(at.sd[at.at["listing_kind"]], at.counted * at.sd[at.at["listing"]])
    low, median, high = np.quantile(total, EDGES, axis=0)
    rate_low, rate, rate_high = np.quantile(rates, EDGES, axis=0)
    return pl.DataFrame(
        {
            "kind": list(data.kinds),
            "tracks": data.placed.any(0).sum(0),
            "brought_low": low,
            "brought": median,
            "brought_high": high,
            "rate_low": rate_low,
            "rate": rate,
            "rate_high": rate_high,
            "prior_low": np.exp(mean - EDGE * sd),
            "prior_high": np.exp(mean + EDGE * sd),
        }
    ).sort("kind")
