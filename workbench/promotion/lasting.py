"""Where a track that is out goes from its last week: what lasts of it, and how far it may stray.

What the last week lay off what the model expects goes on and fades: as a share of the expected
streams, not as a logarithm, by which a song that broke out would lose half of them in a week. It
does so more slowly than the scatter of single territories is remembered, most of which is counting.
A drift that was seen is believed less the further ahead it is asked for, as damped trends are
(Gardner and McKenzie 1985); for how many weeks in all is an assumption.
"""

import numpy as np

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.expected import Curves, curves
from workbench.promotion.observations import SMALL, Observed
from workbench.promotion.priors import PRIORS

FADE = 26.0  # weeks of drift that are believed in all: an assumption, that they are so many


def believed(beyond: np.ndarray) -> np.ndarray:
    """Return for how many weeks drift is believed, of weeks beyond the last that was seen."""
    return np.where(beyond > 0, -FADE * np.expm1(-np.maximum(beyond, 0) / FADE), beyond)


def wandering(data: Observed, state: Curves) -> float:
    """Return how far a track's streams usually stray in a week: sd of a logarithm.

    Nine in ten weeks lay nearer to `lasting` of what the week before lay off than 1.645 of it.
    """
    seen = data.seen.any(2)
    streams, mean = (np.where(data.seen, one, 0.0).sum(2) for one in (data.streams, state.mean))
    gap = off(np.where(seen, streams, np.nan), mean)
    strayed = np.abs(gap[1:] - PRIORS["lasting"].mean * gap[:-1])[seen[1:] & seen[:-1]]
    return float(np.quantile(strayed, 0.9) / 1.645) if len(strayed) else 0.0


def wandered(weeks: int, spread: float, size: int, rng: np.random.Generator) -> np.ndarray:
    """Return drawn paths that stray by `spread` a week and fade, logarithms (weeks, size)."""
    out = spread * rng.standard_normal((weeks, size))
    for week in range(1, weeks):
        out[week] += PRIORS["lasting"].mean * out[week - 1]
    return out


def left(beyond: np.ndarray) -> np.ndarray:
    """Return the share of what a last week lay off that is left, weeks after it; 0 up to it."""
    share = PRIORS["lasting"].mean ** np.maximum(beyond, 0)
    return np.where(beyond > 0, share, 0.0)


def gone_on(expected: np.ndarray, gap: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """Return expected streams that go on from a last week which lay `gap` off, as `off` tells it.

    Up to the last week they are as expected; arrays that broadcast against each other.
    """
    return np.maximum((expected + SMALL) * (1 + np.expm1(gap) * left(beyond)) - SMALL, 0.0)


def last_weeks(data: Observed, state: Curves) -> dict[str, np.ndarray]:
    """Return `last_week` (N,), `last_streams` and `last_won` by promotion (N, K) of each track.

    `last_streams` is NaN in territories that were not seen in that week.
    """
    last = last_seen(data.seen)
    at = last, np.arange(len(last))
    return {
        "last_week": data.weeks[last],
        "last_streams": np.where(data.seen[at], data.streams[at], np.nan),
        "last_won": state.full[at],
    }


def ahead(
    data: Observed, at: Coordinates, shared: np.ndarray, own: np.ndarray, weeks: int
) -> np.ndarray:
    """Return the expected streams of the last weeks, none of which was seen (weeks, N, K)."""
    mean = curves(data, at, shared, own).mean
    last = last_seen(data.seen)
    known = last, np.arange(len(last))
    gap = off(np.where(data.seen[known], data.streams[known], np.nan), mean[known])
    beyond = np.arange(len(mean) - weeks, len(mean))[:, None] - last
    return gone_on(mean[-weeks:], gap, beyond[:, :, None])


def last_seen(seen: np.ndarray) -> np.ndarray:
    """Return the last week in which each track was seen in any territory (N,)."""
    return len(seen) - 1 - seen.any(2)[::-1].argmax(0)


def off(streams: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return what weeks lay off, as a logarithm; 0 where streams are NaN."""
    return np.nan_to_num(np.log((streams + SMALL) / (expected + SMALL)))
