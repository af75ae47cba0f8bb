"""What each channel brought in the past, on the draws of a fit."""

import numpy as np
import polars as pl

from workbench.promotion.estimate import Posterior
from workbench.promotion.expected import curves, logistic
from workbench.promotion.observations import Observed, of_tracks
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
    own, factor, follow = found.own[funded], found.own_factor[funded], found.own_slope[funded]
    for one in range(draws):
        shared = found.draws[one % len(found.draws)]
        noise = rng.standard_normal(own.shape)
        drawn = own + follow @ (shared - found.shared) + np.einsum("npq,nq->np", factor, noise)
        state = curves(part, found.at.for_tracks(funded), found.at.causal(shared), drawn)
        kept = logistic(shared[found.at.at["kept"]])
        stay = np.exp(-np.exp(shared[found.at.at["leaving"]]))
        alive = part.age >= 0
        worth = retained_back(np.broadcast_to(state.lift[:, None], alive.shape), kept, stay)
        per_run = (state.by_run * (worth * alive)[:, part.run_track, None]).sum((0, 2))
        np.add.at(total[one], part.run_channel, per_run)
    return total


def brought_frame(data: Observed, found: Posterior) -> pl.DataFrame:
    """Return channel, spend, brought_low, brought, brought_high (90 %), per_money.

    `per_money` is streams for one unit of money; channels without spend are left out.
    """
    spend = np.zeros(len(data.channels))
    np.add.at(spend, data.run_channel, data.run_spend.sum((0, 2)))
    used = np.flatnonzero(spend)
    low, median, high = np.quantile(brought(data, found), [0.05, 0.5, 0.95], axis=0)
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
