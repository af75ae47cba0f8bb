"""What a search asks for: moods with their places, phrases, and what is left to be about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.lyrics.families import FAMILIES, MISSING
from workbench.lyrics.query import END, FEELS, LONGEST, NOUNS, START, WHOLE, Wish, understood


@pytest.mark.parametrize(
    ("words", "about", "wishes"),
    [
        ("songs about leaving home that end hopeful", "leaving home", [Wish("hope", END)]),
        ("sad songs", "", [Wish("sadness", WHOLE)]),
        ("happy", "", [Wish("joy", WHOLE)]),
        ("something angry about work", "work", [Wish("anger", WHOLE)]),
        ("songs that start sad and end happy", "", [Wish("sadness", START), Wish("joy", END)]),
        ("from sadness to joy", "", [Wish("sadness", START), Wish("joy", END)]),
        ("a breakup song with a happy ending", "a breakup song", [Wish("joy", END)]),
        ("turning to hope", "", [Wish("hope", END)]),
        ("not sad", "", [Wish("sadness", WHOLE, wanted=False)]),
        ("songs about home that are not sad", "home", [Wish("sadness", WHOLE, wanted=False)]),
        ("songs about money that do not end happy", "money", [Wish("joy", END, wanted=False)]),
        ("a song that does not start sad", "", [Wish("sadness", START, wanted=False)]),
        ("songs about home that don't end sad", "home", [Wish("sadness", END, wanted=False)]),
        (
            "songs that end on a very hopeful note about the war",
            "the war",
            [Wish("hope", END)],
        ),
        ("angry but funny songs about money", "money",
         [Wish("anger", WHOLE), Wish("playfulness", WHOLE)]),
        # a noun alone is what a song is about, and an end may be one of something else
        ("songs about hope", "hope", []),
        ("love songs", "love songs", []),
        ("the end of winter", "the end of winter", []),
        ("a song about the end of the world", "the end of the world", []),
        ("Which song fits a rainy day?", "a rainy day", []),
        ("SONGS ABOUT THE SEA", "THE SEA", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_moods_are_told_from_what_it_is_about(words, about, wishes):
    found = understood(words)
    assert (found.about, list(found.wishes)) == (about, wishes)
    assert not found.unheard


def test_a_quotation_is_kept_and_its_words_are_no_moods():
    found = understood("songs with “so sad, so sad” that end hopeful")
    assert found.phrases == ("so sad, so sad",)
    assert found.about == "so sad, so sad"
    assert found.wishes == (Wish("hope", END),)


def test_a_mood_without_a_label_stays_in_the_meaning():
    found = understood("wistful songs about the sea")
    assert (found.about, found.unheard, found.wishes) == ("wistful the sea", ("wistful",), ())


def test_more_than_is_read_is_said():
    found = understood("x" * 5_000)
    assert found.cut
    assert len(found.text) == LONGEST
    assert not understood("x" * LONGEST).cut


def test_every_family_can_be_asked_for():
    names = {family.name for family in FAMILIES}
    assert set(FEELS) == names
    assert set(NOUNS) == names - set(MISSING)
    for family, words in FEELS.items():
        for word in words.split():
            found = understood(f"{word} songs")
            wanted = () if family in MISSING else (Wish(family, WHOLE),)
            assert found.wishes == wanted


@given(st.text(max_size=1_500))
def test_any_text_is_understood_somehow(words):
    found = understood(words)
    assert len(found.text) <= 20 * LONGEST  # one sign may stand for several letters
    assert "\0" not in found.about
