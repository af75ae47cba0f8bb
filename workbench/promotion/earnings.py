"""What promotion earns, as curves of money: the one sum of answers, margins and the best plan.

All that `Money` counts is linear in the streams that are won in each week, so that it is what a
week's stream is worth, in place of the streams that it leads to in the window. The curves then stay
concave, and nothing else changes.
"""

from dataclasses import dataclass, replace

import numpy as np

from workbench.promotion.cells import Cut
from workbench.promotion.draws import Scene
from workbench.promotion.money import Money, kept_rates
from workbench.promotion.per_listener import PerListener, known
from workbench.promotion.plan import MAX_WEEKS, Plan
from workbench.promotion.scenes import clock_zero, prepared
from workbench.promotion.whatif import evaluated
from workbench.store.artifacts import Fit

LISTENERS = 28  # seed
YEAR = 52  # weeks that those who stay are followed, each at a week's share of a year's purchases


@dataclass(frozen=True, eq=False)
class Earning:
    """One part of the sum.

    Attributes
    ----------
    scene : whose `worth` is what one stream won in each week counts for. pay : of a count (K,).
    """

    scene: Scene
    pay: np.ndarray


def earnings(
    fit: Fit, version: str, plan: Plan, money: Money, each: PerListener | None, parts: Cut | None
) -> tuple[Earning, ...]:
    """Return the parts of what a dated plan's promotion earns, before its spend.

    Streams in the window or to MAX_WEEKS with those of other songs that they lead to, at what is
    kept of one in each cell; and listeners who stay, at what one buys.
    """
    one = prepared(fit, version, plan, parts)
    paid = kept_rates(fit, plan, money, parts) * (1 + money.spill)
    counted = prepared(fit, version, to_the_end(one, plan), parts) if money.beyond else one
    found = [Earning(counted, paid)]
    if money.purchases and known(each):
        stay = replace(one, worth=staying(one) * per_stream(each, len(one.kept)))
        found.append(Earning(stay, np.full(len(one.cells), money.purchases / YEAR)))
    return tuple(found)


def earned(found: tuple[Earning, ...], plan: Plan) -> np.ndarray:
    """Return what a plan earns by channel and cell (C, K, S)."""
    won = (evaluated(one.scene, plan, clock_zero(one.scene, plan)).won for one in found)
    return sum(
        one.pay[:, None] * each.astype(np.float64) for one, each in zip(found, won, strict=True)
    )


def to_the_end(one: Scene, plan: Plan) -> Plan:
    """Return the plan counted to MAX_WEEKS after its clock's zero."""
    return replace(plan, weeks=max(MAX_WEEKS + clock_zero(one, plan), plan.weeks))


def staying(one: Scene) -> np.ndarray:
    """Return streams of those who stay, over the YEAR after one stream was won in a week (T, S).

    Whatever the window is, so that a longer one takes nothing away. Before season; of a week before
    the release none, as nobody can be won then.
    """
    left = one.kept * (one.stay ** np.arange(1, YEAR + 1)[:, None]).sum(0)
    return (left * (one.lift > 0)).astype(np.float32)


def per_stream(each: PerListener, count: int) -> np.ndarray:
    """Return listeners, over `each.days`, of one stream a week on the draws (S,).

    The same for every plan.
    """
    z = np.random.default_rng(LISTENERS).standard_normal(count)
    return (each.days / 7) / (each.streams * np.exp(each.spread * z)).astype(np.float32)
