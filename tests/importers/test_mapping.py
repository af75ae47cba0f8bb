"""The vocabulary of mappings: what each word does, and what a wrong one is told."""

import datetime

import bringing
import pytest

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import profiles
from workbench.importers.run import NotRecognised

WIDE = """
title = "Weekly sheet of the distributor"
source = "weekly"

[[questions]]
name = "store"
text = "Which store?"

[[tables]]
name = "window_totals"
[tables.unpivot]
but = ["Track", "Artist"]
name = "week"
value = "count"
[tables.columns]
entity = { constant = "track" }
entity_id = { column = ["Artist", "Track"], joiner = "/", prefix = "x:" }
window_start = { column = "week", dates = ["%d.%m.%y"] }
window_end = { column = "week", dates = ["%d.%m.%y"], plus_days = 6 }
territory = { constant = "DE" }
store = { answer = "store" }
metric = { constant = "streams" }
value = { column = "count", decimal = "," }

[[tables]]
name = "tracks"
existing = "keep"
[tables.columns]
track_id = { column = ["Artist", "Track"], joiner = "/", prefix = "x:" }
title = "Track"
artist_id = { column = "Artist", prefix = "name:" }
status = { constant = "released" }
"""
SHEET = "Artist;Track;03.07.26;10.07.26\nAda;Leaving;1.000;1.250,5\nBo;Home;7;-\n"


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def again(label):
    return open_dataset(str(label.folder), rows=True)


def test_a_wide_sheet_becomes_weeks_and_tracks(label):
    wide = profiles.parsed(WIDE, "wide")
    report = bringing.brought(label, SHEET, mapping=wide, answers={"store": "spotify"})
    totals, tracks = report.tables
    assert (totals.read, totals.accepted, totals.rejected) == (4, 3, 1)
    assert totals.rejects.rows() == [(3, "value", "is missing")]
    assert (tracks.read, tracks.accepted) == (2, 2)
    rows = again(label).table("window_totals").sort("entity_id", "window_start")
    assert rows.select("entity_id", "window_start", "window_end", "store", "value").rows() == [
        ("x:Ada/Leaving", datetime.date(2026, 7, 3), datetime.date(2026, 7, 9), "spotify", 1000.0),
        ("x:Ada/Leaving", datetime.date(2026, 7, 10), datetime.date(2026, 7, 16), "spotify",
         1250.5),
        ("x:Bo/Home", datetime.date(2026, 7, 3), datetime.date(2026, 7, 9), "spotify", 7.0),
    ]  # fmt: skip


def test_a_question_is_asked_before_anything_is_stored(label):
    with pytest.raises(BadInput, match=r"store: Which store\?"):
        bringing.brought(label, SHEET, mapping=profiles.parsed(WIDE, "wide"))
    assert again(label).manifest == label.manifest


def test_a_table_named_in_passing_does_not_overwrite_what_is_known_better(label):
    known = "track_id,title,artist_id,status,isrc\nx:Ada/Leaving,Leaving,a1,released,USRC17607839\n"
    bringing.brought(label, known)
    wide = profiles.parsed(WIDE, "wide")
    report = bringing.brought(again(label), SHEET, mapping=wide, answers={"store": "s"})
    assert (report.tables[1].stored, report.tables[1].kept) == (1, 1)
    rows = again(label).table("tracks").sort("track_id")
    assert rows["isrc"].to_list() == ["USRC17607839", None]


def test_a_saved_mapping_recognises_the_next_file_by_its_header(label):
    text = WIDE.replace(
        'source = "weekly"', 'source = "weekly"\n[file]\ncolumns = ["Track", "Artist"]'
    )
    with pytest.raises(NotRecognised, match="Artist, Track"):
        bringing.planned(label, SHEET, answers={"store": "s"})
    path = profiles.save(profiles.parsed(text, "Weekly Sheet!"), label.home)
    assert path.name == "weekly_sheet.toml"
    report = bringing.planned(label, SHEET, answers={"store": "s"}).report
    assert report.title == "Weekly sheet of the distributor"
    other = SHEET.replace("03.07.26", "17.07.26").replace("Artist", "ARTIST")
    assert bringing.planned(label, other, answers={"store": "s"}).report.title == report.title


