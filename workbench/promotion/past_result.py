"""What a campaign did: its streams against the same weeks without its spend, on the same draws.

Nobody saw those other weeks. They are the response model's, with everything else as it was: the
other campaigns of the track, lists, the season.
"""

import datetime
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.parameters import literal
from workbench.promotion.draws import LEAD, Scene, dated
from workbench.promotion.limits import plan_warnings
from workbench.promotion.past import Spent, spent
from workbench.promotion.plan import MAX_WEEKS, Plan
from workbench.promotion.response import adstock, retained
from workbench.promotion.scenes import prepared
from workbench.store.artifacts import Fit
from workbench.store.memory import memory

AFTER = 26  # weeks after the last spend that still count
EDGES = {"low": 0.05, "median": 0.5, "high": 0.95}


@dataclass(frozen=True, eq=False)
class Won:
    """What spend wins, on T weeks, C channels, K cells and S draws.

    Attributes
    ----------
    weekly : streams of each week, those of listeners who stayed included (T, S). by_channel :
    (C, S) and by_cell : (K, S) of the whole window.
    """

    weekly: np.ndarray
    by_channel: np.ndarray
    by_cell: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Streams of the whole window (S,)."""
        return self.by_channel.sum(0, dtype=np.float64)


def won(one: Scene, spend: np.ndarray, less: np.ndarray) -> Won:
    """Return what `less` wins as part of `spend`: all of it, less what the rest would win alone.

    Parameters
    ----------
    spend, less : (LEAD + T, C, K).
    """
    draws, weeks = len(one.kept), len(one.weeks)
    weekly = np.zeros((weeks, draws))
    by_channel = np.zeros((len(one.channels), draws))
    by_cell = np.zeros((len(one.cells), draws))
    for c in np.flatnonzero(less.any((0, 2))):
        gained = np.zeros((weeks, len(one.cells), draws), np.float32)
        for money, sign in ((spend[:, c], 1), (spend[:, c] - less[:, c], -1)):
            stock = adstock((money / one.audience).astype(np.float32)[:, :, None], one.carry[c])
            gained += sign * np.tanh(stock[LEAD:] * (one.gain[c] / 2))
        gained *= one.height[c]
        weekly += gained.sum(1)
        later = np.einsum("tks,ts->ks", gained, one.worth)
        by_cell += later
        by_channel[c] = later.sum(0)
    full, _ = retained(weekly, one.kept, one.stay)
    return Won(full * one.lift, by_channel, by_cell)


@dataclass(frozen=True, eq=False)
class PastResult:
    """What a campaign did. Intervals hold 90 %.

    Attributes
    ----------
    track_id, first, last : which campaign, by its first and last week of spend.
    begin, until : first and last day that is counted.
    totals : measure (brought, share, revenue, return, cost) | low | median | high. share is of the
        streams that came, return of the spend, cost a stream brought.
    came : streams that came in the window. spend : money.
    weekly : week | came | model (with all spend) | without_low | without_median | without_high (the
        model without this campaign) | low | median | high (streams brought).
    channels : channel | spend | low | median | high | return_low | return_median | return_high.
    cells : cell | spend | low | median | high, the largest first.
    chance : share of draws on which the revenue is above the spend.
    error : how far the model's sum lies from what came, as a share of it.
    warnings : kind, subject, value, limit.
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


