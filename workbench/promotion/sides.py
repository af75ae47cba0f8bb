"""One plan on every draw: its streams, what promotion brings, and what of it is money."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from workbench.parameters import literal
from workbench.promotion.cells import cut, state_of
from workbench.promotion.draws import Scene
from workbench.promotion.money import Money, kept_rates
from workbench.promotion.per_listener import PerListener, known
from workbench.promotion.pitch import listed
from workbench.promotion.plan import MAX_WEEKS, Plan
from workbench.promotion.saves import followers_per_stream, saves_per_stream
from workbench.promotion.scenes import bare, clock_zero, prepared
from workbench.promotion.whatif import Evaluation, evaluated
from workbench.store.artifacts import Fit
from workbench.store.memory import memory

LISTENERS = 28  # seed


@dataclass(frozen=True, eq=False)
class Side:
    """One dated plan evaluated, over T weeks, K cells, C channels and S draws.

    Attributes
    ----------
    streams : expected, all causes (T, S). organic : without promotion, by cell (K, S).
    places : of organic, what the list brings that the plan pitches to (S,).
    rates : money kept of one stream (K,). later : streams that promotion leads to past the window,
        up to MAX_WEEKS (S,), zero where they do not count. saves, followers : won with one stream
        (S,), None where the label has none.
    """

    plan: Plan
    money: Money
    scene: Scene
    brought: Evaluation
    streams: np.ndarray
    organic: np.ndarray
    places: np.ndarray
    rates: np.ndarray
    later: np.ndarray
    saves: np.ndarray | None
    followers: np.ndarray | None

    @property
    def bytes(self) -> int:
        """Size in memory."""
        held = (self.brought.weekly, self.brought.won, self.streams, self.organic, self.later)
        return self.scene.bytes + sum(array.nbytes for array in held)

    @cached_property
    def total(self) -> np.ndarray:
        """Streams in the window (S,)."""
        return self.streams.sum(0, dtype=np.float64)

    @cached_property
    def won(self) -> np.ndarray:
        """Streams that promotion brings in the window (S,)."""
        return self.brought.won.sum((0, 1), dtype=np.float64)

    @cached_property
    def won_revenue(self) -> np.ndarray:
        """Money kept of what promotion brings in the window (S,)."""
        return self.rates @ self.brought.by_cell.astype(np.float64)

    @cached_property
    def revenue(self) -> np.ndarray:
        """Money kept of all streams in the window (S,)."""
        return self.rates @ self.organic.astype(np.float64) + self.won_revenue

    @cached_property
    def staying(self) -> np.ndarray:
        """Streams of won listeners who stayed, in the week after the window, before season (S,)."""
        one, rest = self.scene, np.zeros(len(self.scene.kept))
        for full, lift in zip(self.brought.weekly, one.lift, strict=True):
            # what was won in this week is what is there less what earlier weeks left
            there = np.divide(full, lift, out=np.zeros(len(rest)), where=lift > 0)
            rest = one.stay * (rest + one.kept * (there - rest))
        return rest

    def beside(self, each: PerListener | None) -> dict[str, np.ndarray]:
        """Return money that counts beside the streams of the window, by kind (S,), if asked for."""
        mean = self.won_revenue / np.maximum(self.won, 1e-9)
        found = {}
        if self.money.beyond:
            found["beyond"] = self.later * mean
        if self.money.spill:
            found["spill"] = (self.won + self.later) * self.money.spill * mean
        if self.money.purchases and known(each):
            found["purchases"] = self.staying_listeners(each) * self.money.purchases
        return found

    def kept(self, each: PerListener | None) -> np.ndarray:
        """Return money kept, less the spend (S,)."""
        return self.revenue + sum(self.beside(each).values()) - self.plan.budget

    def staying_listeners(self, each: PerListener) -> np.ndarray:
        """Return won listeners who are there after the window, counted over `each.days` (S,)."""
        return self.staying * (each.days / 7) / _ratio(each, len(self.total))

    def listeners(self, each: PerListener) -> np.ndarray:
        """Return listeners in the best run of `each.days` days of the window (S,).

        Never a sum over runs: a listener may be in several.
        """
        run = min(max(each.days // 7, 1), len(self.streams))
        upto = np.cumsum(np.pad(self.streams, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
        best = (upto[run:] - upto[:-run]).max(0)
        return best * (each.days / (7 * run)) / _ratio(each, len(best))


def side(label, fit: Fit, plan: Plan, money: Money, min_group: int) -> Side:
    """Return a dated plan evaluated on the draws of the fit."""
    version, parts = state_of(label, plan), cut(label, fit, plan, min_group)
    one = prepared(fit, version, plan, parts)
    brought = evaluated(one, plan, clock_zero(one, plan))
    weekly, organic = memory.load(
        f"organic:{version}:{literal(bare(plan))}",
        lambda: (one.base.sum(0), one.base.sum(1)),
        lambda arrays: sum(array.nbytes for array in arrays),
    )
    places = listed(one, plan, clock_zero(one, plan))
    later = np.zeros(len(one.kept))
    if money.beyond:
        longer = replace(plan, weeks=max(MAX_WEEKS + clock_zero(one, plan), plan.weeks))
        past = evaluated(prepared(fit, version, longer, parts), longer, clock_zero(one, plan))
        later = past.weekly[plan.weeks :].sum(0, dtype=np.float64)
    return Side(
        plan=plan,
        money=money,
        scene=one,
        brought=brought,
        streams=weekly + brought.weekly + places,
        organic=organic + one.audience[:, None] * places.sum(0),
        places=places.sum(0, dtype=np.float64),
        rates=kept_rates(fit, plan, money, parts),
        later=later,
        saves=saves_per_stream(fit, plan),
        followers=followers_per_stream(fit, plan),
    )


def kept_side(label, fit: Fit, plan: Plan, money: Money, min_group: int) -> Side:
    """Return the same, kept in memory: of a plan that others are compared with."""
    return memory.load(
        f"plan:{state_of(label, plan)}:{min_group}:{literal(plan)}:{literal(money)}",
        lambda: side(label, fit, plan, money, min_group),
        lambda one: one.bytes,
    )


def _ratio(each: PerListener, count: int) -> np.ndarray:
    """Return streams of one listener on the draws (S,): the same for every plan."""
    z = np.random.default_rng(LISTENERS).standard_normal(count)
    return each.streams * np.exp(each.spread * z)
