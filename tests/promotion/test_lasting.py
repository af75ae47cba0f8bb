"""Weeks ahead begin where the last one ended, and fade back to the curve."""

from dataclasses import replace

import numpy as np
import pytest

from tests.promotion.planted import planted
from workbench.promotion.expected import curves
from workbench.promotion.lasting import (
    FADE,
    ahead,
    believed,
    last_seen,
    last_weeks,
    off,
    wandered,
    wandering,
)
from workbench.promotion.observations import SMALL


def test_drift_fades_and_weeks_that_were_seen_count_in_full():
    weeks = np.array([-5.0, 0.0, 1.0, 26.0, 1e4])
    found = believed(weeks)
    expected = [-5.0, 0.0, 26 * (1 - np.exp(-1 / 26)), 26 * (1 - np.exp(-1)), FADE]
    assert found == pytest.approx(expected)


def test_what_a_track_lay_off_in_its_last_week_goes_on_and_fades():
    data, at, shared, own, _ = planted()
    mean = curves(data, at, shared, own).mean
    seen, streams = data.seen.copy(), mean.copy()
    seen[-6:] = False
    seen[-9:, 1] = False  # ended three weeks before the others
    streams[-7, 0, 1] = 2 * (mean[-7, 0, 1] + SMALL) - SMALL
    streams[-10, 1, 0] = (mean[-10, 1, 0] + SMALL) / 2 - SMALL
    known = replace(data, seen=seen, streams=streams)
    assert last_seen(seen)[:2].tolist() == [len(seen) - 7, len(seen) - 10]
    told = (ahead(known, at, shared, own, 6) + SMALL) / (mean[-6:] + SMALL)
    # weeks 1 to 6 after the last of the first track, 4 to 9 after that of the second
    assert told[:, 0, 1] == pytest.approx(1 + 0.9 ** np.arange(1, 7), rel=1e-9)
    assert told[:, 1, 0] == pytest.approx(1 - 0.9 ** np.arange(4, 10) / 2, rel=1e-9)
    told[:, 0, 1] = told[:, 1, 0] = 1
    assert told == pytest.approx(1.0)


def test_a_territory_that_was_not_seen_in_the_last_week_lies_off_nothing():
    data, at, shared, own, observed = planted()
    seen = data.seen.copy()
    seen[-1, 2, 0] = False
    state = curves(data, at, shared, own)
    kept = last_weeks(replace(observed, seen=seen), state)
    assert kept["last_week"][2] == data.weeks[-1]
    assert np.isnan(kept["last_streams"][2, 0])
    assert kept["last_streams"][2, 1] == observed.streams[-1, 2, 1]
    assert off(kept["last_streams"][2], state.mean[-1, 2])[0] == 0
    assert kept["last_won"] == pytest.approx(state.full[-1])


def test_paths_stray_by_their_spread_and_fade():
    paths = wandered(40, 0.1, 4000, np.random.default_rng(0))
    assert paths[0].std() == pytest.approx(0.1, rel=0.05)
    assert paths[3].std() == pytest.approx(0.1 * sum(0.9 ** (2 * k) for k in range(4)) ** 0.5,
                                           rel=0.05)  # fmt: skip
    slope = (paths[20] * paths[25]).sum() / (paths[20] ** 2).sum()
    assert slope == pytest.approx(0.9**5, abs=0.05)


def test_the_spread_of_paths_is_read_from_weeks_that_followed_each_other():
    data, at, shared, own, _ = planted()
    mean = curves(data, at, shared, own).mean
    paths = wandered(len(mean), 0.2, mean.shape[1], np.random.default_rng(1))
    strayed = replace(data, streams=1e4 * mean * np.exp(paths)[:, :, None])
    state = curves(data, at, shared, own)
    told = wandering(strayed, replace(state, mean=1e4 * mean))
    assert told == pytest.approx(0.2, rel=0.12)
    assert wandering(replace(data, streams=mean), state) == pytest.approx(0.0, abs=1e-9)
