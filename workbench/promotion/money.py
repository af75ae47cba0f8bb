"""What a label keeps of a stream, and what may count beside it: assumptions, each of them named.

A statement's net is what arrived after the distributor, so that only the artist's share comes off;
the payout of a plan is what a stream pays before anybody took a share.
"""

import math
from dataclasses import dataclass

import numpy as np

from workbench.errors import BadInput
from workbench.promotion.cells import Cut
from workbench.promotion.plan import Plan
from workbench.store.artifacts import Fit


@dataclass(frozen=True)
class Money:
    """What of a stream's payout is kept, and what else counts; by default all, and nothing else.

    Attributes
    ----------
    payouts : (territory, money that arrives for one stream), from statements; elsewhere the plan's.
    distribution : share that the distributor keeps of the plan's payout.
    artist : share of the artist of what arrives.
    beyond : whether what promotion leads to past the window counts, too, to MAX_WEEKS.
    spill : streams of the artist's other songs that one stream won leads to.
    purchases : money that a listener spends in a year, as long as who was won stays.
    """

    payouts: tuple[tuple[str, float], ...] = ()
    distribution: float = 0.0
    artist: float = 0.0
    beyond: bool = False
    spill: float = 0.0
    purchases: float = 0.0


def checked_money(money: Money) -> Money:
    """Return the assumptions, or say what is wrong with them.

    Raises
    ------
    BadInput
        A share outside of 0 to 1, or money or streams below zero.
    """
    for share, of in ((money.distribution, "distribution"), (money.artist, "the artist")):
        if not 0 <= share <= 1:
            raise BadInput(f"The share of {of} must lie between 0 and 1, not {share}.")
    rest = (money.spill, money.purchases, *(paid for _, paid in money.payouts))
    if any(not (math.isfinite(value) and value >= 0) for value in rest):
        raise BadInput("What counts as money must be zero or more.")
    return money


def kept_rates(fit: Fit, plan: Plan, money: Money, parts: Cut | None) -> np.ndarray:
    """Return what is kept of one stream in each cell of a plan (K,).

    A segment is paid as the territories that its streams come from.
    """
    paid = dict(money.payouts)
    setting = plan.payout * (1 - money.distribution)
    rates = np.array([paid.get(cell, setting) for cell in fit.meta["cells"]]) * (1 - money.artist)
    if parts is None:
        return rates
    mix = parts.shares * fit.arrays["audience"]
    return mix @ rates / mix.sum(1)
