"""Largest likelihood of a few positive parameters, from several starts, and how sure they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.errors import NotEnoughEvidence

WIDEST = 8.0  # of a log parameter: beyond it the data do not settle it
STEP = 1e-3  # of a log parameter, for second differences
FLATTEST = 1e-2  # least curvature of a direction that counts, per log parameter squared


@dataclass(frozen=True, eq=False)
class Estimate:
    """Parameters of the largest likelihood.

    Attributes
    ----------
    values : the parameters, positive (k,). log_likelihood : there.
    covariance : of their logarithms, from the curvature there (k, k).
    """

    values: np.ndarray
    log_likelihood: float
    covariance: np.ndarray

    def draws(self, count: int, seed: int) -> np.ndarray:
        """Return parameters as uncertain as they are, (count, k): log-normal about the estimate."""
        draw = np.random.default_rng(seed)
        moved = draw.multivariate_normal(np.log(self.values), self.covariance, count, method="eigh")
        return np.exp(np.clip(moved, -WIDEST, WIDEST))


def largest(
    log_likelihood: Callable[..., float], starts: Sequence[Sequence[float]], what: str
) -> Estimate:
    """Return where a log likelihood of positive parameters is largest.

    Each start is climbed on logarithms (L-BFGS), the best end is climbed once more without
    derivatives, as differences are rough where the likelihood is flat.

    Raises
    ------
    NotEnoughEvidence
        No start ends at a finite likelihood, or the best lies where nothing holds it. `what` says
        of what.
    """
    from scipy.optimize import minimize

    def loss(logs: np.ndarray) -> float:
        value = -log_likelihood(*np.exp(logs))
        return value if np.isfinite(value) else 1e300

    bounds = [(-WIDEST, WIDEST)] * len(starts[0])
    ends = [minimize(loss, np.log(one), method="L-BFGS-B", bounds=bounds) for one in starts]
    best = min(ends, key=lambda end: end.fun)
    held = best.fun < 1e300 and (np.abs(best.x) < WIDEST - 0.1).all()
    if held:
        best = minimize(
            loss, best.x, method="Nelder-Mead", bounds=bounds,
            options={"xatol": 1e-6, "fatol": 1e-6, "maxiter": 2_000},
        )  # fmt: skip
    if not held or (np.abs(best.x) > WIDEST - 0.1).any():
        raise NotEnoughEvidence(
            f"The data do not settle {what}: nobody, or everybody, does the same."
        )
    return Estimate(np.exp(best.x), -float(best.fun), _covariance(loss, best.x))


def _covariance(loss: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Return the inverse of the second differences; flat directions are as wide as `FLATTEST`."""
    size = len(at)
    steps = np.eye(size) * STEP
    curved = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            ends = [loss(at + a * steps[i] + b * steps[j]) for a in (1, -1) for b in (1, -1)]
            curved[i, j] = curved[j, i] = (ends[0] - ends[1] - ends[2] + ends[3]) / (4 * STEP**2)
    values, directions = np.linalg.eigh(curved)
    return (directions / np.maximum(values, FLATTEST)) @ directions.T
