"""Which cluster a place among tastes is nearest to, and how clearly."""

from __future__ import annotations

import numpy as np


def margins(values: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return how clearly each listener belongs: 1 - nearest / second nearest centroid, float32."""
    return _margins(_squared_distances(values, centroids))


def clearly(values: np.ndarray, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what `assigned` and `margins` do, by one look."""
    squared = _squared_distances(values, centroids)
    return np.argmin(squared, axis=1), _margins(squared)


def _margins(squared: np.ndarray) -> np.ndarray:
    nearest = np.sqrt(np.maximum(np.partition(squared, 1, axis=1)[:, :2], 0.0))
    return (1.0 - nearest[:, 0] / np.maximum(nearest[:, 1], 1e-12)).astype(np.float32)


def _squared_distances(values: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return float64 (listeners, clusters), a hair below zero at worst."""
    rows, means = values.astype(np.float64), centroids.astype(np.float64)
    return (rows**2).sum(1)[:, None] - 2.0 * rows @ means.T + (means**2).sum(1)[None, :]


def assigned(values: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return the nearest centroid of each row of features, int64 (listeners,)."""
    return np.argmin(_squared_distances(values, centroids), axis=1)
