"""GoEmotions and EmoBank as published: texts, labels, official splits, hashes of the files."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from workbench.errors import SetUpError
from workbench.lyrics.families import LABELS
from workbench.settings import settings
from workbench.store.files import sha256

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """Texts and targets: (n, 28) of 0 and 1 for GoEmotions, (n, 2) from 1 to 5 for EmoBank."""

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


def emobank() -> dict[str, Split]:
    """Return the three splits of EmoBank (Buechel and Hahn 2017): valence and arousal."""
    rows = pl.read_csv(public_file("lyrics", "emobank", "emobank.csv"))
    return {
        split: Split(
            part["text"].fill_null("").to_list(), part.select("V", "A").to_numpy().astype("f4")
        )
        for split in SPLITS
        for part in [rows.filter(pl.col("split") == split)]
    }


FILES = (
    *(("lyrics", "goemotions", f"original_{split}.tsv") for split in SPLITS),
    ("lyrics", "emobank", "emobank.csv"),
)


def hashes() -> dict[str, str]:
    """Return the SHA-256 of every file that training reads."""
    return {"/".join(parts[1:]): sha256(public_file(*parts)) for parts in FILES}
