"""The sentence encoder: texts to vectors, in batches of like length, without padding.

The packaged encoder is run by our own few lines over its weights (`layers`), so that the tuned
layers share its lower ones and nothing is spent on padding. Another encoder of the hub is run by
sentence-transformers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from workbench.errors import SetUpError
from workbench.lyrics.base import base_weights, embedded
from workbench.lyrics.batches import batches, spared
from workbench.lyrics.encoder_files import (
    PACKAGED,
    encoder_folder,
    token_counter,
    tokenizer,
    unreadable,
)
from workbench.lyrics.layers import each_run, layer, packed
from workbench.lyrics.tuned import FIRST, said, tuned_layers, tuned_weights
from workbench.lyrics.windows import WINDOW_TOKENS, pieces
from workbench.settings import settings
from workbench.store.lyric_rows import EARLIER_LAYERS, EMBEDDING
from workbench.store.memory import memory

# Tokens that go through the layers together: more would leave the cache of the processor.
BATCH_TOKENS = 1_024
_BYTES = 120_000_000
_MARKS = 2  # of the encoder's own, before and after a text

# Token ids of texts to token means (n, layers, 384), last layer first, and outputs (n, 39).
Forward = Callable[[list[list[int]]], tuple[np.ndarray, np.ndarray | None]]


@dataclass(frozen=True, eq=False)
class Encoded:
    """Vectors of some texts.

    Attributes
    ----------
    rows : positions of the texts. embedding : float32 (n, 384), length 1, the model's own sentence
    vector. layers : float16 (n, 768), means over the tokens of the two layers before the last, each
    of length 1: emotion is told better by them than by the last layer alone. outputs : float32
    (n, 39), what the tuned layers say, None where they are not asked or do not fit the encoder.
    """

    rows: list[int]
    embedding: np.ndarray
    layers: np.ndarray
    outputs: np.ndarray | None


@dataclass(eq=False)
class _Whole:
    """A text in several pieces: the sums of their vectors, weighted by their tokens."""

    weight: int = 0
    vectors: np.ndarray = field(default_factory=lambda: np.zeros(1, np.float32))
    outputs: np.ndarray = field(default_factory=lambda: np.zeros(1, np.float32))

    def add(self, tokens: int, vectors: np.ndarray, outputs: np.ndarray | None) -> None:
        self.weight += tokens
        self.vectors = self.vectors + tokens * vectors
        self.outputs = self.outputs + tokens * (0 if outputs is None else outputs)


def encoder():
    """Return the encoder as a model of sentence-transformers, loaded once."""
    name = settings().encoder
    return memory.load(f"encoder {name}", lambda: _loaded(name), lambda _: _BYTES)


def _loaded(name: str):
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    folder, plain = str(encoder_folder(name)), {"use_safetensors": True}
    try:
        model = SentenceTransformer(folder, device="cpu", local_files_only=True, model_kwargs=plain)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise unreadable(name, error) from error
    width = model.get_embedding_dimension()
    if width != EMBEDDING:
        raise SetUpError(f"“{name}” gives {width} numbers a text; the artifacts hold {EMBEDDING}.")
    return model


def encoded(
    texts: Sequence[str],
    *,
    name: str | None = None,
    batch_tokens: int = BATCH_TOKENS,
    tuned: bool = True,
) -> Iterator[Encoded]:
    """Yield the vectors of texts, batch by batch, shortest texts first.

    A text beyond the encoder's limit is read in pieces, broken between words, and its vectors are
    the means of the pieces' vectors weighted by their tokens: no tail is dropped.

    Parameters
    ----------
    texts : their token ids are kept while they are read, their vectors are not. name : of the
    encoder, by default the one in the settings. batch_tokens : tokens that go through together;
    fewer do where memory is short. tuned : whether outputs are asked.

    Raises
    ------
    SetUpError
        The encoder or its tuned layers cannot be read, or memory is short for one text alone.
    """
    name = name or settings().encoder
    rows, ids = _pieces(texts, name)
    counts = np.bincount(rows, minlength=len(texts))
    several = {row: _Whole() for row in np.flatnonzero(counts > 1).tolist()}
    forward = _packaged(tuned=tuned) if name == PACKAGED else _of_the_hub()
    for group in batches(ids, batch_tokens):
        for part, (vectors, outputs) in spared(forward, group, ids):
            alone = [n for n, i in enumerate(part) if rows[i] not in several]
            if alone:
                kept = None if outputs is None else outputs[alone]
                yield _encoded([rows[part[n]] for n in alone], vectors[alone], kept)
            for n, i in enumerate(part):
                if rows[i] in several:
                    own = None if outputs is None else outputs[n]
                    several[rows[i]].add(len(ids[i]) - 1, vectors[n], own)
    for row, whole in several.items():
        outputs = whole.outputs[None] / whole.weight if whole.outputs.size > 1 else None
        yield _encoded([row], whole.vectors[None] / whole.weight, outputs)


def _pieces(texts: Sequence[str], name: str) -> tuple[list[int], list[list[int]]]:
    """Return the row and the token ids of each piece of texts; most texts are one piece."""
    reading = tokenizer(name)
    rows, ids = list(range(len(texts))), [f.ids for f in reading.encode_batch_fast(list(texts))]
    for row in [row for row, own in enumerate(ids) if len(own) > WINDOW_TOKENS + _MARKS]:
        parts = pieces(texts[row], token_counter(name))
        found = [own.ids for own in reading.encode_batch_fast(parts)]
        ids[row] = found[0]
        rows += [row] * (len(found) - 1)
        ids += found[1:]
    return rows, ids


def _packaged(*, tuned: bool) -> Forward:
    """Return the forward pass of the packaged encoder over packed tokens."""
    import torch

    base = base_weights()
    upper = tuned_weights() if tuned else None
    last = max(tuned_layers(base))

    def forward(ids: list[list[int]]) -> tuple[np.ndarray, np.ndarray | None]:
        runs = [(len(list(same)), n) for n, same in groupby(map(len, ids))]
        attention = packed(runs)
        tokens = torch.from_numpy(np.concatenate(ids))
        places = torch.from_numpy(np.concatenate([np.tile(np.arange(n), k) for k, n in runs]))
        with torch.inference_mode():
            hidden, means, outputs = embedded(tokens, places, base), [], None
            for number in range(last + 1):
                if number == FIRST and upper is not None:
                    outputs = said(hidden, attention, upper, runs).numpy()
                hidden = layer(hidden, attention, base, number)
                if number >= last - EARLIER_LAYERS:
                    means.append(torch.cat([part.mean(1) for part in each_run(hidden, runs)]))
            return torch.stack(means[::-1], dim=1).numpy(), outputs

    return forward


def _of_the_hub() -> Forward:
    """Return the forward pass of another encoder, by sentence-transformers."""
    import torch

    model = encoder()

    def forward(ids: list[list[int]]) -> tuple[np.ndarray, None]:
        inputs = model.tokenizer.pad({"input_ids": ids}, return_tensors="pt")
        with torch.inference_mode():
            found = model[0].auto_model(**inputs, output_hidden_states=True).hidden_states
            mask = inputs["attention_mask"][..., None].to(torch.float32)
            means = [(held * mask).sum(1) / mask.sum(1) for held in found[-1 - EARLIER_LAYERS :]]
            features = {"token_embeddings": found[-1], **inputs}
            for module in list(model)[1:]:  # its own way from tokens to a sentence
                features = module(features)
            means[-1] = features["sentence_embedding"]
            return torch.stack(means[::-1], dim=1).numpy(), None

    return forward


def _encoded(rows: list[int], vectors: np.ndarray, outputs: np.ndarray | None) -> Encoded:
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=2, keepdims=True), 1e-9)
    earlier = unit[:, 1:].reshape(len(rows), -1)
    return Encoded(rows, unit[:, 0].astype(np.float32), earlier.astype(np.float16), outputs)
