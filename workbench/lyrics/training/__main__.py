"""Train the mood heads and write them with their figures: `python -m workbench.lyrics.training`."""

import argparse
import json
import sys
from collections.abc import Callable

import numpy as np

from workbench.errors import WorkbenchError
from workbench.lyrics.encoder import PACKAGED, PACKAGED_SHA256
from workbench.lyrics.families import LABELS, mapping
from workbench.lyrics.heads import FACTS, WEIGHTS
from workbench.lyrics.training import data
from workbench.lyrics.training.evaluation import (
    best_thresholds,
    bootstrap_macro_f1,
    calibration_error,
    f1,
)
from workbench.lyrics.training.fit import Linear, logistic_heads, pearson, ridge_heads
from workbench.lyrics.training.reference import reference_lines, standing
from workbench.lyrics.training.vectors import vectors


def _say(name: str) -> Callable[[int, int], None]:
    def say(done: int, total: int) -> None:
        print(f"\r{name}: embedded {done:,} of {total:,}", end="", file=sys.stderr, flush=True)

    return say


def _vectors(splits: dict[str, data.Split], name: str) -> dict[str, np.ndarray]:
    return {split: vectors(held.texts, _say(name)) for split, held in splits.items()}


def emotions(seed: int) -> tuple[Linear, np.ndarray, dict]:
    """Train the 28 heads; return them, the thresholds from dev, and the figures on test."""
    splits = data.goemotions()
    rows = _vectors(splits, "GoEmotions")
    heads = logistic_heads(rows["train"], splits["train"].targets, seed=seed)
    said = {split: 1 / (1 + np.exp(-heads(rows[split]))) for split in ("dev", "test")}
    true = {split: splits[split].targets > 0 for split in ("dev", "test")}
    thresholds = best_thresholds(said["dev"], true["dev"])
    passed = said["test"] >= thresholds
    each = f1(true["test"], passed)
    low, high = bootstrap_macro_f1(true["test"], passed, seed=seed)
    figures = {
        "dev_macro_f1": float(f1(true["dev"], said["dev"] >= thresholds).mean()),
        "test_macro_f1": float(each.mean()),
        "test_macro_f1_interval": [low, high],
        "test_micro_f1": float(f1(true["test"].reshape(-1, 1), passed.reshape(-1, 1))[0]),
        "test_calibration_error": calibration_error(said["test"], true["test"]),
        "test_f1": {label: round(float(v), 4) for label, v in zip(LABELS, each, strict=True)},
        "test_rows": {
            label: int(n) for label, n in zip(LABELS, true["test"].sum(axis=0), strict=True)
        },
    }
    return heads, thresholds, figures


def affect() -> tuple[Linear, dict]:
    """Train valence and arousal; return them and the figures on test."""
    splits = data.emobank()
    rows = _vectors(splits, "EmoBank")
    heads, strength = ridge_heads(
        rows["train"], splits["train"].targets, rows["dev"], splits["dev"].targets
    )
    valence, arousal = pearson(heads(rows["test"]), splits["test"].targets)
    return heads, {"test_valence": valence, "test_arousal": arousal, "ridge": strength}


def main() -> int:
    """Train, print the figures and the mapping, write weights and facts."""
    parser = argparse.ArgumentParser(
        prog="python -m workbench.lyrics.training", description=__doc__
    )
    parser.add_argument("--seed", type=int, default=0)
    seed = parser.parse_args().seed
    try:
        heads, thresholds, on_goemotions = emotions(seed)
        affects, on_emobank = affect()
        held_against = standing(heads(vectors(reference_lines(), _say("reference"))))
        hashes = data.hashes()
    except WorkbenchError as error:
        print(error, file=sys.stderr)
        return 1
    from safetensors.numpy import save_file

    arrays = {
        "emotion": heads.weight,
        "emotion_bias": heads.bias,
        "affect": affects.weight,
        "affect_bias": affects.bias,
    }
    WEIGHTS.parent.mkdir(exist_ok=True)
    save_file({name: np.ascontiguousarray(held) for name, held in arrays.items()}, WEIGHTS)
    facts = {
        "encoder": {"name": PACKAGED, "sha256": PACKAGED_SHA256},
        "labels": list(LABELS),
        "standing": held_against,
        "thresholds": [float(t) for t in thresholds],
        "seed": seed,
        "data": hashes,
        "licences": {
            "goemotions": "Apache-2.0",
            "emobank": "CC BY-SA 4.0",
            "pd_lyrics": "public domain",
        },
        "goemotions": on_goemotions,
        "emobank": on_emobank,
    }
    FACTS.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"goemotions": on_goemotions, "emobank": on_emobank}, indent=1))
    print(mapping())
    return 0


if __name__ == "__main__":
    sys.exit(main())
