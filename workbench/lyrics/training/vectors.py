"""Encoder vectors of training texts, computed once and kept under build/ by their hash."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from workbench.lyrics.encoder import encoded
from workbench.lyrics.heads import features
from workbench.lyrics.shipped import TUNED, facts
from workbench.settings import PROJECT, settings
from workbench.store.lyric_rows import EARLIER_LAYERS, EMBEDDING, OUTPUTS

CACHE = PROJECT / "build" / "vectors"


def vectors(
    texts: Sequence[str],
    say: Callable[[int, int], None] | None = None,
    *,
    tuned: bool = True,
) -> np.ndarray:
    """Return (n, 1191) features of texts, as the heads read them; (n, 1152) without tuned outputs.

    The same texts and weights are embedded once; the file is an npz without pickled objects.
    """
    weights = f" {facts()['files'][TUNED]}" if tuned else ""
    digest = hashlib.sha256(f"{settings().encoder} {EARLIER_LAYERS}{weights}\0".encode())
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    path = CACHE / f"{digest.hexdigest()[:32]}.npz"
    if path.exists():
        with np.load(path, allow_pickle=False) as held:
            return features(*(held[name] for name in held.files))
    embedding = np.zeros((len(texts), EMBEDDING), np.float32)
    layers = np.zeros((len(texts), EMBEDDING * EARLIER_LAYERS), np.float16)
    outputs = np.zeros((len(texts), OUTPUTS if tuned else 0), np.float32)
    done = 0
    for part in encoded(texts, tuned=tuned):
        embedding[part.rows], layers[part.rows] = part.embedding, part.layers
        if tuned:
            outputs[part.rows] = part.outputs
        done += len(part.rows)
        if say:
            say(done, len(texts))
    _write(path, embedding=embedding, layers=layers, outputs=outputs)
    return features(embedding, layers, outputs)


def _write(path: Path, **arrays: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp.npz")
    np.savez(temporary, **arrays)
    temporary.replace(path)
