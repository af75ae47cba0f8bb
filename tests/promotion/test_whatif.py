"""The engine on random scenes: channels with splits of their own, spend before the release."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.whatif import scene
from workbench.promotion.pitch import listed
from workbench.promotion.places import LARGEST
from workbench.promotion.plan import Plan
from workbench.promotion.response import retained_back
from workbench.promotion.whatif import effect, evaluated

SMALL = {"draws": 40, "channels": 2, "cells": 3, "weeks": 12}
PLAN = Plan(track_id="t", spend=(("channel 0", 500.0), ("channel 1", 900.0)), flight=(0, 6))


@pytest.fixture(scope="module")
def one():
    return scene(**SMALL)


def test_channels_may_be_split_in_their_own_way(one):
    apart = replace(PLAN, channel_shares=(("channel 0", "cell 1", 0.25), ("channel 0", "cell 2",
                                                                           0.75)))  # fmt: skip
    found = evaluated(one, apart)
    # each channel alone, its split given as the split of all channels
    first = replace(
        PLAN, spend=PLAN.spend[:1], shares=(("cell 1", 0.25), ("cell 2", 0.75)), channel_shares=()
    )
    second = replace(PLAN, spend=PLAN.spend[1:])
    parts = [evaluated(one, part) for part in (first, second)]
    np.testing.assert_allclose(found.weekly, sum(part.weekly for part in parts), rtol=1e-4)
    np.testing.assert_allclose(found.by_cell, sum(part.by_cell for part in parts), rtol=1e-4)
    assert not parts[0].by_cell[0].any()


def test_a_split_that_is_the_same_for_all_is_the_split(one):
    ratio = np.array([0.5, 1.0, 1.5])
    spend = np.full((8 + 12, 2), 30, np.float32)
    same = effect(one, spend, ratio), effect(one, spend, np.tile(ratio, (2, 1)))
    np.testing.assert_array_equal(same[0].weekly, same[1].weekly)


def test_totals_are_of_the_weeks_that_are_counted(one):
    late = replace(one, release=4)
    worth = retained_back(np.where(np.arange(12)[:, None] < 4, 0, one.lift), one.kept, one.stay)
    worth[:4] = 0
    late = replace(late, lift=np.where(np.arange(12)[:, None] < 4, 0, one.lift), worth=worth)
    found = evaluated(late, replace(PLAN, flight=(-2, 6)), 4)
    np.testing.assert_allclose(found.by_channel.sum(0), found.weekly.sum(0), rtol=1e-4)


def test_a_pitch_brings_its_followers_where_it_is_taken(one):
    plan = replace(PLAN, pitch=(float(LARGEST), 3, 1.0))
    streams = listed(one, plan, 2)
    # all followers of the largest list, seven days a week, in the third to the fifth week
    np.testing.assert_allclose(streams[2:5], np.tile(7 * LARGEST * one.playlist_rate, (3, 1)))
    assert not streams[:2].any()
    assert not streams[5:].any()
    half = listed(one, replace(plan, pitch=(float(LARGEST), 3, 0.5)), 2)
    assert ((half == streams) | (half == 0)).all()
    assert 0.2 < (half[2] > 0).mean() < 0.8
    assert not listed(one, PLAN, 0).any()
