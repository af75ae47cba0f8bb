"""Weekly streams some weeks ahead: one regression a horizon, pooled over everything that streams.

What a series does next is learnt from what all series did after they looked like it: growth of the
last weeks, how the last of them ended, age, distance from the peak, season, and the growth of the
whole market.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.errors import NotEnoughEvidence

HISTORY = 4  # weeks in a row that must be known
OFFSET = 10.0  # streams added before the logarithm: weeks of few are damped
PULL = 30.0  # of ridge, on standardised features
ROUNDS, FLOOR = 10, 0.3  # of weighing; an error that weighs no more, in medians
HORIZONS = (1, 2, 3, 4, 6, 8, 13, 26)
FEWEST, FEWEST_HELD = 300, 100  # origins to learn from; to measure the spread on
HELD = 0.25  # of the time, the last of it, that the spread is measured on
LEVEL = 0.9
YEAR = 52.18  # weeks
USUAL = 8  # weeks before, that say how weeks usually end


@dataclass(frozen=True, eq=False)
class Weeks:
    """What is known of many series, week by week.

    Attributes
    ----------
    level : log streams (series, weeks), NaN where they are not known; see `logs`.
    first : number of the first week since any fixed day; the season goes by it.
    ends : log of the last day against the other six (series, weeks), NaN where days are not known;
        see `endings`. None leaves it out.
    """

    level: np.ndarray
    first: int
    ends: np.ndarray | None = None

    def until(self, week: int) -> Weeks:
        """Return the weeks before `week`."""
        ends = None if self.ends is None else self.ends[:, :week]
        return Weeks(self.level[:, :week], self.first, ends)


@dataclass(frozen=True, eq=False)
class Horizon:
    """A fitted regression of log growth over `weeks`.

    Attributes
    ----------
    middle, scale, weights, constant : of the features. low, high : to be added to what it says.
    """

    weeks: int
    middle: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    constant: float
    low: float
    high: float

    def growth(self, found: np.ndarray) -> np.ndarray:
        """Return the log growth of rows of features, (n,)."""
        return self.constant + (found - self.middle) / self.scale @ self.weights


def logs(streams: np.ndarray) -> np.ndarray:
    """Return the logarithm of streams (series, weeks), NaN where they are not known."""
    return np.log(streams + OFFSET)


def endings(streams: np.ndarray, last_day: np.ndarray) -> np.ndarray:
    """Return the logarithm of a week's last day against the mean of its others.

    Parameters
    ----------
    streams, last_day : of the week and of its last day (series, weeks), NaN where not known.
    """
    others = np.maximum(streams - last_day, 0.0) / 6
    return np.log((last_day + OFFSET / 7) / (others + OFFSET / 7))


def origins(level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return series and week of each place with `HISTORY` known weeks up to it."""
    known = np.isfinite(level)
    run = known[:, HISTORY - 1 :].copy()
    for back in range(1, HISTORY):
        run &= known[:, HISTORY - 1 - back : known.shape[1] - back]
    series, week = np.nonzero(run)
    return series, week + HISTORY - 1


def features(known: Weeks, series: np.ndarray, week: np.ndarray) -> np.ndarray:
    """Return what is known at each origin, (n, 33), or (n, 36) where days are.

    Nothing later than `week` is looked at.
    """
    level = known.level
    seen = np.isfinite(level)
    steps = np.diff(level, axis=1, prepend=np.nan)
    market, height = _middle(steps, 5), _middle(level, 1)
    peaks = np.maximum.accumulate(np.where(seen, level, -np.inf), axis=1)
    weeks = np.arange(level.shape[1])
    is_peak = seen & (level >= peaks)
    when = np.maximum.accumulate(np.where(is_peak, weeks, 0), axis=1)
    now = level[series, week]
    grown = [level[series, week - k] - level[series, week - k - 1] for k in range(HISTORY - 1)]
    g = grown[0]
    age = np.log1p(week - seen.argmax(axis=1)[series])
    above = now - height[week]
    off = peaks[series, week] - now
    since = np.log1p(week - when[series, week])
    turn = 2 * np.pi * (week + known.first) / YEAR
    before = np.maximum(week - 1, 0)
    return np.column_stack(
        [
            *grown, age, above, off, since, g * age, np.abs(g), g * np.abs(g),
            market[week], market[before], g - market[week], now - level[series, week - 3],
            np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn),
            since**2, above**2, age**2, since * age, off**2, g * above, g * since,
            age < np.log1p(6), since == 0, (since == 0) * g, np.maximum(g, 0),
            np.std(grown, axis=0), above * age, above * since, age * off,
            *([] if known.ends is None else _ended(known.ends, series, week)),
        ]
    )  # fmt: skip


