"""The map of listeners: a place for everyone, and dots that each stand for at least a group.

No dot is a single listener. Listeners of one cluster are cut into neighbourhoods of `min_group`
or more, and a neighbourhood is drawn at its mean (microaggregation: Domingo-Ferrer and Mateo-Sanz
2002). Where it is drawn does not hang on who is counted: the dots of two filters that differ by a
person would tell where that person stands.
"""

from __future__ import annotations

import numpy as np

LANDMARKS = 500
NEIGHBOURS = 5


def coordinates(values: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Return a place on a plane for each row of features: float32 (listeners, 2).

    t-SNE of at most 500 landmarks (k-means centres); a listener stands at the weighted mean of
    the five nearest. Who is near whom means something, how far apart two islands are does not.
    Source: van der Maaten and Hinton 2008; landmarks as de Silva and Tenenbaum 2004 use them.
    """
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.manifold import TSNE
    from sklearn.neighbors import NearestNeighbors
    from threadpoolctl import threadpool_limits

    if len(values) < 30:
        return values[:, :2].astype(np.float32)
    with threadpool_limits(1):
        if len(values) > LANDMARKS:
            centres = MiniBatchKMeans(LANDMARKS, n_init=1, batch_size=2048, random_state=seed)
            marks = centres.fit(values).cluster_centers_.astype(np.float32)
        else:
            marks = values
        perplexity = min(30.0, (len(marks) - 1) / 3.0)
        plane = TSNE(2, perplexity=perplexity, init="pca", random_state=seed).fit_transform(marks)
        near = min(NEIGHBOURS, len(marks))
        distance, index = NearestNeighbors(n_neighbors=near).fit(marks).kneighbors(values)
    weight = 1.0 / np.maximum(distance, 1e-6) ** 2
    weight /= weight.sum(1, keepdims=True)
    spot = (plane[index] * weight[:, :, None]).sum(1)
    spread = np.abs(plane).max() or 1.0
    return (spot / spread).astype(np.float32)


def neighbourhoods(places: np.ndarray, counted: np.ndarray, smallest: int) -> np.ndarray:
    """Return the neighbourhood of each row, `smallest` or more counted rows in each, int64.

    Median cuts along the wider side, as in a k-d tree, or else the other one, as long as both parts
    hold `smallest`. The cuts are those of all rows, whoever is counted (Boolean): one person more
    or less moves none, unless a part then holds fewer. Fewer than `smallest` are one group.
    """
    group = np.zeros(len(places), dtype=np.int64)
    waiting, found = [np.arange(len(places))], 0
    while waiting:
        rows = waiting.pop()
        for side in np.argsort(-np.ptp(places[rows], axis=0), kind="stable"):
            order = rows[np.lexsort((rows, places[rows, side]))]
            halves = [order[len(order) // 2 :], order[: len(order) // 2]]
            if min(counted[half].sum() for half in halves) >= max(smallest, 1):
                waiting += halves
                break
        else:
            group[rows] = found
            found += 1
    return group
