"""A plain sheet of titles and artists becomes tracks, whatever its columns are called."""

import datetime

import bringing
import pytest

from workbench.dataset import open_dataset
from workbench.importers import wizard
from workbench.importers.run import NotRecognised

SHEET = (
    "Song Title,Primary Artist,ISRC,UPC/EAN,Version,Release Date,Genre,Label,Writers,Duration\n"
    "Leaving,Ada,US-RC1-76-07839,5099749534728,,2024-05-01,folk,North,Ada Day; Bo Lee,3:45\n"
    "Arriving,Ada feat. Bo,,,Live,2099-01-01,pop,,,225\n"
    "Staying,Cy,,,,,,,,181500\n"
)


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def tracks(label):
    return open_dataset(str(label.folder)).table("tracks").sort("title")


def test_a_sheet_by_aliases_becomes_tracks_and_artists(label):
    report = bringing.brought(label, SHEET, "catalogue.csv")
    assert (report.title, report.unused) == ("Catalogue sheet", ())
    assert [(one.table, one.read, one.rejected, one.stored) for one in report.tables] == [
        ("tracks", 3, 0, 3), ("artists", 2, 0, 2),
    ]  # fmt: skip
    rows = tracks(label)
    columns = ("title", "version", "isrc", "upc", "release_date", "status", "duration_ms")
    assert rows.select(columns).rows() == [
        ("Arriving", "Live", None, None, datetime.date(2099, 1, 1), "planned", 225_000),
        ("Leaving", None, "USRC17607839", "5099749534728", datetime.date(2024, 5, 1), "released",
         225_000),
        ("Staying", None, None, None, None, "released", 181_500),
    ]  # fmt: skip
    assert rows.select("genre", "label").rows() == [("pop", None), ("folk", "North"), (None, None)]
    assert rows["writers"].to_list() == [None, ["Ada Day", "Bo Lee"], None]
    assert rows["featured"].to_list() == [["Bo"], None, None]
    names = open_dataset(str(label.folder)).table("artists")
    assert sorted(names["name"]) == ["Ada", "Cy"]
    assert set(rows["artist_id"]) == set(names["artist_id"])


@pytest.mark.parametrize("header", ["title,artist", "Track Name,Artist Name", "track,artists"])
def test_a_title_and_an_artist_are_enough(label, header):
    report = bringing.brought(label, f"{header}\nLeaving,Ada\nStaying,Cy\n")
    assert [(one.table, one.stored) for one in report.tables] == [("tracks", 2), ("artists", 2)]
    assert tracks(label)["title"].to_list() == ["Leaving", "Staying"]


def test_what_home_promises_is_taken(label):
    bringing.brought(label, "title,artist,ISRC,date\nLeaving,Ada,USRC17607839,2024-05-01\n")
    assert tracks(label).select("title", "release_date").rows() == [
        ("Leaving", datetime.date(2024, 5, 1))
    ]


def test_again_or_known_changes_nothing_and_rows_without_a_name_are_refused(label):
    bringing.brought(label, SHEET)
    before = tracks(label)
    assert bringing.brought(label, SHEET).unchanged
    label = open_dataset(str(label.folder))
    other = "title,artist,genre\nLeaving,Ada,rock\n,Ada,pop\nNew,Di,pop\n"
    table = bringing.brought(label, other).tables[0]
    assert (table.read, table.rejected, table.kept, table.stored) == (3, 1, 1, 1)
    assert table.rejects["reason"].to_list() == [
        "names no recording: the title or the artist is missing"
    ]
    after = tracks(label)
    assert after.height == before.height + 1
    assert after.filter(title="Leaving").equals(before.filter(title="Leaving"))


def test_rows_of_one_recording_are_one_track_and_bad_cells_are_told(label):
    text = (
        "title,artist,isrc,release date\nLeaving,Ada,USRC17607839,03/04/2024\n"
        "LEAVING,Ada,USRC17607839,2099-05-01\nStaying,Cy,wrong,soon\n"
    )
    report = bringing.brought(label, text)
    table = report.tables[0]
    assert (table.read, table.rejected, table.stored) == (3, 0, 2)
    assert "1 rows have no valid ISRC; left empty" in report.notes
    assert tracks(label)["title"].to_list() == ["Leaving", "Staying"]
    assert tracks(label).select("release_date", "status").rows() == [
        (datetime.date(2099, 5, 1), "planned"), (None, "released"),
    ]  # fmt: skip
    assert table.changes["change"].to_list() == ["is no date; left empty"]


@pytest.mark.parametrize(
    "header",
    [
        "track,artist,date,streams",
        "title,artist,user,timestamp",
        "title,artist,net revenue (EUR)",
        "title,artist,track_id",
        "title,isrc",
        "title,artist,03.07.26,10.07.26",
    ],
)
def test_a_sheet_that_says_more_or_less_is_none(label, header):
    cells = ",".join(["2024-05-01" for _ in header.split(",")])
    with pytest.raises(NotRecognised):
        bringing.planned(label, f"{header}\n{cells}\n")


def test_an_hour_beside_a_day_is_no_release(label):
    with pytest.raises(NotRecognised):
        bringing.planned(label, "title,artist,date\nLeaving,Ada,2024-05-01 13:05\n")
    bringing.planned(label, "title,artist,date\nLeaving,Ada,2024-05-01 00:00:00\n")


def test_a_day_with_streams_is_offered_as_daily_streams():
    assert wizard.guessed_table(["track", "artist", "date", "streams"]) == "daily_streams"
    assert wizard.guessed_table(["Title", "Artist", "Day", "Total Streams"]) == "daily_streams"
    assert wizard.guessed_table(["campaign", "date", "spend", "streams"]) == "campaigns"
    assert wizard.guessed_table(["track_id", "title", "artist"]) == "tracks"
