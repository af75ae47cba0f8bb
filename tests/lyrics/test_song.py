"""One song: lines, sentence, evidence, arc, repeats, sections."""

import numpy as np
import polars as pl
import pytest

from workbench.errors import BadInput
from workbench.lyrics.arc import STEP_SHARE, smoothed
from workbench.lyrics.families import CARRIED
from workbench.lyrics.song import song_moods


def test_lines_keep_their_order_and_their_leading_moods(songs):
    lines = song_moods(songs, track="tr-glad").lines
    assert lines["text"][0] == "I am so happy that I could dance all night"
    assert lines["kind"].to_list() == ["verse"] * 3 + ["chorus"] * 2
    assert lines["heard"].to_list() == [1, 1, 1, 2, 2]
    assert lines["first"][0] == "joy"
    leading = lines.filter(pl.col("lead").is_in(CARRIED))
    assert leading["lead"].to_list() == leading["first"].to_list()
    assert lines["first_p"].is_between(0, 1).all()


def test_a_song_that_turns_says_so(songs):
    song = song_moods(songs, track="tr-turning")
    assert song.sentence.startswith("Sadness turning to joy; a mood stands out in ")
    assert song.kinds["kind"].to_list() == ["verse"]
    assert song.sections["lead"].to_list() == ["sadness", "joy"]
    first, second = song.sections["valence"].to_list()
    assert first < second
    smooth = song.arc.filter(pl.col("axis") == "valence")["smooth"]
    assert smooth[0] < smooth[-1]


def test_evidence_is_for_and_against(songs):
    song = song_moods(songs, track="tr-turning")
    lead = song.facts["lead"][0]
    assert set(song.evidence.filter(pl.col("side") == "for")["family"]) == {lead}
    assert lead not in set(song.evidence.filter(pl.col("side") == "against")["family"])
    assert song.evidence.group_by("side").len()["len"].max() <= 3


def test_repeats_count_what_is_heard(songs):
    repeats = song_moods(songs, track="tr-glad").repeats
    assert repeats["times"].to_list() == [2, 2]
    assert repeats["share"].to_list() == pytest.approx([2 / 7, 2 / 7])


def test_shares_as_heard_and_as_written_stand_beside_each_other(songs):
    shares = song_moods(songs, track="tr-glad").shares
    assert shares["heard"].sum() == pytest.approx(1)
    assert shares["written"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("track", "state"),
    [("tr-foreign", "other language"), ("tr-sounds", "sounds"), ("tr-short", "not scored")],
)
def test_a_song_that_cannot_be_scored_still_shows_its_lines(songs, track, state):
    song = song_moods(songs, track=track)
    assert song.lines["state"].unique().to_list() == [state]
    assert song.lines["first"].null_count() == song.lines.height
    assert song.facts["lead"][0] is None
    assert song.sentence == song.facts["meaning"][0]
    assert song.arc.is_empty()
    assert song.shares.is_empty()


def test_a_song_without_text_has_an_empty_answer(songs):
    song = song_moods(songs, track="tr-none")
    assert song.lines.is_empty()
    assert song.facts["outcome"][0] == "no_text"


def test_an_unknown_track_is_refused(songs):
    with pytest.raises(BadInput, match="no track"):
        song_moods(songs, track="tr-nobody")


def test_smoothing_is_the_exact_posterior():
    scores = np.random.default_rng(3).normal(3, 0.4, 12)
    noise = np.mean(np.diff(scores) ** 2) / 2
    step = STEP_SHARE * noise
    # The same model written as one Gaussian: level 0 ~ N(mean, noise), then independent steps.
    walk = np.tril(np.ones((12, 12)))
    prior = walk @ np.diag([noise] + [step] * 11) @ walk.T
    gain = prior @ np.linalg.inv(prior + noise * np.eye(12))
    mean = scores.mean() + gain @ (scores - scores.mean())
    spread = np.sqrt(np.diag(prior - gain @ prior))
    found, sure = smoothed(scores)
    assert np.allclose(found, mean)
    assert np.allclose(sure, spread)


def test_smoothing_leaves_a_level_song_level():
    found, _ = smoothed(np.full(9, 2.5))
    assert np.allclose(found, 2.5)
