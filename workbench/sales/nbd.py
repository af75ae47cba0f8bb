"""NBD: buyers buy at a steady rate and never stop, the limit of the models in which they do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.sales.histories import Histories
from workbench.sales.likelihood import Estimate, largest

NAME = "NBD"
PARAMETERS = ("r", "alpha")
STARTS = ((0.5, 0.2), (1.0, 1.0), (0.2, 0.05))


@dataclass(frozen=True, eq=False)
class Nbd:
    """A fitted model; `estimate.values` are r, alpha (weeks): rates are gamma (r, alpha).

    Source: Ehrenberg 1959, Applied Statistics 8(1).
    """

    estimate: Estimate
    name: str = NAME
    parameters: tuple[str, ...] = PARAMETERS
    stops: bool = False  # whether buyers may stop for good

    def alive(self, held: Histories) -> np.ndarray:
        """Return 1 for everybody, (n,)."""
        return np.ones(len(held))

    def expected(self, held: Histories, weeks: float) -> np.ndarray:
        """Return the purchases expected of each buyer in the next `weeks`, (n,)."""
        r, alpha = self.estimate.values
        return (r + held.frequency) / (alpha + held.age) * weeks

    def simulated(self, held: Histories, weeks: float, draws: int, seed: int) -> np.ndarray:
        """Return purchases in the next `weeks`, (draws, n): parameters, people and chance drawn."""
        draw = np.random.default_rng(seed)
        bought = np.zeros((draws, len(held)), np.int32)
        for place, (r, alpha) in enumerate(self.estimate.draws(draws, seed + 1)):
            rate = draw.gamma(r + held.frequency) / (alpha + held.age)
            bought[place] = draw.poisson(rate * weeks)
        return bought


def fitted(held: Histories) -> Nbd:
    """Return the model of these buyers.

    Raises
    ------
    NotEnoughEvidence
        Histories that do not settle the parameters.
    """
    from scipy.special import gammaln

    scale = held.age.max()
    once, times = held.distinct()
    x, age = once.frequency, once.age / scale

    def log_likelihood(r: float, alpha: float) -> float:
        rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        return float(times @ (rate - (r + x) * np.log(alpha + age)))

    found = largest(log_likelihood, STARTS, "how often buyers come back")
    moved = -float(times @ x) * np.log(scale)
    values = found.values * np.array([1, scale])
    return Nbd(Estimate(values, found.log_likelihood + moved, found.covariance))
