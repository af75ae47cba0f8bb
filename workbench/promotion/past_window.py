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
from workbench.promotion.response import adstock, reached, retained
from workbench.promotion.scenes import prepared
from workbench.promotion.whatif import Evaluation
from workbench.store.artifacts import Fit
from workbench.store.memory import memory


def won(one: Scene, spend: np.ndarray, less: np.ndarray) -> Evaluation:
    """Return what `less` wins as part of `spend`: all of it, less what the rest would win alone.

    Parameters
    ----------
    spend, less : (LEAD + T, C, K).
    """
    draws, weeks = len(one.kept), len(one.weeks)
    weekly = np.zeros((weeks, draws))
    brought = np.zeros((len(one.channels), len(one.cells), draws))
    for c in np.flatnonzero(less.any((0, 2))):
        gained = np.zeros((weeks, len(one.cells), draws), np.float32)
        for money, sign in ((spend[:, c], 1), (spend[:, c] - less[:, c], -1)):
            stock = adstock((money / one.audience).astype(np.float32)[:, :, None], one.carry[c])
            gained += sign * reached(stock[LEAD:] * one.gain[c], one.hill)
        gained *= one.height[c]
        weekly += gained.sum(1)
        brought[c] = np.einsum("tks,ts->ks", gained, one.worth)
    full, _ = retained(weekly, one.kept, one.stay)
    return Evaluation(full * one.lift, brought)


@dataclass(frozen=True, eq=False)
class Window:
    """A campaign's weeks as the model has them."""

    last: datetime.date
    scene: Scene
    spent: Spent
    won: Evaluation

    @property
    def bytes(self) -> int:
        """Size in memory, the scene apart, which is kept for itself."""
        arrays = (self.won.weekly, self.won.won, self.spent.all, self.spent.own)
        return sum(one.nbytes for one in arrays)


def counted(label, fit: Fit, track_id: str, first: datetime.date, after: int) -> Window:
    """Return a campaign's window and what its spend won in it; kept while it is used."""
    version = label.version("promotion", "campaigns", "fx_rates")
    key = f"campaign:{version}:{literal((track_id, first, after))}"
    return memory.load(key, lambda: _counted(label, fit, track_id, first, after), lambda w: w.bytes)


def _counted(label, fit: Fit, track_id: str, first: datetime.date, after: int) -> Window:
    plan = dated(fit, Plan(track_id=track_id))
    # before its release a track has no streams; what was spent then is carried over, as far back
    # as weeks before a window are looked at
    begin = first
    if plan.release_date is not None and plan.release_date > first:
        begin += datetime.timedelta(weeks=min((plan.release_date - first).days // 7, LEAD))
    end = datetime.date.fromisoformat(fit.meta["last_week"])
    held = spent(label, fit, track_id, first, begin, max((end - begin).days // 7 + 1, 1))
    last = _last(held)
    weeks = min((max(last, begin) - begin).days // 7 + 1 + after, len(held.weeks), MAX_WEEKS)
    held = replace(
        held, weeks=held.weeks[:weeks], all=held.all[: LEAD + weeks], own=held.own[: LEAD + weeks]
    )
    return _window(label, fit, plan, held)


def in_weeks(
    label, fit: Fit, track_id: str, first: datetime.date, begin: datetime.date, weeks: int
) -> Window:
    """Return a campaign in given weeks, which hold some of its spend, in place of its own."""
    held = spent(label, fit, track_id, first, begin, weeks)
    return _window(label, fit, dated(fit, Plan(track_id=track_id)), held)


def _last(held: Spent) -> datetime.date:
    """Return the last week of the campaign's spend."""
    week = int(np.flatnonzero(held.own.any((1, 2)))[-1]) - LEAD
    return held.weeks[0].item() + datetime.timedelta(weeks=week)


def _window(label, fit: Fit, plan: Plan, held: Spent) -> Window:
    plan = replace(plan, start=held.weeks[0].item(), weeks=len(held.weeks))
    one = prepared(fit, label.version("promotion"), plan)
    return Window(_last(held), one, held, won(one, held.all, held.own))
