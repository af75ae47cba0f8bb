"""An import from end to end: what stands, what is told, and what the next file does to it."""

import io
import json

import bringing
import polars as pl
import pytest
from bringing import STREAMS, TRACKS
from polars.testing import assert_frame_equal

from workbench.dataset import SAMPLE, open_dataset
from workbench.errors import BadInput, ReadOnly
from workbench.importers import gathering, history, profiles, run
from workbench.importers.reading import Source
from workbench.importers.sheet import REJECTED_BECAUSE, REJECTED_ROW
from workbench.report.export import csv
from workbench.store.pseudonyms import pseudonym, pseudonym_key
from workbench.tables import TABLES

PEOPLE = (
    "listener_id,entity,entity_id,plays\n"
    "ann@example.org,track,t1,3\n"
    "Ann@Example.org,track,t2,4\n"
    "bob,track,t1,5\n"
)


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def again(label):
    return open_dataset(str(label.folder), rows=True)


def test_what_was_changed_is_told_with_an_example(label):
    text = (
        "track_id,title,artist_id,status,isrc,release_date\n"
        " t1 ,Leaving,a1,Released,us-rc1-76-07839,2024/05/01\n"
        "t2,Arriving,a1,demo,,2024\n"
        "t3,Fine,a1,demo,,2024-01-01\n"
    )
    table = bringing.brought(label, text).tables[0]
    assert (table.read, table.accepted, table.repaired, table.rejected) == (3, 1, 2, 0)
    assert table.changes.sort("column", "rows").rows() == [
        ("isrc", "spelt as the table has it", 1, "us-rc1-76-07839", "USRC17607839"),
        ("release_date", "a date in another form, read as year-month-day", 1, "2024/05/01",
         "2024-05-01"),
        ("release_date", "a year or month is no day; left empty", 1, "2024", None),
        ("status", "spelt as the table has it", 1, "Released", "released"),
        ("track_id", "spaces around it cut", 1, " t1 ", "t1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("t9,,a1,released,,", "title", "is missing"),
        (",T,a1,released,,", "track_id", "is missing"),
        ("t9,T,a1,maybe,,", "status", "is not one of the values that this column knows"),
        ("t9,T,a1,demo,12345,", "isrc", "does not have the form that this column needs"),
        ("t9,T,a1,demo,,soon", "release_date", "is no date"),
        ("t9,me@example.org,a1,demo,,", "title",
         "is an e-mail address; personal data is not stored here"),
    ],
)  # fmt: skip
def test_a_row_is_refused_with_its_column_and_reason(label, row, column, reason):
    report = bringing.brought(label, TRACKS + row + "\n")
    table = report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (3, 2, 1)
    assert table.rejects.rows() == [(4, column, reason)]
    assert again(label).table("tracks").height == 2


def test_rejected_rows_can_be_corrected_and_brought_again(label):
    planned = bringing.planned(label, TRACKS + "t3,Third,a1,maybe,,\nt4,=Four,a1,demo\n")
    rows = planned.rejected_rows
    assert rows.select(REJECTED_ROW, "title").rows() == [(4, "Third"), (5, None)]
    assert rows[REJECTED_BECAUSE].to_list() == [
        "Tracks: status: is not one of the values that this column knows",
        "Tracks: has 4 cells where the header has 6",
    ]
    corrected = csv(rows.head(1)).decode().replace("maybe", "demo")
    run.store([planned], label)
    table = bringing.brought(again(label), corrected, "corrected.csv").tables[0]
    assert (table.read, table.accepted, table.rejected) == (1, 1, 0)
    assert again(label).table("tracks")["track_id"].to_list() == ["t1", "t2", "t3"]


def test_the_same_file_twice_changes_nothing(label):
    bringing.brought(label, STREAMS)
    first = again(label).manifest
    report = bringing.brought(again(label), STREAMS, "renamed.csv")
    assert report.unchanged
    assert again(label).manifest == first
    assert history.history(again(label)).height == 1


def test_a_corrected_file_replaces_what_it_corrects_and_says_so(label):
    bringing.brought(label, STREAMS)
    table = bringing.brought(again(label), STREAMS.replace("1300", "1350")).tables[0]
    assert (table.stored, table.replaced) == (2, 2)
    assert again(label).table("daily_streams")["streams"].to_list() == [1200, 1350]


def test_two_files_of_one_kind_stand_side_by_side(label):
    bringing.brought(label, STREAMS)
    table = bringing.brought(again(label), STREAMS.replace("2026-07", "2026-08")).tables[0]
    assert table.replaced == 0
    assert again(label).table("daily_streams").height == 4


