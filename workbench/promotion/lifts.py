"""Lift tests as arrays: each test as what the model would say of its two arms.

An arm is a track of its own to the model, with nothing but the spend of one channel: the treated
arm gets the spend with the change, the control arm without it, and the difference of what both win
from the first to the last day of the test is held against the measured lift (the formulation of
PyMC-Marketing: f(x + dx) - f(x) ~ Normal(lift, error)).
"""

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import polars as pl

from workbench.promotion.exchange import changed
from workbench.promotion.observations import OLD, SETTLED, Observed
from workbench.promotion.priors import weekly as published
from workbench.promotion.runs import at_cell

USUAL_CONFIDENCE = 0.9
WHOLE = "WW"


@dataclass(frozen=True, eq=False)
class Lifts:
    """The arms of L tests as N tracks of their own.

    Attributes
    ----------
    arms : spend of the arms, without streams. test : which test an arm is of (N,).
    track : position of its track (N,), -1 where it stands for the label's campaigns together.
    sign : 1 treated, -1 control (N,). counted : part of each week that is in the test (T, N).
    lift, error : streams (L,).
    """

    arms: Observed
    test: np.ndarray
    track: np.ndarray
    sign: np.ndarray
    counted: np.ndarray
    lift: np.ndarray
    error: np.ndarray

    def own(self, own: np.ndarray) -> np.ndarray:
        """Return the own parameters of the arms; several tracks together have a usual appeal."""
        return np.where(self.track[:, None] >= 0, own[self.track], 0.0)

    def of_tracks(self, chosen: np.ndarray) -> "Lifts | None":
        """Return the tests where all their tracks are chosen ones (positions, ascending)."""
        if not np.isin(self.track[self.track >= 0], chosen).all():
            return None
        place = np.searchsorted(chosen, self.track)
        return replace(self, track=np.where(self.track >= 0, place, -1))


