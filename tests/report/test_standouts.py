"""What stands out holds: movers beyond their noise, old tables, spend never tried, open lyrics."""

import datetime

import labels
import polars as pl
import pytest
from stream_rows import ago, stream_rows, written

from workbench.dataset import open_dataset
from workbench.listening.risers import risers
from workbench.report.standouts import standouts
from workbench.settings import PROJECT

TRUTH = PROJECT / "sample_data" / "truth" / "breakouts.json"


def kinds(label, **options) -> list[str]:
    return standouts(label, **options)["kind"].to_list()


def test_the_full_label(tmp_path):
    cards = standouts(labels.opened(tmp_path / "full"))
    assert cards["kind"].to_list() == ["riser", "faller", "lyrics"]
    riser = cards.row(0, named=True)
    assert riser["sentence"].startswith("=Arriving by Ada *Star* rose from 11,988 to 19,574")
    assert (riser["number"], riser["good"]) == ("+63 %", True)
    assert (riser["route"], riser["parameter"], riser["value"]) == (
        "scout/artist", "artist_id", "ar-ada",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "found"),
    [("catalogue", []), ("lyrics", ["lyrics"]), ("streams", ["riser", "faller"])],
)
def test_other_labels(tmp_path, kind, found):
    assert kinds(labels.opened(tmp_path / kind, kind)) == found


def test_most_is_obeyed(tmp_path):
    assert kinds(labels.opened(tmp_path / "full"), most=1) == ["riser"]


def test_old_data_is_told_by_today_or_by_the_other_tables(tmp_path):
    label = labels.opened(tmp_path / "full")
    late = labels.day(111) + datetime.timedelta(days=11)
    cards = standouts(label, today=late).filter(pl.col("kind") == "stale")
    assert cards["number"].to_list() == ["11 days"]
    assert "daily streams end on 2026-10-22" in cards["sentence"][0]
    assert "stale" not in kinds(label, today=late - datetime.timedelta(days=1))


def spending(*weekly: float) -> list[dict]:
    """Rows of one channel, one a week, each spread over its seven days; the last week is now."""
    return [
        {"campaign_id": "c", "channel": "meta", "day": ago(7 * (len(weekly) - place) - 1),
         "territory": "WW", "spend": value, "currency": "EUR", "days": 7}
        for place, value in enumerate(weekly)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("weekly", "number"),
    [
        ((100, 100, 100, 100, 100, 130), "1.3x"),
        ((100, 100, 100, 100, 100, 119), None),
        ((100, 200, 100, 100, 100, 190), None),
        ((100, 100, 100, 250), None),  # nothing before the last four weeks to hold it against
    ],
)
def test_spend_beyond_what_was_tried(tmp_path, weekly, number):
    label = open_dataset(written(tmp_path, campaigns=spending(*weekly)))
    cards = standouts(label).filter(pl.col("kind") == "spend")
    assert cards["number"].to_list() == ([number] if number else [])


def test_windows_of_unlike_known_days_are_told_by_the_day(tmp_path):
    tracks = [
        {"track_id": f"t{n}", "title": f"Song {n}", "artist_id": f"a{n}", "status": "released"}
        for n in range(9)
    ]
    steady = [1000 + 10 * ((day * 3) % 7) for day in range(224)]
    # out 50 days ago: 22 days at 6,000, then 28 at 2,500 and less in all, as it is by the day
    new = [6000 + 10 * (day % 2) for day in range(22)] + [2500] * 28
    rows = [row for n in range(1, 9) for row in stream_rows(f"t{n}", steady)]
    label = open_dataset(
        written(tmp_path, tracks=tracks, daily_streams=rows + stream_rows("t0", new))
    )
    faller = standouts(label).filter(pl.col("kind") == "faller").row(0, named=True)
    assert faller["number"] == "-58 %"
    assert faller["sentence"].startswith(
        "Song 0 by a0 fell from 6,005 to 2,500 streams a day, over 22 and 28 known days (90 %"
    )


def test_each_artist_is_named_once(tmp_path):
    tracks = [
        {"track_id": f"t{n}", "title": f"Song {n}", "artist_id": "a" if n < 3 else f"b{n}",
         "status": "released"}
        for n in range(12)
    ]  # fmt: skip
    rows = []
    for n in range(12):
        level = [200 + 20 * ((day * (n + 3)) % 7) for day in range(224)]
        now = 3 - n if n < 3 else 1  # the three songs of one artist grow, the first one most
        rows += stream_rows(
            f"t{n}", [v * (now if day >= 196 else 1) for day, v in enumerate(level)]
        )
    label = open_dataset(written(tmp_path, tracks=tracks, daily_streams=rows))
    found = risers(label)
    assert found["title"].to_list() == ["Song 0"]
    assert found["others"].to_list() == [1]


def test_planted_break_outs_rise():
    found = risers(open_dataset("sample"))
    planted = set(pl.read_json(TRUTH)["track_id"])
    assert set(found.filter(pl.col("change") > 0)["track_id"]) <= planted
    # a longer window also finds the one that had levelled off by then
    longer = risers(open_dataset("sample"), days=90, most=4)
    assert planted <= {*found["track_id"], *longer["track_id"]}
