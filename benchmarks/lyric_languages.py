"""Other languages: what heads learnt on English subtitles tell in Spanish, French and German.

XED (Öhman et al. 2020), eight emotions of Plutchik; labels of other languages are projected from
English through translated subtitles. Runs with the multilingual encoder that WORKBENCH_ENCODER
names, from the local model cache; the packaged encoder reads English only and is not measured.

    python -m benchmarks.lyric_languages [--quick]
"""

import argparse
import re

import numpy as np

from benchmarks.report import Figure, options, show

LANGUAGES = ("es", "fr", "de")
# Subtitles a language, drawn by a fixed seed; and of English to learn from.
ROWS, QUICK_ROWS = 4_000, 500


def projected(language: str):
    """Return the subtitles of a language as a `Split`; the same text once."""
    from workbench.lyrics.training.data import PLUTCHIK, Split, public_file

    path = public_file("lyrics", "xed", f"{language}-projections.tsv")
    wanted: dict[str, np.ndarray] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        # Some rows keep where they come from in cells before the text, and a few are cut off.
        *_, text, labels = ["", *line.split("\t")]
        text = text.strip()
        if not text or not re.fullmatch(r"[1-8](?:,\s*[1-8])*", labels.strip()):
            continue
        held = wanted.setdefault(text, np.zeros(len(PLUTCHIK), np.float32))
        for label in labels.split(","):
            held[int(label) - 1] = 1
    return Split(list(wanted), np.stack(list(wanted.values())))


def drawn(split, rows: int):
    """Return at most so many rows of a split, drawn by a fixed seed."""
    from workbench.lyrics.training.data import Split

    order = np.random.default_rng(0).permutation(len(split.texts))[:rows]
    return Split([split.texts[i] for i in order], split.targets[order])


def transferred(rows: int, languages: tuple[str, ...] = LANGUAGES) -> list[Figure]:
    """Learn on English with the encoder in the settings, frozen; measure each language."""
    from workbench.lyrics.training import data
    from workbench.lyrics.training.evaluation import bootstrap_macro_f1, expected_thresholds, f1
    from workbench.lyrics.training.fit import logistic_heads
    from workbench.lyrics.training.vectors import vectors
    from workbench.settings import settings

    english = data.xed()
    learnt = drawn(english["train"], 4 * rows)
    heads = logistic_heads(vectors(learnt.texts, tuned=False), learnt.targets, seed=0)

    def said(texts: list[str]) -> np.ndarray:
        return 1 / (1 + np.exp(-heads(vectors(texts, tuned=False))))

    least = expected_thresholds(said(drawn(english["dev"], rows).texts))
    found = []
    for language in ("en", *languages):
        held = drawn(english["test"] if language == "en" else projected(language), rows)
        true, passed = held.targets > 0, said(held.texts) >= least
        # Neutral subtitles stand in English only, and all-ones is what eight labels give for free.
        free = float(f1(true, np.ones_like(true)).mean())
        name = f"XED {language}, {len(true)} subtitles, macro-F1, {settings().encoder}"
        found.append(
            Figure(
                f"{name} (anchor: every label)", float(f1(true, passed).mean()), anchor=free,
                more_is_better=True, spread=bootstrap_macro_f1(true, passed, seed=0),
            )
        )  # fmt: skip
    return found


def figures(quick: bool) -> list[Figure]:
    """Measure, or say why not."""
    from workbench.errors import SetUpError
    from workbench.lyrics.encoder_files import PACKAGED, encoder_folder
    from workbench.settings import settings

    if settings().encoder == PACKAGED:
        print("  XED es, fr, de: skipped, WORKBENCH_ENCODER names no multilingual encoder")
        return []
    try:
        encoder_folder()
    except SetUpError as error:
        print(f"  XED es, fr, de: skipped. {error}")
        return []
    return transferred(QUICK_ROWS if quick else ROWS)


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    show("Lyrics: other languages", figures(asked.quick))


if __name__ == "__main__":
    main(options(__doc__))