def _ended(ends: np.ndarray, series: np.ndarray, week: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return how the week ended beyond the others, beyond itself before, and how all ended.

    A song on its way up or down ends its week elsewhere than it began it; some songs are Thursday
    songs, so that its own two weeks before are held against it.
    """
    shared = _middle(ends, 5)
    apart = ends - shared
    usual = (apart[series, week - 1] + apart[series, week - 2]) / 2  # `HISTORY` weeks are there
    now = apart[series, week]
    before = np.array([np.median(shared[max(k - USUAL, 0) : k + 1]) for k in range(len(shared))])
    return np.nan_to_num(now), np.nan_to_num(now - usual), (shared - before)[week]


def _middle(values: np.ndarray, fewest: int) -> np.ndarray:
    """Return the median of each week's known values, (weeks,); 0 where fewer are known."""
    return np.array(
        [np.median(own) if len(own := s[np.isfinite(s)]) >= fewest else 0.0 for s in values.T]
    )


def fitted(known: Weeks, weeks: int) -> Horizon:
    """Return the regression of log growth over `weeks`, and the spread of its errors.

    The spread is measured on the last quarter of the weeks by a regression that saw none of them,
    as split-conformal quantiles; the regression that is returned has seen all.
    Source: Vovk, Gammerman and Shafer 2005 (conformal intervals).

    Raises
    ------
    NotEnoughEvidence
        Under 300 origins to learn from, or under 100 to measure the spread on.
    """
    level = known.level
    series, week = origins(level)
    inside = week + weeks < level.shape[1]
    series, week = series[inside], week[inside]
    arrived = np.isfinite(level[series, week + weeks])
    series, week = series[arrived], week[arrived]
    held = level.shape[1] - round(HELD * level.shape[1])
    early, late = week + weeks < held, week >= held - weeks // 2
    early &= ~late
    if early.sum() < FEWEST or late.sum() < FEWEST_HELD:
        raise NotEnoughEvidence(
            f"{early.sum() + late.sum()} stretches of {HISTORY + weeks} weeks are known, too few to"
            f" say anything {weeks} weeks ahead."
        )
    found = features(known, series, week)
    growth = level[series, week + weeks] - level[series, week]
    trial = regression(found[early], growth[early], weeks)
    errors = np.sort(growth[late] - trial.growth(found[late]))
    tail = (1 - LEVEL) / 2
    place = int(np.floor(tail * (len(errors) + 1)))
    low, high = errors[max(place - 1, 0)], errors[min(len(errors) - place, len(errors) - 1)]
    whole = regression(found, growth, weeks)
    return Horizon(
        weeks, whole.middle, whole.scale, whole.weights, whole.constant, float(low), float(high)
    )


def ahead(known: Weeks, row: int, fits: list[Horizon], weeks: int) -> np.ndarray:
    """Return log streams expected, low and high of one series 1 to `weeks` ahead, (3, weeks).

    Between horizons that were fitted the growth and its spread run straight.
    """
    last = np.array([known.level.shape[1] - 1])
    found = features(known, np.array([row]), last)
    at = np.array([0, *(fit.weeks for fit in fits)])
    middle = np.array([0.0, *(float(fit.growth(found)[0]) for fit in fits)])
    low, high = ([0.0, *(getattr(fit, end) for fit in fits)] for end in ("low", "high"))
    wanted = np.arange(1, weeks + 1)
    now = known.level[row, -1]
    said = np.interp(wanted, at, middle)
    return now + np.stack(
        [said, said + np.interp(wanted, at, low), said + np.interp(wanted, at, high)]
    )


def regression(found: np.ndarray, growth: np.ndarray, weeks: int) -> Horizon:
    """Return a regression to the median on standardised features, without a spread.

    Least absolute errors with a ridge, by least squares that weigh each origin by one over its last
    error: a few songs that exploded do not bend what is said of the others.
    """
    middle, scale = found.mean(axis=0), found.std(axis=0)
    scale[scale < 1e-9] = 1.0
    unit = np.column_stack([np.ones(len(found)), (found - middle) / scale])
    ridge = PULL * np.eye(unit.shape[1])
    ridge[0, 0] = 0.0
    weight = np.ones(len(growth))
    for _ in range(ROUNDS):
        weighed = unit * weight[:, None]
        at = np.linalg.solve(weighed.T @ unit + ridge, weighed.T @ growth)
        off = np.abs(growth - unit @ at)
        weight = 1 / np.maximum(off, FLOOR * np.median(off) + 1e-6)
        weight /= weight.mean()
    return Horizon(weeks, middle, scale, at[1:], float(at[0]), 0.0, 0.0)
