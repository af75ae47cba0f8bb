"""Pareto/NBD: buyers buy at a steady rate for a lifetime that nobody sees the end of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.sales.histories import Histories
from workbench.sales.likelihood import Estimate, largest

NAME = "Pareto/NBD"
PARAMETERS = ("r", "alpha", "s", "beta")
STARTS = ((0.5, 0.2, 0.5, 0.2), (1.0, 1.0, 1.0, 1.0), (0.3, 0.05, 0.3, 0.5))


@dataclass(frozen=True, eq=False)
class ParetoNbd:
    """A fitted model; `estimate.values` are r, alpha (weeks), s, beta (weeks).

    Rates of purchase are gamma (r, alpha), rates of stopping gamma (s, beta).
    Source: Schmittlein, Morrison and Colombo 1987; Fader and Hardie 2005, note 9 (likelihood).
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
        r, alpha, s, beta = self.estimate.values
        s = s if abs(s - 1) > 1e-6 else 1 + 1e-6  # the formula has a gap there, its limit has not
        x, age = held.frequency, held.age
        rate = (r + x) * (beta + age) / ((alpha + age) * (s - 1))
        lasting = 1 - ((beta + age) / (beta + age + weeks)) ** (s - 1)
        return rate * lasting * self.alive(held)

    def simulated(self, held: Histories, weeks: float, draws: int, seed: int) -> np.ndarray:
        """Return purchases in the next `weeks`, (draws, n): parameters, people and chance drawn.

        Given that a buyer is alive, both rates are independent: gamma (r + x, alpha + age) and
        gamma (s, beta + age).
        """
        from scipy.special import expit

        draw = np.random.default_rng(seed)
        x = held.frequency
        bought = np.zeros((draws, len(held)), np.int32)
        for place, values in enumerate(self.estimate.draws(draws, seed + 1)):
            r, alpha, s, beta = values
            alive = draw.random(len(held)) < expit(-_log_odds_of_end(held, *values))
            age = held.age[alive]
            rate = draw.gamma(r + x[alive]) / (alpha + age)
            end = (
                draw.exponential(size=len(age))
                * (beta + age)
                / np.maximum(draw.gamma(s, size=len(age)), 1e-300)
            )
            bought[place, alive] = draw.poisson(rate * np.minimum(end, weeks))
        return bought


def fitted(held: Histories) -> ParetoNbd:
    """Return the model of these buyers.

    Raises
    ------
    NotEnoughEvidence
        Histories that do not settle the parameters.
    """
    from scipy.special import gammaln

    scale = held.age.max()
    once, times = held.distinct()
    x = once.frequency
    unit = Histories(x, once.recency / scale, once.age / scale)

    def log_likelihood(r: float, alpha: float, s: float, beta: float) -> float:
        rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        going = -(r + x) * np.log(alpha + unit.age)
        ended = np.logaddexp(0.0, _log_odds_of_end(unit, r, alpha, s, beta))
        lasting = s * np.log(beta / (beta + unit.age))
        return float(times @ (rate + going + lasting + ended))

    found = largest(log_likelihood, STARTS, "how often buyers come back")
    moved = -float(times @ x) * np.log(scale)
    values = found.values * np.array([1, scale, 1, scale])
    return ParetoNbd(Estimate(values, found.log_likelihood + moved, found.covariance))


def _log_odds_of_end(held: Histories, r: float, alpha: float, s: float, beta: float) -> np.ndarray:
    """Return the logarithm of (chance to have stopped) / (chance to be alive), (n,)."""
    from scipy.special import hyp2f1

    x, age = held.frequency, held.age
    most, other, least = (alpha, s + 1, beta) if alpha >= beta else (beta, r + x, alpha)
    total = r + s + x

    def part(time: np.ndarray) -> np.ndarray:
        """Log of (alpha + age)^(r+x) (beta + age)^s / (most + time)^(r+s+x) times the series.

        By Euler's transformation, as the series of the papers grows beyond all numbers.
        """
        share = (least + time) / (most + time)
        logs = (r + x) * np.log(alpha + age) + s * np.log(beta + age) - total * np.log(most + time)
        series = hyp2f1(1.0, total + 1 - other, total + 1, 1 - share)
        return logs + (1 - other) * np.log(share) + np.log(series)

    last, now = part(held.recency), part(age)
    with np.errstate(divide="ignore"):  # bought this moment: cannot have stopped
        return np.log(s / total) + last + np.log(-np.expm1(np.minimum(now - last, 0.0)))
