"""Moods in words: what leads most songs, and what leads without being a mood."""

import polars as pl
import pytest

from workbench.lyrics.catalogue import LEAST_LINES, CatalogueMoods, song_moods_table
from workbench.settings import settings
from workbench.ui.listening import TRACKS
from workbench.ui.mood_columns import SONGS
from workbench.ui.moods import moods_strip, most_frequent, read_languages, who_scores


def moods(**songs: int) -> CatalogueMoods:
    """Return a catalogue of which so many songs are led by each."""
    leads = [lead for lead, count in songs.items() for _ in range(count)]
    tracks = pl.DataFrame({"lead": leads}, schema={"lead": pl.String})
    outcomes = pl.DataFrame({"outcome": ["scored"], "tracks": [len(leads)]})
    return CatalogueMoods(tracks, outcomes, ("hope",), True)


@pytest.mark.parametrize(
    ("songs", "value", "note", "words"),
    [
        (
            {"desire": 10, "joy": 10, "fear": 2, "neutral": 31},
            "desire, joy",
            "each leads 10 songs; neutral leads 31",
            "desire and joy are the moods that lead most often, in 10 each; neutral leads 31",
        ),
        (
            {"joy": 1, "unclear": 4, "neutral": 5},
            "joy",
            "leads 1 song; neutral leads 5; unclear leads 4",
            "joy is the mood that leads most often, in 1; neutral leads 5; unclear leads 4",
        ),
        (
            {"joy": 2, "anger": 2, "love": 2},
            "3 moods tie",
            "anger, joy, love: each leads 2 songs",
            "anger and joy and love are the moods that lead most often, in 2 each",
        ),
    ],
)
def test_ties_and_what_is_no_mood_are_named(songs, value, note, words):
    found = moods(**songs)
    (lead,) = [card for card in moods_strip(found) if card.label == "Most frequent mood lead"]
    assert (lead.value, lead.note) == (value, note)
    assert most_frequent(found) == words


def test_where_no_mood_leads_there_is_no_number_of_it():
    found = moods(neutral=3)
    assert len(moods_strip(found)) == 3
    assert most_frequent(found) == "no mood leads any; neutral leads 3"


def lead_of(joy: int, neutral: int) -> str:
    """Return the lead of a song that has so many lines of each."""
    leads = ["joy"] * joy + ["neutral"] * neutral
    lines = pl.LazyFrame({"track_id": "t", "lead": leads, "weight": 1.0, "valence": 3.0,
                          "arousal": 3.0})  # fmt: skip
    return song_moods_table(lines)["lead"][0]


def test_help_of_a_lead_says_what_is_computed():
    assert lead_of(LEAST_LINES, 27) == "joy"  # a tenth of the lines
    assert lead_of(LEAST_LINES, 28) == "neutral"
    assert lead_of(LEAST_LINES - 1, 2) == "unclear"  # half is not more than half
    assert lead_of(LEAST_LINES - 1, 3) == "neutral"
    for columns in (TRACKS, SONGS):
        said = columns["lead"]["help"]
        assert f"at least {LEAST_LINES} different ones" in said
        assert "10 % of what is sung; otherwise neutral if more than half" in said.replace(
            "\u00a0", " "
        )


def test_the_model_in_force_and_what_it_reads_are_named(monkeypatch):
    assert (who_scores()[:23], read_languages()) == ("a small English sentenc", "English")
    monkeypatch.setenv("WORKBENCH_EMOTIONS", f"somebody/many_tongues@{'0' * 40}")
    monkeypatch.setenv("WORKBENCH_LYRIC_LANGUAGES", "es, en")
    settings.cache_clear()
    said = who_scores(), read_languages()
    monkeypatch.undo()
    settings.cache_clear()
    assert said == (r"the model somebody/many\_tongues of the hub", "EN, ES")
