"""Lyrics: what the mood model reaches on public data, poems, songs and the sample; its speed.

The heads that ship are measured on the whole official test splits; thresholds are those of dev.
The parts about songs, poems, the sample, other languages and speed can be run by themselves.
Anchors are TF-IDF with logistic regression and ridge, fitted in the same run.

    python -m benchmarks.lyrics [--quick]
"""

import argparse

import numpy as np

from benchmarks import (
    lyric_languages,
    lyric_sample,
    lyric_shipped,
    lyric_songs,
    lyric_speed,
    lyric_verse,
)
from benchmarks.report import Figure, options, show

# The BERT of the GoEmotions paper (Demszky et al. 2020), macro-F1 over 28 labels, and the best
# published with thresholds from dev, a roberta-large.
PAPER, LARGE = 0.46, 0.533
GOAL = 0.535
AFFECT_GOALS = {"valence": 0.70, "arousal": 0.46, "dominance": 0.42}
DRAWS = 1_000


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


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    figures = [*emotions(), *affect()]
    parts = (lyric_shipped, lyric_songs, lyric_verse, lyric_sample, lyric_languages, lyric_speed)
    for part in parts:
        figures += part.figures(asked.quick)
    show("Lyrics: moods", figures)


if __name__ == "__main__":
    main(options(__doc__))
