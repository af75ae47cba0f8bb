"""Gamma-Gamma: what an order is worth differs between buyers, and from order to order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.errors import BadInput, NotEnoughEvidence
from workbench.sales.likelihood import Estimate, largest

STARTS = ((5.0, 4.0, 4.0), (1.0, 2.0, 1.0))


@dataclass(frozen=True, eq=False)
class GammaGamma:
    """A fitted model; `estimate.values` are p, q, gamma (money).

    An order is gamma (p, rate nu) and a buyer's nu gamma (q, gamma). How often somebody buys says
    nothing of how much, which `correlated` is there to check.
    Source: Fader and Hardie 2013, note 25.
    """

    estimate: Estimate
    apart: bool = True

    def mean_order(self, orders: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """Return the mean order expected of each buyer, (n,): between the own mean and all's.

        `orders` is how many the mean is of; 0 gives everybody's.
        """
        p, q, gamma = self.estimate.values
        known = np.where(orders > 0, orders * mean, 0.0)
        return p * (gamma + known) / (p * orders + q - 1)

    def simulated(
        self, orders: np.ndarray, mean: np.ndarray, coming: np.ndarray, seed: int
    ) -> np.ndarray:
        """Return money of the orders to come, for as many as `coming` says; both (draws, n)."""
        draw = np.random.default_rng(seed)
        known = np.where(orders > 0, orders * mean, 0.0)
        money = np.zeros(coming.shape)
        for place, values in enumerate(self.estimate.draws(len(coming), seed + 1)):
            p, q, gamma = values
            some = coming[place] > 0
            own = draw.gamma(q + p * orders[some]) / (gamma + known[some])
            money[place, some] = draw.gamma(p * coming[place][some]) / own
        return money


@dataclass(frozen=True, eq=False)
class Alike:
    """Every order as anybody's, where orders do not settle how buyers differ.

    Attributes
    ----------
    orders, mean : of the buyers (n,), as `fitted` takes them. apart : whether buyers differ.
    """

    orders: np.ndarray
    mean: np.ndarray
    apart: bool = False

    def mean_order(self, orders: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """Return the mean of all orders seen, for each buyer (n,)."""
        return np.full(len(orders), np.average(self.mean, weights=self.orders))

    def simulated(
        self,
        orders: np.ndarray,
        mean: np.ndarray,
        coming: np.ndarray,
        seed: int,
    ) -> np.ndarray:
        """Return money of the orders to come, at what orders drawn from those seen were worth.

        Each draw takes its orders from buyers drawn anew, so that few buyers are unsure ones.
        """
        draw = np.random.default_rng(seed)
        share, money = self.orders / self.orders.sum(), np.zeros(coming.shape)
        for place, count in enumerate(coming):
            some = count > 0
            pool = draw.choice(self.mean, len(self.mean), p=share)
            money[place, some] = count[some] * draw.choice(pool, int(some.sum()))
        return money


Worth = GammaGamma | Alike


def worth(orders: np.ndarray, mean: np.ndarray) -> Worth:
    """Return what orders are worth: Gamma-Gamma, or alike where it does not settle.

    One price, or so few very large orders that a mean is not finite, does not settle it.
    """
    try:
        found = fitted(orders, mean)
    except NotEnoughEvidence:
        return Alike(orders, mean)
    return found if found.estimate.values[1] > 1 else Alike(orders, mean)


def fitted(orders: np.ndarray, mean: np.ndarray) -> GammaGamma:
    """Return the model of buyers by how many orders (n,) their mean order (n,) is of.

    Raises
    ------
    BadInput, NotEnoughEvidence
        Orders under 1 or means that are not positive; means that do not settle the parameters.
    """
    from scipy.special import gammaln

    if not len(orders) or not ((orders >= 1) & (mean > 0) & np.isfinite(mean)).all():
        raise BadInput("Money of orders needs at least one order each, of more than nothing.")
    scale = float(np.median(mean))
    worth = mean / scale

    def log_likelihood(p: float, q: float, gamma: float) -> float:
        shape = p * orders
        many = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
        each = (shape - 1) * np.log(worth) + shape * np.log(orders)
        return float((many + each - (shape + q) * np.log(gamma + orders * worth)).sum())

    found = largest(log_likelihood, STARTS, "what orders are worth")
    values = found.values * np.array([1, 1, scale])
    moved = -len(mean) * np.log(scale)
    return GammaGamma(Estimate(values, found.log_likelihood + moved, found.covariance))


def correlated(orders: np.ndarray, mean: np.ndarray) -> float:
    """Return the rank correlation of how often and how much, not a number where one is constant."""
    if len(orders) < 3 or np.ptp(orders) == 0 or np.ptp(mean) == 0:
        return float("nan")
    return float(np.corrcoef(*(pl.Series(one).rank().to_numpy() for one in (orders, mean)))[0, 1])
