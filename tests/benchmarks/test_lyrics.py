"""The benchmarks of lyrics: agreement by hand, every family mapped once, songs as the app reads."""

import numpy as np
import polars as pl
import pytest

from benchmarks import lyric_languages, lyric_shipped, lyric_verse
from benchmarks.lyric_sets import Songs, sample_plan
from benchmarks.lyric_songs import windows
from workbench.errors import SetUpError
from workbench.lyrics.families import CARRIED
from workbench.lyrics.training import vectors
from workbench.lyrics.training.data import PLUTCHIK, public_file

GLAD = """We laugh and sing, we love this day
I am so happy that we danced
Thank you for the joy you bring
What a wonderful, wonderful day we had"""
ANGRY = """You make me so angry that I could scream
I hate you, get out of here
You disgusting liar, I am furious
Shut up and leave me alone for good"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "CACHE", tmp_path)


def test_kappa_by_hand():
    # agreement 3 of 4; by chance (2 x 1 + 2 x 3) / 16 = .5
    assert lyric_verse.kappa(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])) == pytest.approx(0.5)
    assert lyric_verse.kappa(np.array([0, 2, 1]), np.array([0, 2, 1])) == pytest.approx(1)
    assert lyric_verse.kappa(np.array([0, 1]), np.array([1, 0])) == pytest.approx(-1)


@pytest.mark.parametrize("mapping", [lyric_shipped.QUADRANTS, lyric_shipped.HALVES])
def test_every_family_goes_to_one_mood(mapping):
    assert sorted(family for held in mapping.values() for family in held) == sorted(CARRIED)


def test_families_of_verse_are_carried_and_reflection_has_no_emotion():
    assert set(CARRIED) - set(lyric_verse.EMOTION) == {"reflection"}
    assert set(lyric_verse.OWN) < set(lyric_verse.EMOTION)


def test_windows_hold_lines_as_heard_until_there_are_words_enough():
    assert windows("one two\nthree four\nfive", 3) == ["one two three four", "five"]
    assert windows("one two (x2)", 4) == ["one two one two"]
    assert windows("", 4) == ["."]


def test_songs_are_read_as_the_app_reads_them():
    held = Songs("two", [GLAD, ANGRY, ""], np.array(["happy", "angry", "sad"]), np.ones(3, bool))
    songs = lyric_shipped.shown(held)
    assert songs["outcome"].to_list() == ["scored", "scored", "no_text"]
    found = lyric_shipped.shares(songs, lyric_shipped.QUADRANTS)
    assert np.allclose(found[:2].sum(axis=1), 1)
    assert np.isnan(found[2]).all()
    moods = list(lyric_shipped.QUADRANTS)
    assert [moods[i] for i in found[:2].argmax(axis=1)] == ["happy", "angry"]
    measured = lyric_shipped.mapped(held, songs, lyric_shipped.QUADRANTS)
    (accuracy,) = [figure for figure in measured if "accuracy" in figure.name]
    assert accuracy.value == pytest.approx(2 / 3)


def test_shares_that_are_no_chances_show_as_error_of_calibration():
    said = np.array([[0.9, 0.1], [0.9, 0.1], [np.nan, np.nan]])
    every, first = lyric_shipped.calibration(
        "two", said, np.array(["glad", "sad"]), np.array(["sad", "sad", "sad"])
    )
    assert every.value == pytest.approx(0.9)
    assert first.value == pytest.approx(0.9)


def test_a_plan_without_an_arc_starts_and_ends_in_its_mood():
    plan = sample_plan()
    still = plan.filter(~pl.col("moves")).drop_nulls("mood")
    assert (still["start"] == still["mood"]).all() and (still["end"] == still["mood"]).all()
    assert plan["moves"].sum() == 24
    assert set(plan.filter("moves")["end"]) <= set(CARRIED) | {"longing"}


def test_other_languages_say_that_they_are_skipped(capsys):
    assert lyric_languages.figures(quick=True) == []
    assert "skipped" in capsys.readouterr().out


def test_other_languages_are_measured_with_any_encoder():
    try:
        public_file("lyrics", "xed", "es-projections.tsv")
    except SetUpError as error:
        pytest.skip(str(error))
    spanish = lyric_languages.projected("es")
    assert spanish.targets.shape == (len(spanish.texts), len(PLUTCHIK))
    assert spanish.targets.sum(axis=1).min() >= 1
    english, other = lyric_languages.transferred(60, ("es",))
    assert 0 < other.value < 1 and english.spread[0] <= english.value <= english.spread[1]
