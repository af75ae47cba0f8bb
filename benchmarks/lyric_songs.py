"""Songs: what the shipped mood model says of whole lyrics that people gave a mood.

The lyrics (NJU-MusicMood, MusicMood) are read for measuring only; nothing learnt from them ships.
First the model as it is, which never saw a lyric: how often a glad song's valence stands above a
sad one's. Then two checks of the method: a small head learnt on the published training songs,
measured on the published test songs; what it reads is chosen by cross-validation on training.

    python -m benchmarks.lyric_songs [--quick]
"""

import argparse
from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.report import Figure, options, show

# Sung words that are read together: single lines say too little, whole songs too much.
WORDS = 16
QUICK_SONGS = 60
# Moods of NJU-MusicMood whose valence is high.
GLAD = ("happy", "relaxed")
DRAWS = 1_000
# Strengths of the head's penalty that cross-validation chooses from.
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0)
# Columns of tuned outputs of a song: mean and two quantiles of each. They stand last.
OUTPUTS = 3 * 39


@dataclass(frozen=True, eq=False)
class Songs:
    """Moods, split and valence of songs, and `read`: what a head may learn from, by name."""

    moods: np.ndarray
    train: np.ndarray
    valence: np.ndarray
    read: dict[str, np.ndarray]


def windows(text: str) -> list[str]:
    """Return a lyric's sung lines, as heard, joined until `WORDS` words are together."""
    from workbench.lyrics.lyric_lines import spoken
    from workbench.lyrics.structure import parsed_lyric

    found: list[str] = []
    held: list[str] = []
    for line in parsed_lyric(text).lines:
        for _ in range(line.heard):
            held += spoken(line.text).split()
            if len(held) >= WORDS:
                found.append(" ".join(held))
                held = []
    return [*found, " ".join(held)] if held else found or ["."]


def songs(name: str, texts: list[str], moods: np.ndarray, train: np.ndarray) -> Songs:
    """Return the songs, each distinct window read once."""
    from workbench.lyrics.heads import heads
    from workbench.lyrics.training.vectors import vectors

    def say(done: int, total: int) -> None:
        if done % 6_400 < 64:
            print(f"  {name}: {done:,} of {total:,} windows", flush=True)

    each = [windows(text) for text in texts]
    places: dict[str, int] = {}
    for own in each:
        for text in own:
            places.setdefault(text, len(places))
    rows = vectors(list(places), say)
    affects = heads().affects(rows)
    own_rows = [[places[text] for text in own] for own in each]
    valence = np.array([affects[own, 0].mean() for own in own_rows])
    outputs = rows[:, 1152:]
    spread = [
        np.concatenate([outputs[own].mean(axis=0), *np.quantile(outputs[own], [0.1, 0.9], axis=0)])
        for own in own_rows
    ]
    frozen = np.array([rows[own, :1152].mean(axis=0) for own in own_rows])
    read = {
        "tuned outputs": np.array(spread),
        "sentence vectors and tuned outputs": np.hstack([frozen[:, :384], spread]),
        "three layers and tuned outputs": np.hstack([frozen, spread]),
    }
    return Songs(moods, train, valence, read)


def read_nju(quick: bool) -> Songs:
    """Read NJU-MusicMood: four moods, 400 and 377 songs."""
    from workbench.lyrics.training.data import public_file

    rows = pl.read_csv(public_file("lyrics", "nju_musicmood", "nju_musicmood.csv"))
    rows = rows.sample(QUICK_SONGS, seed=0) if quick else rows
    texts = rows["lyrics"].fill_null("").to_list()
    return songs("NJU", texts, rows["mood"].to_numpy(), (rows["split"] == "train").to_numpy())


def read_musicmood(quick: bool) -> Songs:
    """Read MusicMood: happy or sad, 1,000 and 200 songs."""
    from workbench.lyrics.training.data import public_file

    names = ("train_lyrics_1000.csv", "valid_lyrics_200.csv")
    parts = [
        pl.read_csv(public_file("lyrics", "musicmood", name)).select(
            "lyrics", "mood", train=pl.lit("train" in name)
        )
        for name in names
    ]
    rows = pl.concat(parts)
    rows = rows.sample(QUICK_SONGS, seed=0) if quick else rows
    texts = rows["lyrics"].fill_null("").to_list()
    return songs("MusicMood", texts, rows["mood"].to_numpy(), rows["train"].to_numpy())


