"""GoEmotions, EmoBank and XED as published: texts, labels, splits, hashes of the files."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from workbench.errors import SetUpError
from workbench.lyrics.families import LABELS
from workbench.settings import settings
from workbench.store.files import sha256

SPLITS = ("train", "dev", "test")
# Labels of XED (Öhman et al. 2020) in the order of its numbers, from 1; 9 is neutral.
PLUTCHIK = ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust")


@dataclass(frozen=True, eq=False)
class Split:
    """Texts and targets: (n, 28) of 0 and 1 for GoEmotions, (n, 8) for XED, 1 to 5 for EmoBank."""

    texts: list[str]
    targets: np.ndarray


def public_file(*parts: str) -> Path:
    """Return the path of a public data file; raises SetUpError where it is not there."""
    path = settings().public_data.joinpath(*parts)
    if not path.exists():
        raise SetUpError(
            f"{path} is not there. WORKBENCH_PUBLIC_DATA must name the folder of the public data."
        )
    return path


def goemotions() -> dict[str, Split]:
    """Return the three splits of GoEmotions (Demszky et al. 2020; 43,410 / 5,426 / 5,427)."""
    names = (
        public_file("lyrics", "goemotions", "original_labels.txt")
        .read_text(encoding="utf-8")
        .split()
    )
    if tuple(names) != LABELS:
        raise SetUpError("The labels of GoEmotions are not those that the heads know.")
    found = {}
    for split in SPLITS:
        # Quotation marks are part of the comments, not of the format.
        rows = pl.read_csv(
            public_file("lyrics", "goemotions", f"original_{split}.tsv"),
            separator="\t",
            has_header=False,
            new_columns=["text", "labels", "id"],
            schema_overrides={"labels": pl.String},
            quote_char=None,
        )
        targets = np.zeros((rows.height, len(LABELS)), np.float32)
        for row, labels in enumerate(rows["labels"]):
            targets[row, [int(label) for label in labels.split(",")]] = 1
        found[split] = Split(rows["text"].to_list(), targets)
    return found


def emobank(axes: Sequence[str] = ("V", "A")) -> dict[str, Split]:
    """Return the three splits of EmoBank (Buechel and Hahn 2017), of V, A and D the axes asked."""
    rows = pl.read_csv(public_file("lyrics", "emobank", "emobank.csv"))
    return {
        split: Split(
            part["text"].fill_null("").to_list(), part.select(axes).to_numpy().astype("f4")
        )
        for split in SPLITS
        for part in [rows.filter(pl.col("split") == split)]
    }


def xed() -> dict[str, Split]:
    """Return English XED (Öhman et al. 2020): film subtitles with labels of Plutchik.

    It has no official split: a tenth each is dev and test, by a hash of the text, so that the same
    subtitle never stands on two sides. Neutral subtitles have no label.
    """
    wanted: dict[str, np.ndarray] = {}
    for name in ("en-annotated.tsv", "neu_en.txt"):
        for line in public_file("lyrics", "xed", name).read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.split("\t")]
            if name == "neu_en.txt":
                text, labels = next((cell for cell in cells[1:] if cell), ""), ""
            else:
                text, labels = cells
            if not text:
                continue
            held = wanted.setdefault(text, np.zeros(len(PLUTCHIK), np.float32))
            for label in labels.split(","):
                if label.strip():
                    held[int(label) - 1] = 1
    found: dict[str, list[str]] = {split: [] for split in SPLITS}
    for text in sorted(wanted):
        tenth = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 10
        found[{8: "dev", 9: "test"}.get(tenth, "train")].append(text)
    return {
        split: Split(texts, np.stack([wanted[text] for text in texts]))
        for split, texts in found.items()
    }


FILES = (
    *(("lyrics", "goemotions", f"original_{split}.tsv") for split in SPLITS),
    ("lyrics", "emobank", "emobank.csv"),
    *(("lyrics", "xed", name) for name in ("en-annotated.tsv", "neu_en.txt")),
)


def hashes() -> dict[str, str]:
    """Return the SHA-256 of every file that training reads."""
    return {"/".join(parts[1:]): sha256(public_file(*parts)) for parts in FILES}