def test_a_row_said_twice_stands_once_and_contradictions_stand_not_at_all(label):
    text = STREAMS + "track,t1,2026-07-03,US,spotify,1200\n" + "track,t1,2026-07-04,US,spotify,9\n"
    table = bringing.brought(label, text).tables[0]
    assert (table.read, table.accepted, table.rejected) == (4, 2, 2)
    assert (table.stored, table.repeated) == (1, 1)
    assert table.rejects["file_row"].to_list() == [3, 5]
    assert "which counts is not known" in table.rejects["reason"][0]


def test_rows_of_one_key_complete_each_other(label):
    text = "artist_id,name,country\na1,Ada,\na1,Ada,us\n"
    table = bringing.brought(label, text).tables[0]
    assert (table.accepted, table.repaired, table.repeated) == (1, 1, 1)
    assert again(label).table("artists").row(0, named=True)["country"] == "US"


def test_people_become_pseudonyms_before_anything_is_stored(label):
    report = bringing.brought(label, PEOPLE)
    assert report.tables[0].accepted == 3
    key = pseudonym_key(label.home)
    rows = again(label).table("listening_counts").sort("plays")
    ann, bob = pseudonym(key, "ann@example.org"), pseudonym(key, "bob")
    assert rows["listener_id"].to_list() == [ann, ann, bob]
    for path in label.folder.rglob("*"):
        if path.is_file():
            assert b"ann@" not in path.read_bytes().lower(), path


def test_pseudonyms_are_kept_only_where_a_mapping_says_that_they_are_some(label):
    stated = profiles.parsed(
        """
        [[tables]]
        name = "listeners"
        [tables.columns]
        listener_id = { column = "id", pseudonymise = false }
        """,
        "mine",
    )
    table = bringing.brought(label, "id\n0123456789abcdef\nann\n", mapping=stated).tables[0]
    assert (table.accepted, table.rejected) == (1, 1)
    assert table.rejects["reason"].to_list() == ["is no pseudonym"]


def test_a_dry_run_writes_nothing_at_all(label):
    before = sorted(label.folder.rglob("*"))
    planned = bringing.planned(label, PEOPLE, dry_run=True)
    assert planned.report.tables[0].accepted == 3
    assert sorted(label.folder.rglob("*")) == before


def test_an_erased_listener_does_not_come_back_with_the_next_file(label):
    from workbench.store.erasure import erase

    bringing.brought(label, PEOPLE)
    erase(label.folder, label.home, pseudonym(pseudonym_key(label.home), "bob"))
    table = bringing.brought(again(label), PEOPLE + "cy,track,t1,1\n").tables[0]
    assert table.erased == 1
    assert again(label).table("listening_counts").height == 3


def test_the_sample_takes_nothing(label):
    sample = open_dataset(SAMPLE)
    planned = bringing.planned(sample, TRACKS, dry_run=True)
    with pytest.raises(ReadOnly, match="which label"):
        run.store([planned], sample)


def test_several_files_are_one_change_and_progress_is_told(label):
    told = []
    plans = [bringing.planned(label, TRACKS), bringing.planned(label, STREAMS)]
    run.store(plans, label, lambda *said: told.append(said))
    assert again(label).manifest.generation == label.manifest.generation + 1
    assert told == [(0, 2, "file.csv: tracks"), (1, 2, "file.csv: daily_streams"), (2, 2, "stored")]


def test_when_one_file_cannot_be_stored_none_is(label):
    other = bringing.empty_label(label.folder.parent / "other")
    good = bringing.planned(label, TRACKS)
    broken = bringing.planned(other, STREAMS)
    object.__setattr__(
        broken.settled[0], "rows", broken.settled[0].rows.with_columns(streams=pl.lit(-1))
    )
    with pytest.raises(BadInput, match="do not fit"):
        run.store([good, broken], label)
    assert again(label).manifest == label.manifest
    assert history.history(label).is_empty()


def test_history_says_who_brought_what_and_undo_takes_it_back(label):
    bringing.brought(label, TRACKS, "catalogue.csv")
    report = bringing.brought(again(label), STREAMS, "streams.csv")
    past = history.history(again(label))
    assert past.select("file", "table", "rows_read", "accepted", "standing").rows() == [
        ("streams.csv", "daily_streams", 2, 2, 2),
        ("catalogue.csv", "tracks", 2, 2, 2),
    ]
    assert past["sha256"][0] == Source("x", STREAMS.encode()).sha256
    assert history.undo(again(label), report.source) == 2
    assert not again(label).has("daily_streams")
    assert history.history(again(label))["standing"].to_list() == [0, 2]


