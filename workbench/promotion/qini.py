"""Qini curve of a ranking of units by expected effect: how much better it treats than chance.

Units are taken from the highest score down. After the first k, of whom t were treated and c not,

    gain(k) = outcomes of the treated - outcomes of the others * t / c        (0 where c is 0)

is what treatment added among them. Units of one score are taken together. The area under it is
AUUC; the normalised Qini is

    (area of the ranking - area of chance) / (area of the perfect ranking - area of chance),

chance being the straight line to gain(n), and the perfect ranking the one by outcome * (treated ?
1 : -1): treated who responded first, untreated who responded last. 0 is chance; 1 takes knowing
what came of everybody, so that good rankings lie far below it. Outcomes are counted from `zero`, or
the perfect ranking would change with a constant added to all of them. Source: Radcliffe (2007),
Using control groups to target on predicted lift; the perfect curve is scikit-uplift's (with
negative effects).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

BAND = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class Ranking:
    """Units from the highest score down, with the ends of equal scores.

    Attributes
    ----------
    order : positions of units (n,). ends : last place of each score, counted from 1.
    treated, outcome : of the units in that order (n,).
    """

    order: np.ndarray
    ends: np.ndarray
    treated: np.ndarray
    outcome: np.ndarray

    def gains(self, weight: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return units taken and gain at every end, from (0, 0) on.

        weight : how often each unit counts, in the order of the units as given (n,); once each.
        """
        each = np.ones(len(self.order)) if weight is None else weight[self.order]
        taken = np.cumsum(each)[self.ends - 1]
        treated = np.cumsum(each * self.treated)[self.ends - 1]
        won = np.cumsum(each * self.treated * self.outcome)[self.ends - 1]
        rest = np.cumsum(each * (1 - self.treated) * self.outcome)[self.ends - 1]
        others = taken - treated
        fair = np.divide(rest * treated, others, out=np.zeros_like(rest), where=others > 0)
        return np.append(0.0, taken), np.append(0.0, won - fair)


def zero(treated: np.ndarray, outcome: np.ndarray) -> float:
    """Return what outcomes are counted from: the lower of two values, else the control's mean."""
    kinds = np.unique(outcome)
    return float(kinds[0] if len(kinds) <= 2 else outcome[treated == 0].mean())


def ranked(score: np.ndarray, treated: np.ndarray, outcome: np.ndarray) -> Ranking:
    """Return units ranked by score; `treated` is 1 or 0."""
    order = np.argsort(-score, kind="stable")
    sorted_score = score[order]
    ends = np.append(np.flatnonzero(np.diff(sorted_score)) + 1, len(order))
    return Ranking(order, ends, treated[order].astype(float), outcome[order].astype(float))


def perfect(treated: np.ndarray, outcome: np.ndarray) -> Ranking:
    """Return the ranking that the normalised Qini is measured against."""
    return ranked(np.where(treated > 0, outcome, -outcome), treated, outcome)


def area(taken: np.ndarray, gain: np.ndarray) -> float:
    """Return the area under a curve, in units taken times outcome."""
    return float(np.trapezoid(gain, taken))


def normalised(ranking: Ranking, best: Ranking, weight: np.ndarray | None = None) -> float:
    """Return the normalised Qini; NaN where the perfect ranking is no better than chance."""
    taken, gain = ranking.gains(weight)
    chance = gain[-1] * taken[-1] / 2
    room = area(*best.gains(weight)) - chance
    least = 1e-12 * taken[-1] * np.abs(best.outcome).max()
    return (area(taken, gain) - chance) / room if room > least else float("nan")


def uplift_at(ranking: Ranking, share: float, weight: np.ndarray | None = None) -> float:
    """Return mean outcome of the treated less that of the others in the best share of units.

    NaN where one of the two is nobody. Equal scores at the edge are taken in the order given.
    """
    each = np.ones(len(ranking.order)) if weight is None else weight[ranking.order]
    best = each[: max(round(share * len(each)), 1)]
    treated = best * ranking.treated[: len(best)]
    others = best - treated
    if not (treated.sum() and others.sum()):
        return float("nan")
    outcome = ranking.outcome[: len(best)]
    return float(treated @ outcome / treated.sum() - others @ outcome / others.sum())


def resamples(treated: np.ndarray, count: int, seed: int) -> Iterator[np.ndarray]:
    """Give how often each unit counts in each bootstrap sample (n,), drawn arm by arm."""
    rng = np.random.default_rng(seed)
    arms = [np.flatnonzero(treated == arm) for arm in (0, 1)]
    for _ in range(count):
        weight = np.zeros(len(treated))
        for members in arms:
            drawn = rng.integers(0, len(members), len(members))
            weight[members] = np.bincount(drawn, minlength=len(members))
        yield weight
