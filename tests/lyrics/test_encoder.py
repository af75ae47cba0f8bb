"""The encoder: the known weights, the same vectors as sentence-transformers, no tail dropped."""

import shutil

import huggingface_hub.constants
import numpy as np
import pytest

from workbench.errors import SetUpError
from workbench.lyrics import encoder_files
from workbench.lyrics.encoder import _loaded, _of_the_hub, _packaged, encoded, encoder
from workbench.lyrics.encoder_files import encoder_folder, token_counter, tokenizer

TEXTS = [
    "I miss you",
    "The train pulls out and I am crying",
    "la",
    "Happy that the night is through",
]


def table(texts, **options):
    embedding = np.zeros((len(texts), 384), np.float32)
    layers = np.zeros((len(texts), 768), np.float32)
    for part in encoded(texts, **options):
        embedding[part.rows], layers[part.rows] = part.embedding, part.layers
    return embedding, layers


def test_vectors_are_those_of_sentence_transformers():
    found, layers = table(TEXTS)
    wanted = encoder().encode(TEXTS, show_progress_bar=False)
    assert np.abs(found - wanted).max() < 1e-5
    assert np.allclose(np.linalg.norm(layers.reshape(-1, 384), axis=1), 1, atol=2e-3)


def test_batches_do_not_change_a_vector():
    one, _ = table(TEXTS, batch_tokens=1)
    all_together, _ = table(TEXTS)
    assert np.abs(one - all_together).max() < 1e-5


def test_the_tail_of_a_very_long_text_counts():
    start = "we walk along the shore and nothing happens " * 40
    ends = [start + "and I am so happy I could cry", start + "and I hate you, liar, get out"]
    assert token_counter()(ends[0]) > 256
    found, _ = table([*ends, "short"])
    assert np.abs(found[0] - found[1]).max() > 1e-3
    assert np.linalg.norm(found[0]) == pytest.approx(1, abs=1e-5)


def test_an_encoder_that_is_not_there_says_what_to_do():
    with pytest.raises(SetUpError, match="local model cache"):
        encoder_folder("nobody/no-such-model@main")


def test_changed_weights_are_refused(monkeypatch):
    monkeypatch.setattr(encoder_files, "PACKAGED_SHA256", "0" * 64)
    with pytest.raises(SetUpError, match="not the known ones"):
        encoder_files._found(encoder_files.PACKAGED)


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_encoder_of_the_hub_is_told(tmp_path, monkeypatch, file):
    name = f"somebody/{file.split('.')[0]}@{'0' * 40}"
    folder = tmp_path / f"models--{name.replace('/', '--').replace('@', '/snapshots/')}"
    shutil.copytree(
        encoder_folder(encoder_files.PACKAGED), folder,
        ignore=shutil.ignore_patterns("model.safetensors"),
    )  # fmt: skip
    (folder / file).write_bytes(b'{"')
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    load = tokenizer if file == "tokenizer.json" else _loaded
    with pytest.raises(SetUpError, match=r"cannot be loaded: .* unset WORKBENCH_ENCODER"):
        load(name)


def test_an_encoder_of_the_hub_is_run_to_the_same_vectors():
    """The packaged encoder, run the way that others are: by sentence-transformers."""
    ids = [found.ids for found in tokenizer().encode_batch_fast(sorted(TEXTS, key=len))]
    ours, _ = _packaged(tuned=False)(ids)
    theirs, outputs = _of_the_hub()(ids)
    assert outputs is None
    assert np.abs(theirs[:, 1:] - ours[:, 1:]).max() < 1e-4
    unit = ours[:, 0] / np.linalg.norm(ours[:, 0], axis=1, keepdims=True)
    assert np.abs(theirs[:, 0] - unit).max() < 1e-5
