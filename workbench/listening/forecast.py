"""Streams of a track or artist in the weeks to come, with intervals, and what lies beyond them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.listening import ahead
from workbench.listening.series import ARTIST, TRACK, series
from workbench.store.memory import memory

SHOWN = 26  # weeks of the past that are shown
MOST = 26


@dataclass(frozen=True, eq=False)
class Forecast:
    """Weekly streams, Friday to Thursday.

    Attributes
    ----------
    weeks : week (its Friday) | streams (null in the future) | expected | low | high (null in the
        past; 90 %). total, low, high : of the weeks ahead; the ends are those of the weeks summed,
        as good and bad weeks go together.
    beyond : "above" or "below" where the last known week lies outside what was expected of it a
        week before, else None. One week in ten does so by chance.
    series, origins_weeks : series that it was learnt from; weeks of them.
    """

    weeks: pl.DataFrame
    total: float
    low: float
    high: float
    beyond: str | None
    series: int
    origins_weeks: int


@analysis(reads="tracks", optional="daily_streams plays window_totals")
def forecast(
    label, *, track_id: str | None = None, artist_id: str | None = None, weeks: int = 8
) -> Forecast:
    """Return the streams expected of one track or artist in the next `weeks`, 1 to 26.

    One regression a horizon, pooled over all tracks and artists of the label; see
    `workbench.listening.ahead`. Weeks on which nothing is known of a series are not guessed.

    Raises
    ------
    MissingTable, NotEnoughEvidence, BadInput
        Nothing counts streams by day or week; too little of it for that many weeks, fewer than four
        weeks up to the last of this one, or no stream in any; not one of track and artist.
    """
    if (track_id is None) == (artist_id is None) or not 1 <= weeks <= MOST:
        raise BadInput(f"Ask for a track or an artist, 1 to {MOST} weeks ahead.")
    panel = series(label)
    fridays, known = panel.fridays, panel.known
    row = panel.ids.index_of(TRACK + track_id if track_id else ARTIST + artist_id)
    shown = panel.weeks
    if row is None or not np.isfinite(shown.level[row, -ahead.HISTORY :]).all():
        raise NotEnoughEvidence(
            f"Of this one fewer than {ahead.HISTORY} weeks in a row are known up to the last week."
        )
    if not np.nansum(known[row]):
        raise NotEnoughEvidence(
            "Nothing is streamed: no week up to the last has a stream of this one, so there is "
            "nothing to foretell it from. Were the streams of its days imported?"
        )
    needed = [one for one in ahead.HORIZONS if one < weeks]
    needed.append(min(one for one in ahead.HORIZONS if one >= weeks))
    fits = [
        memory.load(
            f"ahead:{panel.version}:{one}", lambda one=one: ahead.fitted(shown, one),
            lambda _: 2_000,
        )
        for one in needed
    ]  # fmt: skip
    said = np.maximum(np.exp(ahead.ahead(shown, row, fits, weeks)) - ahead.OFFSET, 0.0)
    return Forecast(
        weeks=_weeks(fridays, known[row], said),
        total=float(said[0].sum()),
        low=float(said[1].sum()),
        high=float(said[2].sum()),
        beyond=_beyond(shown, row, fits[0]) if fits[0].weeks == 1 else None,
        series=len(panel.ids),
        origins_weeks=len(fridays),
    )


def _weeks(fridays: list[datetime.date], known: np.ndarray, said: np.ndarray) -> pl.DataFrame:
    past = pl.DataFrame(
        {"week": fridays[-SHOWN:], "streams": known[-SHOWN:]}, schema_overrides={"streams": float}
    ).with_columns(pl.col("streams").fill_nan(None))
    coming = pl.DataFrame(
        {
            "week": [fridays[-1] + datetime.timedelta(weeks=k + 1) for k in range(said.shape[1])],
            "expected": said[0], "low": said[1], "high": said[2],
        }
    )  # fmt: skip
    return pl.concat([past, coming], how="diagonal")


def _beyond(known: ahead.Weeks, row: int, fit: ahead.Horizon) -> str | None:
    """Say on which side of its interval the last week lies, as seen from the week before."""
    level = known.level
    if not np.isfinite(level[row, -ahead.HISTORY - 1]):
        return None
    before = np.array([level.shape[1] - 2])
    grown = level[row, -1] - level[row, -2]
    off = grown - float(fit.growth(ahead.features(known, np.array([row]), before))[0])
    return "above" if off > fit.high else "below" if off < fit.low else None
