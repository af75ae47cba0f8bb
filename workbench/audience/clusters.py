"""Taste clusters: k-means on listener profiles, as many as two halves of the listeners agree on.

Silhouette says nothing about how many there are (it is flat on real listening data); whether two
halves of the listeners, learnt apart, sort everybody the same way does. Listeners between two
clusters are left unassigned instead of being split by a hair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.nearest import assigned, margins
from workbench.audience.profiles import HALF_LIFE_DAYS, Profiles, profiles
from workbench.audience.properties import learnt
from workbench.audience.taste_map import coordinates
from workbench.errors import NotEnoughEvidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.dataset import Dataset

OFFERED = tuple(range(3, 13))
DIMENSIONS = 50
RESAMPLES = 16
STARTS = 10
# More listeners say nothing new of where the clusters are: these are learnt from, drawn once by the
# seed, and everybody is sorted by what they say.
MOST_LEARNT = 30_000
MOST_RESAMPLED = 8_000
FEWEST_STREAMS = 5
CLEAR = 0.1
AS_STABLE = 0.01
UNASSIGNED = -1


@dataclass(frozen=True, eq=False)
class Fit:
    """Clusters of one number.

    Attributes
    ----------
    labels : cluster of each listener, 0 is the largest; nobody is left out here. int16 (listeners,)
    margin : 1 - distance to the nearest / distance to the second nearest centroid, 0 to 1,
    float32 (listeners,)
    centroids : float32 (clusters, dimensions)
    """

    labels: np.ndarray
    margin: np.ndarray
    centroids: np.ndarray


def features(people: Profiles, *, dimensions: int = DIMENSIONS, seed: int = 0) -> np.ndarray:
    """Return each listener's place among the strongest shared tastes: float32 (listeners, dims)."""
    return embedded(people, dimensions=dimensions, seed=seed)[0]


def embedded(
    people: Profiles, *, dimensions: int = DIMENSIONS, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return what `features` does, and the tastes: float32 (dims, artists), 0 for unshared ones.

    Truncated SVD of the profiles, rows of length 1. Artists with a single listener relate nobody
    to anybody and are left out; a listener who has only those is a row of zeros.
    """
    from sklearn.preprocessing import normalize
    from sklearn.utils.extmath import randomized_svd
    from threadpoolctl import threadpool_limits

    shared = np.bincount(people.matrix.indices, minlength=people.matrix.shape[1]) >= 2
    shared = np.flatnonzero(shared)
    matrix = people.matrix[:, shared].astype(np.float64)
    components = min(dimensions, min(matrix.shape) - 1)
    if components < 2:
        raise NotEnoughEvidence(
            "Clusters need at least three artists that two listeners share; this label has fewer."
        )
    some = _drawn(matrix.shape[0], MOST_LEARNT, seed)
    with threadpool_limits(1, "blas"):  # the order of a parallel sum would reach the seeded fit
        left, values, tastes = randomized_svd(matrix[some], components, n_iter=6, random_state=seed)
        place = left * values if len(some) == matrix.shape[0] else matrix @ tastes.T
    axes = np.zeros((len(tastes), people.matrix.shape[1]), np.float32)
    axes[:, shared] = tastes
    return np.round(normalize(place), 6).astype(np.float32), axes


def _drawn(rows: int, most: int, seed: int) -> np.ndarray:
    """Return which rows are learnt from: all, or `most` of them drawn by the seed, in order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng([seed, rows]).choice(rows, most, replace=False))