@pytest.mark.parametrize("mapping", profiles.known(profiles.SHIPPED / "none"), ids=lambda m: m.name)
def test_mappings_survive_being_written(mapping):
    assert profiles.parsed(profiles.toml(mapping), mapping.name) == mapping


def test_values_missing_words_lists_and_else_empty(label):
    stated = profiles.parsed(
        """
        [[tables]]
        name = "tracks"
        [tables.columns]
        track_id = "id"
        title = "title"
        artist_id = { constant = "a1" }
        status = { column = "state", values = { "out" = "released", "soon" = "planned" } }
        tempo = { column = "bpm", missing = ["0", "?"] }
        duration_ms = { column = "seconds", multiply = 1000 }
        writers = { column = "by", split = "/" }
        release_date = { column = "on", dates = ["%d/%m/%Y"], else_empty = true }
        """,
        "mine",
    )
    text = (
        "id,title,state,bpm,seconds,by,on\n"
        "1,A,out,0,61.5,X/Y,03/04/2026\n"
        "2,B,soon,90,,,some day\n"
        "3,C,lost,?,1,,\n"
    )
    table = bringing.brought(label, text, mapping=stated).tables[0]
    assert (table.accepted, table.repaired, table.rejected) == (1, 1, 1)
    assert table.rejects.rows()[0][:2] == (4, "status")
    assert table.changes.rows() == [("release_date", "is no date; left empty", 1, "some day", None)]
    row, other = again(label).table("tracks").sort("track_id").rows(named=True)
    assert (row["status"], row["tempo"], row["duration_ms"]) == ("released", None, 61_500)
    assert (row["writers"], row["release_date"]) == (["X", "Y"], datetime.date(2026, 4, 3))
    assert (other["tempo"], other["writers"]) == (90.0, None)


WRONG = {
    "title = [": "no valid TOML",
    "": "fills no table",
    'tables = "tracks"': "wrong shape",
    '[[tables]]\nname = "songs"': "there is no table “songs”",
    '[[tables]]\nname = "artists"\n[tables.columns]\nartist_id = "a"': "needs name",
    '[[tables]]\nname = "artists"\n[tables.columns]\nartist_id="a"\nname="b"\nage="c"':
        "no column age",
    '[[tables]]\nname = "artists"\n[tables.columns]\nartist_id="a"\nname={colum="b"}':
        "unknown word colum",
    '[[tables]]\nname = "artists"\n[tables.columns]\nartist_id="a"\nname={prefix="b"}':
        "needs one of column, constant, answer",
    '[[tables]]\nname = "artists"\n[tables.columns]\nartist_id="a"\nname={answer="b"}':
        "waits for an answer",
    '[[tables]]\nname="artists"\nonce="yes"\n[tables.columns]\nartist_id="a"\nname="b"':
        "not of the right kind",
    '[[tables]]\nname="artists"\nexisting="drop"\n[tables.columns]\nartist_id="a"\nname="b"':
        "existing is",
    '[file]\ncolumns = "a"\n[[tables]]\nname="artists"': "list of texts",
    '[[questions]]\nname = "q"\n[[tables]]\nname="artists"': "text is missing",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_mapping_is_told_what_is_wrong(text):
    with pytest.raises(BadInput, match=WRONG[text]):
        profiles.parsed(text, "mine")


def test_a_column_that_the_file_does_not_have_is_named(label):
    with pytest.raises(BadInput, match="Track, Artist are not in the file"):
        bringing.planned(
            label, "a,b\n1,2\n", mapping=profiles.parsed(WIDE, "wide"), answers={"store": "s"}
        )
    with pytest.raises(BadInput, match="no mapping “nothing”"):
        profiles.named("nothing", label.home)
