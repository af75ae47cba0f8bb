"""Momentum is the sum of its parts, known ones only, and 50 is standing still."""

import math

import polars as pl
import pytest
from stream_rows import LAST, counts

from workbench.listening.change import changes
from workbench.listening.momentum import WEIGHTS, parts, scored
from workbench.listening.noise import weekly_grid


def score(rows: pl.DataFrame, saved=None, sought=None) -> pl.DataFrame:
    plain = rows.group_by("id").agg(pl.col("streams").sum())
    saved = plain.with_columns(saves=pl.lit(None, pl.Int64)) if saved is None else saved
    growth, week = (changes(rows, as_of=LAST, days=days) for days in (28, 7))
    return scored(growth, week, weekly_grid(rows, LAST, whole=False), saved, sought).sort("id")


def test_standing_still_is_fifty_but_for_the_weeks_that_did_not_rise():
    found = score(counts(a=[100] * 196)).row(0, named=True)
    assert found["part_growth"] == pytest.approx(50)
    assert found["part_last_week"] == pytest.approx(50)
    assert found["part_steady"] == pytest.approx(100 * 2 / 12)  # none of eight, and two of four
    assert found["part_saves"] is None
    weights = [WEIGHTS[name] for name in ("part_growth", "part_last_week", "part_steady")]
    steady = 100 * 2 / 12
    wanted = (50 * weights[0] + 50 * weights[1] + steady * weights[2]) / sum(weights)
    assert found["momentum"] == pytest.approx(wanted)


def test_growth_points_by_hand():
    rows = counts(a=[100] * 168 + [200] * 28)
    change = changes(rows, as_of=LAST).row(0, named=True)
    trust = 0.25**2 / (0.25**2 + change["error"] ** 2)
    points = 50 + 50 * math.tanh(trust * change["log_change"] / 0.5)
    assert score(rows)["part_growth"][0] == pytest.approx(points, rel=1e-12)


def test_saves_and_choice_are_held_against_the_label():
    rows = counts(a=[100] * 196, b=[100] * 196)
    saved = pl.DataFrame({"id": ["a", "b"], "streams": [10_000] * 2, "saves": [300, 100]})
    sought = pl.DataFrame({"id": ["a", "b"], "panel_streams": [100] * 2, "intentional": [90, 30]})
    found = score(rows, saved, sought)
    # usual: 400 of 20,000 saved, 60 % chosen; 20 saves and 20 streams of the usual kind are added
    more = (300 + 20) / (10_000 + 20 / 0.02) / 0.02
    chosen = (90 + 20 * 0.6) / (100 + 20)
    assert found["part_saves"][0] == pytest.approx(50 + 50 * math.tanh(math.log(more) / 0.5))
    assert found["part_sought_out"][0] == pytest.approx(50 + 50 * math.tanh((chosen - 0.6) / 0.2))
    assert found["part_saves"][0] > 50 > found["part_saves"][1]


def test_parts_add_up_to_the_score_and_its_interval_holds_it():
    rows = counts(a=[100] * 168 + [150] * 28, b=[80] * 196)
    for row in score(rows).iter_slices(1):
        pulls = parts(row)
        assert pulls["weight"].sum() == pytest.approx(1.0)
        assert 50 + pulls["pull"].sum() == pytest.approx(row["momentum"][0])
        assert row["momentum_low"][0] < row["momentum"][0] < row["momentum_high"][0]


def test_too_little_to_tell_has_no_score():
    found = score(counts(a=[1] * 196, b=[500] * 196))
    assert found["momentum"].to_list()[0] is None
    assert found["momentum"][1] is not None


def test_a_spike_scores_below_a_climb_of_the_same_size():
    climb = [100] * 140 + [100 + 5 * n for n in range(56)]
    now, before = sum(climb[-28:]), sum(climb[-56:-28])
    early, late = climb[:140], (now - before) // 28
    spike = early + [before // 28] * 28 + [before // 28 + 2 * late] * 14 + [before // 28] * 14
    found = score(counts(climb=climb, spike=spike))
    assert found["momentum"][0] > found["momentum"][1] + 10