def fit(values: np.ndarray, count: int, *, seed: int = 0, starts: int = STARTS) -> Fit:
    """Return k-means of features (listeners, dimensions), clusters numbered by size.

    Centroids are learnt from `MOST_LEARNT` listeners at most; the others go to the nearest.
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    some = _drawn(len(values), MOST_LEARNT, seed)
    with threadpool_limits(1):
        found = KMeans(count, n_init=starts, random_state=seed).fit(values[some])
        means = found.cluster_centers_
        labels = found.labels_ if len(some) == len(values) else assigned(values, means)
    # Equal sizes are told apart by their centroids, so that the numbering never depends on the
    # start.
    sizes = np.bincount(labels, minlength=count)
    order = np.lexsort((*means.T[::-1], -sizes))
    rank = np.argsort(order)
    centroids = means[order].astype(np.float32)
    return Fit(rank[labels].astype(np.int16), margins(values, centroids), centroids)


def agreement(
    values: np.ndarray, count: int, *, resamples: int = RESAMPLES, seed: int = 0
) -> np.ndarray:
    """Return how alike two halves of the listeners, learnt apart, sort everybody: (resamples,).

    The adjusted Rand index of the two sortings. Halves that share nobody tell numbers of clusters
    apart that overlapping samples do not.
    Source: Hubert and Arabie 1985 (index); Lange, Roth, Braun and Buhmann 2004 (two halves).
    """
    from sklearn.metrics import adjusted_rand_score

    draw = np.random.default_rng([seed, count])
    if len(values) > MOST_RESAMPLED:
        values = values[np.sort(draw.choice(len(values), MOST_RESAMPLED, replace=False))]
    found = np.empty(resamples)
    for i in range(resamples):
        order = draw.permutation(len(values))
        halves = np.sort(order[::2]), np.sort(order[1::2])
        sorted_by = [
            assigned(values, fit(values[half], count, seed=seed + i).centroids) for half in halves
        ]
        found[i] = adjusted_rand_score(*sorted_by)
    return found


def best_count(stability: pl.DataFrame) -> int:
    """Return the largest count that is as stable as the best one.

    As stable is a hundredth below the best agreement at most (or the best one's standard error,
    where that is larger), by its mean less its own standard error: a count that only may be as
    stable is not taken.

    `stability` has count, agreement (mean), error (standard error). More clusters at the same
    stability say more.
    """
    best = stability.sort("agreement", "count", descending=[True, False]).row(0, named=True)
    slack = max(best["error"], AS_STABLE)
    surely = pl.col("agreement") - pl.col("error")
    good = stability.filter(surely >= best["agreement"] - slack)
    return int(good.get_column("count").max())


def make_segments(
    label: Dataset, *, progress: Callable[[int, int, str], None], seed: int = 0
) -> None:
    """Fit Taste clusters for every count offered and save them as the artifact "segments".

    Frames: `listeners` (listener_id, streams, x, y), `learnt` (listener_id, kind, key),
    `stability` (count, agreement, error, lowest, chosen), `artists` (artist_id, idf). Arrays:
    `labels` and `margin` (listeners, counts offered), `centroids_<count>`, `tastes` (dimensions,
    artists). A label of -1 is a listener with fewer than `fewest_streams` streams or a margin
    under `clear` (both in the meta): unassigned.

    Raises
    ------
    MissingTable, NotEnoughEvidence
        No listening by listener; too few listeners or shared artists.
    """
    progress(0, len(OFFERED) + 2, "Reading who listens to whom")
    people = profiles(label)
    enough = people.streams >= FEWEST_STREAMS
    offered = tuple(k for k in OFFERED if k * 20 <= enough.sum())
    try:
        if not offered:
            raise NotEnoughEvidence(
                f"Clusters need at least {OFFERED[0] * 20} listeners with {FEWEST_STREAMS} streams "
                f"or more; this label has {int(enough.sum())}."
            )
        values, tastes = embedded(people, seed=seed)
        enough &= np.abs(values).sum(1) > 0
        apart = pl.from_numpy(values[enough]).n_unique()
        offered = tuple(k for k in offered if k <= apart)
        if not offered:
            raise NotEnoughEvidence(
                "Clusters need listeners of different taste; all of this label play alike."
            )
    except NotEnoughEvidence as reason:
        # Said once and kept: asking again would find the same until the data change.
        label.save_fit("segments", arrays={}, frames={}, meta={"offered": [], "why": str(reason)})
        progress(len(OFFERED) + 2, len(OFFERED) + 2, str(reason))
        return
    clear_taste = values[enough]
    labels = np.full((len(values), len(offered)), UNASSIGNED, dtype=np.int16)
    margin = np.zeros((len(values), len(offered)), dtype=np.float32)
    centroids, rows = {}, []
    for i, count in enumerate(offered):
        progress(i + 1, len(offered) + 2, f"Trying {count} clusters")
        found = fit(clear_taste, count, seed=seed)
        labels[enough, i] = np.where(found.margin >= CLEAR, found.labels, UNASSIGNED)
        margin[enough, i] = found.margin
        centroids[f"centroids_{count}"] = found.centroids
        same = agreement(clear_taste, count, seed=seed)
        error = same.std(ddof=1) / np.sqrt(len(same))
        rows.append((count, same.mean(), error, same.min()))
    stability = pl.DataFrame(rows, schema=["count", "agreement", "error", "lowest"], orient="row")
    chosen = best_count(stability)
    progress(len(offered) + 1, len(offered) + 2, "Drawing the map")
    place = np.full((len(values), 2), np.nan, dtype=np.float32)
    place[enough] = coordinates(clear_taste, seed=seed)
    label.save_fit(
        "segments",
        arrays={"labels": labels, "margin": margin, "tastes": tastes, **centroids},
        frames={
            "artists": pl.DataFrame({"artist_id": people.artists, "idf": people.idf}),
            "listeners": pl.DataFrame(
                {
                    "listener_id": people.listeners,
                    "streams": people.streams,
                    "x": place[:, 0],
                    "y": place[:, 1],
                }
            ),
            "learnt": learnt(label),
            "stability": stability.with_columns((pl.col("count") == chosen).alias("chosen")),
        },
        meta={
            "offered": list(offered),
            "chosen": chosen,
            "seed": seed,
            "clear": CLEAR,
            "fewest_streams": FEWEST_STREAMS,
            "half_life_days": HALF_LIFE_DAYS,
            "resamples": RESAMPLES,
            "artists": len(people.artists),
        },
    )
    progress(
        len(offered) + 2, len(offered) + 2, f"{chosen} clusters are the most that stay the same"
    )
