"""The Import page on recordings in doubt: side by side, answered, planned anew, undone."""

import bringing
import pytest
from apptest import Visit

from tests.pages.start.test_import_data import again, drop, press, visit
from workbench.importers import decisions, undoing

CATALOGUE = (
    "track_id,title,version,artist_id,status,isrc,release_date\n"
    "t1,Slow Tide,,a1,released,GBAYE2400001,2024-05-01\n"
    "t6,Twice Told,,a2,released,,2024-05-01\n"
    "t7,Twice Told,,a2,released,,2024-05-02\n"
)
SONGS = (
    "uts,artist,album,track\n"
    "1782864000,Nora Vale,,Slow Tde\n"
    "1782867600,Nora Vale,,Slow Tde\n"
    "1782871200,Milo,,Twice Told\n"
    "1782874800,Milo,,Other\n"
)


@pytest.fixture
def label(tmp_path):
    label = bringing.empty_label(tmp_path / "label")
    bringing.brought(label, CATALOGUE)
    bringing.brought(label, "artist_id,name\na1,Nora Vale\na2,Milo\n")
    return again(label)


def opened(label, monkeypatch) -> Visit:
    page = drop(visit(monkeypatch, again(label)), scrobbles_csv=SONGS)
    next(box for box in page.app.text_input if "Whose plays" in box.label).set_value("me")
    return page.run()


def answer(page: Visit, place: int, value: str, words: str) -> Visit:
    """Choose an answer in the list that is `place`-th on the page, under the words it has there."""
    group = page.app.get("button_group")[place].set_value(value)
    assert [group.options[n] for n in group.indices] == [words]
    return page


def plays(label) -> dict[str, int]:
    counted = again(label).table("plays").group_by("track_id").len().sort("track_id")
    return dict(counted.iter_rows())


def counts(page: Visit) -> list[int]:
    return page.app.dataframe[0].value[["read", "accepted", "rejected"]].to_numpy()[0].tolist()


def test_both_sides_are_shown_and_nothing_is_taken_unasked(label, monkeypatch):
    page = opened(label, monkeypatch)
    assert counts(page) == [4, 1, 3]
    assert "2 are in doubt" in page.words
    assert "| The file | Slow Tde | Nora Vale | – | 2 rows of it |" in page.words
    assert (
        "| The label | **Slow Tide** | Nora Vale | GBAYE2400001 · 2024-05-01 | nothing yet |"
    ) in page.words
    assert "| B | Twice Told | Milo | 2024-05-02 | nothing yet |" in page.words
    assert "In doubt: the title is spelt differently. Likeness 0.92." in page.words
    assert "In doubt: more than one track fits. Likeness 0.95, 0.95." in page.words
    press(page, "Keep these answers")
    assert "Nothing was answered" in page.app.info[-1].value
    assert decisions.listed(label).is_empty()


def test_answers_are_kept_at_once_and_the_rows_are_taken(label, monkeypatch):
    page = opened(label, monkeypatch)
    answer(page, 0, "t1", "The same")
    answer(page, 1, "t7", "The same as B")
    press(page, "Keep these answers")
    assert counts(page) == [4, 4, 0]
    assert "Which recordings are these?" not in page.words
    press(page, "Store 5 rows of 1 file")
    assert plays(label) == {"name:Milo · Other": 1, "t1": 2, "t7": 1}
    # a later visit asks nothing and offers nothing again
    later = opened(label, monkeypatch)
    assert "in the label already" in later.app.success[0].value


def test_later_leaves_it_and_another_makes_a_track(label, monkeypatch):
    page = opened(label, monkeypatch)
    answer(page, 0, decisions.ANOTHER, "Another recording")
    press(page, "Keep these answers")
    assert counts(page) == [4, 3, 1]
    assert "1 is in doubt" in page.words
    press(page, "Store")
    assert plays(label) == {"name:Milo · Other": 1, "name:Nora Vale · Slow Tde": 2}
    # what waits can still be answered, and the file is then stored again
    page = opened(label, monkeypatch)
    answer(page, 0, "t6", "The same as A")
    press(page, "Keep these answers")
    press(page, "Store")
    assert plays(label) == {"name:Milo · Other": 1, "name:Nora Vale · Slow Tde": 2, "t6": 1}