def readable(tests: pl.DataFrame, rates: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return lift tests in one currency, with one error each.

    Parameters
    ----------
    tests, rates : the tables `lift_tests` and `fx_rates`. currency : of the model's spend.

    Returns
    -------
    test | channel | track_id | territory | start | end | control | extra (a week) | lift | error |
    left_out (why, or null); sorted by test
    """
    tests = changed(tests, rates, currency, "control_spend", "extra_spend")
    parts = tests["confidence"].fill_null(USUAL_CONFIDENCE).to_list()
    wide = pl.Series([2 * NormalDist().inv_cdf((1 + part) / 2) for part in parts], dtype=pl.Float64)
    error = pl.coalesce("standard_error", (pl.col("high") - pl.col("low")) / wide)
    why = (
        pl.when(error.is_null())
        .then(pl.lit("says neither a standard error nor an interval"))
        .when(pl.col("extra_spend").is_null())
        .then(pl.lit(f"has no exchange rate of its currency to {currency}"))
        .when(pl.col("extra_spend") == 0)
        .then(pl.lit("changed no spend"))
    )
    return (
        tests.select(
            "test", "channel", "track_id", "territory", "start", "end", control="control_spend",
            extra="extra_spend", lift="lift", error=error, left_out=why,
        )
        .sort("test")
    )  # fmt: skip


def with_lifts(data: Observed, tests: pl.DataFrame) -> tuple[Observed, pl.DataFrame]:
    """Return the arrays with the tests that the model can speak of, and all tests.

    Parameters
    ----------
    data : arrays whose channels hold those of the tests. tests : what `readable` returns.

    Returns
    -------
    The second is `tests` with `left_out` complete: used are those where it is null.
    """
    rows = tests.to_dicts()
    for row in rows:
        row["left_out"] = row["left_out"] or _why_not(data, row)
    used = [row for row in rows if row["left_out"] is None]
    if used:
        data = replace(data, usual=_usual(data, used))
        data = replace(data, lifts=_lifts(data, used))
    told = pl.Series("left_out", [row["left_out"] for row in rows], pl.String())
    return data, tests.with_columns(told)


def _why_not(data: Observed, row: dict) -> str | None:
    days = np.array([row["start"], row["end"]], "datetime64[D]")
    last = data.weeks[-1 - data.unseen] + 6
    if days[0] < data.weeks[0] or days[1] > last:
        return f"lies outside of the weeks with streams, {data.weeks[0]} to {last}"
    if row["track_id"] is not None and row["track_id"] not in data.tracks:
        return "is of a track without streams in the model"
    if _cell(data, row) == -1:
        return "is of a territory that the streams do not tell apart"
    if abs(row["lift"]) > (known := data.streams[data.seen].sum()):
        return f"tells more streams than the {known:,.0f} that are known of all weeks"
    return None


def _cell(data: Observed, row: dict) -> int | None:
    """Return the territory of a test, None for all, -1 where the model has none for it."""
    if row["territory"] in (None, WHOLE) or data.cells == (row["territory"],):
        return None
    return int(at_cell(pl.Series([row["territory"]]), data.cells)[0])


def _usual(data: Observed, used: list[dict]) -> np.ndarray:
    """Return the usual week of each channel; one that only tests know is usual as it was tested."""
    usual = data.usual.copy()
    for row in used:
        c = data.channels.index(row["channel"])
        if not (data.run_channel == c).any() and published(row["channel"], data.dollar) is None:
            usual[c] = max(usual[c], (row["control"] or 0.0) + abs(row["extra"]))
    return usual


def _lifts(data: Observed, used: list[dict]) -> Lifts:
    parts = [arm for number, row in enumerate(used) for arm in _arms(data, number, row)]
    test, channel, track, sign, spend, counted = map(np.array, zip(*parts, strict=True))
    named = track >= 0
    weeks, cells = len(data.weeks), len(data.cells)
    empty = np.zeros((weeks, len(test), cells))
    usual_age = np.full((weeks, len(test)), OLD)
    arms = replace(
        data,
        tracks=data.tracks[track],
        artists=data.artists[track],
        genres=data.genres[track],
        streams=empty,
        seen=empty.astype(bool),
        age=np.where(named, data.age[:, track], usual_age),
        settled=np.where(named, data.settled[track], SETTLED),
        clock=np.where(named, data.clock[:, track], 0.0),
        size=np.where(named, data.size[track], 1.0),
        run_track=np.arange(len(test)),
        run_channel=channel,
        run_spend=np.moveaxis(spend, 0, 1),
        placed=np.zeros((weeks, len(test), len(data.kinds))),
        events=np.zeros((*empty.shape, len(data.event_kinds))),
    )
    lift, error = (np.array([row[name] for row in used]) for name in ("lift", "error"))
    # a test of several tracks teaches what they share: their own appeals average out
    alone = np.array([len(np.unique(track[test == number])) == 1 for number in test])
    return Lifts(arms, test, np.where(alone, track, -1), sign, counted.T, lift, error)


def _arms(data: Observed, number: int, row: dict):
    """Yield test, channel, track, sign, spend (T, K) and counted part of weeks (T,) of each arm."""
    c = data.channels.index(row["channel"])
    first, end = (np.datetime64(row[name], "D") for name in ("start", "end"))
    begun, until = np.maximum(data.weeks, first), np.minimum(data.weeks + 7, end + 1)
    counted = np.clip((until - begun).astype(float), 0, None) / 7
    cell = _cell(data, row)
    where = data.audience if cell is None else np.eye(len(data.cells))[cell]
    keep = (where > 0).astype(float)
    runs = data.run_channel == c
    if row["track_id"] is not None:
        runs &= data.tracks[data.run_track] == row["track_id"]
    runs = np.flatnonzero(runs)
    spent = (data.run_spend[:, runs] * counted[:, None, None] * keep).sum((0, 2))
    if row["track_id"] is not None:
        tracks, shares = [int(np.flatnonzero(data.tracks == row["track_id"])[0])], [1.0]
    elif spent.sum() > 0:
        runs, shares = runs[spent > 0], spent[spent > 0] / spent.sum()
        tracks = data.run_track[runs]
    else:  # nobody to share it: the label's usual track, or the only one there is
        tracks, shares, runs = [0 if len(data.tracks) == 1 else -1], [1.0], runs[:0]
    for place, (track, share) in enumerate(zip(tracks, shares, strict=True)):
        change = share * row["extra"] * counted[:, None] * where
        if row["control"] is None:
            held = data.run_spend[:, runs[place]] * keep if place < len(runs) else 0.0 * change
            control = np.maximum(held - change, 0.0)
        else:
            control = np.broadcast_to(share * row["control"] * where, change.shape)
        yield number, c, track, 1, np.maximum(control + change, 0.0), counted
        yield number, c, track, -1, control, counted
