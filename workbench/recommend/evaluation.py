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
    """Return mean, low and high of one metric (n,); see `intervals`."""
    return tuple(float(one[0]) for one in intervals(values[:, None], level, draws, seed))


def intervals(
    values: np.ndarray, level: float = 0.9, draws: int = DRAWS, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return means of metrics (n, m) over listeners and their bootstrap intervals: three (m,).

    Listeners are drawn with replacement, the same ones for all metrics; percentiles of the means.
    What is not a number is left out. Source: Efron 1979.
    """
    there = ~np.isnan(values)
    filled = np.where(there, values, 0.0)
    draw = np.random.default_rng(seed)
    people = len(values)
    times = np.zeros((draws, people))
    for one in times:
        one += np.bincount(draw.integers(people, size=people), minlength=people)
    with np.errstate(invalid="ignore"):  # a metric that nobody has is not a number
        mean = filled.sum(axis=0) / there.sum(axis=0)
        means = (times @ filled) / (times @ there)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return mean, low, high


def difference(
    first: np.ndarray, second: np.ndarray, *, level: float = 0.9, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float, float, float]:
    """Return mean, low, high and p of first - second (n,); see `differences`."""
    found = differences(first[:, None], second[:, None], level, draws, seed)
    return tuple(float(one[0]) for one in found)


def differences(
    first: np.ndarray, second: np.ndarray, level: float = 0.9, draws: int = DRAWS, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return means of first - second (n, m) over the same listeners, intervals, and p: four (m,).

    p is two-sided, by turning the sign of each listener's difference at random: the share of such
    means at least as far from 0, the one observed counted in.
    Source: Fisher's randomisation test; Smucker, Allan and Carterette 2007.
    """
    gap = first - second
    mean, low, high = intervals(gap, level, draws, seed)
    filled = np.where(np.isnan(gap), 0.0, gap)
    signs = np.random.default_rng([seed, 1]).choice([-1.0, 1.0], (draws, len(gap)))
    observed = np.abs(filled.sum(axis=0))
    far = (np.abs(signs @ filled) >= observed * (1 - 1e-12) - 1e-15).sum(axis=0)
    return mean, low, high, (1 + far) / (1 + draws)
