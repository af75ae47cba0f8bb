"""One number, one source: nothing is counted twice, nothing unknown is called zero."""

import datetime

import polars as pl
import pytest
from stream_rows import LAST, ago, stream_rows, written

from workbench.dataset import open_dataset
from workbench.errors import MissingTable
from workbench.listening import streams
from workbench.listening.counts import artist_counts, track_counts

NAMES = ("daily_streams", "window_totals", "plays", "listeners", "tracks", "artists")


def opened(folder, **tables):
    return open_dataset(written(folder, **tables)).view((), NAMES)


def totals(counted) -> dict[str, int]:
    return dict(counted.rows.group_by("id").agg(pl.col("streams").sum()).collect().rows())


def test_stores_and_territories_add_up(tmp_path):
    rows = stream_rows("t1", [5, 5]) + stream_rows("t1", [3, 3], store="apple")
    rows += stream_rows("t1", [2, 2], territory="US")
    label = opened(tmp_path, daily_streams=rows)
    assert streams.source(label) == "daily_streams"
    assert totals(track_counts(label)) == {"t1": 20}
    by_day = track_counts(label).by_day(countries=("DE",))
    assert by_day["streams"].to_list() == [8, 8]


def test_a_worldwide_row_beside_its_countries_is_the_rest_of_the_world(tmp_path):
    rows = stream_rows("t1", [100], territory="WW") + stream_rows("t1", [60], territory="US")
    rows += stream_rows("t1", [30], territory="DE") + stream_rows("t2", [7], territory="WW")
    label = opened(tmp_path, daily_streams=rows)
    daily = streams.daily(label).sort("track_id", "territory").collect()
    assert daily.select("track_id", "territory", "streams").rows() == [
        ("t1", "DE", 30), ("t1", "US", 60), ("t1", "WW", 10), ("t2", "WW", 7),
    ]  # fmt: skip


def test_a_worldwide_row_of_one_store_leaves_the_other_store_alone(tmp_path):
    rows = stream_rows("t1", [100], territory="WW") + stream_rows("t1", [60], territory="US")
    rows += stream_rows("t1", [40], territory="WW", store="apple")
    label = opened(tmp_path, daily_streams=rows)
    assert totals(track_counts(label)) == {"t1": 140}


def test_saves_that_nobody_counted_stay_unknown(tmp_path):
    label = opened(tmp_path, daily_streams=stream_rows("t1", [5, 5]))
    assert streams.daily(label).collect()["saves"].null_count() == 2


def window(start: int, value: float, days: int = 7, **other) -> dict:
    first = ago(start)
    return {
        "entity": "track", "entity_id": "t1", "window_start": first,
        "window_end": first + datetime.timedelta(days=days - 1), "territory": "WW",
        "store": "spotify", "metric": "streams", "value": value, **other,
    }  # fmt: skip


def test_weekly_totals_count_by_the_week(tmp_path):
    rows = [window(13, 70.0), window(6, 84.0), window(27, 999.0, days=28)]
    label = opened(tmp_path, window_totals=rows)
    counted = track_counts(label)
    assert counted.source == "window_totals"
    found = counted.rows.sort("day").collect()
    assert found["day"].to_list() == [ago(7), LAST]
    assert found["days"].to_list() == [7, 7]
    assert found["streams"].to_list() == [70, 84]
    assert (counted.first, counted.last) == (ago(13), LAST)


def test_overlapping_weeks_are_counted_once(tmp_path):
    rows = [window(start, 70.0) for start in range(6, 27)]  # a trailing week, taken every day
    label = opened(tmp_path, window_totals=rows)
    assert totals(track_counts(label)) == {"t1": 3 * 70}


def plays(count: int, **other) -> list[dict]:
    return [
        {
            "listener_id": "aa", "track_id": "t1", "source": "library",
            "played_at": datetime.datetime(2026, 10, 30, 12, n, tzinfo=datetime.UTC),
            "ms_played": 30_000 if n else 29_999, **other,
        }
        for n in range(count)
    ]  # fmt: skip


def test_plays_of_thirty_seconds_count_and_say_that_they_are_whole(tmp_path):
    counted = track_counts(opened(tmp_path, plays=plays(4)))
    assert totals(counted) == {"t1": 3}
    assert (counted.source, counted.whole) == ("plays", True)


def test_nothing_to_count_says_which_file_helps(tmp_path):
    label = opened(tmp_path, tracks=[{"track_id": "t1", "title": "One", "artist_id": "a",
                                      "status": "released"}])  # fmt: skip
    for counted in (track_counts, artist_counts):
        with pytest.raises(MissingTable, match="Import"):
            counted(label)


def test_an_artist_is_the_sum_of_its_tracks_else_its_own_rows(tmp_path):
    tracks = [
        {"track_id": name, "title": name, "artist_id": artist, "status": "released"}
        for name, artist in (("t1", "a"), ("t2", "a"), ("t3", "b"))
    ]
    rows = stream_rows("t1", [5]) + stream_rows("t2", [7])
    # the store also counts both artists as a whole; only of b no track is known
    rows += stream_rows("a", [50], entity="artist") + stream_rows("b", [9], entity="artist")
    label = opened(tmp_path, tracks=tracks, daily_streams=rows)
    assert totals(artist_counts(label)) == {"a": 12, "b": 9}


def test_artist_timelines_alone_are_enough(tmp_path):
    rows = stream_rows("a", [4, 5, 6], entity="artist", territory="WW")
    label = opened(tmp_path, daily_streams=rows)
    assert streams.source(label) is None
    assert totals(artist_counts(label)) == {"a": 15}


def test_weeks_run_from_friday_and_cut_ones_are_left_out(tmp_path):
    # LAST is a Friday: its week has just begun
    label = opened(tmp_path, daily_streams=stream_rows("t1", list(range(1, 17))))
    weeks = streams.weekly(label).sort("week").collect()
    assert weeks["week"].to_list() == [ago(14), ago(7)]
    assert weeks["streams"].to_list() == [sum(range(2, 9)), sum(range(9, 16))]


def weeks_of(label) -> dict[str, list[int]]:
    found = streams.weekly(label).group_by("track_id", "week").agg(pl.col("streams").sum())
    rows = found.sort("week").collect().group_by("track_id", maintain_order=True).agg("streams")
    return dict(rows.iter_rows())


def test_a_song_whose_rows_end_within_the_last_week_has_no_last_week(tmp_path):
    # LAST is a Friday: three whole weeks, of which two songs miss the last three days
    rows = stream_rows("t1", [20] * 22) + stream_rows("t2", [20] * 22)[:-4]
    rows += stream_rows("t3", [1] * 22)[:-4]  # too few to tell a gap from a lull
    found = weeks_of(opened(tmp_path, daily_streams=rows))
    assert found["t1"] == [140, 140, 140]
    assert found["t2"] == [140, 140]
    assert found["t3"] == [7, 7, 4]


def test_all_end_with_the_first_store_to_end_but_not_with_one_that_stopped_long_ago(tmp_path):
    rows, other = stream_rows("t1", [20] * 64), stream_rows("t1", [5] * 64, store="apple")
    early = weeks_of(opened(tmp_path / "early", daily_streams=rows + other[:-4]))
    assert early["t1"] == [175] * 8
    gone = weeks_of(opened(tmp_path / "gone", daily_streams=rows + other[:-45]))
    assert gone["t1"] == [175, 175, 20 * 7 + 5 * 5] + [140] * 6
