"""Tables of lyrics by the usual names of their columns, in every kind of table."""

import datetime
import json

import adding_up
import bringing
import polars as pl
import pytest
from bringing import TRACKS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.dataset import open_dataset
from workbench.errors import BadInput

WORDS = "Oh, the train pulls out\n“and” I am gone\n\nEvery window shows me you"
HEADER = ["Song Title", "Artist Name", "ISRC", "Lyrics", "Language", "Mood"]
ROWS = [
    ["Leaving", "Ada", "US-RC1-76-07839", WORDS, "en", "sad"],
    ["Arriving", "Ada", "", "Here I am", "", ""],
    ["Staying (Live)", "Bea feat. Ada", "", "Ne pars pas", "fr", "calm"],
]


@pytest.fixture
def label(holding, tmp_path):
    return holding(tmp_path / "label", TRACKS, "artist_id,name\na1,Ada\n")


def again(label):
    return open_dataset(str(label.folder))


def delimited(mark: str) -> bytes:
    cells = [[f'"{cell}"' for cell in row] for row in [HEADER, *ROWS]]
    return "\n".join(mark.join(row) for row in cells).encode()


def lines() -> bytes:
    rows = [{k: v or None for k, v in zip(HEADER, row, strict=True)} for row in ROWS]
    return "\n".join(json.dumps(row) for row in rows).encode()


