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

# The BERT of the GoEmotions paper (Demszky et al. 2020), macro-F1 over 28 labels, and the best
# published with thresholds from dev, a roberta-large.
PAPER, LARGE = 0.46, 0.533
GOAL = 0.535
AFFECT_GOALS = {"valence": 0.70, "arousal": 0.46, "dominance": 0.42}
DRAWS = 1_000
SONGS, QUICK_SONGS = 60, 15


def emotions() -> list[Figure]:
    """Measure the 28 heads on GoEmotions."""
    from workbench.lyrics.families import LABELS
    from workbench.lyrics.heads import heads
    from workbench.lyrics.training import data
    from workbench.lyrics.training.evaluation import (
        bootstrap_macro_f1,
        calibration_error,
        expected_thresholds,
        f1,
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
    for label, value in sorted(zip(LABELS, each, strict=True), key=lambda pair: pair[1]):
        print(f"  {label:15s} F1 {value:.3f}")
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
            "GoEmotions test, calibration error", calibration_error(said["test"], true), goal=0.05
        ),
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


# Emotions of PO-EMO (Haider et al. 2020) and the family that says about the same.
VERSE = {
    "Beauty / Joy": "joy",
    "Sadness": "sadness",
    "Uneasiness": "fear",
    "Annoyance": "anger",
    "Humor": "playfulness",
}


def verse() -> list[Figure]:
    """Measure poems: how often a line both readers call sad stands above one that neither does."""
    import polars as pl
    from sklearn.metrics import roc_auc_score

    from workbench.lyrics.families import CARRIED, LABELS
    from workbench.lyrics.heads import heads
    from workbench.lyrics.lyric_lines import spoken
    from workbench.lyrics.moods import scored_lines
    from workbench.lyrics.training.data import public_file
    from workbench.lyrics.training.vectors import vectors

    rows = pl.read_csv(public_file("lyrics", "po_emo", "poemo_english.csv"))
    said = heads().probabilities(vectors([spoken(text) for text in rows["line"]]))
    table = pl.LazyFrame(said, schema=list(LABELS)).with_columns(
        text_hash=pl.lit(""), valence=pl.lit(3.0), arousal=pl.lit(3.0)
    )
    margins = scored_lines(table).select(f"m_{family}" for family in CARRIED).collect()
    found = []
    for emotion, family in VERSE.items():
        votes = sum(
            rows[reader].str.split(" --- ").list.contains(emotion).cast(pl.Int8)
            for reader in ("annotator1", "annotator2")
        ).to_numpy()
        sure = votes != 1
        area = roc_auc_score(votes[sure] == 2, margins[f"m_{family}"].to_numpy()[sure])
        name = f"PO-EMO lines, {family} for {emotion} ({int((votes == 2).sum())} lines), AUC"
        found.append(Figure(name, float(area), anchor=0.5, more_is_better=True))
    return found


def planned() -> list[Figure]:
    """Measure how often a sample song's planned mood is among the families it shows most of.

    Its lines are the reference that a family must stand out from; the planned moods were not used.
    """
    import tomllib

    import polars as pl

    import workbench
    from workbench.dataset import make
    from workbench.lyrics.catalogue import catalogue_moods
    from workbench.lyrics.families import CARRIED
    from workbench.settings import PROJECT
    from workbench.store.artifacts import in_order

    label = workbench.open_dataset("sample")
    for name in in_order(["line_moods"]):
        make(label, name, lambda done, total, text: None)
    songs = catalogue_moods(label).tracks.filter(pl.col("lead").is_not_null())
    plan = {
        track["id"]: track.get("mood")
        for path in (PROJECT / "sample_data" / "source" / "roster").glob("*.toml")
        for artist in tomllib.loads(path.read_text(encoding="utf-8"))["artists"]
        for track in artist.get("tracks", [])
    }
    right = {1: 0, 3: 0}
    asked = [row for row in songs.to_dicts() if plan.get(row["track_id"]) in CARRIED]
    for row in asked:
        ranked = sorted(CARRIED, key=lambda family: -row[f"share_{family}"])
        for first in right:
            right[first] += plan[row["track_id"]] in ranked[:first]
    return [
        Figure(
            f"Sample songs whose planned mood is among the first {first} of {len(CARRIED)} "
            f"({len(asked)} songs; anchor: chance)",
            count / len(asked), anchor=first / len(CARRIED), more_is_better=True,
        )
        for first, count in right.items()
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
    figures = [*emotions(), *affect(), *verse(), *planned(), *speed(songs, repeats)]
    show("Lyrics: moods of lines", figures)


if __name__ == "__main__":
    main(options(__doc__))
