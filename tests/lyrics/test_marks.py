"""Marks of lines: kept, replaced, taken back, counted exactly, exported without obeying a cell."""

import csv as reader
import io

import polars as pl
import pytest

from workbench.errors import BadInput
from workbench.lyrics import marks
from workbench.lyrics.families import NEUTRAL, UNCLEAR
from workbench.lyrics.lyric_lines import spoken, text_hash
from workbench.report.export import csv
from workbench.store import state

LINE = "I am so happy that I could dance all night"


def said(home, user, text, lead, mood):
    marks.mark(home, user, track="tr-glad", text=text, lead=lead, said=mood)


def test_a_mark_names_the_line_by_hash_and_the_model_and_holds_no_word(tmp_path):
    said(tmp_path, "ana", LINE, "joy", "longing")
    row = marks.marks(tmp_path).row(0, named=True)
    assert row["text_hash"] == text_hash(spoken(LINE))
    assert row["model"] == marks.model()
    assert (row["user"], row["track_id"], row["shown"], row["said"]) == (
        "ana", "tr-glad", "joy", "longing",
    )  # fmt: skip
    assert row["at"] is not None
    assert not any(b"dance" in path.read_bytes() for path in tmp_path.rglob("state*"))


def test_the_last_word_of_a_person_on_a_line_holds_and_others_stay(tmp_path):
    said(tmp_path, "ana", LINE, "joy", "longing")
    said(tmp_path, "bo", LINE, "joy", "pride")
    said(tmp_path, "ana", LINE + "!", "joy", "hope")
    said(tmp_path, "ana", f"({LINE.upper()},)", "joy", "joy")  # sung again, it is the same line
    mine, others = marks.of_line(tmp_path, "ana", LINE)
    assert (mine["said"], others) == ("joy", ["pride"])
    assert marks.marks(tmp_path).height == 3


def test_taken_back_is_as_if_never_said(tmp_path):
    said(tmp_path, "ana", LINE, "joy", "longing")
    mine, _ = marks.of_line(tmp_path, "ana", LINE)
    marks.take_back(tmp_path, mine["id"])
    assert marks.of_line(tmp_path, "ana", LINE) == (None, [])
    assert marks.marks(tmp_path).is_empty()


def test_only_moods_can_be_said(tmp_path):
    with pytest.raises(BadInput, match="not “boredom”"):
        said(tmp_path, "ana", LINE, "joy", "boredom")
    assert marks.marks(tmp_path).is_empty()


def test_a_mark_of_an_earlier_model_neither_holds_nor_is_overwritten(tmp_path):
    old = {"user": "ana", "text_hash": text_hash(spoken(LINE)), "track_id": "t", "model": "old",
           "shown": "joy", "said": "hope"}  # fmt: skip
    state.record(tmp_path, state.LineMark, **old)
    assert marks.of_line(tmp_path, "ana", LINE) == (None, [])
    said(tmp_path, "ana", LINE, "joy", "joy")
    assert marks.marks(tmp_path)["model"].to_list() == ["old", marks.model()]


@pytest.mark.parametrize("lead", [NEUTRAL, UNCLEAR])
def test_neutral_and_unclear_are_no_mood(tmp_path, lead):
    said(tmp_path, "ana", LINE, lead, marks.NO_MOOD)
    assert marks.training_rows(marks.marks(tmp_path))["right"].to_list() == [True]


def test_agreement_is_counted_exactly(songs):
    counts = (
        marks.Counted("m1", "joy", "joy", 12),
        marks.Counted("m1", "joy", "love", 3),
        marks.Counted("m1", "joy", "hope", 1),
        marks.Counted("m1", "fear", "anger", 4),
        marks.Counted("m0", "joy", "anger", 9),
    )
    found = marks.agreement(songs, counts=counts, model="m1")
    assert found.models.select("model", "marks", "wrong", "share").rows() == [
        (marks.NOW, 20, 8, 0.4), (marks.EARLIER, 9, 9, 1.0),
    ]  # fmt: skip
    # Wilson by hand: n = 20, p = .4, z = 1.6449
    low, high = found.models.select("low", "high").row(0)
    assert low == pytest.approx(0.24238, abs=1e-5)
    assert high == pytest.approx(0.58145, abs=1e-5)
    assert found.models.select("low", "high").row(1) == (None, None)
    assert found.moods.select("shown", "marks", "wrong", "instead").rows() == [
        ("joy", 16, 4, "love"), ("fear", 4, 4, "anger"),
    ]  # fmt: skip


def test_counts_add_up_to_the_marks(tmp_path):
    for number, (user, mood) in enumerate([("ana", "hope"), ("bo", "hope"), ("cy", "joy")]):
        said(tmp_path, user, f"line {number}", "joy", mood)
    counts = marks.counted(marks.marks(tmp_path))
    assert [(c.shown, c.said, c.marks) for c in counts] == [("joy", "hope", 2), ("joy", "joy", 1)]


def test_without_marks_there_is_nothing_to_say(songs, tmp_path):
    found = marks.agreement(songs, counts=marks.counted(marks.marks(tmp_path)), model="m")
    assert found.models.is_empty()
    assert found.moods.is_empty()


def test_training_rows_hold_the_line_only_where_asked_and_never_who(songs, tmp_path):
    said(tmp_path, "ana", LINE, "joy", "pride")
    said(tmp_path, "ana", "a line that no lyric has any more", "joy", "pride")
    found = marks.marks(tmp_path)
    assert {"text", "user"}.isdisjoint(marks.training_rows(found).columns)
    words = marks.marked_lines(songs, hashes=tuple(found["text_hash"]))
    rows = marks.training_rows(found, words)
    assert rows["text"].to_list() == [LINE, None]
    assert rows.select("shown", "said", "right").row(0) == ("joy", "pride", False)
    assert "user" not in rows.columns


@pytest.mark.parametrize("line", ["=1+1", "@SUM(A1)", "+49", "-2", "＝cmd"])
def test_an_exported_line_is_no_formula(tmp_path, line):
    said(tmp_path, "ana", line, "joy", "hope")
    found = marks.marks(tmp_path)
    words = pl.DataFrame({"text_hash": found["text_hash"], "text": [line]})
    exported = csv(marks.training_rows(found, words)).decode()
    (row,) = reader.DictReader(io.StringIO(exported))
    assert row["text"] == f"'{line}"
    assert row["said"] == "hope"
