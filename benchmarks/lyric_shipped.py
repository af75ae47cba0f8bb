"""Whole songs as the app shows them, held against the moods that people gave them.

Nothing is learnt from a lyric. A song's distribution over families goes to the moods of each set
by the table that is printed here: families of high valence and high arousal are happy, and so on
(Russell 1980). Beside the valence that the app shows, the mean of a song's lines, a longer look is
measured: the mean of that, of windows of 16 and of 32 words. That lengths are mixed was chosen on
EmoBank: dev sentences joined to texts of four and eight, whose mean valence the mixture tells
better (.660) than windows of 16 alone (.654); emotions beside valence did not help there.

    python -m benchmarks.lyric_shipped [--quick]
"""

import argparse

import numpy as np
import polars as pl

from benchmarks import lyric_sets
from benchmarks.lyric_sets import GLAD, Songs
from benchmarks.report import Figure, options, show

# Which families say about the same as a mood of NJU-MusicMood.
QUADRANTS = {
    "happy": ("joy", "desire", "hope", "pride", "playfulness"),
    "relaxed": ("love", "calm", "reflection"),
    "angry": ("anger", "fear"),
    "sad": ("sadness",),
}
# Of MusicMood, which knows two.
HALVES = {
    "happy": QUADRANTS["happy"] + QUADRANTS["relaxed"],
    "sad": QUADRANTS["angry"] + QUADRANTS["sad"],
}
# Words of a window, beside single lines.
WINDOWS = (16, 32)
NONE = "(none)"


def shown(held: Songs) -> pl.DataFrame:
    """Return `catalogue_moods` of the songs, in their order, read and scored by the app's own."""
    from workbench.lyrics.aside import Aside
    from workbench.lyrics.catalogue import catalogue_moods
    from workbench.lyrics.embedding import texts_to_embed
    from workbench.lyrics.families import LABELS
    from workbench.lyrics.heads import AFFECTS, heads
    from workbench.lyrics.lyric_lines import make_lyric_lines
    from workbench.lyrics.training.vectors import vectors
    from workbench.store.lyric_rows import LINE_MOODS
    from workbench.tables import TABLES

    ids = [f"{number:05d}" for number in range(len(held.texts))]
    given = {
        "tracks": pl.DataFrame({"track_id": ids, "title": ids}),
        "lyrics": pl.DataFrame({"track_id": ids, "source": "label", "text": held.texts}),
    }
    rows = {
        name: pl.concat([pl.DataFrame(schema=TABLES[name].polars_schema), frame], how="diagonal")
        for name, frame in given.items()
    }
    songs = Aside(rows)
    make_lyric_lines(songs, progress=lambda done, total, said: None)
    lines = texts_to_embed(songs.scan("lyric_lines")).filter("line")
    found = vectors(lines["text"].to_list())
    columns = dict(zip(LABELS, heads().probabilities(found).T, strict=True))
    columns |= dict(zip(AFFECTS, heads().affects(found).T, strict=True))
    moods = pl.DataFrame({"text_hash": lines["text_hash"], **columns}, schema=dict(LINE_MOODS))
    songs.append_rows("line_moods", moods)
    return catalogue_moods(songs).tracks.sort("track_id")


def shares(songs: pl.DataFrame, mapping: dict[str, tuple[str, ...]]) -> np.ndarray:
    """Return (songs, moods): shares of the lines that a family leads; nan where none leads."""
    columns = [songs.select(pl.sum_horizontal(f"share_{f}" for f in held)) for held in
               mapping.values()]  # fmt: skip
    found = np.hstack([column.to_numpy() for column in columns]).astype(float)
    found[~songs["lead"].is_not_null().to_numpy()] = np.nan
    whole = found.sum(axis=1, keepdims=True)
    return np.divide(found, whole, out=np.full_like(found, np.nan), where=whole > 0)


def calibration(name: str, said: np.ndarray, moods: np.ndarray, wanted: np.ndarray) -> list[Figure]:
    """Measure whether shares of lines are chances of the mood: over all moods, and of the first."""
    from workbench.lyrics.training.evaluation import calibration_error, interval

    known = ~np.isnan(said[:, 0])
    said, true = said[known], wanted[known][:, None] == moods
    first = said.argmax(axis=1)
    sure, right = said.max(axis=1)[:, None], true[np.arange(len(true)), first][:, None]
    found = []
    for kind, odds, held in (("all moods", said, true), ("the first mood", sure, right)):

        def error(drawn: np.ndarray, odds=odds, held=held) -> float:
            return calibration_error(odds[drawn], held[drawn])

        title = f"{name}, {len(odds)} songs, calibration error of shares, {kind}"
        found.append(Figure(title, error(np.arange(len(odds))), spread=interval(error, len(odds))))
    return found


