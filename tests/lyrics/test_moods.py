"""Families, leads, and the artifact of line moods."""

import math

import numpy as np
import polars as pl
import pytest

from workbench.dataset import make
from workbench.lyrics.families import CARRIED, FAMILIES, LABELS, MISSING, UNMAPPED, mapping
from workbench.lyrics.heads import heads
from workbench.lyrics.moods import scored_lines
from workbench.lyrics.shipped import facts
from workbench.lyrics.training.evaluation import f1
from workbench.lyrics.training.reference import standing
from workbench.store.lyric_rows import LINE_MOODS


def leads(**scores):
    """Return the lead of one line whose labels stand so many deviations above ordinary lines."""
    held = heads().facts["standing"]
    row = {}
    for label, mean, spread in zip(LABELS, held["mean"], held["spread"], strict=True):
        odds = mean + scores.get(label, -1.0) * spread
        row[label] = [1 / (1 + math.exp(-odds))]
    row |= {"text_hash": ["a"], "valence": [3.0], "arousal": [3.0]}
    return scored_lines(pl.LazyFrame(row)).select("lead", "named").collect().row(0)


def test_every_label_has_exactly_one_place():
    placed = [label for family in FAMILIES for label in family.labels] + [*UNMAPPED, "neutral"]
    assert sorted(placed) == sorted(LABELS)
    assert len(FAMILIES) == 12
    assert MISSING == ("longing",)
    assert set(CARRIED) | set(MISSING) == {family.name for family in FAMILIES}
    assert mapping().height == 12 + 3


def test_the_lead_stands_highest_above_what_passes():
    passes = heads().facts["standing"]["passes"]
    assert leads(desire=passes["desire"] + 0.5, pride=passes["pride"] + 0.4)[0] == "desire"
    assert leads(desire=passes["desire"] + 0.3, pride=passes["pride"] + 0.4)[0] == "pride"
    assert leads(desire=passes["desire"] - 0.1)[0] in ("neutral", "unclear")


def test_a_family_of_several_labels_is_held_by_their_mean():
    passes = heads().facts["standing"]["passes"]["fear"]
    assert leads(fear=2 * passes + 0.1, nervousness=0.0)[0] == "fear"
    assert leads(fear=2 * passes - 0.1, nervousness=0.0)[0] != "fear"


def test_neutral_and_unclear_differ():
    assert leads(neutral=2.0) == ("neutral", False)
    assert leads(neutral=-6.0) == ("unclear", False)


def test_a_lead_is_named_where_its_label_passes_its_own_threshold():
    assert leads(joy=9.0, excitement=0.0, gratitude=0.0) == ("joy", True)
    passes = heads().facts["standing"]["passes"]["calm"]
    assert leads(relief=passes + 0.01) == ("calm", False)


def test_a_label_without_a_family_leads_nothing():
    assert leads(surprise=9.0, curiosity=9.0)[0] in ("neutral", "unclear")


def test_what_passes_is_a_quantile_of_the_reference():
    log_odds = np.zeros((100, len(LABELS)))
    log_odds[:, LABELS.index("desire")] = np.arange(100)
    held = standing(log_odds + 1e-9 * np.random.default_rng(0).normal(size=log_odds.shape))
    place = LABELS.index("desire")
    assert held["lines"] == 100
    assert held["mean"][place] == pytest.approx(49.5)
    # the 92 % quantile of 0..99 is 91.08, their standard deviation 28.866
    assert held["passes"]["desire"] == pytest.approx((91.08 - 49.5) / 28.866, abs=1e-4)


def test_heads_were_trained_on_this_encoder_with_thresholds_of_dev():
    known = facts()
    assert known["encoder"]["sha256"].startswith("53aa5117")
    assert len(known["thresholds"]) == len(LABELS)
    assert set(known["data"]) == {
        "goemotions/original_train.tsv",
        "goemotions/original_dev.tsv",
        "goemotions/original_test.tsv",
        "emobank/emobank.csv",
        "xed/en-annotated.tsv",
        "xed/neu_en.txt",
    }
    low, high = known["goemotions"]["test_macro_f1_interval"]
    assert low < known["goemotions"]["test_macro_f1"] < high


def test_plain_lines_get_the_mood_that_they_name(songs):
    lines = pl.concat([songs.scan("lyric_lines").select(pl.col("lines").explode().struct.unnest())])
    moods = scored_lines(songs.scan("line_moods"))
    found = dict(
        lines.join(moods, on="text_hash").select("text", "lead").unique().collect().iter_rows()
    )
    assert found["I am so happy that I could dance all night"] == "joy"
    assert found["I am so sad and lonely without you"] == "sadness"
    assert found["I love you, I love everything"] == "love"
    assert found["Shut up, get out, I am furious"] == "anger"


def test_probabilities_are_those_of_the_weights(songs):
    rows = songs.table("line_embeddings").drop_nulls("outputs").sort("text_hash")
    vectors = [rows[name].to_numpy() for name in ("embedding", "layers", "outputs")]
    wanted = heads().probabilities(*vectors)
    found = songs.table("line_moods").sort("text_hash").select(LABELS).to_numpy()
    assert abs(found - wanted).max() < 1e-6
    assert songs.table("line_moods").schema == dict(LINE_MOODS)


def test_making_again_adds_nothing(songs):
    before = songs.version("line_moods", "line_embeddings", "lyric_lines")
    steps = []
    for name in ("lyric_lines", "line_embeddings", "line_moods"):
        make(songs, name, lambda done, total, text: steps.append((done, total)))
    assert songs.version("line_moods", "line_embeddings", "lyric_lines") == before
    assert {total for _, total in steps} == {0}


def test_each_distinct_line_is_embedded_once(songs):
    hashes = songs.table("line_embeddings")["text_hash"]
    assert hashes.n_unique() == len(hashes)
    # the two glad songs differ in one line, the turning one shares four with others
    lines = songs.scan("lyric_lines").filter(pl.col("outcome") == "scored")
    sung = lines.select(pl.col("lines").explode().struct.unnest()).collect()
    assert sung.height > sung["text_hash"].n_unique()
    assert set(sung["text_hash"]) <= set(hashes)


def test_f1_by_hand():
    wanted = pl.Series([True, True, False, False]).to_numpy()[:, None]
    found = pl.Series([True, False, True, False]).to_numpy()[:, None]
    assert f1(wanted, found)[0] == pytest.approx(0.5)
    assert f1(wanted & False, found & False)[0] == 0.0