def untouched(
    name: str, held: Songs, glad: tuple[str, ...], anchor: float, goal: float
) -> list[Figure]:
    """Measure how often the valence of a glad song stands above that of another."""
    from sklearn.metrics import roc_auc_score

    found = []
    for part, rows in (("all", np.ones(len(held.moods), bool)), ("test", ~held.train)):
        wanted, valence = np.isin(held.moods[rows], glad), held.valence[rows]
        random = np.random.default_rng(0)
        draws = [random.integers(0, len(wanted), len(wanted)) for _ in range(DRAWS)]
        areas = [roc_auc_score(wanted[drawn], valence[drawn]) for drawn in draws]
        low, high = np.quantile(areas, [0.025, 0.975])
        found.append(
            Figure(
                f"{name}, {part} {len(wanted)} songs, AUC of valence (anchor: ridge on frozen)",
                float(roc_auc_score(wanted, valence)), anchor=anchor, goal=goal,
                more_is_better=True, spread=(float(low), float(high)),
            )
        )  # fmt: skip
    return found


def head(columns: int):
    """Return a logistic regression on a song's columns, tuned outputs last.

    Mean vectors are centred and brought to length 1, outputs brought to half of it: on training
    songs that was better than to standardise every column.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer, StandardScaler

    vectors = make_pipeline(StandardScaler(with_std=False), Normalizer())
    outputs = slice(columns - OUTPUTS, columns)
    parts = [("outputs", StandardScaler(), outputs)]
    parts += [("vectors", vectors, slice(0, outputs.start))] if outputs.start else []
    scaled = ColumnTransformer(parts, transformer_weights={"outputs": 0.5 / np.sqrt(OUTPUTS)})
    return make_pipeline(scaled, LogisticRegression(max_iter=500))


def learnt(name: str, held: Songs, score: str, anchor: float, goal: float) -> list[Figure]:
    """Measure a logistic regression on the test songs, and over five folds of all songs."""
    from sklearn.metrics import get_scorer
    from sklearn.model_selection import (
        GridSearchCV,
        RepeatedStratifiedKFold,
        StratifiedKFold,
        cross_val_score,
    )

    def search(rows: np.ndarray) -> GridSearchCV:
        folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=0)
        asked = {"logisticregression__C": STRENGTHS}
        return GridSearchCV(head(rows.shape[1]), asked, scoring=score, cv=folds)

    train, moods = held.train, held.moods
    found = {kind: search(rows).fit(rows[train], moods[train]) for kind, rows in held.read.items()}
    for kind, model in found.items():
        print(f"  {name}, {kind}: cross-validated {score} on training {model.best_score_:.3f}")
    kind = max(found, key=lambda each: found[each].best_score_)
    rows, model = held.read[kind], found[kind]
    said, true = model.predict(rows[~train]), moods[~train]
    random = np.random.default_rng(0)
    measure = get_scorer(score)._score_func
    more = {"average": "macro"} if score == "f1_macro" else {}
    draws = [random.integers(0, len(true), len(true)) for _ in range(DRAWS)]
    scores = [measure(true[drawn], said[drawn], **more) for drawn in draws]
    spread = tuple(float(q) for q in np.quantile(scores, [0.025, 0.975]))
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    five = cross_val_score(search(rows), rows, moods, scoring=score, cv=folds)
    return [
        Figure(
            f"{name} test songs, {score} of a head on {kind}", float(measure(true, said, **more)),
            anchor=anchor, goal=goal, more_is_better=True, spread=spread,
        ),
        Figure(
            f"{name} all songs, five folds, {score}", float(five.mean()), more_is_better=True,
            spread=(float(five.min()), float(five.max())),
        ),
    ]  # fmt: skip


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    nju, happy = read_nju(asked.quick), read_musicmood(asked.quick)
    figures = [
        *untouched("NJU-MusicMood", nju, GLAD, 0.747, 0.77),
        *untouched("MusicMood", happy, ("happy",), 0.760, 0.78),
        *learnt("NJU-MusicMood", nju, "f1_macro", 0.519, 0.53),
        *learnt("MusicMood", happy, "accuracy", 0.735, 0.75),
    ]
    show("Lyrics: moods of songs", figures)


if __name__ == "__main__":
    main(options(__doc__))
