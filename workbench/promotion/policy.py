"""Whom to treat: a few groups that covariates tell apart, and what treating them brings.

The groups are the leaves of a small tree over a learner's scores, so that a person can read them.
Groups and the choice among them are made on one half of the units; effects and gains are those of
the other half, which had no say in it: what is counted where it was chosen flatters itself.
"""

from dataclasses import dataclass

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

    `treat` is whether worth * effect was above the cost where the groups were chosen; `effect` and
    `gain`, worth * effect - cost of one unit treated, are of the units that did not choose.
    """
    rows = []
    for number, words in enumerate(found.words):
        mine = found.of == number
        effect, error = _effect(trial, mine & found.paid)
        rows.append(
            (words, int(mine.sum()), _pays(trial, mine & found.learnt, worth, cost), effect,
             effect - Z90 * error, effect + Z90 * error, worth * effect - cost)
        )  # fmt: skip
    frame = pl.DataFrame(rows, schema=GROUPS, orient="row")
    return frame.sort(["effect", "group"], descending=[True, False])


def paying(trial: Trial, found: Groups, worth: float, cost: float) -> np.ndarray:
    """Return which units are in a group that was chosen (n,)."""
    inside = np.zeros(len(trial.hit), bool)
    for number in range(len(found.words)):
        mine = found.of == number
        if _pays(trial, mine & found.learnt, worth, cost):
            inside |= mine
    return inside


def plans(trial: Trial, found: Groups, worth: float, cost: float) -> pl.DataFrame:
    """Return whom | units | gain | low | high (90 %): everybody, and the groups chosen.

    Gains are over all units of the experiment, against treating nobody. With one group there is
    nothing to choose, and everybody stands alone.
    """
    effect, error = difference(trial.hit, trial.outcome, chance=trial.chance)
    count = len(trial.hit)
    rows = [("everybody", count, count * (worth * effect - cost), count * worth * error)]
    if len(found.words) > 1:
        gain = spread = taken = 0.0
        for number in range(len(found.words)):
            mine = found.of == number
            if _pays(trial, mine & found.learnt, worth, cost):
                come, off = _effect(trial, mine & found.paid)
                size = int(mine.sum())
                gain += size * (worth * come - cost)
                spread += (size * worth * off) ** 2
                taken += size
        rows.append(("chosen groups", int(taken), gain, spread**0.5))
    told = [
        (whom, units, gain, gain - Z90 * off, gain + Z90 * off) for whom, units, gain, off in rows
    ]
    return pl.DataFrame(told, schema=PLANS, orient="row")


def _effect(trial: Trial, units: np.ndarray) -> tuple[float, float]:
    return difference(trial.hit[units], trial.outcome[units], chance=trial.chance)


def _pays(trial: Trial, units: np.ndarray, worth: float, cost: float) -> bool:
    return worth * _effect(trial, units)[0] > cost


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
