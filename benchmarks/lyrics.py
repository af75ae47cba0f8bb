"""Lyrics: what the mood heads reach on public data, and how fast lines are embedded.

The heads that ship are measured on the whole official test splits; thresholds are those of dev.
Anchors are TF-IDF with logistic regression and ridge, fitted in the same run. Speed: a catalogue
of sung lines the plain way (every line as it comes, batches of 32) against ours (each distinct
line once, like lengths together).

    python -m benchmarks.lyrics [--quick]
"""

import argparse
import statistics
import time

import numpy as np

from benchmarks.report import Figure, measured, options, show

# The BERT of the GoEmotions paper (Demszky et al. 2020), macro-F1 over 28 labels.
PAPER = 0.46
GOAL = 0.40
DRAWS = 1_000
SONGS, QUICK_SONGS = 60, 15


def emotions() -> list[Figure]:
    """Measure the 28 heads on GoEmotions."""
    from workbench.lyrics.families import LABELS
    from workbench.lyrics.heads import heads
    from workbench.lyrics.training import data
    from workbench.lyrics.training.evaluation import (
        best_thresholds,
        bootstrap_macro_f1,
        calibration_error,
        f1,
    )
    from workbench.lyrics.training.vectors import vectors

    splits = data.goemotions()
    found = heads()
    said = {name: _probabilities(found, vectors(splits[name].texts)) for name in ("dev", "test")}
    true = {name: splits[name].targets > 0 for name in ("dev", "test")}
    assert np.allclose(best_thresholds(said["dev"], true["dev"]), found.thresholds, atol=0.011)
    passed = said["test"] >= found.thresholds
    each = f1(true["test"], passed)
    plain = _tf_idf_emotions(splits)
    for label, value in sorted(zip(LABELS, each, strict=True), key=lambda pair: pair[1]):
        print(f"  {label:15s} F1 {value:.3f}")
    spread = bootstrap_macro_f1(true["test"], passed, seed=0, repeats=DRAWS)
    return [
        Figure(
            "GoEmotions test macro-F1, thresholds from dev (anchor: TF-IDF)", float(each.mean()),
            anchor=plain, goal=GOAL, more_is_better=True, spread=spread,
        ),
        Figure(
            "GoEmotions test macro-F1 (anchor: the paper's BERT)", float(each.mean()),
            anchor=PAPER, more_is_better=True, spread=spread,
        ),
        Figure(
            "GoEmotions test, labels under F1 .30 of 28", float((each < 0.3).sum()), "labels"
        ),
        Figure(
            "GoEmotions test, calibration error", calibration_error(said["test"], true["test"])
        ),
    ]  # fmt: skip


def _probabilities(found, rows: np.ndarray) -> np.ndarray:
    return found.probabilities(rows[:, :384], rows[:, 384:])


def _tf_idf(train: list[str]):
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit(train)


def _tf_idf_emotions(splits) -> float:
    """Return the macro-F1 of TF-IDF and logistic regression, thresholds from dev, too."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    from workbench.lyrics.training.evaluation import best_thresholds, f1

    words = _tf_idf(splits["train"].texts)
    rows = {name: words.transform(split.texts) for name, split in splits.items()}
    model = OneVsRestClassifier(LogisticRegression(C=5, solver="liblinear"))
    model.fit(rows["train"], splits["train"].targets)
    said = {name: model.predict_proba(rows[name]) for name in ("dev", "test")}
    thresholds = best_thresholds(said["dev"], splits["dev"].targets > 0)
    return float(f1(splits["test"].targets > 0, said["test"] >= thresholds).mean())


def affect() -> list[Figure]:
    """Measure valence and arousal on EmoBank."""
    from sklearn.linear_model import Ridge

    from workbench.lyrics.heads import heads
    from workbench.lyrics.training import data
    from workbench.lyrics.training.fit import pearson
    from workbench.lyrics.training.vectors import vectors

    splits = data.emobank()
    test = splits["test"]
    rows = vectors(test.texts)
    said = heads().affects(rows[:, :384], rows[:, 384:])
    words = _tf_idf(splits["train"].texts)
    model = Ridge(alpha=1.0).fit(words.transform(splits["train"].texts), splits["train"].targets)
    plain = pearson(model.predict(words.transform(test.texts)), test.targets)
    random = np.random.default_rng(0)
    drawn = [random.integers(0, len(rows), len(rows)) for _ in range(DRAWS)]
    draws = np.array([pearson(said[rows_], test.targets[rows_]) for rows_ in drawn])
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    return [
        Figure(
            f"EmoBank test Pearson, {axis} (anchor: TF-IDF)", value, anchor=plain[i],
            more_is_better=True, spread=(float(low[i]), float(high[i])),
        )
        for i, (axis, value) in enumerate(
            zip(("valence", "arousal"), pearson(said, test.targets), strict=True)
        )
    ]  # fmt: skip


def speed(songs: int, repeats: int) -> list[Figure]:
    """Measure lines a second: sung lines through ours and through the plain way."""
    from workbench.lyrics.encoder import encoded, encoder
    from workbench.lyrics.lyric_lines import spoken
    from workbench.lyrics.structure import parsed_lyric
    from workbench.lyrics.training.reference import SONGS as FOLDER

    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))[:songs]]
    sung = [
        line.text for text in texts for line in parsed_lyric(text).lines for _ in range(line.heard)
    ]
    model = encoder()
    model.encode(sung[:32], show_progress_bar=False)  # warm
    ours, plain = [], []
    for _ in range(repeats):  # in turn, so that a busy machine is busy for both
        start = time.perf_counter()
        distinct = list(dict.fromkeys(spoken(line) for line in sung))
        rows = sum(len(part.rows) for part in encoded(distinct))
        ours.append(len(sung) / (time.perf_counter() - start))
        assert rows == len(distinct)
        start = time.perf_counter()
        for at in range(0, len(sung), 32):
            model.encode(sung[at : at + 32], show_progress_bar=False)
        plain.append(len(sung) / (time.perf_counter() - start))
    return [
        measured(
            "Sung lines embedded a second (anchor: every line as it comes)", ours, "lines/s",
            anchor=statistics.median(plain), more_is_better=True,
        )
    ]  # fmt: skip


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    repeats, songs = (2, QUICK_SONGS) if asked.quick else (5, SONGS)
    show("Lyrics: moods of lines", [*emotions(), *affect(), *speed(songs, repeats)])


if __name__ == "__main__":
    main(options(__doc__))
