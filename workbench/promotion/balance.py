"""Were the two arms alike before anybody was treated? A drawn lot makes them so, up to chance."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.promotion.trial import Trial

DOUBTED = 0.01  # chance below which a fair lot is doubted


@dataclass(frozen=True, eq=False)
class Balance:
    """Covariates of the two arms side by side.

    Attributes
    ----------
    covariates : covariate | treated | control (means, null where hidden) | difference (of means,
        in standard deviations); the furthest apart first.
    chance : of a fair lot to leave the arms at least as far apart, over all covariates together;
        None without covariates.
    hidden : covariates whose means would tell of a small group.
    """

    covariates: pl.DataFrame
    chance: float | None
    hidden: int

    @property
    def doubted(self) -> bool:
        """Whether the arms differ by more than a fair lot leaves."""
        return self.chance is not None and self.chance < DOUBTED


def balance(trial: Trial, min_group: int) -> Balance:
    """Return how far the arms were apart.

    The chance is of a chi-squared test of all differences at once (Hansen and Bowers 2008,
    Covariate balance in simple, stratified and clustered comparative studies).
    """
    if not trial.names:
        return Balance(pl.DataFrame(schema=_SCHEMA), None, 0)
    arms = [trial.x[trial.hit == arm] for arm in (1, 0)]
    means = [arm.mean(0) for arm in arms]
    gap = means[0] - means[1]
    spread = np.sqrt((arms[0].var(0, ddof=1) + arms[1].var(0, ddof=1)) / 2)
    rows, hidden = [], 0
    for place, name in enumerate(trial.names):
        small = any(_small(arm[:, place], min_group) for arm in arms)
        hidden += small
        told = [None if small else float(mean[place]) for mean in means]
        apart = float(gap[place] / spread[place]) if spread[place] > 0 else 0.0
        rows.append((name, *told, None if small else apart))
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    order = [pl.col("difference").abs(), pl.col("covariate")]
    return Balance(
        frame.sort(order, descending=[True, False], nulls_last=True), _chance(trial, gap), hidden
    )


_SCHEMA = {
    "covariate": pl.String, "treated": pl.Float64, "control": pl.Float64, "difference": pl.Float64,
}  # fmt: skip


def _small(values: np.ndarray, min_group: int) -> bool:
    """Tell whether a yes-or-no covariate is shared by fewer than `min_group` of an arm."""
    kinds, count = np.unique(values, return_counts=True)
    return len(kinds) <= 2 and count.min() < min_group and min_group > 1


def _chance(trial: Trial, gap: np.ndarray) -> float:
    from scipy.special import chdtrc

    count, hit = len(trial.hit), trial.hit.sum()
    cov = np.atleast_2d(np.cov(trial.x, rowvar=False)) * count / (hit * (count - hit))
    values, axes = np.linalg.eigh(cov)
    kept = values > 1e-9 * values.max()  # indicators that add up to one say one thing less
    along = axes[:, kept].T @ gap
    return float(chdtrc(int(kept.sum()), float((along**2 / values[kept]).sum())))
