"""Families, leads, and the artifact of line moods."""

import polars as pl
import pytest

from workbench.dataset import make
from workbench.lyrics.families import CARRIED, FAMILIES, LABELS, MISSING, UNMAPPED, mapping
from workbench.lyrics.heads import facts, heads
from workbench.lyrics.moods import lead, scored_lines
from workbench.lyrics.training.evaluation import f1
from workbench.store.lyric_rows import LINE_MOODS

THRESHOLDS = dict.fromkeys(LABELS, 0.3) | {"relief": 0.1}


def leads(**rows):
    """Return the leads of lines whose probabilities are 0 where not given."""
    count = len(next(iter(rows.values())))
    table = {label: rows.get(label, [0.0] * count) for label in LABELS}
    return pl.DataFrame(table).select(lead(THRESHOLDS))["lead"].to_list()


def test_every_label_has_exactly_one_place():
    placed = [label for family in FAMILIES for label in family.labels] + [*UNMAPPED, "neutral"]
    assert sorted(placed) == sorted(LABELS)
    assert len(FAMILIES) == 12
    assert MISSING == ("longing",)
    assert set(CARRIED) | set(MISSING) == {family.name for family in FAMILIES}
    assert mapping().height == 12 + 3


def test_the_lead_stands_highest_above_its_own_threshold():
    # joy .45 / .30 = 1.5; relief .2 / .1 = 2.0: calm leads although joy is more probable
    assert leads(joy=[0.45], relief=[0.2]) == ["calm"]
    assert leads(joy=[0.45], relief=[0.12]) == ["joy"]


def test_neutral_and_unclear_differ():
    assert leads(neutral=[0.5]) == ["neutral"]
    assert leads(neutral=[0.29], joy=[0.29]) == ["unclear"]
    assert leads(neutral=[0.7], joy=[0.34]) == ["neutral"]  # more than twice as probable
    assert leads(neutral=[0.6], joy=[0.34]) == ["joy"]


def test_a_label_without_a_family_leads_nothing():
    assert leads(surprise=[0.9], curiosity=[0.8]) == ["unclear"]


def test_heads_were_trained_on_this_encoder_with_thresholds_of_dev():
    known = facts()
    assert known["encoder"]["sha256"].startswith("53aa5117")
    assert len(known["thresholds"]) == len(LABELS)
    assert set(known["data"]) == {
        "goemotions/original_train.tsv",
        "goemotions/original_dev.tsv",
        "goemotions/original_test.tsv",
        "emobank/emobank.csv",
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
    rows = songs.table("line_embeddings").sort("text_hash")
    wanted = heads().probabilities(rows["embedding"].to_numpy(), rows["layers"].to_numpy())
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
