"""Sections, stanzas, performers, stamps, repeats: read from many kinds of lyric sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.lyrics.headers import bracketed_header
from workbench.lyrics.structure import parsed_lyric

SHEET = """[Verse 1: Ana & Bo]
Salt on the window
Rain on the sea

[Chorus x2]
Carry me over
Carry me home

[Verse 2]
Nobody calls now (x3)

[Chorus]
[Bridge - Cy]
so long...yeah[Outro]
Bye"""


def test_a_sheet_line_by_line():
    lines = parsed_lyric(SHEET).lines
    seen = [(line.text, line.kind, line.section, line.stanza, line.heard) for line in lines]
    assert seen == [
        ("Salt on the window", "verse", 0, 0, 1),
        ("Rain on the sea", "verse", 0, 0, 1),
        ("Carry me over", "chorus", 1, 1, 2),
        ("Carry me home", "chorus", 1, 1, 2),
        ("Nobody calls now", "verse", 2, 2, 3),
        ("Carry me over", "chorus", 3, 3, 1),
        ("Carry me home", "chorus", 3, 3, 1),
        ("so long...yeah", "bridge", 4, 4, 1),
        ("Bye", "outro", 5, 5, 1),
    ]
    assert lines[0].performers == ("Ana", "Bo")
    assert lines[7].performers == ("Cy",)
    assert [line.written for line in lines] == [True] * 5 + [False] * 2 + [True] * 2


def test_a_repeat_mark_alone_repeats_the_stanza_above():
    lines = parsed_lyric("one more\nnight\n(x3)\n\nand gone").lines
    assert [(line.text, line.heard) for line in lines] == [
        ("one more", 3),
        ("night", 3),
        ("and gone", 1),
    ]


def test_time_stamps_order_the_lines_and_the_offset_moves_them():
    raw = (
        "[ar:Ana]\n[offset:+500]\n[01:00.00][00:12.34]Again\n[00:20.5]<00:20.50>Once <00:21.00>only"
    )
    lyric = parsed_lyric(raw)
    assert [(line.text, line.at_ms) for line in lyric.lines] == [
        ("Again", 11_840),
        ("Once only", 20_000),
        ("Again", 59_500),
    ]
    assert {change.kind for change in lyric.changes} == {"time-stamp file header", "time stamps"}


@pytest.mark.parametrize(
    "raw", ["[Instrumental]", "Instrumental", "This song is an instrumental.", "(Guitar solo)"]
)
def test_a_text_that_says_instrumental(raw):
    lyric = parsed_lyric(raw)
    assert lyric.says_instrumental
    assert lyric.lines == ()


def test_an_instrumental_break_does_not_make_an_instrumental():
    lyric = parsed_lyric("[Verse]\nI sing\n[Instrumental Break]\n\n[Verse]\nI sing on")
    assert not lyric.says_instrumental
    assert len(lyric.lines) == 2


def test_a_placeholder_is_no_lyric():
    raw = "Lyrics for this song have yet to be released. Please check back once the song is out."
    assert parsed_lyric(raw).placeholder
    assert parsed_lyric(raw).lines == ()


@pytest.mark.parametrize(
    ("header", "kind", "performers"),
    [
        ("Chorus: Ana, Bo & Cy", "chorus", ("Ana", "Bo", "Cy")),
        ("Estribillo", "chorus", ()),
        ("Strophe 2", "verse", ()),
        ("Pré-Refrão", "pre-chorus", ()),
        ("副歌", "chorus", ()),
        ("主歌1", "verse", ()),
        ("Last Chorus", "chorus", ()),
        ("Guitar Solo", "instrumental", ()),
        ("Middle 8", "bridge", ()),
        ("dos", "verse", ()),
        ("Parting words", "other", ("Parting words",)),
        ("Ana & Bo", "other", ("Ana", "Bo")),
    ],
)
def test_headers_in_brackets(header, kind, performers):
    found = bracketed_header(header)
    assert (found.kind, found.performers) == (kind, performers)


def test_headers_without_brackets_and_lines_that_look_like_them():
    lines = parsed_lyric("Chorus:\nline a\n\nVERSE 2\nline b\n\nPart of me\nBridge\n\nDrop").lines
    assert [(line.text, line.kind) for line in lines] == [
        ("line a", "chorus"),
        ("line b", "verse"),
        ("Part of me", "verse"),
        ("Bridge", "verse"),
        ("Drop", "verse"),
    ]


def test_a_header_over_two_lines_and_a_note_in_a_line():
    lyric = parsed_lyric("[Verse 1:\nAna]\nhold [laughs] on")
    assert [(line.text, line.performers) for line in lyric.lines] == [("hold on", ("Ana",))]
    assert [change.kind for change in lyric.changes] == ["note inside a line"]


@given(st.text(alphabet="ab[]()x2:- \nVerse", max_size=300))
def test_any_text_is_read_and_numbers_never_fall(raw):
    lines = parsed_lyric(raw).lines
    assert [line.stanza for line in lines] == sorted(line.stanza for line in lines)
    assert [line.section for line in lines] == sorted(line.section for line in lines)
    assert all(any(c.isalnum() for c in line.text) and line.heard >= 1 for line in lines)
