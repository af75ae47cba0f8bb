"""LRC files: their tags and stamps, whose words they are, and what is told of broken ones."""

import adding_up
import bringing
import polars as pl
import pytest
from bringing import TRACKS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.dataset import open_dataset
from workbench.importers import gathering, lrc, lyric_texts, run
from workbench.importers.reading import Source
from workbench.lyrics.structure import parsed_lyric

LEAVING = (
    "[ti:Leaving]\n[ar:Ada]\n[al:Coast]\n[length: 3:20]\n[offset:+500]\n[by:me]\n"
    "[00:21.10][00:45.10]Oh, the train pulls out\n"
    "[00:12.00]Every <00:12.40>window <00:12.90>shows me you\n"
    "[01:02.123]And I am gone\n"
)


@pytest.fixture
def label(holding, tmp_path):
    return holding(tmp_path / "label", TRACKS, "artist_id,name\na1,Ada\n")


def again(label):
    return open_dataset(str(label.folder))


def sung(text: str) -> list[tuple[int | None, str]]:
    return [(line.at_ms, line.text) for line in parsed_lyric(text).lines]


def test_the_text_is_kept_and_read_in_the_order_of_time(label):
    report = bringing.brought(label, LEAVING, "any name.lrc")
    assert report.title == "Lyrics with times (LRC), one file a song"
    assert (report.tables[0].read, report.tables[0].accepted) == (1, 1)
    stored = again(label).table("lyrics")
    assert stored.rows() == [("t1", "label", LEAVING, None, None)]
    # half a second earlier than the stamps say; a line for each of its stamps; 2 or 3 digits
    assert sung(stored["text"][0]) == [
        (11_500, "Every window shows me you"),
        (20_600, "Oh, the train pulls out"),
        (44_600, "Oh, the train pulls out"),
        (61_623, "And I am gone"),
    ]


def test_a_song_that_is_new_becomes_a_track_with_its_album_and_length(label):
    text = LEAVING.replace("Leaving", "Staying").replace("[by:me]", "[la:en]")
    report = bringing.brought(label, text, "x.lrc")
    assert [table.table for table in report.tables] == ["lyrics", "tracks"]
    made = again(label).table("tracks").filter(title="Staying")
    assert made.select("track_id", "artist_id", "album", "duration_ms", "status").rows() == [
        ("name:Ada · Staying", "a1", "Coast", 200_000, "released")
    ]
    (words,) = again(label).table("lyrics").to_dicts()
    assert (words["track_id"], words["language"]) == ("name:Ada · Staying", "en")


def test_a_doubtful_song_is_refused_and_nothing_is_made_of_it(label):
    report = bringing.brought(label, LEAVING.replace("Leaving", "Leeving"), "x.lrc")
    assert (report.tables[0].read, report.tables[0].rejected) == (1, 1)
    assert report.tables[0].rejects["reason"].to_list() == [
        "which recording this is has to be confirmed first"
    ]
    assert not again(label).has("lyrics")
    assert again(label).table("tracks").height == 2


@pytest.mark.parametrize(
    ("name", "track"),
    [
        ("t1.lrc", "t1"),
        ("album/arriving.lrc", "t2"),
        ("Ada - Leaving.lrc", "t1"),
        ("01 Leaving.lrc", "t1"),
        ("02. Ada - Arriving.lrc", "t2"),
        ("07-leaving.LRC", "t1"),
        ("Bea - Leaving.lrc", None),
        ("Something else.lrc", None),
        ("99.lrc", None),
    ],
)
def test_without_tags_the_name_of_the_file_says_whose_words_they_are(label, name, track):
    report = bringing.brought(label, "[00:01.00]Oh, the train\n[00:02.00]is gone\n", name)
    assert report.tables[0].rejected == (track is None)
    if track is None:
        (reason,) = report.tables[0].rejects["reason"]
        assert reason == f"no single track has the id or title “{name}”"
    else:
        assert again(label).table("lyrics")["track_id"].to_list() == [track]


def test_a_file_of_two_songs_of_one_title_is_nobodys(label):
    bringing.brought(label, "track_id,title,artist_id,status\nt3,Leaving,a9,released\n")
    report = bringing.brought(again(label), "[00:01.00]Oh\n[00:02.00]gone\n", "Leaving.lrc")
    assert report.tables[0].rejected == 1
    report = bringing.brought(again(label), "[00:01.00]Oh\n[00:02.00]gone\n", "Ada - Leaving.lrc")
    assert report.tables[0].accepted == 1


def test_broken_stamps_stay_text_and_are_told(label):
    text = (
        "[ti:Leaving]\n[ar:Ada]\n[offset:soon]\n[00:1x.00]Oh, the train\n[0:2]is gone\n[00:03.00]"
    )
    report = bringing.brought(label, text + "and I\n", "x.lrc")
    assert report.notes[0] == (
        "x.lrc: 2 lines whose time stamp is none, kept as text; "
        "the offset “soon” is no number and counts as none"
    )
    assert [line for _, line in sung(again(label).table("lyrics")["text"][0])] == [
        "Oh, the train", "is gone", "and I",
    ]  # fmt: skip