def mapped(held: Songs, songs: pl.DataFrame, mapping: dict[str, tuple[str, ...]]) -> list[Figure]:
    """Measure the mood whose families lead most lines; a song without one is wrong."""
    from sklearn.metrics import f1_score

    from workbench.lyrics.training.evaluation import interval

    moods = np.array(list(mapping))
    shared = shares(songs, mapping)
    known = ~np.isnan(shared[:, 0])
    said = np.where(known, moods[np.nan_to_num(shared).argmax(axis=1)], NONE)
    true, count = held.moods.astype(str), len(said)

    def macro(drawn: np.ndarray) -> float:
        return f1_score(true[drawn], said[drawn], labels=moods, average="macro", zero_division=0)

    def accuracy(drawn: np.ndarray) -> float:
        return float((true[drawn] == said[drawn]).mean())

    everything = np.arange(count)
    _, sizes = np.unique(true, return_counts=True)
    title = f"{held.name}, all {count} songs, printed mapping"
    return [
        Figure(
            f"{title}: macro-F1 (anchor: chance)", macro(everything), anchor=1 / len(moods),
            more_is_better=True, spread=interval(macro, count),
        ),
        Figure(
            f"{title}: accuracy (anchor: always the commonest)", accuracy(everything),
            anchor=float(sizes.max() / count), more_is_better=True,
            spread=interval(accuracy, count),
        ),
        Figure(f"{held.name}, songs that no family leads a line of, or not scored",
               float((~known).mean())),
        *calibration(held.name, shared, moods, true),
    ]  # fmt: skip


def valence(held: Songs, songs: pl.DataFrame) -> dict[str, np.ndarray]:
    """Return a song's valence as the app shows it, and by the mean with windows of lines."""
    from benchmarks.lyric_songs import in_windows
    from workbench.lyrics.heads import heads

    shown_one = songs["valence"].to_numpy()
    looks = [shown_one]
    for words in WINDOWS:
        rows, own = in_windows(held.texts, words)
        each = heads().affects(rows)[:, 0]
        looks.append(np.array([each[places].mean() for places in own]))
    middle = np.nanmean(shown_one)
    return {
        "windows of 16 words": looks[1],
        "lines, as shown": np.nan_to_num(shown_one, nan=middle),
        "lines and windows of 16 and 32": np.nanmean(looks, axis=0),
    }


def areas(held: Songs, songs: pl.DataFrame, anchor: float, goal: float) -> list[Figure]:
    """Measure how often the valence of a glad song stands above that of another."""
    from sklearn.metrics import roc_auc_score

    from workbench.lyrics.training.evaluation import interval

    found = []
    for kind, values in valence(held, songs).items():
        for part, rows in (("all", np.ones(len(values), bool)), ("test", ~held.train)):
            wanted, each = np.isin(held.moods[rows], GLAD), values[rows]

            def area(drawn: np.ndarray, wanted=wanted, each=each) -> float:
                return float(roc_auc_score(wanted[drawn], each[drawn]))

            count = len(wanted)
            found.append(
                Figure(
                    f"{held.name}, {part} {count} songs, AUC of valence, {kind} "
                    "(anchor: ridge on frozen)",
                    area(np.arange(count)), anchor=anchor, goal=goal, more_is_better=True,
                    spread=interval(area, count),
                )
            )  # fmt: skip
    return found


def figures(quick: bool) -> list[Figure]:
    """Measure NJU-MusicMood and MusicMood."""
    found = []
    for held, mapping, anchor, goal in (
        (lyric_sets.nju(quick), QUADRANTS, 0.747, 0.77),
        (lyric_sets.musicmood(quick), HALVES, 0.760, 0.78),
    ):
        print(f"  {held.name}:", "; ".join(f"{k}: {', '.join(v)}" for k, v in mapping.items()))
        songs = shown(held)
        found += areas(held, songs, anchor, goal) + mapped(held, songs, mapping)
    return found


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    show("Lyrics: whole songs, nothing learnt from lyrics", figures(asked.quick))


if __name__ == "__main__":
    main(options(__doc__))
