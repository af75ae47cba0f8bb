"""Line moods: what each line says, family by family, and the artifact that keeps it.

A family passes in a line where its labels stand out from ordinary song lines more than in 92 of
100 lines of a reference of songs; the one that stands out most leads. A lead is
"named" where a label of it also passes its threshold of GoEmotions. Without a lead a line is
"neutral" where the neutral label passes, else "unclear": the two differ.
"""

from collections.abc import Callable

import polars as pl

from workbench.lyrics.families import CARRIED, FAMILIES, LABELS, NEUTRAL, UNCLEAR
from workbench.lyrics.heads import AFFECTS, heads
from workbench.store.lyric_rows import LINE_MOODS

# Lines scored between two writes.
_WRITE = 20_000


def make_line_moods(label, *, progress: Callable[[int, int, str], None]) -> None:
    """Score every embedded text that is not scored yet."""
    found = heads()
    held = label.scan("line_moods").select("text_hash")
    waiting = label.scan("line_embeddings").join(held, on="text_hash", how="anti").collect()
    waiting = waiting.sort("text_hash")
    progress(0, waiting.height, "Scoring lyric lines")
    for start in range(0, max(1, waiting.height), _WRITE):
        part = waiting.slice(start, _WRITE)
        vectors = [part[name].to_numpy() for name in ("embedding", "layers", "outputs")]
        probabilities = found.probabilities(*vectors)
        affects = found.affects(*vectors)
        columns = {emotion: probabilities[:, i] for i, emotion in enumerate(LABELS)}
        columns |= {axis: affects[:, i] for i, axis in enumerate(AFFECTS)}
        frame = pl.DataFrame({"text_hash": part["text_hash"], **columns}, schema=dict(LINE_MOODS))
        label.append_rows("line_moods", frame)
        progress(min(start + _WRITE, waiting.height), waiting.height, "Scoring lyric lines")


def _standing(label: str) -> pl.Expr:
    """Return how far a label stands out from ordinary song lines, in their standard deviations."""
    held = heads().facts["standing"]
    place = LABELS.index(label)
    odds = (pl.col(label) / (1 - pl.col(label))).log()
    return (odds - held["mean"][place]) / held["spread"][place]


def margins() -> list[pl.Expr]:
    """Return, for each carried family, how far it is above what passes: m_<family>, 0 passes."""
    passes = heads().facts["standing"]["passes"]
    return [
        (pl.mean_horizontal([_standing(label) for label in family.labels]) - passes[family.name])
        .cast(pl.Float32)
        .alias(f"m_{family.name}")
        for family in FAMILIES
        if family.labels
    ]


def lead() -> pl.Expr:
    """Return the lead of lines that have margins: a family, neutral or unclear.

    Ties go to the family that the table of families names first.
    """
    threshold = float(heads().thresholds[LABELS.index(NEUTRAL)])
    best = pl.max_horizontal(f"m_{name}" for name in CARRIED)
    neutral = pl.col(NEUTRAL) >= threshold
    found = pl.when((best < 0) & neutral).then(pl.lit(NEUTRAL))
    found = found.when(best < 0).then(pl.lit(UNCLEAR))
    for name in CARRIED:
        found = found.when(pl.col(f"m_{name}") == best).then(pl.lit(name))
    return found.otherwise(pl.lit(UNCLEAR)).alias("lead")


def named() -> pl.Expr:
    """Tell whether the lead is named outright: one of its labels passes its own threshold."""
    least = dict(zip(LABELS, heads().thresholds.tolist(), strict=True))
    each = [
        (pl.col("lead") == family.name)
        & pl.any_horizontal(pl.col(label) >= least[label] for label in family.labels)
        for family in FAMILIES
        if family.labels
    ]
    return pl.any_horizontal(each).alias("named")


def scored_lines(line_moods: pl.LazyFrame) -> pl.LazyFrame:
    """Return line moods with families.

    Returns
    -------
    text_hash | lead | named | p_<family> (probability of its best label)... | m_<family>... |
    emotion labels... | valence | arousal
    """
    best = [
        pl.max_horizontal(family.labels).alias(f"p_{family.name}")
        for family in FAMILIES
        if family.labels
    ]
    return (
        line_moods.with_columns(*best, *margins())
        .with_columns(lead())
        .with_columns(named())
        .select(
            "text_hash", "lead", "named", *(f"p_{name}" for name in CARRIED),
            *(f"m_{name}" for name in CARRIED), *LABELS, "valence", "arousal",
        )
    )  # fmt: skip
