"""BG/NBD: buyers buy at a steady rate until, after one of the purchases, they stop for good."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.sales.histories import Histories
from workbench.sales.likelihood import Estimate, largest

NAME = "BG/NBD"
PARAMETERS = ("r", "alpha", "a", "b")
STARTS = ((0.5, 0.2, 1.0, 3.0), (1.0, 1.0, 1.0, 1.0), (0.2, 0.05, 0.3, 1.0))


@dataclass(frozen=True, eq=False)
class BgNbd:
    """A fitted model; `estimate.values` are r, alpha (weeks), a, b.

    Rates of purchase are gamma (r, alpha), chances to stop after a purchase beta (a, b).
    Source: Fader, Hardie and Lee 2005, Marketing Science 24(2).
    """

    estimate: Estimate
    name: str = NAME
    parameters: tuple[str, ...] = PARAMETERS
    stops: bool = True  # whether buyers may stop for good

    def alive(self, held: Histories) -> np.ndarray:
        """Return the probability that a buyer has not stopped, (n,)."""
        from scipy.special import expit

        return expit(-_log_odds_of_end(held, *self.estimate.values))

    def expected(self, held: Histories, weeks: float) -> np.ndarray:
        """Return the purchases expected of each buyer in the next `weeks`, (n,)."""
        from scipy.special import hyp2f1

        r, alpha, a, b = self.estimate.values
        a = a if abs(a - 1) > 1e-6 else 1 + 1e-6  # the formula has a gap there, its limit has not
        x, ahead = held.frequency, alpha + held.age + weeks
        series = hyp2f1(r + x, b + x, a + b + x - 1, weeks / ahead)
        once = 1 - ((alpha + held.age) / ahead) ** (r + x) * series
        return (a + b + x - 1) / (a - 1) * once * self.alive(held)

    def simulated(self, held: Histories, weeks: float, draws: int, seed: int) -> np.ndarray:
        """Return purchases in the next `weeks`, (draws, n): parameters, people and chance drawn.

        Given that a buyer is alive, rate and chance to stop are independent: gamma (r + x, alpha +
        age) and beta (a, b + x); the purchase after which one stops is the last.
        """
        from scipy.special import expit

        draw = np.random.default_rng(seed)
        x = held.frequency
        bought = np.zeros((draws, len(held)), np.int32)
        for place, values in enumerate(self.estimate.draws(draws, seed + 1)):
            r, alpha, a, b = values
            alive = draw.random(len(held)) < expit(-_log_odds_of_end(held, *values))
            there = x[alive]
            rate = draw.gamma(r + there) / (alpha + held.age[alive])
            end = draw.beta(a, b + there)
            last = draw.geometric(np.clip(end, 1e-12, 1.0))
            bought[place, alive] = np.minimum(draw.poisson(rate * weeks), last)
        return bought


def fitted(held: Histories) -> BgNbd:
    """Return the model of these buyers.

    Raises
    ------
    NotEnoughEvidence
        Histories that do not settle the parameters.
    """
    from scipy.special import betaln, gammaln

    scale = held.age.max()
    once, times = held.distinct()
    x, last, age = once.frequency, once.recency / scale, once.age / scale
    again = x > 0

    def log_likelihood(r: float, alpha: float, a: float, b: float) -> float:
        rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        going = betaln(a, b + x) - (r + x) * np.log(alpha + age)
        stopped = betaln(a + 1, np.where(again, b + x - 1, 1.0)) - (r + x) * np.log(alpha + last)
        own = np.logaddexp(going, np.where(again, stopped, -np.inf))
        return float(times @ (rate + own - betaln(a, b)))

    found = largest(log_likelihood, STARTS, "how often buyers come back")
    # the likelihood of scaled times is that of weeks but for the unit of each purchase
    moved = -float(times @ x) * np.log(scale)
    values = found.values * np.array([1, scale, 1, 1])
    return BgNbd(Estimate(values, found.log_likelihood + moved, found.covariance))


def _log_odds_of_end(held: Histories, r: float, alpha: float, a: float, b: float) -> np.ndarray:
    """Return the logarithm of (chance to have stopped) / (chance to be alive), (n,)."""
    x = held.frequency
    again = x > 0
    logs = np.log(a / np.where(again, b + x - 1, 1.0))
    waited = (r + x) * np.log((alpha + held.age) / (alpha + held.recency))
    return np.where(again, logs + waited, -np.inf)
