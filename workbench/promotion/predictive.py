"""Does the model make weeks like those that were observed? Posterior predictive and residuals.

Every observed week is placed among weeks drawn from the model (its rank); of a model that is right
half of the weeks lie in the middle 50 % of its own, and nine in ten in the middle 90 %.
"""

import numpy as np
import polars as pl

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.estimate import Posterior
from workbench.promotion.expected import curves
from workbench.promotion.observations import Observed
from workbench.promotion.points import EDGES
from workbench.promotion.posterior import SMALL, TAIL, scatter, scatter_terms, whitened

AGES = ((0, "weeks 1 to 4"), (4, "weeks 5 to 13"), (13, "weeks 14 to 52"), (52, "after a year"))
SIZES = ("smallest third", "middle third", "largest third")


def scattered(seen: np.ndarray, at: Coordinates, shared: np.ndarray, rng) -> np.ndarray:
    """Return log residuals as the likelihood has them: Student's t, remembered, partly common.

    Parameters
    ----------
    seen : (T, N, K); a week that follows one not seen begins anew.
    """
    noise, memory, together = scatter_terms(shared, at)
    fresh = noise * rng.standard_t(TAIL, seen.shape)
    begun = fresh / np.sqrt(1 - memory**2)
    apart = begun.copy()
    for week in range(1, len(seen)):
        follows = seen[week] & seen[week - 1]
        apart[week] = np.where(follows, fresh[week] + memory * apart[week - 1], begun[week])
    apart *= seen
    common = apart.sum(2, keepdims=True) / np.maximum(seen.sum(2, keepdims=True), 1)
    return apart + (1 - together) / together * common * seen


def placed(
    data: Observed, found: Posterior, *, draws: int, seed: int = 0, report=lambda done: None
):
    """Return the rank of each observed week among weeks drawn: by cell (T, N, K), in all (T, N)."""
    rng = np.random.default_rng(seed)
    streams = np.where(data.seen, data.streams, 0.0)
    by_cell, whole = np.zeros(data.seen.shape), np.zeros(data.seen.shape[:2])
    for one in range(draws):
        report(one)
        shared = found.draws[one % len(found.draws)]
        mean = curves(data, found.at, shared, found.drawn_own(shared, rng)).mean
        gap = scattered(data.seen, found.at, shared, rng)
        week = np.where(data.seen, np.maximum((mean + SMALL) * np.exp(gap) - SMALL, 0.0), 0.0)
        by_cell += week < streams
        whole += week.sum(2) < streams.sum(2)
    return by_cell / draws, whole / draws


def shares_inside(data: Observed, by_cell: np.ndarray, whole: np.ndarray) -> pl.DataFrame:
    """Return kind (all, size, age, cell), name, place, weeks, inside_50, inside_90."""
    seen = data.seen.any(2)
    typical = np.where(data.seen, data.streams, 0.0).sum((0, 2)) / np.maximum(seen.sum(0), 1)
    third = np.searchsorted(np.quantile(typical, [1 / 3, 2 / 3]), typical, side="right")
    third = np.broadcast_to(third, seen.shape)
    edges = [first for first, _ in AGES]
    age = np.searchsorted(edges, np.floor(data.age), side="right") - 1
    groups = [("all", "all weeks", 0, whole[seen])]
    groups += [("size", name, i, whole[seen & (third == i)]) for i, name in enumerate(SIZES)]
    groups += [("age", name, i, whole[seen & (age == i)]) for i, (_, name) in enumerate(AGES)]
    groups += [
        ("cell", name, i, by_cell[..., i][data.seen[..., i]]) for i, name in enumerate(data.cells)
    ]
    rows = [
        (kind, name, place, len(ranks), _within(ranks, 0.5), _within(ranks, 0.9))
        for kind, name, place, ranks in groups
        if len(ranks)
    ]
    schema = {"kind": pl.String(), "name": pl.String(), "place": pl.Int64(), "weeks": pl.Int64(),
              "inside_50": pl.Float64(), "inside_90": pl.Float64()}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _within(ranks: np.ndarray, share: float) -> float:
    return float((np.abs(ranks - 0.5) <= share / 2).mean())


def residuals(data: Observed, found: Posterior) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what is left of log streams at the mode, by week and by cell.

    By week: week, tracks, low, median, high (90 % of tracks). By cell: cell, weeks, mean, spread,
    memory (correlation of a week with the one before) and left (the same, once the model has taken
    out what it expects to last; near 0 if it is right).
    """
    mean = curves(data, found.at, found.shared, found.own).mean
    gap = np.where(data.seen, np.log(data.streams + SMALL) - np.log(mean + SMALL), 0.0)
    pattern = scatter(data)
    follows = pattern.follows > 0
    _, memory, together = scatter_terms(found.shared, found.at)
    left, _ = whitened(gap, pattern, together, memory)
    streams = np.where(data.seen, data.streams, 0.0).sum(2)
    off = np.log(streams + SMALL) - np.log(np.where(data.seen, mean, 0.0).sum(2) + SMALL)
    seen = data.seen.any(2)
    weeks = []
    for week in np.flatnonzero(seen.any(1)):
        low, middle, high = np.quantile(off[week, seen[week]], EDGES)
        weeks.append((data.weeks[week].item(), int(seen[week].sum()), low, middle, high))
    cells = [
        (name, int(data.seen[..., i].sum()), float(gap[..., i][data.seen[..., i]].mean()),
         float(gap[..., i][data.seen[..., i]].std()), _memory(gap[..., i], follows[..., i]),
         _memory(left[..., i], follows[..., i]))
        for i, name in enumerate(data.cells)
    ]  # fmt: skip
    return (
        pl.DataFrame(weeks, schema=["week", "tracks", "low", "median", "high"], orient="row"),
        pl.DataFrame(
            cells, schema=["cell", "weeks", "mean", "spread", "memory", "left"], orient="row"
        ),
    )


def _memory(values: np.ndarray, follows: np.ndarray) -> float:
    """Return the correlation of weeks with the week before, where both were seen."""
    now, before = values[1:][follows[1:]], values[:-1][follows[1:]]
    if len(now) < 3 or now.std() == 0 or before.std() == 0:
        return float("nan")
    return float(np.corrcoef(now, before)[0, 1])