def test_plays_of_two_files_in_one_month_are_taken_back_one_by_one(label):
    head = "listener_id,track_id,played_at,source\n"
    plays = [f"ann,t1,2026-07-{day:02}T10:00:00Z,search\n" for day in range(1, 5)]
    first = bringing.brought(label, head + "".join(plays[:3]))
    held = again(label).table("plays")
    second = bringing.brought(again(label), head + "".join(plays[2:]))
    assert history.history(again(label))["standing"].to_list() == [1, 2]
    assert history.undo(again(label), second.source) == 1
    assert_frame_equal(again(label).table("plays"), held)
    assert history.history(again(label))["standing"].to_list() == [0, 3]
    assert not bringing.brought(again(label), head + "".join(plays[2:])).unchanged
    assert bringing.brought(again(label), head + "".join(plays[2:])).unchanged
    assert history.undo(again(label), first.source) == 2
    assert again(label).table("plays")["played_at"].dt.day().to_list() == [3, 4]


def test_a_corrected_history_takes_the_place_of_its_plays_in_a_shared_month(label):
    play = "listener_id,track_id,played_at,source\nann,t1,2026-07-{:02}T10:00:00Z,search\n"
    wrong = bringing.brought(label, play.format(1))
    bringing.brought(again(label), play.format(2))
    right = bringing.planned(again(label), play.format(3))
    run.store([right], again(label), instead_of=(wrong.source,))
    assert again(label).table("plays")["played_at"].dt.day().to_list() == [2, 3]


def test_rows_that_would_have_no_song_are_counted_before(label):
    play = "listener_id,track_id,played_at,source\nann,{},2026-07-{:02}T10:00:00Z,search\n"
    catalogue = bringing.brought(label, TRACKS)
    bringing.brought(again(label), STREAMS)
    bringing.brought(again(label), play.format("t1", 1))
    other = bringing.brought(again(label), play.format("t9", 2))
    assert history.nameless(again(label), catalogue.source) == 3
    assert history.nameless(again(label), other.source) == 0


def test_lyric_files_find_their_track_by_id_or_title(label, tmp_path):
    bringing.brought(label, TRACKS)
    folder = tmp_path / "lyrics"
    folder.mkdir()
    song = "The train pulls out\nand I am crying\n\nEvery window shows me you\n"
    for name in ("t1.txt", "arriving.txt", "Unknown song.txt"):
        (folder / name).write_text(song, encoding="utf-8")
    (source,) = gathering.gathered([folder]).sources
    planned = run.plan(source, again(label), now=bringing.NOW)
    table = planned.report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (3, 2, 1)
    assert "“Unknown song.txt”" in table.rejects["reason"][0]
    run.store([planned], again(label))
    stored = again(label).table("lyrics")
    assert stored["track_id"].to_list() == ["t1", "t2"]
    assert stored["text"].to_list() == [song, song]


def test_report_says_all_of_it_in_words(label):
    text = TRACKS.replace("Leaving", " Leaving") + "t3,T,a1,maybe,,\n"
    report = bringing.brought(label, text.replace("isrc", "Sales Rank"), "catalogue.csv")
    assert report.lines() == [
        "catalogue.csv: Our table tracks",
        "  Tracks: 3 rows read = 1 accepted + 1 repaired + 1 rejected",
        "    2 rows stand",
        "    repaired 1: title: spaces around it cut (“ Leaving” → “Leaving”)",
        "    rejected 1: status is not one of the values that this column knows",
        "  columns not taken: Sales Rank",
    ]


@pytest.mark.parametrize(
    "name",
    ["artists", "tracks", "lyrics", "playlist_spells", "campaigns", "products", "fx_rates"],
)
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_tables_of_the_sample_come_back_exactly(label, name, ending):
    kept = open_dataset(SAMPLE).table(name)
    if kept.is_empty():
        pytest.skip(f"the sample has no {name}")
    out = io.BytesIO()
    if ending == "parquet":
        kept.write_parquet(out)
    else:
        lists = [column for column, dtype in kept.schema.items() if dtype == pl.List]
        kept.with_columns(
            pl.col(c).map_elements(lambda v: json.dumps(list(v)), return_dtype=pl.String)
            for c in lists
        ).write_csv(out)
    table = bringing.brought(label, out.getvalue()).tables[0]
    assert (table.table, table.accepted) == (name, kept.height)
    key = TABLES[name].key
    assert_frame_equal(again(label).table(name).sort(key), kept.sort(key))
