"""Models judged on what listeners went on to play: full ranking, one number per listener."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.recommend import metrics
from workbench.recommend.model import listeners_of
from workbench.recommend.splits import split

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

DRAWS = 2000


@dataclass(frozen=True, eq=False)
class Judged:
    """Lists of a model and what they were worth.

    Attributes
    ----------
    rows : listeners with something held out, int64 (n,): row numbers.
    values : name of a metric -> float64 (n,); not a number where it does not apply to a listener.
    lists : int64 (n, k). coverage : share of the catalogue in any list.
    """

    rows: np.ndarray
    values: dict[str, np.ndarray]
    lists: np.ndarray
    coverage: float


def judged(
    lists: np.ndarray,
    rows: np.ndarray,
    training: csr_matrix,
    held_out: csr_matrix,
    *,
    features: csr_matrix | None = None,
) -> Judged:
    """Return what lists (n, k) for the listeners `rows` (n,) are worth.

    The lists rank all items that a listener does not hold in `training`. Metrics are those of
    `metrics.ACCURACY`, recall_tail (of held-out items outside the most played fifth), novelty,
    popularity_lift, and with `features` (items, f) of length 1 diversity. Listeners with nothing
    held out are left out.
    """
    asked = np.diff(held_out.indptr)[rows] > 0
    lists, rows = lists[asked], rows[asked]
    held_out, known, fame = held_out[rows], training[rows], listeners_of(training)
    relevant = np.diff(held_out.indptr)
    found = metrics.hits(lists, held_out)
    values = {name: metric(found, relevant) for name, metric in metrics.ACCURACY.items()}
    rare = metrics.tail(fame)
    wanted = np.diff(split(held_out, rare[held_out.indices])[1].indptr)
    caught = (found & rare[lists]).sum(axis=1)
    values["recall_tail"] = np.where(wanted > 0, caught / np.maximum(wanted, 1), np.nan)
    values["novelty"] = metrics.novelty(lists, fame, training.shape[0])
    values["popularity_lift"] = metrics.popularity_lift(lists, known, fame)
    if features is not None:
        values["diversity"] = metrics.diversity(lists, features)
    return Judged(rows, values, lists, metrics.coverage(lists, training.shape[1]))


def interval(
    values: np.ndarray, *, level: float = 0.9, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float, float]:
    """Return the mean over listeners and its bootstrap interval; not-a-numbers are left out.

    Listeners are drawn with replacement; percentiles of the means. Source: Efron 1979.
    """
    kept = values[~np.isnan(values)]
    if not len(kept):
        return np.nan, np.nan, np.nan
    means = _resampled(kept, draws, seed)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(kept.mean()), float(low), float(high)


def difference(
    first: np.ndarray, second: np.ndarray, *, level: float = 0.9, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float, float, float]:
    """Return the mean of first - second over the same listeners, its interval, and p.

    p is two-sided, by turning the sign of each listener's difference at random: the share of such
    means at least as far from 0, the one observed counted in.
    Source: Fisher's randomisation test; Smucker, Allan and Carterette 2007.
    """
    gap = first - second
    gap = gap[~np.isnan(gap)]
    mean, low, high = interval(gap, level=level, draws=draws, seed=seed)
    draw = np.random.default_rng([seed, 1])
    size = np.abs(gap)  # turning signs of the sizes is the same, and does not depend on the order
    far = sum(
        abs(float(np.where(draw.random(len(gap)) < 0.5, -size, size).mean())) >= abs(mean) - 1e-15
        for _ in range(draws)
    )
    return mean, low, high, (1 + far) / (1 + draws)


def _resampled(values: np.ndarray, draws: int, seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    means = np.empty(draws)
    for i in range(draws):
        means[i] = values[draw.integers(len(values), size=len(values))].mean()
    return means
