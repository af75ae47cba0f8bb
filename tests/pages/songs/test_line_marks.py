"""“This is wrong”: a line is marked on Song, taken back, and counted on Methods."""

import datetime

import pytest

from tests.apptest import Visit
from workbench.lyrics import marks
from workbench.lyrics.lyric_lines import spoken, text_hash
from workbench.report.export import csv
from workbench.store import state

LINE = "I am so happy that I could dance all night"


@pytest.fixture(scope="module")
def label(scored, tmp_path_factory):
    """Return a label of its own: the marks of these tests stay in it."""
    return scored(tmp_path_factory.mktemp("marked") / "label")


@pytest.fixture(autouse=True)
def _none_left(label):
    yield
    for row in marks.marks(label.home).iter_rows(named=True):
        marks.take_back(label.home, row["id"])


def chosen(monkeypatch, label, line=0) -> Visit:
    """Open Song with a line chosen on the sheet."""
    visit = Visit(monkeypatch, label.folder, "songs/song", track="tr-glad")
    visit.app.session_state["sheet"] = {"selection": {"points": [{"customdata": line}]}}
    return visit.run()


def pressed(visit: Visit, key: str) -> Visit:
    visit.app.button(key=key).click()
    return visit.run()


def test_wrong_needs_what_it_should_be(label, monkeypatch):
    visit = chosen(monkeypatch, label)
    assert visit.app.button(key="mark-wrong-0").disabled
    assert "joy" not in visit.app.selectbox(key="mark-said-0").options
    visit.app.selectbox(key="mark-said-0").set_value("longing")
    visit.run()
    assert not visit.app.button(key="mark-wrong-0").disabled
    pressed(visit, "mark-wrong-0")
    assert "You marked this line as wrong: longing, not joy" in visit.words
    row = marks.marks(label.home).row(0, named=True)
    assert (row["shown"], row["said"], row["track_id"]) == ("joy", "longing", "tr-glad")
    assert row["text_hash"] == text_hash(spoken(LINE))


def test_a_mark_is_there_again_and_can_be_taken_back(label, monkeypatch):
    pressed(chosen(monkeypatch, label), "mark-right-0")
    visit = chosen(monkeypatch, label)
    assert "You marked this line as right: joy" in visit.words
    assert "This is wrong" not in [button.label for button in visit.app.button]
    pressed(visit, "mark-back-0")
    assert marks.marks(label.home).is_empty()
    assert "The model says **joy**" in visit.words


def test_another_line_is_asked_for_itself(label, monkeypatch):
    visit = pressed(chosen(monkeypatch, label), "mark-right-0")
    visit.app.session_state["sheet"] = {"selection": {"points": [{"customdata": 1}]}}
    visit.run()
    assert "You marked" not in visit.words
    assert "The model says" in visit.words


def test_the_same_line_sung_in_another_song_has_the_same_mark(label, monkeypatch):
    pressed(chosen(monkeypatch, label), "mark-right-0")
    visit = Visit(monkeypatch, label.folder, "songs/song", track="tr-glad-again")
    visit.app.session_state["sheet"] = {"selection": {"points": [{"customdata": 0}]}}
    assert "You marked this line as right: joy" in visit.run().words


def test_what_others_say_stands_beside_it(label, monkeypatch):
    marks.mark(label.home, "somebody else", track="tr-glad", text=LINE, lead="joy", said="pride")
    visit = chosen(monkeypatch, label)
    assert "Others say: pride" in visit.words
    assert "The model says **joy**" in visit.words


def test_a_line_without_a_mood_is_not_asked_for(label, monkeypatch):
    visit = Visit(monkeypatch, label.folder, "songs/song", track="tr-foreign")
    visit.app.session_state["sheet"] = {"selection": {"points": [{"customdata": 0}]}}
    assert "The model says" not in visit.run().words


def test_a_demo_is_never_marked(label, monkeypatch):
    visit = Visit(monkeypatch, label.folder, "songs/demo")
    visit.app.text_area(key="demo-text").set_value(LINE + "\n" + LINE + " and day\nSo glad of it")
    visit.run()
    visit.app.session_state["sheet"] = {"selection": {"points": [{"customdata": 0}]}}
    assert "The model says" not in visit.run().words


def test_methods_says_how_to_begin(label, monkeypatch):
    visit = Visit(monkeypatch, label.folder, "share/methods")
    assert "Nobody has marked a line yet" in visit.words
    assert "marks" not in visit.page.shown


def test_methods_counts_the_marks_and_says_what_they_are_not(label, monkeypatch):
    for number in range(12):
        said = "joy" if number < 9 else "love"
        marks.mark(label.home, f"user {number}", track="tr-glad", text=LINE, lead="joy", said=said)
    visit = Visit(monkeypatch, label.folder, "share/methods")
    assert "12 marks" in visit.words
    assert "People mark what annoys them" in visit.words
    row = visit.page.shown["marks_models"].row(0, named=True)
    assert (row["marks"], row["wrong"], row["share"]) == (12, 3, 25.0)
    assert row["low"] < 25 < row["high"]
    assert visit.page.shown["marks_moods"]["instead"].to_list() == ["love"]
    assert visit.notebook_agrees() == 3


def test_the_words_leave_only_when_asked_for(label, monkeypatch):
    marks.mark(label.home, "ana", track="tr-glad", text=LINE, lead="joy", said="pride")
    visit = Visit(monkeypatch, label.folder, "share/methods")
    assert b"dance" not in csv(visit.page.shown["marks"])
    assert b"ana" not in csv(visit.page.shown["marks"])
    visit.app.toggle(key="marks-words").set_value(True)
    visit.run()
    exported = csv(visit.page.shown["marks"]).decode()
    assert LINE in exported
    assert "ana," not in exported
    assert LINE not in visit.page.notebook().decode()


def test_a_mark_is_taken_back_on_methods_too(label, monkeypatch):
    marks.mark(label.home, "ana", track="tr-glad", text=LINE, lead="joy", said="pride")
    visit = Visit(monkeypatch, label.folder, "share/methods")
    visit.app.session_state["marks"] = {"selection": {"rows": [0]}}
    visit.run()
    assert "Open its song" in visit.words
    pressed(visit, "mark-back")
    assert "Nobody has marked a line yet" in visit.words


def test_a_mark_of_a_line_that_is_gone_still_counts(label, monkeypatch):
    state.record(
        label.home, state.LineMark, user="ana", track_id="tr-x", text_hash="0" * 32, model="old",
        shown="joy", said="hope", at=datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC),
    )  # fmt: skip
    visit = Visit(monkeypatch, label.folder, "share/methods")
    visit.app.toggle(key="marks-words").set_value(True)
    visit.run()
    assert visit.page.shown["marks"]["text"].to_list() == [None]
    assert visit.page.shown["marks_models"]["model"].to_list() == [marks.EARLIER]
    assert "marks_moods" not in visit.page.shown
