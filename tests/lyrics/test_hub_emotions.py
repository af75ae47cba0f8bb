"""A hub model of emotions: its labels matched by name, its scale, what is refused, and songs."""

import json
import shutil

import huggingface_hub.constants
import numpy as np
import polars as pl
import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.songs import ANGRY, GLAD, SAD, written
from workbench.errors import SetUpError
from workbench.lyrics import hub_emotions
from workbench.lyrics.encoder import encoded
from workbench.lyrics.families import LABELS
from workbench.lyrics.heads import heads
from workbench.lyrics.hub_emotions import hub_folder, log_odds
from workbench.lyrics.moods import scale, scored_lines
from workbench.lyrics.training import reference
from workbench.settings import settings
from workbench.store.artifacts import declared
from workbench.store.memory import memory

COMMIT = "0123456789abcdef0123456789abcdef01234567"
NAME = f"somebody/tiny-emotions@{COMMIT}"
WORDS = ("i", "you", "love", "hate", "am", "so", "happy", "sad", "and", "the", "night", "cry")
LINES = ["I am so happy", "I hate the night", "you and I", "sad", "so sad and I cry the night away"]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """Return a cache of the hub with a tiny model, its labels in another order than ours."""
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    cache = tmp_path_factory.mktemp("hub")
    folder = cache / "models--somebody--tiny-emotions" / "snapshots" / COMMIT
    folder.mkdir(parents=True)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *"abcdefghijklmnopqrstuvwxyz"]
    pieces += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    reading = BertWordPieceTokenizer({piece: i for i, piece in enumerate(pieces)})
    BertTokenizerFast(tokenizer_object=reading._tokenizer).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=24, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=160, initializer_range=0.6,
        problem_type="multi_label_classification",
        id2label={i: label.title() for i, label in enumerate(reversed(LABELS))},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture
def named(snapshot, monkeypatch, tmp_path):
    """Set the model by its name, as an installation does, over few reference songs."""
    cache = snapshot.parents[2]
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(cache))
    songs = tmp_path / "songs"
    songs.mkdir()
    for name, text in {"glad": GLAD, "sad": SAD, "angry": ANGRY}.items():
        (songs / f"{name}.txt").write_text(text)
    monkeypatch.setattr(reference, "SONGS", songs)
    _set(monkeypatch, WORKBENCH_EMOTIONS=NAME, WORKBENCH_HOME=str(tmp_path))
    yield snapshot
    monkeypatch.undo()
    _set(monkeypatch)


def _set(monkeypatch, **values):
    for key, value in values.items():
        monkeypatch.setenv(key, value)
    settings.cache_clear()
    memory.forget("emotions")


def test_labels_are_matched_by_name(named):
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(named).eval()
    inputs = AutoTokenizer.from_pretrained(named)(LINES, padding=True, return_tensors="pt")
    with torch.inference_mode():
        wanted = model(**inputs).logits.sigmoid().numpy()[:, ::-1]  # its labels stand reversed
    found = hub_emotions.hub_emotions().probabilities(LINES)
    assert found.shape == (len(LINES), 28)
    assert np.abs(found - wanted).max() < 1e-5
    assert found.std(axis=0).min() > 1e-4


def test_a_long_line_is_read_to_its_end(named):
    start = "love the night and you " * 60
    one, other = hub_emotions.hub_emotions().probabilities([start + "happy", start + "cry hate"])
    assert np.abs(one - other).max() > 1e-5


def test_the_scale_is_that_of_its_own_reading_of_the_reference(named, tmp_path):
    lines = reference.reference_lines()
    found, said = scale(), hub_emotions.hub_emotions().probabilities(lines)
    assert np.allclose(found.standing["mean"], log_odds(said).mean(axis=0))
    assert found.standing["lines"] == len(lines) == 14
    # as many lines pass as pass ours, at least one
    ours = np.zeros((len(lines), 28))
    valence = np.zeros(len(lines))
    for part in encoded(lines):
        vectors = (part.embedding, part.layers, part.outputs)
        ours[part.rows] = heads().probabilities(*vectors)
        valence[part.rows] = heads().affects(*vectors)[:, 0]
    passing = (ours >= heads().thresholds).sum(axis=0)
    assert np.abs((said >= found.thresholds - 1e-6).sum(axis=0) - passing).max() <= 1
    assert np.corrcoef(found.affects(said)[:, 0], valence)[0, 1] > 0.5
    memory.forget("emotions scale")
    (kept,) = tmp_path.glob("emotions-*.json")
    before = kept.stat().st_mtime_ns
    assert (scale().thresholds == found.thresholds).all()
    assert kept.stat().st_mtime_ns == before