def test_stamps_without_words_are_no_lyric(label):
    report = bringing.brought(label, "[ti:Leaving]\n[ar:Ada]\n[00:01.00]\n[00:09.00]\n", "x.lrc")
    assert report.tables[0].rejects["reason"].to_list() == ["has no words"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(label, encoding, end):
    text = "[ti:Leaving]\n[ar:Ada]\n[00:01.00]Où est le café, mon chéri\n[00:02.00]Oh\n"
    bringing.brought(label, text.replace("\n", end).encode(encoding), "x.lrc")
    assert sung(again(label).table("lyrics")["text"][0])[0] == (1_000, "Où est le café, mon chéri")


def test_files_dropped_together_are_one_import_and_timed_words_stay(label, tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    (folder / "a.lrc").write_text(LEAVING, encoding="utf-8")
    (folder / "Arriving.lrc").write_text("[00:01.00]Here I am\n[00:02.00]again\n", encoding="utf-8")
    (folder / "Leaving.txt").write_text("Oh, the train pulls out\nAnd I am gone\n")
    plain, timed = gathering.gathered([folder]).sources
    assert timed.name == "2 LRC files"
    reports = run.store([run.plan(one, label, now=bringing.NOW) for one in (plain, timed)], label)
    assert [report.tables[0].accepted for report in reports] == [1, 2]
    assert reports[1].tables[0].replaced == 1
    stored = again(label).table("lyrics").sort("track_id")
    assert stored["text"].to_list()[0] == LEAVING
    assert stored["track_id"].to_list() == ["t1", "t2"]


def test_the_same_file_again_changes_nothing_and_rejected_rows_come_back(label):
    assert not bringing.brought(label, LEAVING, "x.lrc").unchanged
    assert bringing.brought(again(label), LEAVING, "x.lrc").unchanged
    lost = bringing.planned(again(label), "[00:01.00]Oh\n[00:02.00]gone\n", "Unknown.lrc")
    corrected = lost.rejected_rows.with_columns(title=pl.lit("Arriving"))
    report = bringing.brought(again(label), corrected.write_csv(), "rejected.csv")
    assert (report.title, report.tables[0].accepted) == ("Table of lyrics", 1)
    words = again(label).table("lyrics").filter(track_id="t2")
    assert words["text"].to_list() == ["[00:01.00]Oh\n[00:02.00]gone\n"]


def test_a_first_line_of_words_and_a_zero_byte_are_no_reason_to_be_lost(label):
    text = "Leaving, by Ada\n[ti:Leaving]\n[ar:Ada]\n[00:01.00]Oh, the train\n[00:02.00]is gone\n"
    assert bringing.planned(label, text, "x.lrc").rows == 1
    table = bringing.planned(label, LEAVING.replace("train", "tr\0in"), "x.lrc").report.tables[0]
    assert (table.read, table.rejected) == (1, 1)
    assert "zero byte" in table.rejects["reason"][0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_of_mostly_tags_is_one_import_whatever_ends_its_lines(end):
    text = "[ti:Leaving]\n[ar:Ada]\n[al:Coast]\n[by:x]\n[offset:9]\n[00:01.00]la la\n[00:02.00]la\n"
    found = gathering.bundled([Source("x.lrc", text.replace("\n", end).encode())])
    assert len(found.sources) == 1


def test_what_is_no_lrc_is_not_taken_for_one():
    for text in (
        "Oh, the train\nit left at\n[04:20]\nand I am gone\nand I am gone\n",
        'title,artist,lyrics\nLeaving,Ada,"[00:01.00]Oh\n[00:02.00]gone"\n',
        "",
        "[Verse 1]\nOh, the train\n",
    ):
        assert not lrc.is_lrc(Source("x", text.encode()))
    assert not lyric_texts.is_prose(Source("x", LEAVING.encode()))


WORD = st.sampled_from(["river", "Oh", "café", "ночь", "愛してる", "don't", "night", "moon", "ho"])
SONG = st.lists(
    st.tuples(
        st.lists(st.integers(0, 99 * 60_000 + 59_999), min_size=1, max_size=3),
        st.lists(WORD, min_size=1, max_size=5).map(" ".join),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def stamp(at: int) -> str:
    return f"[{at // 60_000:02d}:{at // 1000 % 60:02d}.{at % 1000:03d}]"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(song=SONG, offset=st.integers(-2_000, 2_000))
def test_any_song_comes_back_with_each_line_at_its_time(tmp_path_factory, song, offset):
    label = bringing.empty_label(tmp_path_factory.mktemp("label") / "label")
    text = f"[ti:River]\n[ar:Nora]\n[offset:{offset}]\n"
    text += "".join("".join(map(stamp, times)) + words + "\n" for times, words in song)
    planned = bringing.planned(label, text, "x.lrc")
    (stored,) = planned.settled[0].rows["text"]
    assert stored == text
    expected = sorted(
        ((max(0, at - offset), at, words) for times, words in song for at in times),
        key=lambda line: line[1],
    )
    assert sung(stored) == [(shown, words) for shown, _, words in expected]


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_done_to_a_file_it_is_accounted_for(label, seed):
    adding_up.checked(label, adding_up.mutated(LEAVING.encode(), seed), "x.lrc")
