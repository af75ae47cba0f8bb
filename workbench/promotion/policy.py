"""Whom to treat: a few groups that covariates tell apart, and what treating them brings.

The groups are the leaves of a small tree over a learner's scores, so that a person can read them.
Groups and the choice among them are made on one half of the units; effects and gains are those of
the other half: what is counted where it was chosen flatters itself. The other half has one say, a
group that gains nothing there is not treated, so that the sum over the rest flatters a little.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from workbench.promotion.learners import LEARNERS, USED, ranked_forward
from workbench.promotion.trial import Trial, difference

DEPTH = 2
LEAST_SHARE = 0.05  # of all units in a group
Z90 = 1.6449
GROUPS = {
    "group": pl.String, "units": pl.Int64, "treat": pl.Boolean, "effect": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "gain": pl.Float64,
}  # fmt: skip
PLANS = {
    "whom": pl.String, "units": pl.Int64, "gain": pl.Float64, "low": pl.Float64,
    "high": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of units.

    Attributes
    ----------
    words : of each. of : each unit's group (n,). learnt : units that made and chose them (n,).
    paid : units that their effects are read from (n,).
    """

    words: tuple[str, ...]
    of: np.ndarray
    learnt: np.ndarray
    paid: np.ndarray


def everybody(trial: Trial) -> Groups:
    """Return one group of all units; nothing was learnt for it."""
    every = np.ones(len(trial.hit), bool)
    return Groups(("everybody",), np.zeros(len(every), int), every, every)


def groups(trial: Trial, min_group: int, seed: int) -> Groups:
    """Return the groups that covariates tell apart, each large enough in both arms and halves."""
    from sklearn.tree import DecisionTreeRegressor

    half = _half(trial, seed)
    x, hit = trial.x[half], trial.hit[half]
    rows, score = ranked_forward(LEARNERS[USED], x, hit, trial.outcome[half], seed)
    few = max(min_group, 2)  # of each arm and half in a group
    least = int(max(LEAST_SHARE * len(rows), 2 * few / min(hit.mean(), 1 - hit.mean())))
    for depth in range(DEPTH, 0, -1):
        tree = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=least, random_state=0)
        tree.fit(x[rows], score)
        leaves, of = np.unique(tree.apply(trial.x), return_inverse=True)
        cells = 4 * of + 2 * half + trial.hit.astype(int)
        large = np.bincount(cells, minlength=4 * len(leaves)).min() >= few
        if large and (trial.chance or _differ(trial.outcome, cells)):
            words = tuple(_words(tree.tree_, leaf, trial) for leaf in leaves)
            return Groups(words, of, half, ~half)
    return everybody(trial)


def _differ(outcome: np.ndarray, cells: np.ndarray) -> bool:
    """Tell whether outcomes differ within every cell, so that each has an error."""
    return all(np.ptp(outcome[cells == cell]) > 0 for cell in np.unique(cells))


def group_table(trial: Trial, found: Groups, worth: float, cost: float) -> pl.DataFrame:
    """Return group | units | treat | effect | low | high (90 %) | gain, most effect first.

    `effect` and `gain`, worth * effect - cost of one unit treated, are of the units that did not
    choose. `treat` is whether a group paid where the groups were chosen, and there, too.
    """
    rows = [
        (words, one.units, one.treat, one.effect, one.effect - Z90 * one.error,
         one.effect + Z90 * one.error, one.gain)
        for words, one in zip(found.words, _priced(trial, found, worth, cost), strict=True)
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=GROUPS, orient="row")
    return frame.sort(["effect", "group"], descending=[True, False])


def paying(trial: Trial, found: Groups, worth: float, cost: float) -> np.ndarray:
    """Return which units are in a group that is to be treated (n,)."""
    treat = np.array([one.treat for one in _priced(trial, found, worth, cost)])
    return treat[found.of]


def plans(trial: Trial, found: Groups, worth: float, cost: float) -> pl.DataFrame:
    """Return whom | units | gain | low | high (90 %): what treating some brings over nobody.

    `everybody`; with more than one group also `chosen groups`, and `more than everybody`: what
    leaving the other groups out brings. All are of the units that did not choose, scaled to all
    units, so that they add up.
    """
    every = _priced(trial, found, worth, cost)
    rows = [("everybody", *_sum(every, worth))]
    if len(every) > 1:
        rows.append(("chosen groups", *_sum([one for one in every if one.treat], worth)))
        units, lost, spread = _sum([one for one in every if not one.treat], worth)
        rows.append(("more than everybody", units, 0.0 - lost, spread))
    told = [
        (whom, units, gain, gain - Z90 * off, gain + Z90 * off) for whom, units, gain, off in rows
    ]
    return pl.DataFrame(told, schema=PLANS, orient="row")


class _Priced(NamedTuple):
    """One group: its units, effect and error where nothing was chosen, gain of a unit, choice."""

    units: int
    effect: float
    error: float
    gain: float
    treat: bool


def _priced(trial: Trial, found: Groups, worth: float, cost: float) -> list[_Priced]:
    rows = []
    for number in range(len(found.words)):
        mine = found.of == number
        effect, error = _effect(trial, mine & found.paid)
        gain = worth * effect - cost
        paid = worth * _effect(trial, mine & found.learnt)[0] > cost
        rows.append(_Priced(int(mine.sum()), effect, error, gain, paid and gain > 0))
    return rows


def _sum(groups: list[_Priced], worth: float) -> tuple[int, float, float]:
    """Return units, their gain and its standard error."""
    gain = sum(one.units * one.gain for one in groups)
    error = sum((one.units * worth * one.error) ** 2 for one in groups) ** 0.5
    return sum(one.units for one in groups), float(gain), float(error)


def _effect(trial: Trial, units: np.ndarray) -> tuple[float, float]:
    return difference(trial.hit[units], trial.outcome[units], chance=trial.chance)


def _half(trial: Trial, seed: int) -> np.ndarray:
    """Return which units are in the first half (n,): every second of a drawn order, arm by arm."""
    rng = np.random.default_rng(seed)
    first = np.zeros(len(trial.hit), bool)
    for arm in (0, 1):
        first[rng.permutation(np.flatnonzero(trial.hit == arm))[::2]] = True
    return first


def _words(tree, leaf: int, trial: Trial) -> str:
    """Return the conditions that lead to a leaf, in words."""
    parents = {
        int(child): node
        for side in (tree.children_left, tree.children_right)
        for node, child in enumerate(side)
        if child >= 0
    }
    limits: dict[int, list[float]] = {}
    node = int(leaf)
    while node in parents:
        above = parents[node]
        bounds = limits.setdefault(int(tree.feature[above]), [-np.inf, np.inf])
        if tree.children_left[above] == node:
            bounds[1] = min(bounds[1], tree.threshold[above])
        else:
            bounds[0] = max(bounds[0], tree.threshold[above])
        node = above
    told = (_condition(trial.names[at], trial.x[:, at], *limits[at]) for at in sorted(limits))
    return "; ".join(told) or "everybody"


def _condition(name: str, values: np.ndarray, low: float, high: float) -> str:
    if set(np.unique(values)) <= {0.0, 1.0}:
        return name if low > 0 else f"not {name}"
    if np.isinf(low):
        return f"{name} up to {high:.3g}"
    return f"{name} over {low:.3g}" + ("" if np.isinf(high) else f", up to {high:.3g}")
