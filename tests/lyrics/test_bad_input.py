"""Texts that are no songs, and heads for other labels: told, never lost, never at a standstill."""

import json
import time

import pytest

from workbench.errors import SetUpError
from workbench.lyrics import language, shipped
from workbench.lyrics.heads import heads
from workbench.lyrics.language import line_languages
from workbench.lyrics.lyric_lines import read_lyrics
from workbench.lyrics.outcome import NO_TEXT, SCORED, TOO_SHORT, UNSUPPORTED, VOCABLES
from workbench.lyrics.structure import MOST_HEARD, parsed_lyric
from workbench.store.memory import memory

VERSE = "I was here with you in the morning light\nSo much of it was over by the evening\n"
SONG = VERSE + "We never said goodbye to one another\n"
RIGHT_TO_LEFT = """\u202eאני אוהב אותך מאוד\u202c ולעולם לא אשכח
كل يوم من أيام حياتي أفكر فيك
תמיד ולעולם ועד אהובתי היקרה
أنت نور عيني وقلبي يا حبيبي
"""
# Processor time that one lyric may take, far above what any takes: a hang is minutes.
SECONDS = 20


def read(raw):
    """Return the outcome of a text and the words of its lines, in bearable time."""
    begun = time.process_time()
    row = read_lyrics([("key", raw)]).row(0, named=True)
    assert time.process_time() - begun < SECONDS
    return row["outcome"], [line["text"] for line in row["lines"]]


def test_fifty_thousand_lines_are_all_there():
    outcome, lines = read(
        "\n".join(f"{n} times {word}" for n in range(50) for word in ["you"] * 1000)
    )
    assert outcome == SCORED
    assert len(lines) == 50_000


def test_lines_beyond_the_longest_song_speak_its_language(monkeypatch):
    monkeypatch.setattr(language, "MOST_LINES", 3)
    lines = [(text, 0) for text in (SONG + "der Mond ist aufgegangen heute").split("\n")]
    assert [held.code for held in line_languages(lines)] == ["en"] * 4


@pytest.mark.parametrize(
    ("raw", "outcome", "lines"),
    [
        ("😀😃 🎉🔥\n" * 200, NO_TEXT, 0),
        ("love " * 10_000, TOO_SHORT, 1),
        ("love\n" * 10_000, TOO_SHORT, 10_000),
        ("x" * 1_000_000, TOO_SHORT, 1),
        ("la" * 50_000, VOCABLES, 1),
        ("<a " * 50_000, VOCABLES, 1),
        ("<!-- " * 20_000, NO_TEXT, 0),
        ("[Chorus]\n" * 20_000, NO_TEXT, 0),
        ("[" * 50_000, NO_TEXT, 0),
        ("[00:01.00]" * 10_000 + "word", TOO_SHORT, 10_000),
        (RIGHT_TO_LEFT * 20, UNSUPPORTED, 80),
        ("a" + "\u0301" * 100_000, TOO_SHORT, 1),
    ],
)  # fmt: skip
def test_what_is_no_english_song_says_so(raw, outcome, lines):
    found, words = read(raw)
    assert (found, len(words)) == (outcome, lines)


@pytest.mark.parametrize(
    "raw",
    [
        f"<div class='x'><p>{SONG}</p></div>",
        SONG.replace("e", "е"),  # a Cyrillic letter that looks the same
        SONG.replace("a", "a\u200b").replace(" ", "\u2005"),
        "\ufeff" + SONG,
        "".join(f"[00:0{n}.00]{line}\n" for n, line in enumerate(SONG.split("\n"), 1) if line),
    ],
    ids=["markup", "look-alikes", "zero width", "byte-order mark", "stamps"],
)
def test_a_song_in_disguise_is_the_song(raw):
    assert read(raw) == read(SONG)


def test_lines_of_mixed_encodings_keep_their_words():
    _, lines = read("donâ€™t go\ncafÃ© au lait\ncafé\x81 again\nhalf \ud83d of it\n\x00nul")
    assert lines == ["don't go", "café au lait", "café\x81 again", "half ? of it", "nul"]


def test_broken_stamps_lose_no_word():
    raw = "[00:12.00]one\n[aa:bb]two\n[99:99:99]three\n[00:1]four\n[-1:00]five\n[0:99.99]six\n"
    words = " ".join(read(raw)[1])
    assert all(word in words for word in ("one", "two", "three", "four", "five", "six"))


def test_thousands_of_repeat_marks_end_and_are_bounded():
    begun = time.process_time()
    lines = parsed_lyric("hey (x9)\n(x16)\n" * 3_000).lines
    assert len(lines) == 3_000
    assert max(line.heard for line in lines) == MOST_HEARD
    assert time.process_time() - begun < SECONDS


def test_heads_for_other_labels_are_refused(tmp_path, monkeypatch):
    known = json.loads((shipped.FOLDER / "moods.json").read_text())
    known["labels"] = [*known["labels"][:-1], "ennui"]
    facts = tmp_path / "moods.json"
    facts.write_text(json.dumps(known))
    monkeypatch.setattr(shipped, "FACTS", facts)
    memory.forget("heads ")
    try:
        with pytest.raises(SetUpError, match="other labels"):
            heads()
    finally:
        memory.forget("heads ")
