"""What the label gets to see of its spending: rows of ad managers, agencies and statements."""

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.generator.channels import CHANNELS, commission
from sample_data.generator.world import AUDIENCE, CODES, DAYS, FIRST_DAY, stream


@dataclass(eq=False)
class Spending:
    """One campaign on one channel: EUR a day and territory (days, territories), as truly spent.

    For Discovery Mode `spend` holds the streams in its contexts. track : place in the roster.
    follows_demand : the budget answered to streams. broad : aimed at an age, at no taste.
    """

    campaign: str
    channel: str
    track: int
    targeting: str
    spend: np.ndarray
    follows_demand: bool = False
    broad: bool = False


def reported(plan: Spending, track: str) -> pl.DataFrame:
    """Return the rows a platform, an agency or an invoice shows of one spending."""
    channel = CHANNELS[plan.channel]
    weekly = plan.channel in ("radio", "pr")
    spend, names = plan.spend, list(CODES)
    if channel.scope == "worldwide":
        spend, names = spend.sum(axis=1, keepdims=True), ["WW"]
    step = 7 if weekly else 1
    if weekly:
        whole = np.pad(spend, ((0, -len(spend) % 7), (0, 0)))
        spend = whole.reshape(-1, 7, spend.shape[1]).sum(axis=1)
    at, where = np.nonzero(spend >= 0.01)
    rng = stream("reported", plan.campaign, plan.channel)
    amount = spend[at, where]
    price = (AUDIENCE / AUDIENCE[0]) ** 0.12 if len(names) > 1 else np.ones(1)
    noise = np.exp(rng.normal(0, 0.12, (3, len(at))))
    shown = clicked = None
    if channel.cost is not None:
        shown = (amount / channel.cost / price[where] * 1000 * noise[0]).round()
        clicked = (shown * channel.clicks * noise[1]).round()
        results = clicked * channel.results * noise[2]
    else:
        results = rng.poisson(amount * channel.results)
    return _rows(plan, track, at * step, np.array(names)[where], amount, step, shown, clicked,
                 np.round(results), channel.result_kind)  # fmt: skip


def commission_rows(plan: Spending, track: str) -> pl.DataFrame:
    """Return the weekly statement of Discovery Mode: streams in its contexts and what it keeps."""
    week = plan.spend.sum(axis=1)[: DAYS // 7 * 7].reshape(-1, 7).sum(axis=1).round()
    at = np.flatnonzero(week)
    where = np.full(len(at), "WW")
    return _rows(plan, track, at * 7, where, commission(week[at]), 7, None, None, week[at],
                 "streams_in_context")  # fmt: skip


def _rows(plan, track, at, where, amount, step, shown, clicked, results, kind) -> pl.DataFrame:
    rows = {
        "campaign_id": [plan.campaign] * len(at),
        "channel": [plan.channel] * len(at),
        "day": [FIRST_DAY + datetime.timedelta(int(d)) for d in at],
        "territory": where,
        "track_id": [track] * len(at),
        "targeting": [plan.targeting] * len(at),
        "spend": np.round(amount, 2),
        "currency": ["EUR"] * len(at),
        "impressions": shown if shown is not None else [None] * len(at),
        "clicks": clicked if clicked is not None else [None] * len(at),
        "results": results,
        "result_kind": [kind] * len(at),
        "days": [step] * len(at),
    }
    counts = dict.fromkeys(("impressions", "clicks", "results", "days"), pl.Int64)
    schema = {"day": pl.Date, "spend": pl.Decimal(18, 4), **counts}
    frame = pl.DataFrame(rows, schema_overrides={"day": pl.Date}, strict=False)
    return frame.with_columns(pl.col(name).cast(kind) for name, kind in schema.items())
