"""Chances that listeners come to an item, of what several models say of them.

The models' columns are weighed by how large the item's seed is, and come out as probabilities:
one logistic regression over pairs of a listener and an item, so that a small seed can trust the
look-alikes and a large one the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS, CLOSE = 40, 1e-7
FAR = 0.5  # a step of Newton's that is looked at before it is taken
RIDGE = 1.0
TYPICAL = 20  # listeners of a seed at which the logarithm is 0


@dataclass(frozen=True, eq=False)
class Reach:
    """A fitted blend: weights float64, as `design` orders what they weigh."""

    weights: np.ndarray

    def chances(
        self, columns: Sequence[np.ndarray], open_: np.ndarray, facts: np.ndarray
    ) -> np.ndarray:
        """Return float64 (people, items): the probability of each open pair, 0 of the others."""
        found = np.zeros(open_.shape)
        found[open_] = share_of(design(columns, open_, facts) @ self.weights)
        return found


def seed_size(listeners: np.ndarray) -> np.ndarray:
    """Return the logarithm of how large seeds are, 0 at `TYPICAL` listeners: float64 (items,)."""
    return np.log(np.maximum(listeners, 1) / TYPICAL)


def design(columns: Sequence[np.ndarray], open_: np.ndarray, facts: np.ndarray) -> np.ndarray:
    """Return float64 (open pairs, 1 + 2 x columns + facts), item by item within a person.

    Parameters
    ----------
    columns : scores of each model (people, items); a column is standardised over its open pairs,
        as scales differ from model to model and from item to item.
    open_ : Boolean (people, items), whether it is not known yet whether the person comes to it.
    facts : of items, float64 (items, facts); the first says how large the seed is and tells how
        far each column counts.
    """
    size = np.broadcast_to(facts[:, 0], open_.shape)[open_]
    parts = [np.ones(len(size))]
    for column in columns:
        standard = _standard(column, open_)[open_]
        parts += [standard, standard * size]
    parts += [np.broadcast_to(fact, open_.shape)[open_] for fact in facts.T]
    return np.stack(parts, axis=1)


def fitted(
    columns: Sequence[np.ndarray], open_: np.ndarray, came: np.ndarray, facts: np.ndarray
) -> Reach:
    """Return the blend fitted on open pairs whose answer `came`, Boolean (people, items), is known.

    Newton's method with a small ridge; whose chances sum to as many as came.
    """
    return Reach(logistic(design(columns, open_, facts), came[open_].astype(np.float64))[0])


def logistic(
    given: np.ndarray, came: np.ndarray, ridge: float = RIDGE, start: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (f,) and their covariance; the first column of `given` is the constant.

    `start` are weights of nearly the same rows: there is one best, so that they only save steps.
    """
    ridge = np.full(given.shape[1], ridge)
    ridge[0] = 0.0  # the sum of the chances is not held back
    share = np.clip(came.mean(), 1e-6, 1 - 1e-6)
    weights = np.zeros(given.shape[1])
    weights[0] = np.log(share / (1 - share))
    weights = weights if start is None else start

    def loss(weights: np.ndarray) -> float:
        logit = given @ weights
        return np.sum(np.logaddexp(0, logit) - came * logit) + ridge @ weights**2 / 2

    for _ in range(ROUNDS):
        chance = share_of(given @ weights)
        slope = given.T @ (chance - came) + ridge * weights
        bend = (given.T * (chance * (1 - chance))) @ given
        bend[np.diag_indices(len(bend))] += ridge + 1e-9
        step = np.linalg.solve(bend, slope)
        step = step * min(1.0, 4.0 / max(np.abs(step).max(), 1e-12))
        while np.abs(step).max() > FAR and loss(weights - step) > loss(weights):
            step = step / 2  # where a few are far from all others, a whole step leads away
        weights = weights - step
        if np.abs(step).max() < CLOSE:
            break
    return weights, np.linalg.inv(bend)


def share_of(logit: np.ndarray) -> np.ndarray:
    """Return chances of their logits."""
    return 1.0 / (1.0 + np.exp(-np.clip(logit, -40, 40)))


def _standard(column: np.ndarray, open_: np.ndarray) -> np.ndarray:
    """Return a column less its mean over its deviation, both over the open pairs of each item."""
    values = np.where(open_, column, 0.0).astype(np.float64)
    people = np.maximum(open_.sum(axis=0), 1)
    values -= np.where(open_, values.sum(axis=0) / people, 0.0)
    spread = np.sqrt((values**2).sum(axis=0) / people)
    return values / np.where(spread > 1e-12, spread, np.inf)
