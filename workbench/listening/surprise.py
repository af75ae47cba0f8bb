"""How far weeks lay from what the week before let expect, and when that adds up to an alarm.

A song that breaks out is ahead of what songs like it do, week after week. Each week's surprise is
the log growth beyond the pooled regression, less what the middle song had in that week, over its
usual size for such a song. One-sided cumulative sums let small surprises add up (Page 1954); the
line that they must pass is the one that few quiet songs passed in the stretch of weeks before.
"""

import numpy as np

from workbench.errors import NotEnoughEvidence
from workbench.listening import ahead

ALLOWANCE = 1.0  # surprise that a week may have before it adds up, in usual sizes
RATE = 0.05  # of quiet songs that may alarm in one stretch
STRETCH = 26  # weeks
FOLDS = 4  # of songs: each is told by what the others did
SMALL = 0.02  # added to the size of an error before its logarithm
FEWEST_WEEKS = 4  # of a stretch in which a song must be known to set the line
FEWEST_QUIET = 19  # songs: the least of whom one in twenty is one


def watched(known: ahead.Weeks, begin: int, quiet: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the sums from the week `begin` on (series, weeks), and the line that they must pass.

    The line is set on the 26 weeks before `begin`.

    Parameters
    ----------
    known : without how weeks ended, which would tell of a break-out before it is one.
    quiet : songs to which nothing known happened in the 26 weeks before `begin`.

    Raises
    ------
    NotEnoughEvidence
        Too little to learn a trend from, or fewer than 19 quiet songs.
    """
    surprise = surprises(known, begin)
    return sums(surprise[:, begin:]), line(surprise[:, begin - STRETCH : begin], quiet)


def surprises(known: ahead.Weeks, begin: int) -> np.ndarray:
    """Return the surprise of each week, (series, weeks), NaN where none can be told.

    No song is told by what it did itself: weeks before `begin` by what the other folds did before
    it, weeks from it on by what all did before it.

    Parameters
    ----------
    known : as in `watched`. begin : the week from which on nothing is learnt from.

    Raises
    ------
    NotEnoughEvidence
        Under 300 weeks of songs to learn from.
    """
    level = known.level
    series, week = ahead.origins(level)
    next_one = week + 1 < level.shape[1]
    series, week = series[next_one], week[next_one]
    next_one = np.isfinite(level[series, week + 1])
    series, week = series[next_one], week[next_one]
    early, fold = week + 1 < begin, series % FOLDS
    if early.sum() < ahead.FEWEST:
        raise NotEnoughEvidence(
            f"{early.sum()} weeks of songs are known before the last {STRETCH}, too few to say "
            "what a song's own trend is."
        )
    found = ahead.features(known, series, week)
    grown = level[series, week + 1] - level[series, week]
    off, usual = np.zeros(len(grown)), np.ones(len(grown))
    parts = [(early & (fold != one), early & (fold == one)) for one in range(FOLDS)]
    for learnt, told in [*parts, (early, ~early)]:
        trend = ahead.regression(found[learnt], grown[learnt], 1)
        apart = np.abs(grown[learnt] - trend.growth(found[learnt]))
        size = ahead.regression(found[learnt], np.log(apart + SMALL), 1)
        off[told] = grown[told] - trend.growth(found[told])
        usual[told] = np.exp(size.growth(found[told]))
    apart, usually = np.full(level.shape, np.nan), np.ones(level.shape)
    apart[series, week + 1], usually[series, week + 1] = off, usual
    shared = np.zeros(level.shape[1])
    filled = np.isfinite(apart).any(axis=0)
    shared[filled] = np.nanmedian(apart[:, filled], axis=0)
    return (apart - shared) / usually


def sums(surprise: np.ndarray) -> np.ndarray:
    """Return the cumulative sums of weeks (series, weeks), from none on; never below zero."""
    found = np.zeros_like(surprise)
    run = np.zeros(len(surprise))
    for week in range(surprise.shape[1]):
        new = np.nan_to_num(surprise[:, week], nan=ALLOWANCE) - ALLOWANCE
        run = np.maximum(run + new, 0.0)
        found[:, week] = run
    return found


def line(surprise: np.ndarray, quiet: np.ndarray) -> float:
    """Return what the sums must pass: one in twenty of the quiet songs passed it in these weeks.

    Parameters
    ----------
    surprise : of one stretch (series, weeks). quiet : songs to which nothing known happened.

    Raises
    ------
    NotEnoughEvidence
        Fewer than 19 quiet songs.
    """
    judged = quiet & (np.isfinite(surprise).sum(axis=1) >= FEWEST_WEEKS)
    if judged.sum() < FEWEST_QUIET:
        raise NotEnoughEvidence(
            f"Only {judged.sum()} songs were known and quiet in the weeks that the alarm is set "
            f"on; it needs {FEWEST_QUIET} to keep its rate of false alarms."
        )
    tops = np.sort(sums(surprise[judged]).max(axis=1))
    return float(tops[int(np.ceil((1 - RATE) * (len(tops) + 1))) - 1])
