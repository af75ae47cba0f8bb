"""Lyrics: what the mood model reaches on public data, poems, songs and the sample; its speed.

The heads that ship are measured on the whole official test splits; thresholds are those of dev.
The parts about songs, poems, the sample and other languages can be run by themselves.
Anchors are TF-IDF with logistic regression and ridge, fitted in the same run. Speed: a catalogue
of sung lines the plain way (every line as it comes, batches of 32) against ours (each distinct
line once, like lengths together).

    python -m benchmarks.lyrics [--quick]
"""

import argparse
import statistics
import time

import numpy as np

from benchmarks import lyric_languages, lyric_sample, lyric_shipped, lyric_songs, lyric_verse
from benchmarks.report import Figure, measured, options, show

# The BERT of the GoEmotions paper (Demszky et al. 2020), macro-F1 over 28 labels, and the best
# published with thresholds from dev, a roberta-large.
PAPER, LARGE = 0.46, 0.533
GOAL = 0.535
AFFECT_GOALS = {"valence": 0.70, "arousal": 0.46, "dominance": 0.42}
DRAWS = 1_000
SONGS, QUICK_SONGS = 60, 15


def emotions() -> list[Figure]:
    """Measure the 28 heads on GoEmotions."""
    from workbench.lyrics.heads import heads
    from workbench.lyrics.training import data
    from workbench.lyrics.training.evaluation import (
        bootstrap_macro_f1,
        calibration_error,
        expected_thresholds,
        f1,
        interval,
    )
    from workbench.lyrics.training.vectors import vectors

    splits = data.goemotions()
    found = heads()
    said = {name: found.probabilities(vectors(splits[name].texts)) for name in ("dev", "test")}
    assert np.allclose(expected_thresholds(said["dev"]), found.thresholds, atol=0.011)
    true = splits["test"].targets > 0
    passed = said["test"] >= found.thresholds
    each = f1(true, passed)
    plain = _tf_idf_emotions(splits)
    spread = bootstrap_macro_f1(true, passed, seed=0, repeats=DRAWS)
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
            "GoEmotions test macro-F1 (anchor: roberta-large)", float(each.mean()),
            anchor=LARGE, more_is_better=True, spread=spread,
        ),
        Figure(
            "GoEmotions test, labels under F1 .30 of 28", float((each < 0.3).sum()), "labels"
        ),
        Figure(
            "GoEmotions test, calibration error", calibration_error(said["test"], true), goal=0.05,
            spread=interval(
                lambda drawn: calibration_error(said["test"][drawn], true[drawn]), len(true),
                repeats=200,
            ),
        ),
        *_labels(true, passed),
    ]  # fmt: skip


def _labels(true: np.ndarray, passed: np.ndarray) -> list[Figure]:
    from workbench.lyrics.families import LABELS
    from workbench.lyrics.training.evaluation import f1, interval

    low, high = interval(lambda drawn: f1(true[drawn], passed[drawn]), len(true), repeats=DRAWS)
    return [
        Figure(f"GoEmotions test, {label} ({int(true[:, i].sum())} rows), F1", float(value),
               more_is_better=True, spread=(low[i], high[i]))
        for i, (label, value) in enumerate(zip(LABELS, f1(true, passed), strict=True))
    ]  # fmt: skip


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
    """Measure valence, arousal and dominance on EmoBank."""
    from sklearn.linear_model import Ridge

    from workbench.lyrics.heads import heads
    from workbench.lyrics.training import data
    from workbench.lyrics.training.evaluation import bootstrap_pearson
    from workbench.lyrics.training.fit import pearson
    from workbench.lyrics.training.vectors import vectors

    splits = data.emobank(("V", "A", "D"))
    test = splits["test"]
    said = heads().affects(vectors(test.texts))
    words = _tf_idf(splits["train"].texts)
    model = Ridge(alpha=1.0).fit(words.transform(splits["train"].texts), splits["train"].targets)
    plain = pearson(model.predict(words.transform(test.texts)), test.targets)
    low, high = bootstrap_pearson(said, test.targets, seed=0, repeats=DRAWS)
    return [
        Figure(
            f"EmoBank test Pearson, {axis} (anchor: TF-IDF)", value, anchor=plain[i],
            goal=goal, more_is_better=True, spread=(low[i], high[i]),
        )
        for i, ((axis, goal), value) in enumerate(
            zip(AFFECT_GOALS.items(), pearson(said, test.targets), strict=True)
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
    figures = [*emotions(), *affect()]
    for part in (lyric_shipped, lyric_songs, lyric_verse, lyric_sample, lyric_languages):
        figures += part.figures(asked.quick)
    show("Lyrics: moods", [*figures, *speed(songs, repeats)])


if __name__ == "__main__":
    main(options(__doc__))
