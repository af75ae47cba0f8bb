"""The chance that somebody buys for the first time: a discrete-time hazard over four weeks.

A logistic regression over people and periods tells who is nearer to it. What that means over a
longer time is made right by what people did over as long a time who were not learnt from: who
listens much now will not always. Source: Singer and Willett 1993; Platt 1999; Zadrozny and Elkan
2002 (isotonic).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workbench.errors import NotEnoughEvidence
from workbench.recommend.reach import logistic, share_of

FOLDS = 5
FEWEST = 30  # who came, to make chances right by
LEAST = 1e-6  # chance, where isotonic steps would say never
PLAIN, PLATT, ISOTONIC = "none", "Platt", "isotonic"


@dataclass(frozen=True, eq=False)
class Hazard:
    """A fitted model.

    Attributes
    ----------
    middle, spread : of features, (f,). weights, covariance : of the constant and standardised
        features (1 + f,); a feature that does not vary has weight 0. shock : standard deviation of
        the logarithm of a period's rate beyond chance. logit, period, bought, fold : of the rows
        learnt from (n,): what was said of people not learnt from, when, the period of the first
        purchase (-1 none), and with whom.
    """

    middle: np.ndarray
    spread: np.ndarray
    weights: np.ndarray
    covariance: np.ndarray
    shock: float
    logit: np.ndarray
    period: np.ndarray
    bought: np.ndarray
    fold: np.ndarray

    def over(self, periods: float) -> Horizon:
        """Return the chances over so many periods, made right on times as long in what was learnt.

        On its newer half, as the first weeks of a file hold people who seem to listen anew; where
        that is shorter, on all of that half.
        """
        last = int(self.period.max()) + 1
        half = max(last // 2, 1)
        length = int(np.clip(round(periods), 1, half))
        rows = np.isin(self.period, np.arange(last - length, last - half - 1, -length))
        start, bought = self.period[rows], self.bought[rows]
        came = ((bought >= start) & (bought < start + length)).astype(float)
        said, fold = _logit_within(self.logit[rows], length), self.fold[rows]
        name = _likeliest(said, came, fold) if came.sum() >= FEWEST else PLAIN
        return Horizon(self, periods, length, name, CURVES[name](said, came))


@dataclass(frozen=True, eq=False)
class Horizon:
    """Chances over some periods; `calibration` says how scores became chances, `curve` does it."""

    hazard: Hazard
    periods: float
    length: int
    calibration: str
    curve: Callable[[np.ndarray], np.ndarray]

    def chances(self, held: np.ndarray) -> np.ndarray:
        """Return the chance of each (n,) with features (n, f) to buy within the time."""
        own = self.hazard
        return self._chance(_design(held, own.middle, own.spread) @ own.weights)

    def _chance(self, logit: np.ndarray) -> np.ndarray:
        once = np.clip(self.curve(_logit_within(logit, self.length)), LEAST, 1 - LEAST)
        return -np.expm1(np.log1p(-once) * (self.periods / self.length))

    def simulated(self, held: np.ndarray, draws: int, seed: int) -> np.ndarray:
        """Return how many of these buy, (draws,): parameters, luck of the time and chance drawn."""
        draw, own = np.random.default_rng(seed), self.hazard
        size = own.shock / np.sqrt(max(self.periods, 1.0))
        luck = np.exp(draw.normal(-(size**2) / 2, size, draws))
        drawn = draw.multivariate_normal(own.weights, own.covariance, draws)
        design = _design(held, own.middle, own.spread)
        expected = np.array([self._chance(design @ one).sum() for one in drawn])
        return np.minimum(draw.poisson(expected * luck), len(held))


def fitted(held: np.ndarray, came: np.ndarray, person: np.ndarray, period: np.ndarray) -> Hazard:
    """Return the model of rows (n, f), one for each person and period still without a purchase.

    Raises
    ------
    NotEnoughEvidence
        Everybody listened alike.
    """
    middle, spread = held.mean(axis=0), held.std(axis=0)
    spread = np.where(spread > 1e-9, spread, np.inf)
    if np.isinf(spread).all():
        raise NotEnoughEvidence(
            "All listeners listened alike: nothing tells who would buy for the first time."
        )
    design, came = _design(held, middle, spread), came.astype(float)
    weights, covariance = logistic(design, came)
    fold = np.random.default_rng(0).permutation(person.max() + 1)[person] % FOLDS
    logit = np.zeros(len(came))
    for one in range(FOLDS):
        own = fold == one
        if own.any():
            logit[own] = design[own] @ logistic(design[~own], came[~own], start=weights)[0]
    bought = np.full(person.max() + 1, -1)
    bought[person[came > 0]] = period[came > 0]
    shock = _shock(share_of(logit), came, period)
    return Hazard(middle, spread, weights, covariance, shock, logit, period, bought[person], fold)


def _plain(*_: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    return share_of


def _platt(said: np.ndarray, came: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    line, _ = logistic(np.stack([np.ones(len(said)), said], axis=1), came, ridge=0.0)
    return lambda one: share_of(line[0] + line[1] * one)


def _isotonic(said: np.ndarray, came: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    from scipy.optimize import isotonic_regression

    at, place, times = np.unique(said, return_inverse=True, return_counts=True)
    steps = isotonic_regression(np.bincount(place, came) / times, weights=times).x
    return lambda one: np.interp(one, at, steps)


CURVES = {PLAIN: _plain, PLATT: _platt, ISOTONIC: _isotonic}


def _likeliest(said: np.ndarray, came: np.ndarray, fold: np.ndarray) -> str:
    """Return the curve of the least log loss on folds it was not made of; of equals the first."""
    losses = dict.fromkeys(CURVES, 0.0)
    for one in range(FOLDS):
        own = fold == one
        for name, make in CURVES.items():
            chance = np.clip(make(said[~own], came[~own])(said[own]), LEAST, 1 - LEAST)
            losses[name] -= (came[own] * np.log(chance)).sum()
            losses[name] -= ((1 - came[own]) * np.log1p(-chance)).sum()
    return min(losses, key=losses.get)


def _shock(chance: np.ndarray, came: np.ndarray, period: np.ndarray) -> float:
    """Return how much the totals of periods vary beyond chance: a moment estimate."""
    told, seen = np.bincount(period, chance), np.bincount(period, came)
    told, seen = told[told > 0], seen[told > 0]
    return float(np.sqrt(max((((seen - told) / told) ** 2 - 1 / told).mean(), 0.0)))


def _design(held: np.ndarray, middle: np.ndarray, spread: np.ndarray) -> np.ndarray:
    return np.concatenate([np.ones((len(held), 1)), (held - middle) / spread], axis=1)


def _logit_within(logit: np.ndarray, periods: int) -> np.ndarray:
    """Return the log odds to buy in any of some periods alike."""
    return np.log(np.expm1(periods * np.log1p(np.exp(np.clip(logit, -30, 30)))))
