"""The tuned layers: the encoder's own mathematics, outputs with every text, damage told."""

import json
import shutil

import numpy as np
import pytest
import torch

from workbench.errors import SetUpError
from workbench.lyrics import shipped
from workbench.lyrics.base import base_weights, embedded
from workbench.lyrics.encoder import encoded, encoder
from workbench.lyrics.heads import features, heads
from workbench.lyrics.layers import layer, padded
from workbench.lyrics.shipped import FOLDER, HEADS, TUNED, facts, weights_file
from workbench.lyrics.training.base import below
from workbench.lyrics.training.examples import OUTPUTS
from workbench.lyrics.training.lower import token_ids
from workbench.lyrics.tuned import FIRST, outputs, tuned_layers, tuned_weights

TEXTS = [
    "I am so happy that I could dance all night",
    "Get out, I hate you",
    "la",
    "Who knows why?",
]


def said(texts, **options):
    found = np.zeros((len(texts), len(OUTPUTS)), np.float32)
    for part in encoded(texts, **options):
        found[part.rows] = part.outputs
    return found


def test_a_layer_of_ours_is_one_of_the_encoder():
    model = encoder()
    inputs = model.preprocess(TEXTS)
    with torch.inference_mode():
        wanted = model[0].auto_model(**inputs, output_hidden_states=True).hidden_states
        mask = inputs["attention_mask"].bool()
        ids = inputs["input_ids"]
        hidden = embedded(ids, torch.arange(ids.shape[1]).expand_as(ids), base_weights())
        for number, there in enumerate(wanted):
            assert float(((hidden - there) * mask[..., None]).abs().max()) < 1e-4
            if number < len(wanted) - 1:
                hidden = layer(hidden, padded(mask), base_weights(), number)


def test_outputs_come_from_the_lower_layers_of_the_same_pass():
    hidden, mask = below(token_ids(TEXTS))
    with torch.inference_mode():
        wanted = outputs(hidden, mask, tuned_weights()).numpy()
    assert np.abs(said(TEXTS) - wanted).max() < 1e-3
    assert np.abs(said(TEXTS, batch_tokens=1) - said(TEXTS)).max() < 1e-3


def test_the_tuned_layers_are_the_upper_ones_and_differ_from_the_base():
    weights, base = tuned_weights(), base_weights()
    assert tuned_layers(weights) == list(range(FIRST, 6))
    assert all(weights[name].shape == base[name].shape for name in weights if name[0].isdigit())
    assert float((weights["5.wide.weight"] - base["5.wide.weight"]).abs().max()) > 1e-3


def test_no_tuned_outputs_where_they_are_not_asked():
    assert all(part.outputs is None for part in encoded(TEXTS, tuned=False))


def test_glad_is_told_from_furious():
    joy, anger = (OUTPUTS.index(name) for name in ("joy", "anger"))
    glad, furious = said(TEXTS)[:2]
    assert glad[joy] > furious[joy] + 2
    assert furious[anger] > glad[anger] + 2


def test_heads_read_frozen_vectors_and_outputs_side_by_side():
    (part,) = encoded(TEXTS)
    vectors = (part.embedding, part.layers, part.outputs)
    assert features(*vectors).shape == (len(TEXTS), 384 * 3 + len(OUTPUTS))
    assert heads().emotion.shape == (384 * 3 + len(OUTPUTS), 28)
    assert (heads().probabilities(*vectors) == heads().probabilities(features(*vectors))).all()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in (HEADS, TUNED, "moods.json"):
        shutil.copy(FOLDER / name, tmp_path)
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    monkeypatch.setattr(shipped, "FACTS", tmp_path / "moods.json")
    return tmp_path


@pytest.mark.parametrize("name", [HEADS, TUNED])
def test_damaged_or_missing_weights_are_told(folder, name):
    assert weights_file(name) == folder / name
    raw = (folder / name).read_bytes()
    for damage in (raw[:-100], raw[:1000] + b"\0" * (len(raw) - 1000), b""):
        (folder / name).write_bytes(damage)
        with pytest.raises(SetUpError, match="damaged or of another version"):
            weights_file(name)
    (folder / name).unlink()
    with pytest.raises(SetUpError, match="not there"):
        weights_file(name)


@pytest.mark.parametrize("text", ["", "{", "\0\1", "[]", "{}", '{"files": {}, "encoder": {}}'])
def test_damaged_facts_are_told(folder, text):
    (folder / "moods.json").write_text(text)
    with pytest.raises(SetUpError, match="cannot be read"):
        facts()


def test_facts_name_the_weights_that_lie_beside_them():
    known = json.loads((FOLDER / "moods.json").read_text())
    assert set(known["files"]) == {HEADS, TUNED}
    assert tuple(known["outputs"]) == OUTPUTS
    assert (FOLDER / TUNED).stat().st_size < 25_000_000
