"""Line moods: what each line says, family by family, and the artifact that keeps it.

A line's lead is the family whose label stands highest above its own threshold. Where no label
passes it is "unclear"; where the neutral label leads clearly it is "neutral". The two differ.
"""

from collections.abc import Callable

import polars as pl

from workbench.lyrics.families import CARRIED, FAMILIES, LABELS, NEUTRAL, UNCLEAR
from workbench.lyrics.heads import heads
from workbench.store.lyric_rows import LINE_MOODS

# Lines scored between two writes.
_WRITE = 20_000
# Neutral leads clearly where it is this many times as probable as the best label of any family.
CLEARLY = 2.0


def make_line_moods(label, *, progress: Callable[[int, int, str], None]) -> None:
    """Score every embedded text that is not scored yet."""
    found = heads()
    held = label.scan("line_moods").select("text_hash")
    waiting = label.scan("line_embeddings").join(held, on="text_hash", how="anti").collect()
    waiting = waiting.sort("text_hash")
    progress(0, waiting.height, "Scoring lyric lines")
    for start in range(0, max(1, waiting.height), _WRITE):
        part = waiting.slice(start, _WRITE)
        vectors = part["embedding"].to_numpy(), part["layers"].to_numpy()
        probabilities = found.probabilities(*vectors)
        affects = found.affects(*vectors)
        columns = {emotion: probabilities[:, i] for i, emotion in enumerate(LABELS)}
        columns |= {"valence": affects[:, 0], "arousal": affects[:, 1]}
        frame = pl.DataFrame({"text_hash": part["text_hash"], **columns}, schema=dict(LINE_MOODS))
        label.append_rows("line_moods", frame)
        progress(min(start + _WRITE, waiting.height), waiting.height, "Scoring lyric lines")


def family_columns() -> list[pl.Expr]:
    """Return, for each family that labels carry, its probability: that of its best label."""
    return [
        pl.max_horizontal(family.labels).alias(f"p_{family.name}")
        for family in FAMILIES
        if family.labels
    ]


def lead(thresholds: dict[str, float]) -> pl.Expr:
    """Return the lead of each line of `line_moods`: a family, neutral or unclear.

    Rare labels have low thresholds, so labels compete by how far they stand above their own:
    p / threshold. Ties go to the family that the table names first.
    """
    margins = {
        family.name: pl.max_horizontal([pl.col(name) / thresholds[name] for name in family.labels])
        for family in FAMILIES
        if family.labels
    }
    best = pl.max_horizontal(list(margins.values()))
    strongest = pl.max_horizontal([p for f in FAMILIES for p in f.labels])
    neutral = (pl.col(NEUTRAL) >= thresholds[NEUTRAL]) & (
        (best < 1) | (pl.col(NEUTRAL) >= CLEARLY * strongest)
    )
    found = pl.when(neutral).then(pl.lit(NEUTRAL)).when(best < 1).then(pl.lit(UNCLEAR))
    for name, margin in margins.items():
        found = found.when(margin == best).then(pl.lit(name))
    return found.otherwise(pl.lit(UNCLEAR)).alias("lead")


def scored_lines(line_moods: pl.LazyFrame) -> pl.LazyFrame:
    """Return line moods with families: text_hash | lead | p_<family>... | labels... | affect."""
    thresholds = dict(zip(LABELS, heads().thresholds.tolist(), strict=True))
    return line_moods.with_columns(lead(thresholds), *family_columns()).select(
        "text_hash", "lead", *(f"p_{name}" for name in CARRIED), *LABELS, "valence", "arousal"
    )
