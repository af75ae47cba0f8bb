"""Break-outs: sums by hand, the rate on songs that do nothing, planted ones with their dates."""

import datetime

import numpy as np
import polars as pl
import pytest

from tests.listening.breaking import BROKEN, START, WEEKS, quiet_songs, written
from workbench.dataset import open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.listening import ahead, surprise
from workbench.listening.breakouts import breakouts, on_file, quiet
from workbench.settings import PROJECT


def test_sums_add_what_lies_beyond_the_allowance_and_forget_below_zero():
    week = np.array([[2.0, 0.5, np.nan, 4.0, -9.0, 1.5]])
    assert surprise.sums(week).tolist() == [[1.0, 0.5, 0.5, 3.5, 0.0, 0.5]]


def test_the_line_is_what_one_quiet_song_in_twenty_passed():
    week = np.tile(np.arange(40.0)[:, None] + 1, (1, 4))
    week[:, 1:] = -9
    assert surprise.line(week, np.ones(40, bool)) == 38.0  # the 39th of 40 sums: 0 to 39
    with pytest.raises(NotEnoughEvidence, match="Only 18 songs"):
        surprise.line(week, np.arange(40) < 18)


def test_nothing_from_the_weeks_watched_is_learnt_from():
    level = ahead.logs(quiet_songs(60, 1))
    short = surprise.surprises(ahead.Weeks(level[:, :90], 0), 78)
    level[:, 90:] += 3.0
    again = surprise.surprises(ahead.Weeks(level, 0), 78)
    assert np.allclose(short, again[:, :90], equal_nan=True)


def test_of_songs_that_do_nothing_few_alarm_and_a_planted_one_does():
    alarms = []
    for seed in range(4):
        level = ahead.logs(quiet_songs(200, seed))
        level[7, BROKEN:] += 0.4 * np.arange(1, 11)
        run, limit = surprise.watched(ahead.Weeks(level, 0), WEEKS - 26, np.ones(200, bool))
        told = (run > limit).any(axis=1)
        assert told[7]
        assert (run[7, 16:] > limit).argmax() <= 1
        alarms.append(told.sum() - 1)
    assert np.mean(alarms) / 200 < 0.08


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return written(tmp_path_factory.mktemp("broken") / "label")


def test_a_label_is_told_what_broke_out_since_when_and_what_is_on_file(place):
    found = breakouts(open_dataset(str(place)))
    assert (found.watched, found.quiet) == (40, 40)
    told = {row["track_id"]: row for row in found.songs.iter_rows(named=True)}
    week = START + datetime.timedelta(weeks=BROKEN)
    assert {"t4", "t9"} <= set(told)
    assert len(told) <= 5
    assert told["t4"]["since"] == week
    assert week <= told["t4"]["alarm"] <= week + datetime.timedelta(weeks=1)
    assert told["t4"]["event"] is None
    assert told["t9"]["event"] == "playlist New <b>"
    assert told["t4"]["times"] == pytest.approx(told["t4"]["now"] / told["t4"]["before"])
    assert found.begins == START + datetime.timedelta(weeks=WEEKS - 26)


def test_too_little_is_an_answer(place, tmp_path):
    from tests import labels

    with pytest.raises(NotEnoughEvidence, match="16 weeks are known"):
        breakouts(labels.opened(tmp_path / "full"))


def test_the_planted_break_outs_of_the_sample_are_told_within_four_weeks():
    songs = breakouts(open_dataset("sample")).songs
    for row in pl.read_json(PROJECT / "sample_data/truth/breakouts.json").iter_rows(named=True):
        alarm = songs.filter(pl.col("track_id") == row["track_id"])["alarm"].item()
        began = datetime.date.fromisoformat(row["first_day"])
        assert datetime.timedelta(0) < alarm - began < datetime.timedelta(weeks=4)


def test_a_campaign_is_on_file_in_all_its_weeks_and_a_playlist_when_it_comes_and_goes(tmp_path):
    from tests import labels
    from tests.stream_rows import written as put

    spell = {"track_id": "tr-3", "playlist": "New", "kind": "editorial"}
    place = put(
        tmp_path / "label",
        campaigns=[
            {"campaign_id": "c", "channel": "meta", "day": labels.day(0), "days": 110,
             "territory": "WW", "track_id": "tr-1", "spend": 900.0, "currency": "EUR"}
        ],
        playlist_spells=[
            {**spell, "added_at": labels.moment(0), "removed_at": labels.moment(60)},
            {**spell, "track_id": "tr-4", "added_at": labels.moment(0), "removed_at": None},
        ],
    )  # fmt: skip
    events = on_file(open_dataset(str(place)))
    assert events["event"].to_list() == [
        "campaign on meta", "playlist New", "end of playlist New", "playlist New"
    ]  # fmt: skip
    ids = pl.Series(["tr-1", "tr-3", "tr-4", "tr-5"])
    calm = quiet(ids, events, labels.day(28), labels.day(84))
    assert calm.tolist() == [False, False, True, True]
