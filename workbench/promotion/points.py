"""The 5 %, 50 % and 95 % points of draws: what is told of everything that is drawn."""

from collections.abc import Iterator

import numpy as np

EDGES = (0.05, 0.5, 0.95)
EDGE_NAMES = ("low", "median", "high")
POINTS = tuple(f"{one}_{edge}" for one in ("current", "scenario", "change") for edge in EDGE_NAMES)


def spread(values: np.ndarray | None) -> tuple[float | None, ...]:
    """Return the 5 %, 50 % and 95 % points of draws (S,); of none, none."""
    return (None,) * 3 if values is None else next(spreads([values]))


def spreads(many: list[np.ndarray | None]) -> Iterator[tuple[float | None, ...]]:
    """Return the same of many: sorting all at once takes a tenth of the time of searching each."""
    ordered = np.sort([values for values in many if values is not None], axis=-1)
    at = np.array(EDGES) * (ordered.shape[-1] - 1)
    low, part = at.astype(int), at % 1
    points = (1 - part) * ordered[..., low] + part * ordered[..., np.ceil(at).astype(int)]
    found = iter(points.tolist())
    return ((None,) * 3 if values is None else tuple(next(found)) for values in many)


def edges_of(draws: np.ndarray) -> list[np.ndarray]:
    """Return the 5 %, 50 % and 95 % points of draws (N, S), as they are drawn: three times (N,)."""
    ordered = np.sort(draws, axis=1)
    last = ordered.shape[1] - 1
    return [ordered[:, min(int(e * (last + 1)), last)].astype(np.float64) for e in EDGES]