def test_songs_are_scored_by_it_and_the_artifact_is_another(named, monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBENCH_LYRIC_LANGUAGES", "en es")
    _set(monkeypatch)
    label = written(tmp_path / "label")
    lines = label.scan("lyric_lines").filter(pl.col("outcome") == "scored")
    rows = lines.select(pl.col("lines").explode().struct.unnest()).filter("readable").collect()
    assert set(rows["language"]) >= {"en", "es"}  # the Spanish song is told, and now read
    moods = scored_lines(label.scan("line_moods")).collect()
    assert set(rows["text_hash"]) == set(moods["text_hash"])
    said = hub_emotions.hub_emotions().probabilities(["i am so sad and lonely without you"])
    row = rows.filter(pl.col("text").str.contains("lonely without"))["text_hash"][0]
    found = moods.filter(pl.col("text_hash") == row).select(LABELS).row(0)
    assert np.allclose(found, said[0], atol=1e-5)
    with_hub = declared("line_moods").fingerprint
    monkeypatch.delenv("WORKBENCH_EMOTIONS")
    monkeypatch.delenv("WORKBENCH_LYRIC_LANGUAGES")
    _set(monkeypatch)
    assert declared("line_moods").fingerprint != with_hub
    assert not label.has("line_moods")


def damaged(folder, **config):
    told = json.loads((folder / "config.json").read_text()) | config
    (folder / "config.json").write_text(json.dumps(told))


def no_safetensors(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def no_head(folder):
    held = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in held.items() if not name.startswith("classifier")}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})


def cut(folder):
    held = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(held[:2_000])


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda f: damaged(f, id2label=["joy"]), "lacks labels .*admiration"),
        (lambda f: (f / "config.json").write_text("[]"), "config.json of .* is none"),
        (cut, "cannot be loaded: .*header"),
        (no_head, "lacks weights: classifier.bias, classifier.weight"),
        (lambda f: damaged(f, hidden_size=48), "weights do not fit its config.json"),
        (lambda f: (f / "tokenizer.json").unlink(), "knows no words"),
        (lambda f: damaged(f, id2label={"0": "positive", "1": "joy"}), "lacks labels .*admiration"),
        (lambda f: damaged(f, auto_map={"AutoModel": "own.Model"}), "code of its own"),
        (no_safetensors, "no weights as safetensors"),
        (lambda f: (f / "config.json").unlink(), "not whole in the local model cache"),
    ],
)
def test_another_model_is_refused_in_words(named, monkeypatch, tmp_path, damage, words):
    cache = tmp_path / "hub"
    shutil.copytree(named.parents[2], cache)
    damage(cache / named.relative_to(named.parents[2]))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(cache))
    with pytest.raises(SetUpError, match=words):
        hub_emotions.hub_emotions()


@pytest.mark.parametrize("name", ["somebody/tiny-emotions", "somebody/tiny-emotions@main", "x"])
def test_a_name_without_a_commit_is_refused(name):
    with pytest.raises(SetUpError, match="must be owner/model@commit"):
        hub_folder(name)


def test_a_model_that_is_not_cached_is_told(named):
    with pytest.raises(SetUpError, match="not whole in the local model cache"):
        hub_folder(f"somebody/tiny-emotions@{'f' * 40}")


@pytest.mark.parametrize("value", ["english", "e", "en;es"])
def test_languages_are_codes(named, monkeypatch, value):
    monkeypatch.setenv("WORKBENCH_LYRIC_LANGUAGES", value)
    settings.cache_clear()
    with pytest.raises(SetUpError, match="codes of two letters"):
        settings()


def test_our_own_model_reads_english_only(named, monkeypatch):
    monkeypatch.delenv("WORKBENCH_EMOTIONS")
    monkeypatch.setenv("WORKBENCH_LYRIC_LANGUAGES", "en es")
    settings.cache_clear()
    with pytest.raises(SetUpError, match="reads English only"):
        settings()
