"""What a campaign did: its streams against the same weeks without its spend, on the same draws.

Nobody saw those other weeks. They are the response model's, with everything else as it was: the
other campaigns of the track, lists, the season.
"""

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.promotion.limits import plan_warnings
from workbench.promotion.money import Money, checked_money, kept_rates
from workbench.promotion.past_window import Window, counted
from workbench.promotion.plan import MAX_WEEKS, Plan
from workbench.promotion.points import EDGE_NAMES, EDGES
from workbench.store.artifacts import Fit

AFTER = 26  # weeks after the last spend that still count
# Of all that limits trust in a plan, what limits it in looking back.
DOUBTED = ("prior", "weights", "together", "constant", "same", "single", "follows", "with_event",
           "draws", "starts")  # fmt: skip


@dataclass(frozen=True, eq=False)
class PastResult:
    """What a campaign did. Intervals hold 90 %.

    Attributes
    ----------
    track_id, first, last : which campaign, by its first and last week of spend.
    begin, until : first and last day that is counted.
    totals : measure (brought, share, kept, return, cost) | low | median | high. share is of the
        streams that came, in weeks of which they are known; kept is money of those brought, return
        is that over the spend, cost is of a stream brought.
    came : streams that came in the window. spend : money.
    weekly : week | came | model (with all spend) | without_low | without_median | without_high (the
        model without this campaign) | low | median | high (streams brought).
    channels : channel | spend | low | median | high | return_low | return_median | return_high.
    cells : cell | spend | low | median | high | rate (money kept of one stream) | kept (median),
        the largest first.
    chance : share of draws on which the money kept is above the spend.
    error : how far the model's sum lies from what came, as a share of it.
    warnings : kind, subject, value, limit.
    without_rate : currency | channel | spend, of money around the campaign that is in no number
        here, as no exchange rate changes it.
    """

    track_id: str
    first: datetime.date
    last: datetime.date
    begin: datetime.date
    until: datetime.date
    totals: pl.DataFrame
    came: float
    spend: float
    weekly: pl.DataFrame
    channels: pl.DataFrame
    cells: pl.DataFrame
    chance: float
    error: float
    warnings: pl.DataFrame
    without_rate: pl.DataFrame


@analysis(reads="promotion campaigns", optional="fx_rates")
def campaign_result(
    label,
    *,
    track_id: str,
    first: datetime.date,
    after: int = AFTER,
    payout: float = 0.0035,
    money: Money = Money(),
) -> PastResult:
    """Return what one campaign brought, from its first week to `after` weeks past its last.

    Parameters
    ----------
    track_id, first : of the campaign, as `past_campaigns` has them. payout : money of one stream,
        an assumption, where `money` knows none of the territory. money : what of it is kept; what
        it lets count beside streams does not count here.

    Raises
    ------
    BadInput
        No such campaign, or a window or payout that cannot be.
    """
    if not (0 <= after <= MAX_WEEKS and 0 <= payout < 1e3):
        raise BadInput(f"Count 0 to {MAX_WEEKS} weeks more; a stream pays nothing or more.")
    fit = label.fit("promotion")
    window = counted(label, fit, track_id, first, after)
    found, spent = window.won, window.spent
    history = _history(fit, track_id, window)
    by_channel = spent.own.sum((0, 2))
    budget = float(by_channel.sum())
    came = float(history["came"].sum())
    known = history["came"].is_not_null().to_numpy()
    total = found.total
    plan = Plan(
        track_id=track_id,
        spend=tuple(
            (name, float(spend))
            for name, spend in zip(window.scene.channels, by_channel, strict=True)
            if spend > 0
        ),
        flight=(0, max((window.last - first).days // 7 + 1, 1)),
        payout=payout,
    )
    rates = kept_rates(fit, plan, checked_money(money), None)
    kept = rates @ found.by_cell
    doubts = plan_warnings(fit, plan, len(spent.weeks)).filter(pl.col("kind").is_in(DOUBTED))
    split = [("split_song", "territories", spent.split, 0.0)] if spent.split > 0 else []
    split = pl.DataFrame(split, schema=doubts.schema, orient="row")
    return PastResult(
        track_id=track_id,
        first=first,
        last=window.last,
        begin=spent.weeks[0].item(),
        until=spent.weeks[-1].item() + datetime.timedelta(days=6),
        totals=_totals(total, kept, found.weekly[known].sum(0) / max(came, 1.0), budget),
        came=came,
        spend=budget,
        weekly=history,
        channels=_channels(window, by_channel, rates),
        cells=_cells(window, rates),
        chance=float((kept > budget).mean()),
        error=float(history["model"].sum() / came - 1) if came else 0.0,
        warnings=pl.concat([doubts, split]).sort("kind", "subject"),
        without_rate=spent.without_rate,
    )


def _history(fit: Fit, track_id: str, window: Window) -> pl.DataFrame:
    """Return the weeks as they came, as the model has them, and what the campaign brought."""
    seen = fit.frames["weekly"].filter(pl.col("track_id") == track_id)
    points = _points(window.won.weekly)
    rows = pl.DataFrame({"week": window.spent.weeks, **points}).join(
        seen.select("week", came=pl.col("streams").cast(pl.Float64), model="expected"),
        on="week",
        how="left",
    )
    return rows.select(
        "week", "came", "model",
        *(
            (pl.col("model") - pl.col(less)).clip(lower_bound=0).alias(f"without_{name}")
            for name, less in (("low", "high"), ("median", "median"), ("high", "low"))
        ),
        *EDGE_NAMES,
    ).sort("week")  # fmt: skip


def model_streams(fit: Fit, track_id: str, window: Window) -> tuple[float, float]:
    """Return the streams that came in a window, and those that the model has for it."""
    rows = _history(fit, track_id, window)
    return float(rows["came"].sum()), float(rows["model"].sum())


def _points(values: np.ndarray) -> dict[str, np.ndarray]:
    """Return low, median and high of draws, the last axis."""
    return dict(zip(EDGE_NAMES, np.quantile(values, EDGES, axis=-1), strict=True))


def _totals(total: np.ndarray, kept: np.ndarray, share: np.ndarray, budget: float) -> pl.DataFrame:
    measures = {
        "brought": total,
        "share": share,
        "kept": kept,
        "return": kept / max(budget, 1e-9),
        "cost": budget / np.maximum(total, 1e-9),
    }
    rows = [(name, *np.quantile(value, EDGES)) for name, value in measures.items()]
    return pl.DataFrame(rows, schema=["measure", *EDGE_NAMES], orient="row").sort("measure")


def _channels(window: Window, spend: np.ndarray, rates: np.ndarray) -> pl.DataFrame:
    used = np.flatnonzero(spend)
    points = _points(window.won.by_channel[used])
    returned = np.einsum("cks,k->cs", window.won.won[used], rates) / spend[used, None]
    return pl.DataFrame(
        {
            "channel": [window.scene.channels[c] for c in used],
            "spend": spend[used],
            **points,
            **{f"return_{name}": value for name, value in _points(returned).items()},
        },
        schema_overrides={"channel": pl.String()},
    ).sort("channel")


def _cells(window: Window, rates: np.ndarray) -> pl.DataFrame:
    points = _points(window.won.by_cell)
    return pl.DataFrame(
        {
            "cell": list(window.scene.cells),
            "spend": window.spent.own.sum((0, 1)),
            **points,
            "rate": rates,
            "kept": points["median"] * rates,
        }
    ).sort(["median", "cell"], descending=[True, False])
