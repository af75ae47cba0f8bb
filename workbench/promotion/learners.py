"""Learners of uplift: what treatment adds for a unit, from who was treated and what came of it.

T-learner: one model of the outcome for each arm, the difference of the two. X-learner: what each
unit's outcome differs by from the other arm's model is learnt in turn, and the two are mixed by the
share treated, so that the larger arm helps the smaller. Source: Künzel et al. (2019), Metalearners
for estimating heterogeneous treatment effects, PNAS 116(10).
"""

from collections.abc import Callable

import numpy as np

FOLDS, TEACHING = 6, 2
MOST = 60_000  # units that are learnt from and ranked; of more, about so many are drawn
RIDGE = 10.0  # units of prior weight on each standardised covariate: no effect differs by it
Score = Callable[[np.ndarray], np.ndarray]


def t_learner(x: np.ndarray, treated: np.ndarray, outcome: np.ndarray) -> Score:
    """Return the function that scores units by covariates (n, p): expected outcome won."""
    with_, without = (_outcome(x[treated == arm], outcome[treated == arm]) for arm in (1, 0))
    return lambda units: with_(units) - without(units)


def x_learner(x: np.ndarray, treated: np.ndarray, outcome: np.ndarray) -> Score:
    """Return the same by the X-learner, whose second step is boosted trees."""
    hit, rest = treated == 1, treated == 0
    with_, without = _outcome(x[hit], outcome[hit]), _outcome(x[rest], outcome[rest])
    of_treated = _effect(x[hit], outcome[hit] - without(x[hit]))
    of_others = _effect(x[rest], with_(x[rest]) - outcome[rest])
    share = float(hit.mean())
    return lambda units: share * of_others(units) + (1 - share) * of_treated(units)


LEARNERS = {"t": t_learner, "x": x_learner}
USED = "x"  # decides, set before any data were seen; the other is shown beside it


def ranked_forward(
    learner: Callable[..., Score],
    x: np.ndarray,
    treated: np.ndarray,
    outcome: np.ndarray,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the units that were ranked (positions, ascending) and their ranks, 0 to 1.

    Units are drawn into six folds. The first two only teach; each of the others is ranked by models
    of those before it. Were every fold ranked by all others, as in plain cross-fitting, two folds
    would vouch for each other: chance that they share counts twice, and intervals are too narrow by
    the square root of two where there is nothing to find. Ranks are within a fold, as the scores of
    two models are apart for no reason of the units.
    """
    rng = np.random.default_rng(seed)
    fold = np.full(len(x), -1)
    for arm in (0, 1):
        members = rng.permutation(np.flatnonzero(treated == arm))
        members = members[: max(len(members) * MOST // len(x), FOLDS)]
        fold[members] = np.arange(len(members)) % FOLDS
    score = np.full(len(x), np.nan)
    for number in range(TEACHING, FOLDS):
        held, before = fold == number, (fold >= 0) & (fold < number)
        found = learner(x[before], treated[before], outcome[before])(x[held])
        score[held] = _ranks(found)
    rows = np.flatnonzero(fold >= TEACHING)
    return rows, score[rows]


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return each value's mean rank, 0 to 1; equal values share one."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return ((last - (count - 1) / 2) / len(values))[place]


def _outcome(x: np.ndarray, outcome: np.ndarray) -> Score:
    """Return a model of the outcome: a chance where it is yes or no, else a number."""
    from sklearn.linear_model import LogisticRegression, Ridge

    mean, scale = _standard(x)
    z = (x - mean) / scale
    kinds = np.unique(outcome)
    if len(kinds) == 1:
        return lambda units: np.full(len(units), kinds[0])
    if len(kinds) == 2:
        made = LogisticRegression(C=1 / RIDGE, max_iter=200).fit(z, outcome == kinds[1])
        low, high = kinds
        return lambda units: low + (high - low) * made.predict_proba((units - mean) / scale)[:, 1]
    ridge = Ridge(RIDGE).fit(z, outcome)
    return lambda units: ridge.predict((units - mean) / scale)


def _effect(x: np.ndarray, effect: np.ndarray) -> Score:
    from sklearn.ensemble import HistGradientBoostingRegressor

    trees = HistGradientBoostingRegressor(
        max_iter=50, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=max(20, len(x) // 100),
        random_state=0, early_stopping=False,
    )  # fmt: skip
    return trees.fit(x, effect).predict


def _standard(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    spread = x.std(0)
    return x.mean(0), np.where(spread > 0, spread, 1.0)
