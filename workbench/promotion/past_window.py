"""A campaign's weeks on the draws of the fit: its spend, and what that spend won.

What one campaign won is what all spend of the song wins, less what the rest would win without it.
"""

import datetime
from dataclasses import dataclass, replace

import numpy as np

from workbench.parameters import literal
from workbench.promotion.draws import LEAD, Scene, dated
from workbench.promotion.past import Spent, spent
from workbench.promotion.plan import MAX_WEEKS, Plan
from workbench.promotion.response import adstock, retained
from workbench.promotion.scenes import prepared
from workbench.store.artifacts import Fit
from workbench.store.memory import memory


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
