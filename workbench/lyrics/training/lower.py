"""Training texts after the frozen lower layers, computed once and kept in a file.

Those layers do not change, so an epoch need not run them: what leaves them is kept as float16.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workbench.lyrics.encoder_files import PACKAGED_SHA256, encoder_folder
from workbench.lyrics.training.base import below
from workbench.lyrics.tuned import FIRST
from workbench.store.lyric_rows import EMBEDDING

# Word pieces of a text that training reads; one in a hundred comments has more than 38.
LONGEST = 64
_BATCH = 128


class Lower:
    """What leaves the lower layers: `lengths` (n,) and, by `padded`, tensors of some texts."""

    def __init__(self, texts: Sequence[str], folder: Path) -> None:
        self._ids = token_ids(texts)
        self.lengths = np.array([len(ids) for ids in self._ids])
        self._starts = np.concatenate([[0], np.cumsum(self.lengths)])
        digest = hashlib.sha256(f"{PACKAGED_SHA256} {FIRST} {LONGEST}".encode())
        for ids in self._ids:
            digest.update(np.array(ids, np.int32).tobytes() + b"\0")
        path = folder / f"lower-{digest.hexdigest()[:24]}.f16"
        if not path.exists():
            self._write(path)
        shape = (int(self._starts[-1]), EMBEDDING)
        self._held = np.memmap(path, np.float16, "r", shape=shape)

    def _write(self, path: Path) -> None:
        folder = path.parent
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        shape = (int(self._starts[-1]), EMBEDDING)
        held = np.memmap(temporary, np.float16, "w+", shape=shape)
        order = np.argsort(self.lengths, kind="stable")
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            found = below([self._ids[row] for row in rows])[0].numpy()
            for row, hidden in zip(rows, found, strict=True):
                length = self.lengths[row]
                held[self._starts[row] : self._starts[row] + length] = hidden[:length]
        held.flush()
        temporary.replace(path)

    def padded(self, rows: Sequence[int]):
        """Return hidden (n, tokens, width) float32 and mask (n, tokens) of the texts `rows`."""
        import torch

        lengths = self.lengths[rows]
        hidden = np.zeros((len(rows), lengths.max(), EMBEDDING), np.float32)
        for place, row in enumerate(rows):
            start = self._starts[row]
            hidden[place, : lengths[place]] = self._held[start : start + lengths[place]]
        mask = np.arange(lengths.max())[None] < lengths[:, None]
        return torch.from_numpy(hidden), torch.from_numpy(mask)


def token_ids(texts: Sequence[str], longest: int = LONGEST) -> list[list[int]]:
    """Return the token ids of texts, marks included, cut at `longest`."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return [found.ids for found in tokenizer.encode_batch(list(texts))]
