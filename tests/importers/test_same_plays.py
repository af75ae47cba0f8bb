"""One play that two services tell counts once, and each of their imports can be taken back."""

import dataclasses
import datetime
import json

import bringing
import polars as pl
import pytest
import scrobbles
from polars.testing import assert_frame_equal
from scrobbles import Scrobble

from workbench.dataset import open_dataset
from workbench.importers import history, run
from workbench.importers.same_plays import as_held
from workbench.store.change import change
from workbench.tables import table

START = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
ANN = {"listener": "ann"}
LISTENED = [
    Scrobble(START, "Slow Tide", "Nora Vale", ms_played=200_000),
    Scrobble(START + datetime.timedelta(minutes=4), "Slow Tide", "Nora Vale", ms_played=31_000),
    Scrobble(START + datetime.timedelta(hours=1), "Paper Moon", "Otto Brandt", ms_played=90_000),
]


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def again(label):
    return open_dataset(str(label.folder), rows=True)


def plays(label) -> pl.DataFrame:
    return again(label).table("plays").sort("listener_id", "played_at")


def later(seconds: int, listened=LISTENED) -> list[Scrobble]:
    moved = datetime.timedelta(seconds=seconds)
    return [dataclasses.replace(one, at=one.at + moved) for one in listened]


def spotify(listened: list[Scrobble], **more: str) -> str:
    rows = [
        {"ts": f"{one.at + datetime.timedelta(milliseconds=one.ms_played):%Y-%m-%dT%H:%M:%SZ}",
         "ms_played": one.ms_played, "master_metadata_track_name": one.title,
         "master_metadata_album_artist_name": one.artist,
         "master_metadata_album_album_name": None, "skipped": False, **more}
        for one in listened
    ]  # fmt: skip
    return json.dumps(rows)


def test_the_scrobbles_of_spotifys_history_count_once_whichever_comes_first(label, tmp_path):
    first = bringing.brought(label, spotify(LISTENED), answers=ANN)
    assert first.tables[0].again == 0
    held = plays(label)
    file = scrobbles.lastfm_csv(later(20))
    planned = bringing.planned(again(label), file, answers=ANN)
    assert planned.report.tables[0].again == 3
    (report,) = run.store([planned], again(label))
    assert (report.tables[0].stored, report.tables[0].again, report.tables[0].replaced) == (3, 3, 0)
    assert "3 told by another import already, each counts once" in "\n".join(report.lines())
    assert_frame_equal(plays(label), held)
    other = bringing.empty_label(tmp_path / "other")
    bringing.brought(other, file, answers=ANN)
    assert plays(other)["ms_played"].to_list() == [None] * 3
    bringing.brought(again(other), spotify(LISTENED), answers=ANN)
    assert plays(other)["ms_played"].to_list() == [200_000, 31_000, 90_000], "it says more"
    assert plays(other)["played_at"].to_list() == [one.at for one in later(20)]


def test_either_import_can_be_taken_back_and_come_again(label):
    first = bringing.brought(label, spotify(LISTENED), answers=ANN)
    held = plays(label)
    more = [*later(20), Scrobble(START + datetime.timedelta(hours=9), "Ebb", "Nora Vale")]
    second = bringing.brought(again(label), scrobbles.lastfm_csv(more), answers=ANN)
    assert plays(label).height == 4
    history.undo(again(label), second.source)
    assert_frame_equal(plays(label), held)
    bringing.brought(again(label), scrobbles.lastfm_csv(more), answers=ANN)
    history.undo(again(label), first.source)
    assert plays(label).height == 4, "the scrobbles tell all of them"
    bringing.brought(again(label), scrobbles.lastfm_csv(more), answers=ANN)
    assert plays(label).height == 4
    history.undo(again(label), second.source)
    assert plays(label).is_empty()


def test_files_of_one_drop_count_once_too(label):
    plans = [
        bringing.planned(label, data, answers=ANN)
        for data in (spotify(LISTENED), scrobbles.lastfm_csv(later(-30)))
    ]
    reports = run.store(plans, label)
    assert [report.tables[0].again for report in reports] == [0, 3]
    assert plays(label).height == 3


@pytest.mark.parametrize(
    ("file", "who"),
    [
        (scrobbles.lastfm_csv(later(20)), "bob"),
        (scrobbles.lastfm_csv(later(61)), "ann"),
        (
            scrobbles.lastfm_csv([dataclasses.replace(one, artist="Ida Ek") for one in LISTENED]),
            "ann",
        ),
    ],
    ids=["another listener", "over a minute apart", "other recordings"],
)
def test_what_is_another_play_counts(label, file, who):
    bringing.brought(label, spotify(LISTENED), answers=ANN)
    report = bringing.brought(again(label), file, answers={"listener": who})
    assert report.tables[0].again == 0
    assert plays(label).height == 6


def test_two_plays_within_a_minute_stay_two(label):
    twice = [LISTENED[0], *later(40, LISTENED[:1])]
    bringing.brought(label, scrobbles.lastfm_csv(twice), answers=ANN)
    file = scrobbles.librefm(later(5, twice))
    assert bringing.brought(again(label), file, answers=ANN).tables[0].again == 2
    assert plays(label).height == 2
    third = scrobbles.librefm(later(20, twice[:1]))
    assert bringing.brought(again(label), third, answers=ANN).tables[0].again == 1
    assert plays(label).height == 2


def test_a_person_with_a_name_at_each_service_is_one_where_somebody_says_so(label):
    bringing.brought(label, spotify(LISTENED, username="ann.spotify"))
    zipped = scrobbles.listenbrainz_zip(later(3))
    assert bringing.planned(again(label), zipped).report.tables[0].again == 0
    said = {"listener": "ann.spotify"}
    assert bringing.brought(again(label), zipped, answers=said).tables[0].again == 3
    assert plays(label).height == 3


def test_a_time_that_is_held_exactly_keeps_what_only_the_other_said(tmp_path):
    kind = table("plays").polars_schema
    start, near = START, START + datetime.timedelta(seconds=30)
    held = [("ann", "t", start, 9_000, "search", None, True), ("ann", "t", near, 8_000, "radio",
            None, None)]  # fmt: skip
    with change(tmp_path) as writing:
        writing.put("plays", pl.DataFrame(held, kind, orient="row"), source="a")
    come = [("ann", "t", start, None, "unknown", False, False)]
    entries = open_dataset(str(tmp_path)).manifest.of("plays")
    rows, count = as_held(tmp_path, entries, pl.DataFrame(come, kind, orient="row"), "b")
    assert (rows.rows(), count) == ([("ann", "t", start, 9_000, "search", False, False)], 1)
    assert as_held(tmp_path, entries, pl.DataFrame(come, kind, orient="row"), "a")[1] == 0
