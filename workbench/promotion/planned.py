"""Planned against actual: what a saved plan meant to spend and win, and what came of it.

Held against what came is what the plan was told to bring when it was saved, in the plan's own
weeks. Where nobody kept that, the plan is told by the model as it is now, which has seen the weeks
since: that says what another spend would have done, not how well anybody foretold.
"""

import datetime
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.promotion.draws import LEAD
from workbench.promotion.foretold import Foretold
from workbench.promotion.money import Money, checked_money, kept_rates
from workbench.promotion.past_result import AFTER, model_streams
from workbench.promotion.past_window import Window, counted, in_weeks, won
from workbench.promotion.plan import Plan, channel_shares, checked, friday, weekly_spend
from workbench.promotion.points import EDGE_NAMES, EDGES
from workbench.store.artifacts import Fit

NEAR = 26  # weeks between a release and a campaign that still belongs to it


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan beside what was done.

    Attributes
    ----------
    begin : day from which the plan's flight, or its window where it was foretold, is counted.
    until : last day counted. told : last week that the model knew when it foretold the plan; None
        where it is told by the model as it is now. over : whether the plan's window has passed;
        before, it is not known what it was to bring by channel, and in money.
    totals : measure (spend, brought, kept, streams) | planned_low | planned_median | planned_high |
        low | median | high. Streams that came and money spent are known: their three are one
        number. kept is money of the streams brought.
    channels : channel | planned | spent | planned_low | planned_median | planned_high | low |
        median | high (streams brought).
    late : share of the planned money that falls out of the weeks counted.
    """

    begin: datetime.date
    until: datetime.date
    told: datetime.date | None
    over: bool
    totals: pl.DataFrame
    channels: pl.DataFrame
    late: float


@analysis(reads="promotion campaigns", optional="fx_rates")
def planned_actual(
    label,
    *,
    plan: Plan,
    first: datetime.date,
    after: int = AFTER,
    told: Foretold | None = None,
    payout: float = 0.0035,
    money: Money = Money(),
) -> Planned:
    """Return a plan of a track beside the campaign of that track which began in week `first`.

    Told now, the plan is counted from the release where that is near, from its own start where it
    has one, else from the campaign's first week, in the weeks of the campaign and `after` more.
    Shares by segment are read as shares of the audience.

    Parameters
    ----------
    told : what the plan was to bring when it was saved; it counts where its weeks hold spend of the
        campaign. payout, money : what is kept of a stream, as in `campaign_result`.

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
    rates = kept_rates(fit, replace(plan, payout=payout), checked_money(money), None)
    weeks = _passed(fit, told, first, window.last)
    if weeks:
        window = in_weeks(label, fit, plan.track_id, first, told.begin, weeks)
        return _as_told(fit, plan, told, window, rates)
    return _as_now(fit, plan, first, window, rates)


def _passed(fit: Fit, told: Foretold | None, first: datetime.date, last: datetime.date) -> int:
    """Return how many weeks of what was foretold have passed; 0 where none has this campaign."""
    if told is None:
        return 0
    end = datetime.date.fromisoformat(fit.meta["last_week"])
    weeks = min(len(told.streams), (end - told.begin).days // 7 + 1)
    lead, until = (told.begin + datetime.timedelta(weeks=one) for one in (-LEAD, weeks))
    return weeks if weeks > 0 and lead <= last and first < until else 0


def _as_told(fit: Fit, plan: Plan, told: Foretold, window: Window, rates: np.ndarray) -> Planned:
    over = len(window.spent.weeks) == len(told.streams)
    at, unknown = len(window.spent.weeks) - 1, (None,) * 3
    totals = {"spend": (plan.budget,) * 3, "brought": told.brought[at], "streams": told.streams[at]}
    totals["kept"] = told.kept if over else unknown
    channels = {name: (amount, *(points if over else unknown))
                for name, amount, *points in told.channels}  # fmt: skip
    return _beside(fit, plan, window, rates, totals, channels, told.begin, told.last_week, over)


def _as_now(
    fit: Fit, plan: Plan, first: datetime.date, window: Window, rates: np.ndarray
) -> Planned:
    if plan.segments:
        plan = replace(plan, segments=(), shares=(), channel_shares=())
    zero = _zero(fit, checked(plan), first)
    money = _spend(plan, window, zero)
    meant = won(window.scene, window.spent.all - window.spent.own + money, money)
    planned = money.sum((0, 2))
    _, modelled = model_streams(fit, plan.track_id, window)
    totals = {
        "spend": (float(planned.sum()),) * 3,
        "brought": _edges(meant.total),
        "kept": _edges(rates @ meant.by_cell),
        "streams": _edges(modelled + meant.total - window.won.total),
    }
    channels = {
        name: (float(planned[c]), *_edges(meant.by_channel[c]))
        for c, name in enumerate(window.scene.channels)
        if planned[c]
    }
    return _beside(fit, plan, window, rates, totals, channels, zero, None, True)


def _beside(
    fit, plan, window, rates, planned: dict, channels: dict, begin, told, over: bool
) -> Planned:
    """Return what was planned beside what the campaign did in a window."""
    did, spent = window.won, window.spent.own.sum((0, 2))
    came, _ = model_streams(fit, plan.track_id, window)
    done = {
        "spend": (float(spent.sum()),) * 3,
        "brought": _edges(did.total),
        "kept": _edges(rates @ did.by_cell),
        "streams": (came,) * 3,
    }
    names = [f"{prefix}{edge}" for prefix in ("planned_", "") for edge in EDGE_NAMES]
    points = dict.fromkeys(names, pl.Float64)
    rows = [(name, *planned[name], *done[name]) for name in done]
    by_channel = [
        (name, float(channels.get(name, (0.0,))[0]), float(spent[c]),
         *channels.get(name, (0.0,) * 4)[1:], *_edges(did.by_channel[c]))
        for c, name in enumerate(window.scene.channels)
        if spent[c] or name in channels
    ]  # fmt: skip
    schema = {"channel": pl.String, "planned": pl.Float64, "spent": pl.Float64} | points
    counted_in = sum(amount for amount, *_ in channels.values())
    return Planned(
        begin=begin,
        until=window.spent.weeks[-1].item() + datetime.timedelta(days=6),
        told=told,
        over=over,
        totals=pl.DataFrame(rows, schema={"measure": pl.String} | points, orient="row").sort(
            "measure"
        ),
        channels=pl.DataFrame(by_channel, schema=schema, orient="row").sort("channel"),
        late=1 - counted_in / plan.budget if plan.budget else 0.0,
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
    return money[:, :, None] * channel_shares(plan, scene.channels, scene.cells, scene.audience)


def _edges(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(one) for one in np.quantile(values, EDGES))
