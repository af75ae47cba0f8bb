"""Streams of one song, and the list that songs are chosen from."""

import datetime

import polars as pl
import pytest

from tests import labels
from workbench.analysis import Filters
from workbench.dataset import open_dataset
from workbench.listening.song import song_choices, song_streams


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return labels.opened(tmp_path_factory.mktemp("full"))


def test_markets_and_total_are_those_of_the_last_days(full):
    found = song_streams(full, track="tr-1", days=28)
    rows = labels.daily_streams().filter(entity_id="tr-1")
    last = rows["day"].max()
    recent = rows.filter(rows["day"] > last - datetime.timedelta(days=28))
    assert found.until == last
    assert found.total == recent["streams"].sum()
    assert found.markets["territory"].to_list() == ["US", "DE"]
    assert found.markets["share"][0] == pytest.approx(0.7, abs=1e-3)
    assert found.weeks.height == 16


def test_weekly_totals_are_counted_by_the_week(tmp_path, full):
    weekly = open_dataset(str(labels.weekly(tmp_path / "weekly")))
    found, daily = (song_streams(label, track="tr-2") for label in (weekly, full))
    assert found.source == "window_totals"
    assert (found.total, found.until) == (daily.total, daily.until)  # four whole weeks
    assert found.markets.equals(daily.markets)
    before_out = daily.weeks["streams"] > 0
    assert found.weeks.filter(pl.col("streams") > 0).equals(daily.weeks.filter(before_out))
    # of 30 days only the four weeks within them are known whole
    assert song_streams(weekly, track="tr-2", days=30).total == daily.total


def test_a_song_that_is_not_out_has_no_streams(full):
    found = song_streams(full, track="tr-4")
    assert (found.total, found.until, found.source) == (0, None, "daily_streams")
    assert found.markets.is_empty()


def test_a_label_without_listening_says_so(tmp_path):
    found = song_streams(labels.opened(tmp_path, "lyrics"), track="tr-1")
    assert found.source is None
    assert found.weeks.is_empty()


def test_songs_with_a_lyric_come_first_and_can_be_found(full):
    found = song_choices(full)
    assert found.found == 4
    assert set(found.songs["track_id"][:2]) == {"tr-1", "tr-4"}
    assert song_choices(full, find="arriv").songs["track_id"].to_list() == ["tr-2"]
    assert song_choices(full, find="bees").found == 2
    assert song_choices(full, limit=1).songs.height == 1
    # a link leads to its song in a catalogue that is too large to be listed
    linked = song_choices(full, limit=1, linked=("tr-2", "tr-nobody")).songs["track_id"]
    assert linked.to_list() == [*song_choices(full, limit=1).songs["track_id"], "tr-2"]
    assert song_choices(full, limit=1, find="bees", linked=("tr-2",)).songs.height == 1
    assert song_choices(full, filters=Filters(genres=("folk",))).found == 2