KINDS = {
    "csv": lambda: delimited(","),
    "tsv": lambda: delimited("\t"),
    "semicolons": lambda: delimited(";"),
    "jsonl": lines,
    "xlsx": lambda: bringing.workbook([HEADER, *ROWS]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table_gives_the_same_words(label, kind):
    report = bringing.brought(label, KINDS[kind](), "file")
    assert report.title == "Table of lyrics"
    assert report.unused == ("Mood",)
    assert [(t.table, t.read, t.accepted + t.repaired) for t in report.tables] == [
        ("lyrics", 3, 3), ("tracks", 1, 1), ("artists", 1, 1),
    ]  # fmt: skip
    stored = again(label).table("lyrics").sort("track_id")
    new = "name:Bea feat. Ada · Staying (Live)"
    assert stored.select("track_id", "source", "text", "language").rows() == [
        (new, "label", "Ne pars pas", "fr"), ("t1", "label", WORDS, "en"),
        ("t2", "label", "Here I am", None),
    ]  # fmt: skip
    made = again(label).table("tracks").filter(track_id=new)
    assert made.select("title", "artist_id", "featured").rows() == [
        ("Staying (Live)", "name:Bea", ["Ada"])
    ]


def test_a_row_is_found_by_its_id_its_isrc_or_a_title_that_only_one_track_has(label):
    text = (
        "track_id,isrc,title,lyrics\n"
        "t2,,Whatever,By id\n"
        ",USRC17607839,,By code\n"
        "x9,,Arriving,By title\n"
        ",,Nobody,Lost\n"
    )
    table = bringing.brought(label, text).tables[0]
    # two rows are of t2 and say different words, so neither counts
    assert (table.read, table.accepted, table.rejected) == (4, 1, 3)
    assert again(label).table("lyrics").select("track_id", "text").rows() == [("t1", "By code")]
    assert table.rejects.filter(file_row=5)["reason"].to_list() == [
        "no single track has the id or title “Nobody”"
    ]


def test_a_table_may_say_nothing_but_the_isrc_of_a_lyric(label):
    table = bringing.brought(label, "ISRC,Lyrics\nUSRC17607839,By code\n,Whose\n").tables[0]
    assert again(label).table("lyrics").select("track_id", "text").rows() == [("t1", "By code")]
    assert (table.read, table.rejected) == (2, 1)


def test_another_version_is_another_recording_and_a_misspelt_one_a_question(label):
    text = (
        "title,artist,lyrics\nLeaving (Remix),Ada,La la la\nLeeving,Ada,Oh oh oh\n,Ada,No title\n"
    )
    table = bringing.brought(label, text).tables[0]
    assert again(label).table("lyrics")["track_id"].to_list() == ["name:Ada · Leaving (Remix)"]
    assert table.rejects.sort("file_row")["reason"].to_list() == [
        "which recording this is has to be confirmed first",
        "no single track has the id or title “”",
    ]


def test_a_stated_source_and_time_are_kept_and_genius_is_known_by_any_spelling(label):
    text = (
        "title,artist,lyrics,source,fetched_at\n"
        "Leaving,Ada,Oh the train,https://Genius.com/x,2026-07-03T10:00:00Z\n"
        "Arriving,Ada,Here I am,songbook,soon\n"
    )
    bringing.brought(label, text)
    at = datetime.datetime(2026, 7, 3, 10, tzinfo=datetime.UTC)
    stored = again(label).table("lyrics").sort("track_id")
    assert stored.select("source", "fetched_at").rows() == [("genius", at), ("songbook", None)]


def test_a_track_that_is_new_takes_day_genre_and_length(label):
    text = (
        "title,artist,lyrics,release date,genre,duration\n"
        "Fresh,Bea,Oh oh oh,2024-05-01,folk,3:20\nFresher,Bea,Ah ah ah,some day,,long\n"
    )
    bringing.brought(label, text)
    made = again(label).table("tracks").filter(artist_id="name:Bea").sort("track_id")
    day = datetime.date(2024, 5, 1)
    assert made.select("release_date", "genre", "duration_ms").rows() == [
        (day, "folk", 200_000), (None, None, None),
    ]  # fmt: skip


def test_a_row_without_words_makes_no_track(label):
    text = 'title,artist,lyrics\nFresh,Bea,""\nOther,Bea,...\nThird,Bea,No lyrics\nLast,Bea,Oh\n'
    report = bringing.brought(label, text)
    assert report.tables[0].rejects["reason"].to_list() == [
        "has no words", "has no words", "only says that there are no lyrics yet",
    ]  # fmt: skip
    assert again(label).table("tracks").filter(artist_id="name:Bea")["title"].to_list() == ["Last"]


@pytest.mark.parametrize(
    "header",
    ["lyrics,mood", "title,text", "artist,lyrics", "user,text,date"],
)
def test_words_of_nobody_are_no_table_of_lyrics(label, header):
    cells = ",".join("abc" for _ in header.split(","))
    with pytest.raises(BadInput, match="not recognised"):
        bringing.planned(label, f"{header}\n{cells}\n")


TEXT = st.text(st.sampled_from("abcñ ,;.'\"\\[]{}é愛\t\n\u2005\U0001f3b5-:=+@"), max_size=80)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(TEXT.map("river {}".format), min_size=1, max_size=6),
       kind=st.sampled_from(["csv", "tsv", "jsonl", "xlsx"]))  # fmt: skip
def test_any_words_come_back_exactly(tmp_path_factory, texts, kind):
    label = bringing.empty_label(tmp_path_factory.mktemp("label") / "label")
    rows = {"title": [f"Song no {n}" for n in range(len(texts))], "artist": "Ada", "lyrics": texts}
    frame = pl.DataFrame(rows)
    data = {
        "csv": lambda: frame.write_csv(),
        "tsv": lambda: frame.write_csv(separator="\t"),
        "jsonl": lambda: frame.write_ndjson(),
        "xlsx": lambda: bringing.workbook([frame.columns, *map(list, frame.rows())]),
    }[kind]()  # fmt: skip
    rows = bringing.planned(label, data, "x").settled[0].rows
    assert dict(rows.select("track_id", "text").iter_rows()) == {
        f"name:Ada · Song no {n}": text for n, text in enumerate(texts)
    }


@pytest.mark.parametrize("seed", range(24))
def test_whatever_is_done_to_a_table_it_is_accounted_for(label, seed):
    kind = list(KINDS)[seed % len(KINDS)]
    adding_up.checked(label, adding_up.mutated(KINDS[kind](), seed), "x")
