"""What a track's last week lay off its curve, and how long that and its drift go on.

Weeks remember each other: what the last one lay off what the model expects stays on by the memory
of the scatter, week by week. A drift that was seen is believed less the further ahead it is asked
for, as damped trends are (Gardner and McKenzie 1985).
"""

import numpy as np

from workbench.promotion.coordinates import Coordinates
from workbench.promotion.expected import Curves, curves
from workbench.promotion.observations import SMALL, Observed
from workbench.promotion.posterior import scatter_terms

FADE = 26.0  # weeks of drift that are believed in all


def believed(beyond: np.ndarray) -> np.ndarray:
    """Return for how many weeks drift is believed, of weeks beyond the last that was seen."""
    return np.where(beyond > 0, -FADE * np.expm1(-np.maximum(beyond, 0) / FADE), beyond)


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
    memory = scatter_terms(shared, at)[1]
    return mean[-weeks:] * np.exp(gap * memory ** np.maximum(beyond, 0)[:, :, None])


def last_seen(seen: np.ndarray) -> np.ndarray:
    """Return the last week in which each track was seen in any territory (N,)."""
    return len(seen) - 1 - seen.any(2)[::-1].argmax(0)


def off(streams: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return what weeks lay off, as a logarithm; 0 where streams are NaN."""
    return np.nan_to_num(np.log((streams + SMALL) / (expected + SMALL)))
