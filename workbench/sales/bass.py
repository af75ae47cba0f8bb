"""Bass diffusion: how far the sales of a product have come, and how many there will be.

Of M who will buy, those who have not yet do so at the rate p + q x (share who have): some by
themselves, some after others. Source: Bass 1969; fitted to sales by least squares, as Srinivasan
and Mason 1986.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.errors import NotEnoughEvidence

FEWEST = 6  # periods
STARTS = ((0.03, 0.38), (0.003, 0.7), (0.2, 0.05), (0.01, 0.1))  # p, q: usual, late, early, slow
WIDEST = 12.0  # of a logarithm away from its start


@dataclass(frozen=True, eq=False)
class Bass:
    """A fitted curve.

    Attributes
    ----------
    total : M, pieces in the end. own, others : p and q, a period. covariance : of the logarithms of
        these three (3, 3). error : residual standard error, pieces a period.
    """

    total: float
    own: float
    others: float
    covariance: np.ndarray
    error: float

    @property
    def peak(self) -> float:
        """Periods from the start to the largest sales; 0 where they fall from the start on."""
        if self.others <= self.own:
            return 0.0
        return float(np.log(self.others / self.own) / (self.own + self.others))

    def sold(self, periods: np.ndarray) -> np.ndarray:
        """Return pieces sold until so many periods from the start."""
        return self.total * share(np.asarray(periods, float), self.own, self.others)


def share(periods: np.ndarray, own: float, others: float) -> np.ndarray:
    """Return which share has bought after so many periods (Bass's closed form)."""
    fading = np.exp(-(own + others) * periods)
    return (1 - fading) / (1 + others / own * fading)


def rate(periods: np.ndarray, own: float, others: float) -> np.ndarray:
    """Return the share that buys a period, at points in time: the slope of `share`."""
    fading = np.exp(-(own + others) * periods)
    return (own + others) ** 2 / own * fading / (1 + others / own * fading) ** 2


def fitted(sales: np.ndarray) -> Bass:
    """Return the curve of sales by period (n,), from the first period on; several starts.

    Raises
    ------
    NotEnoughEvidence
        Fewer than six periods, nothing sold, or sales that do not settle the three numbers: as
        long as they only grow, nobody can say where they end.
    """
    from scipy.optimize import least_squares

    sales = np.asarray(sales, float)
    if len(sales) < FEWEST or not np.isfinite(sales).all() or sales.sum() <= 0:
        raise NotEnoughEvidence(f"A sales curve needs {FEWEST} periods with something sold.")
    ends, so_far = np.arange(1, len(sales) + 1), sales.sum()

    def off(logs: np.ndarray) -> np.ndarray:
        total, own, others = np.exp(logs)
        return (rate(ends, own, others) * total - sales) / so_far

    found = [
        least_squares(
            off, np.log([1.5 * so_far, *start]), bounds=(-25.0, 25.0), x_scale="jac",
            xtol=1e-12, ftol=1e-12, gtol=1e-12, max_nfev=500,
        )
        for start in STARTS
    ]  # fmt: skip
    best = min(found, key=lambda one: one.cost)
    spread = 2 * best.cost / (len(sales) - 3)
    curved = best.jac.T @ best.jac
    if np.linalg.cond(curved) > 1e12 or abs(best.x[0] - np.log(so_far)) > WIDEST:
        raise NotEnoughEvidence("These sales do not settle where they end: no peak is seen yet.")
    total, own, others = np.exp(best.x)
    covariance = np.linalg.inv(curved) * spread
    return Bass(
        float(total), float(own), float(others), covariance, float(np.sqrt(spread)) * so_far
    )