def test_several_are_answered_at_once(label, monkeypatch):
    page = opened(label, monkeypatch)
    answer(page, 0, "t1", "The same")
    answer(page, 2, decisions.ANOTHER, "are other recordings")
    press(page, "Keep these answers")
    assert counts(page) == [4, 4, 0]
    assert decisions.listed(label)["answer"].to_list() == [
        "is not Twice Told – Milo", "is Slow Tide – Nora Vale",
    ]  # fmt: skip


def test_a_decision_is_undone_with_what_it_brought(label, monkeypatch):
    page = opened(label, monkeypatch)
    answer(page, 0, "t1", "The same")
    press(page, "Keep these answers")
    press(page, "Store")
    assert plays(label) == {"name:Milo · Other": 1, "t1": 2}
    page = visit(monkeypatch, again(label))
    assert page.app.dataframe[-1].value["answer"].tolist() == ["is Slow Tide – Nora Vale"]
    page.app.session_state["decisions"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page.run()
    assert "2 rows of plays" in page.words
    press(page, "Undo it")
    assert plays(label) == {"name:Milo · Other": 1}
    assert "Decisions" not in page.words
    page = opened(label, monkeypatch)
    assert counts(page) == [4, 1, 3]
    assert "in the label already" in page.app.success[0].value


def test_what_goes_with_a_track_is_said_before(label, monkeypatch):
    page = opened(label, monkeypatch)
    answer(page, 0, decisions.ANOTHER, "Another recording")
    press(page, "Keep these answers")
    press(page, "Store")
    bringing.brought(again(label), "track_id,source,text\nname:Nora Vale · Slow Tde,own,Slow\n")
    page = visit(monkeypatch, again(label))
    page.app.session_state["decisions"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page.run()
    assert "1 row of lyrics, 2 rows of plays, 1 row of tracks" in page.words
    assert (
        "The track “Slow Tde” goes with all that was stored for it, 1 row of other files"
        in page.words
    )
    press(page, "Undo it")
    assert undoing.effect(again(label), "x").tables.is_empty()
    assert not again(label).has("lyrics")


def test_names_are_letters_and_more_than_a_page_is_asked_in_parts(label, monkeypatch):
    header = CATALOGUE.splitlines()[0] + "\n"
    bringing.brought(again(label), header + "".join(
        f"{side}{n},Harbour {n} *x*|<b>,,a2,released,,2024-01-0{day}\n"
        for n in range(9) for day, side in enumerate("xy", 1)
    ))  # fmt: skip
    songs = "uts,artist,album,track\n" + "".join(
        f"{1782864000 + 3600 * n + 60 * m},Milo,,Harbour {n} *x*|<b>\n"
        for n in range(9) for m in range(n + 1)
    )  # fmt: skip
    page = drop(visit(monkeypatch, again(label)), many_csv=songs)
    next(box for box in page.app.text_input if "Whose plays" in box.label).set_value("me")
    page.run()
    assert r"| The file | Harbour 8 \*x\*\|\<b\> | Milo | – | 9 rows of it |" in page.words
    assert "Harbour 0" not in page.words.split("Which recordings")[1]
    box = next(box for box in page.app.selectbox if "stand in most rows" in box.label)
    assert box.options == ["1 to 8", "9 to 9"]
    box.set_value(8)
    page.run()
    assert "Harbour 0" in page.words.split("Which recordings")[1]
    answer(page, 0, "y0", "The same as B")
    press(page, "Keep these answers")
    assert counts(page) == [45, 1, 44]
    assert "8 are in doubt" in page.words
