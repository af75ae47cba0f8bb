"""Stays become follower-days of the weeks they fall in; running ones go on in the forecast."""

import datetime

import numpy as np
import polars as pl
import pytest

from workbench.promotion.places import LARGEST, places, share_listening
from workbench.promotion.priors import PRIORS
from workbench.tables import table

WEEKS = np.array(["2026-01-02", "2026-01-09"], "datetime64[D]")


def day(number: int, hour: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 1, number, hour, tzinfo=datetime.UTC)


def spells(**changes) -> pl.DataFrame:
    row = {
        "track_id": "t", "playlist": "A", "added_at": day(7, 12),
        "removed_at": day(11), "followers": LARGEST, "kind": "editorial",
    }  # fmt: skip
    kind = table("playlist_spells").polars_schema
    return pl.DataFrame([row | changes], schema={name: kind[name] for name in row})


def held(frame: pl.DataFrame, streams=((700.0,), (np.nan,)), *, panel: bool = False):
    return places(frame, np.array(["t"]), WEEKS, np.array(streams), panel)


def test_a_stay_counts_in_the_weeks_it_falls_in():
    found = held(spells())
    assert found.kinds == ("editorial",)
    np.testing.assert_allclose(found.dose[:, 0, 0], [1.5 * LARGEST, 2 * LARGEST])
    assert found.running.sum() == 0


def test_a_list_sixteen_times_smaller_brings_half_a_follower():
    assert share_listening(LARGEST / 16) == pytest.approx(0.5)
    small = held(spells(followers=LARGEST // 16))
    np.testing.assert_allclose(small.dose[1, 0, 0], 2 * LARGEST / 32)


def test_a_stay_without_an_end_is_running():
    found = held(spells(removed_at=None))
    np.testing.assert_allclose(found.dose[:, 0, 0], [1.5 * LARGEST, 7 * LARGEST])
    np.testing.assert_allclose(found.running, [[7 * LARGEST]])


def test_a_list_made_per_listener_goes_by_the_song_itself():
    found = held(spells(followers=None, kind="algorithmic"))
    assert found.kinds == ("editorial", "personal")
    np.testing.assert_allclose(found.dose[:, 0, 1], [150.0, 200.0])  # of 700 streams a week


def test_in_a_panel_a_place_brings_a_tenth_at_the_prior():
    found = held(spells(), panel=True)
    at_prior = found.dose[0, 0, 0] * np.exp(PRIORS["listing"].mean)
    assert at_prior == pytest.approx(0.1 * 700)
    assert found.scale < 1


def test_stays_of_other_songs_are_not_of_these():
    assert held(spells(track_id="other")).dose.sum() == 0
