"""Lines of poems: the model against two people who read each line, and the two against each other.

PO-EMO (Haider et al. 2020), English. A reader names one or two emotions of nine a line; the first
counts. Intervals draw whole poems again.

    python -m benchmarks.lyric_verse [--quick]
"""

import argparse

import numpy as np
import polars as pl

from benchmarks.report import Figure, options, show

# Families and the emotion of PO-EMO that says about the same. Reflection has none; nothing says
# its suspense, awe and nostalgia.
EMOTION = {
    "joy": "Beauty / Joy",
    "love": "Beauty / Joy",
    "desire": "Beauty / Joy",
    "calm": "Beauty / Joy",
    "hope": "Vitality",
    "pride": "Vitality",
    "sadness": "Sadness",
    "fear": "Uneasiness",
    "anger": "Annoyance",
    "playfulness": "Humor",
}
# Of the families above, those whose own emotion it is: how well each ranks lines.
OWN = ("joy", "sadness", "fear", "anger", "playfulness")
READERS = ("annotator1", "annotator2")


def scored() -> pl.DataFrame:
    """Return the lines with their votes and what the model says of them.

    Returns
    -------
    poem | annotator1, annotator2 (first emotion) | all1, all2 (every one) | lead | said (the
    emotion of the family that stands out most) | m_<family>...
    """
    from workbench.lyrics.families import LABELS
    from workbench.lyrics.heads import heads
    from workbench.lyrics.lyric_lines import spoken
    from workbench.lyrics.moods import scored_lines
    from workbench.lyrics.training.data import public_file
    from workbench.lyrics.training.vectors import vectors

    rows = pl.read_csv(public_file("lyrics", "po_emo", "poemo_english.csv"))
    odds = heads().probabilities(vectors([spoken(text) for text in rows["line"]]))
    table = pl.LazyFrame(odds, schema=list(LABELS)).with_columns(
        text_hash=pl.lit(""), valence=pl.lit(3.0), arousal=pl.lit(3.0)
    )
    margins = [pl.col(f"m_{family}") for family in EMOTION]
    strongest = pl.concat_list(margins).list.arg_max()
    said = strongest.replace_strict(dict(enumerate(EMOTION.values())), return_dtype=pl.String)
    found = scored_lines(table).select("lead", *margins, said=said).collect()
    votes = [pl.col(reader).str.split(" --- ") for reader in READERS]
    return pl.concat(
        [
            rows.select(
                "poem",
                *(vote.list.first() for vote in votes),
                *(vote.alias(f"all{n}") for n, vote in enumerate(votes, 1)),
            ),
            found,
        ],
        how="horizontal",
    )


def kappa(one: np.ndarray, other: np.ndarray) -> float:
    """Return Cohen's kappa (1960) of two rows of whole numbers from 0."""
    size = int(max(one.max(), other.max())) + 1
    table = np.bincount(one * size + other, minlength=size * size).reshape(size, size) / len(one)
    chance = float(table.sum(axis=1) @ table.sum(axis=0))
    return (float(np.trace(table)) - chance) / (1 - chance) if chance < 1 else float("nan")


def agreement(lines: pl.DataFrame) -> list[Figure]:
    """Measure how far the model and two people give a line the same first emotion."""
    from workbench.lyrics.training.evaluation import interval

    pairs = (
        ("the two people", *READERS),
        ("the model and the first", "said", READERS[0]),
        ("the model and the second", "said", READERS[1]),
    )
    led = lines.filter(pl.col("lead").is_in(list(EMOTION)))
    parts = (("all", lines), ("a family leads,", led))
    found = []
    for part, rows in parts:
        poems = rows["poem"].to_numpy()
        for who, one, other in pairs:
            codes = pl.concat([rows[one], rows[other]]).rank("dense").to_numpy().astype(int) - 1
            first, second = codes[: rows.height], codes[rows.height :]
            everything = np.arange(rows.height)
            measures = {
                "kappa": lambda drawn, a=first, b=second: kappa(a[drawn], b[drawn]),
                "the same": lambda drawn, a=first, b=second: float((a[drawn] == b[drawn]).mean()),
            }
            found += [
                Figure(
                    f"PO-EMO, {part} {rows.height} lines, {who}: {kind}", measure(everything),
                    more_is_better=True, spread=interval(measure, rows.height, groups=poems),
                )
                for kind, measure in measures.items()
            ]  # fmt: skip
    return found


def ranked(lines: pl.DataFrame) -> list[Figure]:
    """Measure how often a line both call sad stands above one that neither does."""
    from sklearn.metrics import roc_auc_score

    from workbench.lyrics.training.evaluation import interval

    found = []
    for family in OWN:
        votes = sum(lines[f"all{n}"].list.contains(EMOTION[family]).cast(pl.Int8) for n in (1, 2))
        sure = votes.to_numpy() != 1
        both, margin = votes.to_numpy()[sure] == 2, lines[f"m_{family}"].to_numpy()[sure]

        def area(drawn: np.ndarray, both=both, margin=margin) -> float:
            few = both[drawn]
            return roc_auc_score(few, margin[drawn]) if 0 < few.sum() < len(few) else 0.5

        poems = lines["poem"].to_numpy()[sure]
        found.append(
            Figure(
                f"PO-EMO lines, {family} for {EMOTION[family]} ({int(both.sum())} lines), AUC",
                float(area(np.arange(len(both)))), anchor=0.5, more_is_better=True,
                spread=interval(area, len(both), groups=poems),
            )
        )  # fmt: skip
    return found


def figures(quick: bool) -> list[Figure]:
    """Measure the English poems; they are few, quick or not."""
    lines = scored()
    print("  said as:", ", ".join(f"{family} {emotion}" for family, emotion in EMOTION.items()))
    return [*agreement(lines), *ranked(lines)]


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    show("Lyrics: lines of poems", figures(asked.quick))


if __name__ == "__main__":
    main(options(__doc__))
