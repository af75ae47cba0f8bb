"""One plan on every draw: its streams, what promotion brings, and what of it is money."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from workbench.parameters import literal
from workbench.promotion.cells import cut, state_of
from workbench.promotion.draws import Scene
from workbench.promotion.earnings import YEAR, per_stream, staying, to_the_end
from workbench.promotion.money import Money, kept_rates
from workbench.promotion.per_listener import PerListener, known
from workbench.promotion.pitch import listed
from workbench.promotion.plan import Plan
from workbench.promotion.saves import followers_per_stream, saves_per_stream
from workbench.promotion.scenes import bare, clock_zero, prepared
from workbench.promotion.whatif import Evaluation, evaluated
from workbench.store.artifacts import Fit
from workbench.store.memory import memory


@dataclass(frozen=True, eq=False)
class Side:
    """One dated plan evaluated, over T weeks, K cells, C channels and S draws.

    Attributes
    ----------
    streams : expected, all causes (T, S). organic : without promotion, by cell (K, S).
    places : of organic, what the list brings that the plan pitches to (S,).
    rates : money kept of one stream (K,). later : streams that promotion leads to past the window,
        up to MAX_WEEKS, by cell (K, S), zero where they do not count. staying : streams of won
        listeners who stay, over the year after each was won, before season (S,), zero where what
        they buy does not count. saves, followers : won with one stream (S,), None where the label
        has none.
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
    staying: np.ndarray
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
        return self.brought.total

    @cached_property
    def won_revenue(self) -> np.ndarray:
        """Money kept of what promotion brings in the window (S,)."""
        return self.rates @ self.brought.by_cell.astype(np.float64)

    @cached_property
    def revenue(self) -> np.ndarray:
        """Money kept of all streams in the window (S,)."""
        return self.rates @ self.organic.astype(np.float64) + self.won_revenue

    def beside(self, each: PerListener | None) -> dict[str, np.ndarray]:
        """Return money that counts beside the streams of the window, by kind (S,), if asked for."""
        after = self.rates @ self.later
        found = {}
        if self.money.beyond:
            found["beyond"] = after
        if self.money.spill:
            found["spill"] = self.money.spill * (self.won_revenue + after)
        if self.money.purchases and known(each):
            found["purchases"] = self.staying_years(each) * self.money.purchases
        return found

    def kept(self, each: PerListener | None) -> np.ndarray:
        """Return money kept, less the spend (S,)."""
        return self.revenue + sum(self.beside(each).values()) - self.plan.budget

    def staying_years(self, each: PerListener) -> np.ndarray:
        """Return years that won listeners stay, all together (S,); counted over `each.days`."""
        return self.staying * per_stream(each, len(self.total)) / YEAR

    def listeners(self, each: PerListener) -> np.ndarray:
        """Return listeners in the best run of `each.days` days of the window (S,).

        Never a sum over runs: a listener may be in several.
        """
        run = min(max(each.days // 7, 1), len(self.streams))
        upto = np.cumsum(np.pad(self.streams, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
        best = (upto[run:] - upto[:-run]).max(0)
        return best / run * per_stream(each, len(best))


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
    later, stayed = np.zeros((len(one.cells), len(one.kept))), np.zeros(len(one.kept))
    if money.beyond:
        longer = prepared(fit, version, to_the_end(one, plan), parts)
        past = replace(longer, worth=longer.worth - _padded(one.worth, longer.worth))
        later = evaluated(past, plan, clock_zero(one, plan)).by_cell.astype(np.float64)
    if money.purchases:
        held = replace(one, worth=staying(one))
        stayed = evaluated(held, plan, clock_zero(one, plan)).by_cell.sum(0, dtype=np.float64)
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
        staying=stayed,
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


def _padded(weeks: np.ndarray, longer: np.ndarray) -> np.ndarray:
    return np.pad(weeks, ((0, len(longer) - len(weeks)), (0, 0)))
