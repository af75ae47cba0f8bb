"""A change is a fact, its interval comes from the entity's own weeks, and too little says so."""

import datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter
from scipy.stats import t
from stream_rows import LAST, ago, counts

from workbench.listening.change import (
    FALL,
    FEW,
    GAPS,
    NEW,
    NONE,
    RISE,
    SHORT,
    STEADY,
    beyond_noise,
    changes,
)


def row(frame: pl.DataFrame, entity: str) -> dict:
    return frame.row(by_predicate=pl.col("id") == entity, named=True)


def one(streams: list, **options) -> dict:
    return row(changes(counts(a=streams), as_of=LAST, **options), "a")


def test_counts_and_share_of_two_whole_windows():
    found = one([100] * 168 + [120] * 28)
    assert (found["streams"], found["before"]) == (3360, 2800)
    assert (found["known"], found["known_before"]) == (28, 28)
    assert found["change"] == pytest.approx(0.2, abs=1e-12)


@pytest.mark.parametrize(("days", "now", "before"), [(7, 840, 840), (28, 3360, 2800)])
def test_the_window_is_what_was_asked_for(days, now, before):
    found = one([100] * 168 + [120] * 28, days=days)
    assert (found["streams"], found["before"]) == (now, before)


def test_the_interval_of_a_steady_track_is_counting_noise_and_the_least_wobble():
    # 24 weeks without any wobble: 5 strays of 4 weeks, 1.25 periods, 4 + .4 x 1.25 degrees
    found = one([100] * 168)
    error = np.sqrt(2 / 2800.5 + 1e-4)
    assert found["freedom"] == pytest.approx(4.5)
    assert found["error"] == pytest.approx(error, rel=1e-12)
    half = t.ppf(0.95, 4.5) * error
    assert found["low"] == pytest.approx(np.exp(-half) - 1, rel=1e-9)
    assert found["high"] == pytest.approx(np.exp(half) - 1, rel=1e-9)
    assert found["evidence"] == STEADY


def test_the_own_wobble_widens_the_interval():
    rng = np.random.default_rng(5)
    quiet = rng.poisson(1000, 400).tolist()
    loud = rng.poisson(1000 * np.exp(np.repeat(rng.normal(0, 0.3, 58), 7)[:400])).tolist()
    found = changes(counts(quiet=quiet, loud=loud), as_of=LAST)
    assert row(found, "loud")["error"] > 2 * row(found, "quiet")["error"]


def test_a_day_without_a_row_is_not_a_day_without_streams():
    # a chart: half of the days of the newer window are outside of it
    now = [100 if n % 2 else None for n in range(28)]
    found = one([100] * 168 + now)
    assert (found["streams"], found["known"]) == (1400, 14)
    assert found["change"] == pytest.approx(0.0)
    # the same rows of a source that lists every play
    found = one([100] * 168 + now, whole=True, first=ago(195))
    assert (found["streams"], found["known"]) == (1400, 28)
    assert found["change"] == pytest.approx(-0.5)


def test_unknown_days_widen_the_interval():
    whole = one([100] * 196)
    gaps = one([100] * 168 + [100 if n % 2 else None for n in range(28)])
    assert gaps["error"] > whole["error"]


@pytest.mark.parametrize(
    ("streams", "evidence"),
    [
        ([100] * 168 + [200] * 28, RISE),
        ([100] * 168 + [50] * 28, FALL),
        ([100] * 196, STEADY),
        ([1] * 196, FEW),
        ([0] * 196, NONE),
        ([100] * 25, NEW),
        ([100] * 168 + [None] * 20 + [100] * 8, GAPS),
        ([100] * 168 + [None] * 28, GAPS),
    ],
)
def test_evidence_says_what_can_be_said(streams, evidence):
    company = dict.fromkeys("bcdefghi", [500] * 196)
    found = row(changes(counts(a=streams, **company), as_of=LAST), "a")
    assert found["evidence"] == evidence
    told = evidence in (RISE, FALL, STEADY)
    assert (found["change"] is not None) is told
    assert (found["low"] is not None) is told