@analysis(reads="promotion campaigns", optional="fx_rates")
def campaign_result(
    label,
    *,
    track_id: str,
    first: datetime.date,
    after: int = AFTER,
    payout: float = 0.0035,
) -> PastResult:
    """Return what one campaign brought, from its first week to `after` weeks past its last.

    Parameters
    ----------
    track_id, first : of the campaign, as `past_campaigns` has them. payout : money of one stream,
        an assumption.

    Raises
    ------
    BadInput
        No such campaign, or a window or payout that cannot be.
    """
    if not (0 <= after <= MAX_WEEKS and 0 <= payout < 1e3):
        raise BadInput(f"Count 0 to {MAX_WEEKS} weeks more; a stream pays nothing or more.")
    fit = label.fit("promotion")
    window = counted(label, fit, track_id, first, after)
    found, money = window.won, window.spent
    history = _history(fit, track_id, window)
    by_channel = money.own.sum((0, 2))
    budget = float(by_channel.sum())
    came = float(history["came"].sum())
    total = found.total
    plan = Plan(
        track_id=track_id,
        spend=tuple(
            (name, float(spend))
            for name, spend in zip(window.scene.channels, by_channel, strict=True)
            if spend > 0
        ),
        flight=(0, max((window.last - first).days // 7 + 1, 1)),
    )
    doubts = plan_warnings(fit, plan, len(money.weeks)).filter(
        ~pl.col("kind").is_in(["split", "beyond", "outside"])
    )
    split = [("split", "territories", money.split, 0.0)] if money.split > 0 else []
    split = pl.DataFrame(split, schema=doubts.schema, orient="row")
    return PastResult(
        track_id=track_id,
        first=first,
        last=window.last,
        begin=money.weeks[0].item(),
        until=money.weeks[-1].item() + datetime.timedelta(days=6),
        totals=_totals(total, came, budget, payout),
        came=came,
        spend=budget,
        weekly=history,
        channels=_channels(window, by_channel, payout),
        cells=_cells(window),
        chance=float((total * payout > budget).mean()),
        error=float(history["model"].sum() / came - 1) if came else 0.0,
        warnings=pl.concat([doubts, split]).sort("kind", "subject"),
    )


@dataclass(frozen=True, eq=False)
class Window:
    """A campaign's weeks as the model has them."""

    last: datetime.date
    scene: Scene
    spent: Spent
    won: Won

    @property
    def bytes(self) -> int:
        """Size in memory, the scene apart, which is kept for itself."""
        arrays = (*vars(self.won).values(), self.spent.all, self.spent.own)
        return sum(one.nbytes for one in arrays)


def counted(label, fit: Fit, track_id: str, first: datetime.date, after: int) -> Window:
    """Return a campaign's window and what its spend won in it; kept while it is used."""
    version = label.version("promotion", "campaigns", "fx_rates")
    key = f"campaign:{version}:{literal((track_id, first, after))}"
    return memory.load(key, lambda: _counted(label, fit, track_id, first, after), lambda w: w.bytes)


def _counted(label, fit: Fit, track_id: str, first: datetime.date, after: int) -> Window:
    plan = dated(fit, Plan(track_id=track_id))
    # before its release a track has no streams; what was spent then is carried over
    begin = first
    if plan.release_date is not None and plan.release_date > first:
        begin += datetime.timedelta(days=(plan.release_date - first).days // 7 * 7)
    end = datetime.date.fromisoformat(fit.meta["last_week"])
    held = spent(label, fit, track_id, first, begin, max((end - begin).days // 7 + 1, 1))
    money = held.own.any((1, 2))
    last = (np.datetime64(begin, "D") + 7 * (np.flatnonzero(money)[-1] - LEAD)).item()
    weeks = min((max(last, begin) - begin).days // 7 + 1 + after, len(held.weeks), MAX_WEEKS)
    held = replace(
        held, weeks=held.weeks[:weeks], all=held.all[: LEAD + weeks], own=held.own[: LEAD + weeks]
    )
    one = prepared(fit, label.version("promotion"), replace(plan, start=begin, weeks=weeks))
    return Window(last, one, held, won(one, held.all, held.own))


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
        *EDGES,
    ).sort("week")  # fmt: skip


def model_streams(fit: Fit, track_id: str, window: Window) -> tuple[float, float]:
    """Return the streams that came in a window, and those that the model has for it."""
    rows = _history(fit, track_id, window)
    return float(rows["came"].sum()), float(rows["model"].sum())


def _points(values: np.ndarray) -> dict[str, np.ndarray]:
    """Return low, median and high of draws, the last axis."""
    found = np.quantile(values, list(EDGES.values()), axis=-1)
    return dict(zip(EDGES, found, strict=True))


def _totals(total: np.ndarray, came: float, budget: float, payout: float) -> pl.DataFrame:
    measures = {
        "brought": total,
        "share": total / max(came, 1.0),
        "revenue": total * payout,
        "return": total * payout / max(budget, 1e-9),
        "cost": budget / np.maximum(total, 1e-9),
    }
    rows = [(name, *np.quantile(value, list(EDGES.values()))) for name, value in measures.items()]
    return pl.DataFrame(rows, schema=["measure", *EDGES], orient="row").sort("measure")


def _channels(window: Window, spend: np.ndarray, payout: float) -> pl.DataFrame:
    used = np.flatnonzero(spend)
    points = _points(window.won.by_channel[used])
    return pl.DataFrame(
        {
            "channel": [window.scene.channels[c] for c in used],
            "spend": spend[used],
            **points,
            **{f"return_{name}": value * payout / spend[used] for name, value in points.items()},
        },
        schema_overrides={"channel": pl.String()},
    ).sort("channel")


def _cells(window: Window) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "cell": list(window.scene.cells),
            "spend": window.spent.own.sum((0, 1)),
            **_points(window.won.by_cell),
        }
    ).sort(["median", "cell"], descending=[True, False])
