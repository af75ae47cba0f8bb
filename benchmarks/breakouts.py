"""Break-outs: how soon they are told, and how often falsely: python -m benchmarks.breakouts.

The sample label has three planted break-outs. Delays count whole weeks from the week in which one
begins, so that 1 is the week itself; the line is set on the weeks before. False alarms are counted
among songs that nothing on file touched, of artists without a planted break-out, in 26 weeks.
Beside it stand what the app told before: the Catalogue's mark of what stands out, asked every week,
and the momentum of the artist, with a line set in the same way.

The Philippine Top 200 by week says nothing of campaigns: there every song counts as quiet, when the
line is set and when false alarms are counted, break-outs among them.
"""

import datetime
import json

import numpy as np
import polars as pl

from benchmarks.promotion import CHARTS, charts
from benchmarks.report import Figure, measured, options, show
from workbench.dataset import open_dataset
from workbench.listening import ahead
from workbench.listening.breakouts import on_file, quiet
from workbench.listening.catalogue import catalogue
from workbench.listening.roster import roster
from workbench.listening.series import TRACK, series
from workbench.listening.surprise import FEWEST_WEEKS, RATE, STRETCH, watched
from workbench.settings import PROJECT, settings

GOAL = 4  # weeks
NEVER = 99.0
GROWN, HALF, STEEP = 3.0, 3.0, 1.0  # of simulated break-outs: gain, weeks to half of it, slope
CUT = 12  # weeks: those of the planted break-outs
PARTS = 12  # one song in so many is given a break-out at a time


def sample() -> list[Figure]:
    """Return delays of the planted break-outs and the share of false alarms."""
    label = open_dataset("sample")
    panel = series(label)
    rows = panel.ids.str.starts_with(TRACK).arg_true().to_numpy()
    ids, level = panel.ids[rows].str.strip_prefix(TRACK), ahead.logs(panel.known[rows])
    begin, fridays = level.shape[1] - STRETCH, panel.fridays
    events, ends = on_file(label), fridays[-1] + datetime.timedelta(weeks=1)
    before = quiet(ids, events, fridays[begin - STRETCH], fridays[begin])
    run, limit = watched(ahead.Weeks(level, panel.number), begin, before)
    planted = json.loads((PROJECT / "sample_data/truth/breakouts.json").read_text())
    of_artist = dict(label.scan("tracks").select("track_id", "artist_id").collect().iter_rows())
    own = ids.replace_strict(of_artist, default=None)
    untouched = ~own.is_in([one["artist_id"] for one in planted]).to_numpy()
    calm = quiet(ids, events, fridays[begin], ends) & untouched
    stands = standing_out(label, ids, fridays[begin:])
    pace, usual = paces(label, fridays, begin)
    figures = []
    for one in planted:
        first = datetime.date.fromisoformat(one["first_day"])
        week = (first - fridays[begin]).days // 7
        song = ids.index_of(one["track_id"])
        artist = pace.get(one["artist_id"], np.zeros(0))
        figures += [
            Figure(f"weeks until told, {one['track_id']} (anchor: stands out)",
                   delay(run[song] > limit, week), "weeks", delay(stands[song], week), GOAL),
            Figure(f"weeks until momentum tells, {one['artist_id']}", delay(artist > usual, week),
                   "weeks"),
        ]  # fmt: skip
    alarms = (run > limit).any(axis=1)
    figures += [
        Figure("quiet songs that alarm in 26 weeks (anchor: stands out)",
               float(alarms[calm].mean()), "", float(stands.any(axis=1)[calm].mean()), RATE),
        Figure("quiet songs", float(calm.sum())),
        Figure("songs with something on file that alarm",
               float(alarms[~quiet(ids, events, fridays[begin], ends)].mean())),
    ]  # fmt: skip
    return figures + simulated(level, panel.number, begin, before, calm)


def delay(told: np.ndarray, week: int) -> float:
    """Return in which week from the one a break-out begins it is told; 99 for never."""
    hits = np.flatnonzero(told[week:])
    return float(hits[0] + 1) if len(hits) else NEVER


def standing_out(label, ids: pl.Series, fridays: list[datetime.date]) -> np.ndarray:
    """Return whether the Catalogue marks a song as risen, (songs, weeks)."""
    found = np.zeros((len(ids), len(fridays)), bool)
    for week, friday in enumerate(fridays):
        rows = catalogue(label, until=friday + datetime.timedelta(days=6)).tracks
        rising = rows.filter(pl.col("stands_out") & (pl.col("change") > 0))["track_id"]
        found[:, week] = ids.is_in(rising.implode()).to_numpy()
    return found


def paces(label, fridays: list[datetime.date], begin: int) -> tuple[dict[str, np.ndarray], float]:
    """Return momentum by artist and week from `begin` on, and what one artist in twenty passed."""
    held: dict[str, np.ndarray] = {}
    for week, friday in enumerate(fridays[begin - STRETCH :]):
        rows = roster(label, until=friday + datetime.timedelta(days=6)).artists
        for artist, momentum in rows.select("artist_id", "momentum").drop_nulls().iter_rows():
            held.setdefault(artist, np.zeros(2 * STRETCH))[week] = momentum
    tops = np.array([one[:STRETCH].max() for one in held.values()])
    return {name: one[STRETCH:] for name, one in held.items()}, float(np.quantile(tops, 1 - RATE))


def simulated(level: np.ndarray, first: int, begin: int, before, calm) -> list[Figure]:
    """Return how many break-outs put into quiet songs are told, and how soon.

    A song grows to four times its streams, half of it after three weeks. The last weeks, those of
    the planted break-outs, are cut off.
    """
    level = level[:, :-CUT]
    grown = np.log1p(GROWN / (1 + np.exp(-(np.arange(2 * GOAL) - HALF) / STEEP)))
    able = np.flatnonzero(calm & np.isfinite(level[:, begin:]).all(axis=1))
    delays = []
    for part in range(PARTS):
        changed = level.copy()
        changed[able[part::PARTS], -2 * GOAL :] += grown
        run, limit = watched(ahead.Weeks(changed, first), begin, before)
        start = run.shape[1] - 2 * GOAL
        delays += [delay(run[song] > limit, start) for song in able[part::PARTS]]
    found = np.array(delays)
    return [
        Figure(f"simulated break-outs told within {weeks} weeks", float((found <= weeks).mean()),
               more_is_better=True)
        for weeks in (GOAL - 1, GOAL, 2 * GOAL)
    ]  # fmt: skip


def public() -> list[Figure]:
    """Return the share of all songs of the chart that alarm, over later stretches of 26 weeks."""
    level = ahead.logs(charts()[0])
    shares = []
    for begin in range(3 * STRETCH, level.shape[1] - STRETCH + 1, STRETCH):
        now = level[:, : begin + STRETCH]
        run, limit = watched(ahead.Weeks(now, 0), begin, np.ones(len(now), bool))
        judged = np.isfinite(now[:, begin:]).sum(axis=1) >= FEWEST_WEEKS
        shares.append(float((run[judged] > limit).any(axis=1).mean()))
    return [measured("chart: songs that alarm in 26 weeks", shares, "", goal=RATE)]


def main() -> None:
    """Print the figures."""
    options(__doc__.splitlines()[0])
    figures = sample()
    if (settings().public_data / CHARTS).exists():
        figures += public()
    else:
        print(f"The public charts are not there ({CHARTS}); their figures are left out.")
    show("Break-outs", figures)


if __name__ == "__main__":
    main()
