"""Channels by the draws of a team's own model, in place of ours.

Read where the form is one of ours: geometric adstock, normalised, and saturation of its spend over
a scale: logistic, (1 - e^-lam x) / (1 + e^-lam x) = tanh(lam x / 2), as PyMC-Marketing has by
default, or Hill's of slope 1, x / (x + k), as Meridian has. Such a model tells of one total; what
no channel brings is fitted here.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from workbench.errors import BadInput, NotEnoughEvidence
from workbench.promotion.coordinates import NOTHING_KEPT, appeal
from workbench.promotion.estimate import Posterior
from workbench.promotion.expected import curves
from workbench.promotion.observations import Observed
from workbench.promotion.response import reached

LEAST = 100  # draws
HILL = "michaelis_menten"  # of slope 1


def with_own_channels(
    data: Observed, found: Posterior, values: dict[str, np.ndarray], hill: bool
) -> tuple[Observed, Posterior]:
    """Return arrays and posterior with channels by the draws of `own_channels`.

    Nobody stays and no effect rides the season: the other model knows neither. The level of
    what no channel brings is set so that streams add up.

    Raises
    ------
    BadInput
        The draws bring more than was streamed.
    """
    count, channels = len(found.draws), len(data.channels)
    chosen = np.arange(count) * len(values["adstock"]) // count  # each as often, or once more
    carry, bend, effect, scale = (
        values[name] for name in ("adstock", "saturation", "effect", "spend_scale")
    )
    bend = 1 / bend if hill else bend
    data = replace(data, usual=scale[0], hill=hill)
    at, draws, slope = found.at.at, found.draws.copy(), found.own_slope.copy()
    told = {
        "carry": np.log(carry / (1 - carry)),
        "bend": np.log(bend),
        # ours is the effect of a usual week, theirs the ceiling
        "effect": np.log(effect * reached(bend, hill)),
        "kept": np.full((len(carry), 1), NOTHING_KEPT[0]),
        "ride": np.zeros((len(carry), 1)),
    }
    shared = found.shared.copy()
    for name, drawn in told.items():
        draws[:, at[name]] = drawn[chosen]
        shared[at[name]] = drawn.mean(0)
        slope[:, :, at[name]] = 0
    mine = appeal(channels)
    beside, factor = found.own.copy(), found.own_factor.copy()
    beside[:, mine], factor[:, mine], slope[:, mine] = 0, 0, 0
    state = curves(data, found.at, shared, beside)
    streams = data.streams[data.seen].sum()
    rest, promoted = (state.mean - state.full)[data.seen].sum(), state.full[data.seen].sum()
    if promoted >= streams:
        raise BadInput(
            f"The channel draws bring {promoted:,.0f} streams in the observed weeks, and there "
            f"were {streams:,.0f}. Are their effects streams a week, and is `spend_scale` the "
            "money that their model divides by?"
        )
    beside[:, 0] += np.log((streams - promoted) / rest)
    return data, replace(
        found,
        draws=draws, shared=shared, own=beside, own_factor=factor, own_slope=slope,
        pareto_k=float("nan"), effective=float(len(carry)), tried=0,
    )  # fmt: skip


def own_channels(data: Observed, own: pl.DataFrame) -> tuple[dict[str, np.ndarray], bool]:
    """Return the columns of `channel_draws` as (draws, channels), channels as in the arrays.

    The second says whether saturation is Hill's.

    Raises
    ------
    BadInput
        The label has several tracks or territories, its channels are others, or draws, scales or
        forms are not the same for all. NotEnoughEvidence : under 100 draws.
    """
    if len(data.tracks) > 1 or len(data.cells) > 1:
        raise BadInput(
            f"The channel draws are of one total, and this label has {len(data.tracks)} tracks "
            f"and {len(data.cells)} territories. Use a label of that total, or take the import of "
            "the channel draws back."
        )
    names = set(own["channel"])
    if names != set(data.channels):
        raise BadInput(
            f"The channel draws are of {', '.join(sorted(names))}; the label's campaigns are of "
            f"{', '.join(data.channels)}. They must be the same."
        )
    numbers = own.group_by("channel").agg(pl.col("draw").sort()).sort("channel")["draw"].to_list()
    if any(one != numbers[0] for one in numbers):
        raise BadInput("The channel draws must have the same draws for every channel.")
    if len(numbers[0]) < LEAST:
        raise NotEnoughEvidence(
            f"Channel draws need at least {LEAST} draws; there are {len(numbers[0])}."
        )
    if own.group_by("channel").agg(pl.col("spend_scale").n_unique())["spend_scale"].max() > 1:
        raise BadInput("`spend_scale` must be the same on all draws of a channel.")
    kinds = own["saturation_kind"].unique().to_list()
    if len(kinds) > 1:
        raise BadInput("`saturation_kind` must be the same on all rows of the channel draws.")
    ordered = own.sort("draw", "channel")  # channels of the arrays are sorted, too
    values = {
        name: ordered[name].to_numpy().reshape(len(numbers[0]), -1)
        for name in ("adstock", "saturation", "effect", "spend_scale")
    }
    return values, kinds[0] == HILL
