"""Rankings of listeners on trial: items whose next listeners, or all of them, were held back.

Every figure is of items that the blend judging them was not fitted on: five parts of the items in
turn. What is used in the end is fitted on all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.recommend import reached
from workbench.recommend.profile import by_place
from workbench.recommend.prospect_columns import Models, known_item, new_item, stand_ins, state
from workbench.recommend.reach import Reach, fitted
from workbench.recommend.splits import folds, later, split

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.recommend.interactions import Interactions

FOLDS = 5
LEAST_SEED = 5  # listeners from which an item is ranked by them
MOST_ITEMS, MOST_PEOPLE = 300, 5_000
LEAST_ITEMS, LEAST_CAME = 10, 50
LEAST_JUDGED = 3  # who came, for an item's AUC
FRONT = 0.05  # share of the listeners at the top for the lift
REACHED = np.array([0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
BANDS = {"nobody": (0, 5), "5-19": (5, 20), "20-99": (20, 100), "100 or more": (100, 10**9)}
RELEASE_DAYS = 90


@dataclass(frozen=True, eq=False)
class Tried:
    """A blend and what it was worth on items that it was not fitted on.

    Attributes
    ----------
    reach : fitted on all items tried. meaning : what a probability is of.
    spread : dispersion of sizes beyond chance. cell_spread : the same of parts of the listeners.
    covered : share of sizes inside their 90 % intervals.
    bands : band (listeners of the seed) | items | auc | lift (among the first twentieth) | active
        (AUC of the most active first).
    curve : reached (share of listeners) | caught (of those who came) | active.
    bins : bin | said | came | pairs.
    """

    reach: Reach
    meaning: str
    spread: float
    cell_spread: float
    covered: float
    bands: pl.DataFrame
    curve: pl.DataFrame
    bins: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Asked:
    """What a trial asks: arrays (people, items) of a sample of both.

    Attributes
    ----------
    columns, open_, facts : as `reach.design` takes them. came : Boolean, the answer.
    seeds : listeners of each item. active : of each person, items heard. meaning : of came.
    rows : of the people.
    """

    columns: list[np.ndarray]
    open_: np.ndarray
    facts: np.ndarray
    came: np.ndarray
    seeds: np.ndarray
    active: np.ndarray
    meaning: str
    rows: np.ndarray


def known_asked(people: Interactions, models: Models, seed: int) -> Asked | None:
    """Return who came next to items with a seed, or None where too few items have one."""
    first_day, counts = people.first_day, people.counts
    held, recent, meaning = held_pairs(first_day, counts.nnz, seed)
    training, future = split(counts, held)
    rows = _drawn(np.flatnonzero(np.diff(training.indptr) > 0), MOST_PEOPLE, seed)
    before = state(by_place(training), models, None if recent is None else recent[~held])
    items = _drawn(np.flatnonzero(before.seeds >= LEAST_SEED), MOST_ITEMS, seed)
    if len(items) < LEAST_ITEMS:
        return None
    columns, open_, facts = known_item(before.only(rows), items)
    came = (future[rows][:, items].toarray() > 0) & open_
    active = np.diff(training.indptr)[rows]
    return Asked(columns, open_, facts, came, before.seeds[items], active, meaning, rows)


def new_asked(
    people: Interactions, released: np.ndarray, owner: np.ndarray, features: csr_matrix,
    models: Models, seed: int, *, alone: bool,
) -> Asked | None:  # fmt: skip
    """Return who came to songs all of whose plays were hidden, a fifth of them at a time.

    Songs of artists with other songs that are heard; `alone` instead hides whole artists, so that
    each song is the first that anybody would hear of its artist.

    `released` is a day per song, nan where it is not known. Where enough songs came out within
    the plays, listeners of their first `RELEASE_DAYS` count; else all so far.
    """
    counts, first_day = people.counts, people.first_day
    asked, counted = np.bincount(counts.indices, minlength=counts.shape[1]) > 0, None
    if not alone:
        asked &= (owner >= 0) & (np.bincount(owner[asked] + 1, minlength=owner.max() + 2)[owner + 1]
                                 > 1)  # fmt: skip
    meaning = "streams it, as many as have come to the songs so far"
    if first_day is not None:
        last = released + RELEASE_DAYS
        inside = asked & (released >= first_day.min()) & (last <= first_day.max())
        if inside.sum() >= 2 * LEAST_ITEMS:
            asked, counted = inside, first_day < last[counts.indices]
            meaning = f"streams it within {RELEASE_DAYS} days of its release"
    songs = _drawn(np.flatnonzero(asked), MOST_ITEMS, seed)
    if len(songs) < LEAST_ITEMS:
        return None
    rows = _drawn(np.arange(counts.shape[0]), MOST_PEOPLE, seed)
    unit = owner[songs] if alone else songs
    names, place = np.unique(unit, return_inverse=True)
    part = folds(len(names), FOLDS, seed=seed)[place]
    columns, facts = [], []
    for one in range(FOLDS):
        hidden = songs[part == one]
        gone = np.isin(owner, owner[hidden]) if alone else np.isin(np.arange(len(owner)), hidden)
        training = split(counts, gone[counts.indices])[0]
        now = state(by_place(training), Models(models.als, None)).only(rows)
        own, like = stand_ins(owner, now.seeds > 0, features, owner[hidden], features[hidden])
        found, said = new_item(now, own, like, features, features[hidden])
        columns.append(found)
        facts.append(said)
    order = np.argsort(np.argsort(part, kind="stable"), kind="stable")
    whole = [np.concatenate(parts, axis=1)[:, order] for parts in zip(*columns, strict=True)]
    future = counts if counted is None else split(counts, counted)[1]
    came = future[rows][:, songs].toarray() > 0
    seeds = np.zeros(len(songs), np.int64)
    return Asked(whole, np.ones_like(came), np.concatenate(facts)[order], came, seeds,
                 np.diff(counts.indptr)[rows], meaning, rows)  # fmt: skip


def held_pairs(
    first_day: np.ndarray | None, pairs: int, seed: int
) -> tuple[np.ndarray, np.ndarray | None, str]:
    """Return which pairs are held back, which of the others began last, and what that asks."""
    if first_day is not None:
        held = later(first_day)
        if held.any():
            start = first_day[held].min()
            days = first_day.max() - start + 1
            return held, first_day >= start - days, f"streams it within the next {days} days"
    return folds(pairs, FOLDS, seed=seed) == 0, None, "streams it, in as much listening again"


def tried(asked: Asked | None, cells: list[np.ndarray], seed: int) -> Tried | None:
    """Return the blend and its figures; None where too few came.

    `cells` are partitions of all listeners, each int64 (listeners,).
    """
    if asked is None or asked.came.sum() < LEAST_CAME:
        return None
    columns, open_, came, facts = asked.columns, asked.open_, asked.came, asked.facts
    part = folds(came.shape[1], FOLDS, seed=seed + 1)
    said = np.zeros(open_.shape)
    for one in range(FOLDS):
        learnt, judged = part != one, part == one
        blend = fitted([c[:, learnt] for c in columns], open_[:, learnt], came[:, learnt],
                       facts[learnt])  # fmt: skip
        said[:, judged] = blend.chances(
            [c[:, judged] for c in columns], open_[:, judged], facts[judged]
        )
    expected, sizes = said.sum(axis=0), came.sum(axis=0)
    spread = reached.dispersion(expected, sizes)
    inside = [
        (said[own].sum(axis=0), came[own].sum(axis=0))
        for cell in cells
        for value in np.unique(cell)
        for own in [cell[asked.rows] == value]
    ]
    cell_spread = spread
    if inside:
        parts = (np.concatenate(one) for one in zip(*inside, strict=True))
        cell_spread = max(spread, reached.dispersion(*parts))
    covered = [  # chosen without those that are counted
        reached.covers(expected[part == one], sizes[part == one],
                       reached.dispersion(expected[part != one], sizes[part != one]))
        for one in range(FOLDS)
    ]  # fmt: skip
    active = np.repeat(asked.active[:, None], came.shape[1], axis=1)
    judged = sizes >= LEAST_JUDGED
    curve = {"reached": REACHED}
    for name, score in (("caught", said), ("active", active)):
        shares = reached.caught(score, came, open_, REACHED)[judged]
        curve[name] = shares.mean(axis=0) if judged.any() else np.full(len(REACHED), np.nan)
    return Tried(
        fitted(columns, open_, came, facts),
        asked.meaning,
        spread,
        cell_spread,
        float(np.average(covered, weights=np.bincount(part))),
        _by_band(asked, said, active, judged),
        pl.DataFrame(curve).with_columns(pl.col("caught", "active").fill_nan(None)),
        reached.reliability(said[open_], came[open_]),
    )


def _by_band(
    asked: Asked, said: np.ndarray, active: np.ndarray, judged: np.ndarray
) -> pl.DataFrame:
    front = max(1, round(FRONT * len(said)))
    areas, rival = (reached.auc(one, asked.came, asked.open_) for one in (said, active))
    lifts = reached.lift(said, asked.came, asked.open_, front)
    rows = []
    for band, (low, high) in BANDS.items():
        own = judged & (asked.seeds >= low) & (asked.seeds < high)
        if own.any():
            means = (one[own].mean() for one in (areas, lifts, rival))
            rows.append((band, int(own.sum()), *map(float, means)))
    kinds = (pl.String, pl.Int64, pl.Float64, pl.Float64, pl.Float64)
    schema = dict(zip(("band", "items", "auc", "lift", "active"), kinds, strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _drawn(places: np.ndarray, most: int, seed: int) -> np.ndarray:
    """Return at most so many of them, drawn by the seed, in order."""
    return np.sort(np.random.default_rng([seed, 3]).permutation(places)[:most])
