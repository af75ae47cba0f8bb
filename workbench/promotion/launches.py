"""What a release to come draws its level from: the launches that the label has seen.

A Bayesian linear regression of the log launch level on the log size of the artist. With few
launches the published prior carries it, and the interval is as wide as it should be.
"""

from dataclasses import dataclass

import numpy as np

SLOPE = (0.5, 0.3)  # of log level by log size: mean, sd; assumption
SPREAD = 0.8  # sd of log levels around the line, worth PRIOR_LAUNCHES launches; assumption
PRIOR_LAUNCHES = 6.0
FIRST_WEEKS = 4.0  # age by which a track must have been seen, for its launch to count


@dataclass(frozen=True, eq=False)
class Launches:
    """Posterior of the line: level = line[0] + line[1] * log size, scattered by `spread`.

    Attributes
    ----------
    line : mean (2,). factor : lower Cholesky factor of its covariance (2, 2). spread : sd.
    count : launches seen.
    """

    line: np.ndarray
    factor: np.ndarray
    spread: float
    count: int


def launches(level: np.ndarray, log_size: np.ndarray, first_age: np.ndarray) -> Launches:
    """Return the line through the launches.

    Parameters
    ----------
    level : log level of each track (N,). log_size : of its artist. first_age : weeks since release
        at which it was first seen.
    """
    seen = first_age <= FIRST_WEEKS
    if not seen.any():
        return Launches(
            np.array([float(np.median(level)), SLOPE[0]]), np.diag([1.5, SLOPE[1]]), 1.2, 0
        )
    design = np.stack([np.ones(seen.sum()), log_size[seen]], -1)
    value = level[seen]
    spread, precision, line = SPREAD, np.eye(2), np.zeros(2)
    for _ in range(20):
        prior = np.diag([1 / 3.0**2, 1 / SLOPE[1] ** 2])
        centre = np.array([float(value.mean()), SLOPE[0]])
        precision = design.T @ design / spread**2 + prior
        line = np.linalg.solve(precision, design.T @ value / spread**2 + prior @ centre)
        left = ((value - design @ line) ** 2).sum()
        spread = float(np.sqrt((left + PRIOR_LAUNCHES * SPREAD**2) / (len(value) + PRIOR_LAUNCHES)))
    return Launches(line, np.linalg.cholesky(np.linalg.inv(precision)), spread, int(seen.sum()))
