"""Every track gets exactly one typed outcome."""

import pytest

from workbench.lyrics.outcome import MEANING, OUTCOMES, letters, reading
from workbench.lyrics.vocables import vocable_share

READ = frozenset({"en"})
SONG = [
    ("I walked along the river in the rain", "en"),
    ("And every window had a light for you", "en"),
    ("Nobody told me how the summer ends", "en"),
]


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        (SONG, "scored"),
        ([], "no_text"),
        (SONG[:2], "too_short"),
        ([("Stay", "en"), ("Go", "en"), ("Wait", "en"), ("Run", "en")], "too_short"),
        ([("La la la", "zxx"), ("Ooh ooh", "zxx"), ("Na na na na", "zxx")], "vocables"),
        ([(text, "es") for text, _ in SONG], "unsupported_language"),
        (
            [
                ("我们在月光下面一直走到天亮", "zh"),
                ("你说风会带我们回家去", "zh"),
                ("我听见海在唱歌很久", "zh"),
            ],
            "unsupported_language",
        ),
    ],
)
def test_outcomes(lines, outcome):
    assert reading(lines, READ).outcome == outcome


def test_a_text_that_says_so_is_instrumental_and_a_missing_one_is_not():
    assert reading([], READ, says_instrumental=True).outcome == "instrumental"
    assert reading([], READ).outcome == "no_text"


def test_ideographs_are_not_taken_for_a_short_song():
    assert letters("月亮") == 6
    assert letters("moon") == 4


def test_coverage_is_the_share_of_readable_letters_of_distinct_lines():
    spanish = [("nunca voy a olvidar tu voz", "es"), *SONG, SONG[0]]
    found = reading(spanish, READ)
    english = sum(letters(text) for text, _ in SONG)
    assert found.coverage == pytest.approx(english / (english + 21))
    assert (found.outcome, found.language) == ("scored", "en")


def test_every_outcome_has_words():
    assert set(MEANING) == set(OUTCOMES)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("La la la", 1.0),
        ("Ooh yeah", 1.0),
        ("Woooah-oh-oh", 1.0),
        ("Sha la la", 1.0),
        ("doo-wop", 1.0),
        ("la luna", 0.0),
        ("I do", 0.0),
        ("hola papa", 0.0),
        ("no no no", 0.0),
        ("Oh baby", 0.5),
        ("na na na na hey hey goodbye", 6 / 7),
        ("", 0.0),
    ],
)
def test_vocables(text, share):
    assert vocable_share(text) == pytest.approx(share)
