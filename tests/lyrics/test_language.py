"""Language by script, and by detector in the context of stanza and song."""

import pytest

from workbench.lyrics.language import line_languages, script_language

ENGLISH = [
    ("I walked along the river in the rain", 0),
    ("And every window had a light for you", 0),
    ("Nobody told me how the summer ends", 0),
]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我们在一起", "zh"),
        ("君の名は", "ja"),
        ("사랑해 baby", "ko"),
        ("Привет мой друг", "und-Cyrl"),
        ("καλημέρα", "el"),
        ("hello", "latin"),
        ("Hello 月", "latin"),
        ("...!", None),
    ],
)
def test_scripts(text, language):
    assert script_language(text) == language


def codes(lines):
    return [found.code for found in line_languages(lines)]


def test_one_foreign_line_stays_foreign_and_does_not_turn_the_song():
    song = [*ENGLISH, ("Nunca voy a olvidar tu corazón, mi amor", 1), ("I never will forget it", 1)]
    assert codes(song) == ["en", "en", "en", "es", "en"]


def test_a_korean_line_does_not_relabel_an_english_song():
    assert codes([*ENGLISH, ("사랑해", 1)]) == ["en", "en", "en", "ko"]


def test_short_and_slang_lines_follow_their_song():
    assert (
        codes([*ENGLISH, ("no no no", 0), ("papa", 0), ("finna slide, ain't nobody trippin", 0)])
        == ["en"] * 6
    )


def test_sounds_have_no_language():
    assert codes([*ENGLISH, ("La la la, ooh", 1)])[-1] == "zxx"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Je marche seule dans la rue et je pense à toi", "fr"),
        ("Ich warte auf den Zug und keiner kommt nach Haus", "de"),
        ("Caminho pela rua e não te vejo mais", "pt"),
    ],
)
def test_detector(line, code):
    assert codes([(line, 0)]) == [code]
