"""The planted response of a channel is the one its formula promises."""

import numpy as np
import pytest

from sample_data.generator.channels import CHANNELS, LAGS
from sample_data.generator.world import CODES


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_steady_spend_of_k_brings_the_stated_streams_for_each_euro(name):
    channel = CHANNELS[name]
    half = channel.half_by_territory()
    spend = np.tile(half, (400, 1))
    streams = channel.response(spend, "tr-any")[-1]
    rate = channel.streams_per_eur * channel.kappa() * channel.appeal("tr-any")
    assert streams == pytest.approx(rate * half * (1 + channel.retained), rel=1e-9)


def test_adstock_keeps_every_euro_and_peaks_after_the_delay():
    channel = CHANNELS["radio"]
    spend = np.zeros((100, len(CODES)))
    spend[10] = 70.0
    held = channel.adstock(spend)
    assert held.sum(axis=0) == pytest.approx(np.full(len(CODES), 70.0))
    assert held[:, 0].argmax() == 10 + channel.delay
    assert held[:10].max() == pytest.approx(0.0, abs=1e-9)
    assert held[10 + LAGS :].max() == pytest.approx(0.0, abs=1e-9)


def test_the_second_euro_brings_less_than_the_first_where_the_slope_is_one():
    channel = CHANNELS["meta"]
    small, large = np.full((200, len(CODES)), 100.0), np.full((200, len(CODES)), 200.0)
    first, second = (channel.response(spend, "tr-any")[-1] for spend in (small, large))
    assert (second < 2 * first).all()
    assert (second > first).all()
