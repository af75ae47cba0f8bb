"""What cleaning removes, what it must leave, and that it says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.lyrics.text import clean_text


def kinds(raw):
    return [change.kind for change in clean_text(raw).changes]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (
            "72 ContributorsTranslationsFrançaisEspañolMy Song Lyrics[Verse 1]\nHello",
            "[Verse 1]\nHello",
        ),
        ("1 ContributorOh Lyrics\nHello", "Hello"),
        (
            "3 ContributorsBlue Lyrics“Blue” is about the sea… Read More\xa0\n[Verse]\nHi",
            "[Verse]\nHi",
        ),
        ("finally freed34Embed", "finally freed"),
        ("finally freedEmbed", "finally freed"),
        ("back in 1999Embed", "back in 1999"),
        ("so long\n12Embed", "so long"),
        ("so long1.2KEmbed", "so long"),
        ("love youYou might also like\nI was", "love you\nI was"),
        ("one\nYou might also like\n[Chorus]\ntwo", "one\n[Chorus]\ntwo"),
        ("See Ada Live\nGet tickets as low as $17\nI was", "I was"),
        ("See Ada LiveGet tickets as low as $17You might also like[Hook]\na", "[Hook]\na"),
        ("rock &amp; roll<br>and <i>soul</i>", "rock & roll\nand soul"),
        ("donâ€™t go", "don't go"),
        ("l’été “doux”", 'l\'été "doux"'),
        ("a\u200bb\u2005c\u00a0d\ufeff", "ab c d"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\n\n\n\n\nb", "a\n\nb"),
    ],
)
def test_furniture_and_characters(raw, clean):
    assert clean_text(raw).text == clean


@pytest.mark.parametrize(
    "line",
    [
        "You might also like me",
        "the memories embed",
        "I love you <3",
        "Привет, мой друг",
        "我们在一起",
        "See you live",
        "5 more days",
    ],
)
def test_lines_of_a_song_stay_as_they_are(line):
    assert clean_text(line).text == line
    assert clean_text(line).changes == ()


def test_look_alike_letters_are_mapped_only_in_latin_text():
    assert clean_text("I was hеrе with you").text == "I was here with you"  # Cyrillic е
    assert clean_text("I said а word").text == "I said a word"  # Cyrillic а, alone
    assert clean_text("сор").text == "сор"  # nothing says that this is Latin
    assert kinds("I was hеrе with you") == ["look-alike letters"]


def test_joiners_stay_where_a_script_needs_them():
    assert clean_text("می‌روم").text == "می‌روم"
    assert clean_text("fly\u200cing").text == "flying"


def test_the_log_names_what_was_removed():
    clean = clean_text("2 ContributorsTide Lyrics[Verse]\nthe <b>tide</b>\nturns7Embed")
    assert clean.text == "[Verse]\nthe tide\nturns"
    removed = [(change.kind, change.text) for change in clean.changes]
    assert ("page header", "2 ContributorsTide Lyrics") in removed
    assert ("html", "<b>") in removed
    assert ("page footer", "7Embed") in removed


@given(st.text())
def test_any_text_is_taken_and_clean_text_is_clean(raw):
    clean = clean_text(raw).text
    assert "\r" not in clean
    assert "\n\n\n" not in clean
    assert all(line == line.strip() for line in clean.split("\n"))


@given(st.text(alphabet="abcdefgh ,'\n", max_size=200))
def test_plain_words_are_never_lost(raw):
    assert "".join(clean_text(raw).text.split()) == "".join(raw.split())
