"""Saves and followers per stream: sure where much was heard, drawn towards all where little was."""

import datetime

import numpy as np
import polars as pl
import pytest

from workbench.promotion.plan import Plan
from workbench.promotion.saves import (
    follower_ratios,
    followers_per_stream,
    save_ratios,
    saves_per_stream,
)
from workbench.store.artifacts import Fit

FIRST = datetime.date(2026, 1, 2)
TRACKS = pl.DataFrame(
    {
        "track_id": ["a", "b", "c", "d", "small"],
        "artist_id": ["x", "y", "z", "w", "x"],
        "release_date": [FIRST] * 5,
    }
)


def week(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(weeks=number)


def weekly() -> pl.DataFrame:
    rates = {"a": 0.01, "b": 0.02, "c": 0.01, "d": 0.02}
    rows = [
        (track, week(w), 100_000, round(100_000 * rate))
        for track, rate in rates.items()
        for w in range(10)
    ]
    rows.append(("small", week(0), 40, 0))
    return pl.DataFrame(rows, schema=["track_id", "week", "streams", "saves"], orient="row")


def test_a_song_that_is_heard_keeps_its_own_ratio_and_a_small_one_takes_the_labels():
    found = {row["id"]: row for row in save_ratios(weekly(), TRACKS).to_dicts()}
    assert np.exp(found["a"]["mean"]) == pytest.approx(0.01, rel=0.02)
    assert np.exp(found["b"]["mean"]) == pytest.approx(0.02, rel=0.02)
    assert 0.01 < np.exp(found["small"]["mean"]) < 0.02
    assert found["small"]["sd"] > 5 * found["a"]["sd"]
    assert found[None]["sd"] > found["a"]["sd"]


def test_a_source_without_saves_says_nothing():
    none = weekly().with_columns(saves=pl.lit(None, pl.Int64))
    assert save_ratios(none, TRACKS).is_empty()


def followers() -> pl.DataFrame:
    """Ten new followers a week for every artist, so 10 for 100,000 streams."""
    rows = [(who, week(w), 1000 + 10 * w) for who in "xyzw" for w in range(11)]
    return pl.DataFrame(rows, schema=["artist_id", "day", "followers"], orient="row")


def test_followers_come_by_the_stream():
    found = follower_ratios(followers(), weekly(), TRACKS)
    means = dict(found.select("id", "mean").iter_rows())
    assert means["y"] == pytest.approx(1e-4, rel=0.01)
    assert means["x"] == pytest.approx(1e-4, rel=0.01)


def test_draws_are_the_releases_own_and_paired_over_plans():
    fit = Fit(
        {"draws": np.zeros((4000, 1))},
        {
            "save_ratios": save_ratios(weekly(), TRACKS),
            "follower_ratios": follower_ratios(followers().head(0), weekly(), TRACKS),
        },
        {},
    )
    drawn = saves_per_stream(fit, Plan(track_id="a"))
    assert np.median(drawn) == pytest.approx(0.01, rel=0.02)
    richer = saves_per_stream(fit, Plan(track_id="a", spend=(("meta", 10.0),)))
    np.testing.assert_array_equal(drawn, richer)
    nobody = saves_per_stream(fit, Plan(track_id="new"))
    assert np.log(nobody).std() > 3 * np.log(drawn).std()
    assert followers_per_stream(fit, Plan(track_id="a", artist_id="x")) is None
