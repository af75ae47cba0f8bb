"""What observed spend cannot tell apart is said, and what it can is not."""

from dataclasses import replace

import numpy as np
import pytest

from tests.promotion.planted import planted
from workbench.promotion.doubts import doubts
from workbench.promotion.expected import curves

PLANTED = planted()  # two channels, six tracks, spend drawn by the week and by the channel


def found(spend=None, **changed) -> dict[str, tuple[str, float]]:
    _, at, shared, own, data = PLANTED
    data = replace(data, **changed)
    if spend is not None:
        data = replace(data, run_spend=spend(data.run_spend.copy(), data.run_channel))
    frame = doubts(data, at, shared, own)
    return {kind: (subject, value) for kind, subject, value in
            frame.select("kind", "subject", "value").iter_rows()}  # fmt: skip


def test_spend_drawn_by_itself_raises_no_doubt():
    assert found() == {}


def test_two_channels_in_step_are_told_as_a_pair():
    def in_step(money, channel):
        money[:, channel == 1] = 2 * money[:, channel == 0]  # each track runs both
        return money

    kind, value = found(in_step)["together"]
    # they carry over differently (.6 and .23), and still move as one
    assert kind == "meta + posters" and 0.9 < value <= 1


def test_spend_without_a_change_is_told_from_spend_of_one_amount():
    def level(money, channel):
        money[:, channel == 0] = 50.0
        return money

    def one_amount(money, channel):
        money[:, channel == 0] = np.where(money[:, channel == 0] > 0, 50.0, 0.0)
        return money

    assert found(level)["constant"] == ("meta", 0.0)
    assert found(one_amount)["same"] == ("meta", 0.0)


def test_a_channel_of_one_track_and_one_without_spend():
    _, _, _, _, data = PLANTED
    kept = (data.run_channel == 1) | (data.run_track == 0)
    runs = {name: getattr(data, name)[kept] for name in ("run_track", "run_channel")}
    assert found(run_spend=data.run_spend[:, kept], **runs)["single"] == ("meta", 1.0)
    none = {name: part[:0] for name, part in runs.items()}
    empty = found(run_spend=data.run_spend[:, :0], **none)
    assert set(empty) == {"unspent"}


def test_spend_that_follows_good_weeks_is_told():
    _, at, shared, own, data = PLANTED
    idle = shared.copy()
    idle[at.at["effect"]] = -9.0  # no channel does anything: what is off stays off
    mean = curves(data, at, idle, own).mean.sum(2)
    off = np.log(data.streams.sum(2) + 10) - np.log(mean + 10)
    eager = data.run_spend.copy()
    for run in np.flatnonzero(data.run_channel == 0):
        pace = np.exp(3 * off[:-1, data.run_track[run]])
        eager[1:, run] = 300 * pace[:, None] * data.audience
    frame = doubts(replace(data, run_spend=eager), at, idle, own).filter(kind="follows")
    assert frame["subject"].to_list() == ["meta"]
    assert frame["value"][0] == pytest.approx(1, abs=1e-6)


def test_rows_come_in_order():
    _, at, shared, own, data = PLANTED
    flat = np.where(data.run_spend > 0, 50.0, 0.0)
    frame = doubts(replace(data, run_spend=flat), at, shared, own)
    assert frame.equals(frame.sort("kind", "subject")) and frame.height == 2
    assert frame["limit"].to_list() == pytest.approx([0.1, 0.1])
