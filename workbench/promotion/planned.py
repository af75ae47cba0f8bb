"""Planned against actual: what a saved plan meant to spend and win, and what came of it.

A saved plan holds no forecast. What it would have won is told by the model as it is now, which has
seen the weeks since; so it says what another spend would have done, not how well we foretold.
"""

import datetime
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.promotion.draws import LEAD
from workbench.promotion.past_result import AFTER, EDGES, model_streams
from workbench.promotion.past_window import Window, counted, won
from workbench.promotion.plan import (
    Plan,
    cell_shares,
    channel_shares,
    checked,
    friday,
    weekly_spend,
)
from workbench.store.artifacts import Fit

NEAR = 26  # weeks between a release and a campaign that still belongs to it


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan beside what was done, in the window of a campaign.

    Attributes
    ----------
    begin : day from which the plan's flight is counted.
    totals : measure (spend, brought, streams) | planned_low | planned_median | planned_high | low |
        median | high. Streams that came and money spent are known: their three are one number.
    channels : channel | planned | spent | planned_low | planned_median | planned_high | low |
        median | high (streams brought).
    late : share of the planned money that falls out of the window.
    """

    begin: datetime.date
    totals: pl.DataFrame
    channels: pl.DataFrame
    late: float


@analysis(reads="promotion campaigns", optional="fx_rates")
def planned_actual(label, *, plan: Plan, first: datetime.date, after: int = AFTER) -> Planned:
    """Return a plan of a track beside the campaign of that track which began in week `first`.

    The plan is counted from the release where that is near, from its own start where it has one,
    else from the campaign's first week. Shares by segment are read as shares of the audience.

    Raises
    ------
    BadInput
        The plan names no track, or a channel that the model does not know; no such campaign.
    """
    if plan.track_id is None:
        raise BadInput(
            "A plan for a release that is not in the catalogue cannot be looked back on."
        )
    fit = label.fit("promotion")
    window = counted(label, fit, plan.track_id, first, after)
    if plan.segments:
        plan = replace(plan, segments=(), shares=(), channel_shares=())
    zero = _zero(fit, checked(plan), first)
    money = _spend(plan, window, zero)
    others = window.spent.all - window.spent.own
    meant, did = won(window.scene, others + money, money), window.won
    planned, spent = (one.sum((0, 2)) for one in (money, window.spent.own))
    came, told = model_streams(fit, plan.track_id, window)
    rows = [
        ("spend", *[float(planned.sum())] * 3, *[float(spent.sum())] * 3),
        ("brought", *_edges(meant.total), *_edges(did.total)),
        ("streams", *_edges(told + meant.total - did.total), came, came, came),
    ]
    used = np.flatnonzero(planned + spent)
    frame = {
        "channel": [window.scene.channels[c] for c in used],
        "planned": planned[used],
        "spent": spent[used],
    }
    for prefix, side in (("planned_", meant), ("", did)):
        points = np.quantile(side.by_channel[used], list(EDGES.values()), axis=-1)
        frame |= {f"{prefix}{edge}": value for edge, value in zip(EDGES, points, strict=True)}
    names = [f"{prefix}{edge}" for prefix in ("planned_", "") for edge in EDGES]
    return Planned(
        begin=zero,
        totals=pl.DataFrame(rows, schema=["measure", *names], orient="row").sort("measure"),
        channels=pl.DataFrame(frame, schema_overrides={"channel": pl.String()}).sort("channel"),
        late=1 - float(planned.sum()) / plan.budget if plan.budget else 0.0,
    )


def _zero(fit: Fit, plan: Plan, first: datetime.date) -> datetime.date:
    """Return the Friday that the plan's flight is counted from."""
    row = fit.frames["catalogue"].filter(pl.col("track_id") == pl.lit(plan.track_id, pl.String))
    release = plan.release_date or row["release_date"].first()
    if release is not None and abs((release - first).days) <= 7 * NEAR:
        return friday(release)
    return friday(plan.start) if plan.start is not None else first


def _spend(plan: Plan, window: Window, zero: datetime.date) -> np.ndarray:
    """Return the plan's money on the window's clock (LEAD + T, C, K)."""
    scene, weeks = window.scene, len(window.spent.weeks)
    shift = (zero - window.spent.weeks[0].item()).days // 7
    money = weekly_spend(plan, scene.channels, -LEAD - shift, LEAD + weeks).astype(float)
    if plan.channel_shares:
        shares = channel_shares(plan, scene.channels, scene.cells, scene.audience)
    else:
        shares = cell_shares(plan, scene.cells, scene.audience)[None]
    return money[:, :, None] * shares


def _edges(values: np.ndarray) -> list[float]:
    return [float(one) for one in np.quantile(values, list(EDGES.values()))]