def test_without_any_history_there_is_a_change_but_no_interval():
    found = one([100] * 56)
    assert found["evidence"] in (SHORT, STEADY)
    found = one([100] * 14, days=7)
    assert (found["evidence"], found["low"]) == (SHORT, None)
    assert found["change"] == pytest.approx(0.0)


@settings(max_examples=20)
@given(
    st.lists(st.integers(20, 500), min_size=28, max_size=28),
    st.integers(2, 50),
    st.integers(1, 400),
)
def test_scale_and_date_do_not_matter(weeks, times, later):
    streams = [value for value in weeks for _ in range(7)]
    first = changes(counts(a=streams), as_of=LAST)
    scaled = changes(counts(a=[times * value for value in streams]), as_of=LAST)
    assert scaled["change"][0] == pytest.approx(first["change"][0], rel=1e-12)
    shift = pl.col("day") + pl.duration(days=later)
    moved = changes(
        counts(a=streams).with_columns(shift), as_of=LAST + datetime.timedelta(days=later)
    )
    assert moved.equals(first)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 500), min_size=28, max_size=28))
def test_an_interval_holds_its_change_and_widens_with_its_level(weeks):
    rows = counts(a=[value for value in weeks for _ in range(7)])
    narrow, wide = (
        changes(rows, as_of=LAST, level=level).row(0, named=True) for level in (0.5, 0.9)
    )
    if narrow["low"] is not None:
        assert -1 <= wide["low"] < narrow["low"] < narrow["high"] < wide["high"]
        middle = np.exp(narrow["log_change"]) - 1
        assert narrow["low"] < middle < narrow["high"]


def simulated(memory: float, sd: float, level: float, seed: int) -> pl.DataFrame:
    """Two years of 200 tracks whose level stays: autocorrelated wobble and counting noise."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((200, 730))
    noise[:, 1:] *= np.sqrt(1 - memory**2)
    wobble = sd * lfilter([1.0], [1.0, -memory], noise, axis=-1)
    streams = rng.poisson(level * np.exp(wobble))
    return counts(**{f"t{n:03d}": streams[n].tolist() for n in range(200)})


@pytest.mark.parametrize("memory", [0.0, 0.92, 0.97])
@pytest.mark.parametrize("level", [20, 3000])
def test_intervals_hold_no_change_as_often_as_they_say(memory, level):
    rows = simulated(memory, 0.1, level, seed=11)
    for days in (7, 28):
        found = changes(rows, as_of=LAST, days=days)
        inside = ((found["low"] <= 0) & (found["high"] >= 0)).mean()
        assert 0.85 <= inside <= 0.97, (days, inside)
        assert beyond_noise(found)["stands_out"].sum() <= 2


def test_what_stands_out_is_found_and_the_season_is_not():
    rows = simulated(0.92, 0.1, 1000, seed=3)
    recent = pl.col("day") > ago(28)
    grown = pl.col("id").is_in([f"t{n:03d}" for n in range(10)])
    # everything falls by a fifth, ten tracks double all the same
    factor = pl.when(recent & grown).then(1.6).when(recent).then(0.8).otherwise(1.0)
    rows = rows.with_columns((pl.col("streams") * factor).cast(pl.Int64))
    found = beyond_noise(changes(rows, as_of=LAST))
    out = found.filter("stands_out")
    assert set(out.filter(pl.col("change") > 0)["id"]) == {f"t{n:03d}" for n in range(10)}
    assert out.height <= 12


def test_false_discovery_rule_by_hand():
    # p of .01, .02, .2 and .5 against .1 x rank / 4 = .025, .05, .075, .1: the first two pass
    wanted = np.array([0.01, 0.02, 0.2, 0.5])
    frame = pl.DataFrame(
        {
            "id": list("abcd"),
            "log_change": t.isf(wanted / 2, 8.0),
            "error": [1.0] * 4,
            "freedom": [8.0] * 4,
        }
    )
    found = beyond_noise(frame)
    np.testing.assert_allclose(found["p"], wanted, rtol=1e-9)
    assert found["stands_out"].to_list() == [True, True, False, False]
