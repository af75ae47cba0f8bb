"""Line moods: what each line says, family by family, and the artifact that keeps it.

A family passes in a line where its labels stand out from ordinary song lines more than in 92 of
100 lines of a reference of songs; the one that stands out most leads. A lead is
"named" where a label of it also passes its threshold of GoEmotions. Without a lead a line is
"neutral" where the neutral label passes, else "unclear": the two differ.
"""

from collections.abc import Callable

import numpy as np
import polars as pl

from workbench.lyrics.embedding import LYRICS, lacking
from workbench.lyrics.families import CARRIED, FAMILIES, LABELS, NEUTRAL, UNCLEAR
from workbench.lyrics.heads import AFFECTS, Scale, heads
from workbench.settings import settings
from workbench.store.lyric_rows import LINE_MOODS

# Rows read between two writes; a model of the hub is slow.
_WRITE, HUB_WRITE = 10_000, 256


def make_line_moods(label, *, progress: Callable[[int, int, str], None]) -> None:
    """Score every line that is not scored yet, by our heads or by the hub's model in force."""
    if settings().emotions:
        _by_the_hub(label, progress)
        return
    found = heads()
    key = pl.col("text_hash")
    embedded = label.scan("line_embeddings")  # windows have no outputs, and are not scored
    total = embedded.select(pl.len()).collect().item()
    if _scored(label) == embedded.select(pl.col("outputs").count()).collect().item():
        total = 0
    progress(0, total, "Scoring lyric lines")
    for start in range(0, max(1, total), _WRITE):
        rows = embedded.slice(start, _WRITE).drop_nulls("outputs").collect()
        held = label.scan("line_moods").select(key).filter(key.is_in(rows["text_hash"].implode()))
        rows = rows.join(held.collect(), on="text_hash", how="anti", maintain_order="left")
        vectors = [rows[name].to_numpy() for name in ("embedding", "layers", "outputs")]
        moods = mood_rows(rows["text_hash"], found.probabilities(*vectors), found.affects(*vectors))
        label.append_rows("line_moods", moods)
        progress(min(start + _WRITE, total), total, "Scoring lyric lines")


def _by_the_hub(label, progress: Callable[[int, int, str], None]) -> None:
    from workbench.lyrics.hub_emotions import hub_emotions, hub_scale

    model, against = hub_emotions(), hub_scale()
    lyrics = label.scan("lyric_lines").select(pl.len()).collect().item()
    starts = range(0, lyrics, LYRICS)
    counts = {start: _lines(label, start).height for start in starts}
    total, done = sum(counts.values()), 0
    progress(0, total, "Scoring lyric lines")
    for start in [start for start in starts if counts[start]] or [0]:
        for part in _lines(label, start).iter_slices(HUB_WRITE):
            said = model.probabilities(part["text"].to_list())
            label.append_rows(
                "line_moods", mood_rows(part["text_hash"], said, against.affects(said))
            )
            done += part.height
            progress(done, total, "Scoring lyric lines")
    progress(total, total, "Scoring lyric lines")


def _lines(label, start: int) -> pl.DataFrame:
    return lacking(label, "line_moods", start).filter("line")


def mood_rows(hashes: pl.Series, probabilities: np.ndarray, affects: np.ndarray) -> pl.DataFrame:
    """Return rows of the artifact for (n, 28) probabilities and (n, 3) affects."""
    columns = {emotion: probabilities[:, i] for i, emotion in enumerate(LABELS)}
    columns |= {axis: affects[:, i] for i, axis in enumerate(AFFECTS)}
    return pl.DataFrame({"text_hash": hashes, **columns}, schema=dict(LINE_MOODS))


def _scored(label) -> int:
    return label.scan("line_moods").select(pl.len()).collect().item()


def scale() -> Scale:
    """Return what probabilities are held against: that of our heads, or of the hub's model."""
    if settings().emotions:
        from workbench.lyrics.hub_emotions import hub_scale

        return hub_scale()
    held = heads()
    return Scale(held.facts["standing"], held.thresholds)


def _standing(label: str) -> pl.Expr:
    """Return how far a label stands out from ordinary song lines, in their standard deviations."""
    held = scale().standing
    place = LABELS.index(label)
    odds = (pl.col(label) / (1 - pl.col(label))).log()
    return (odds - held["mean"][place]) / held["spread"][place]


def margins() -> list[pl.Expr]:
    """Return, for each carried family, how far it is above what passes: m_<family>, 0 passes."""
    passes = scale().standing["passes"]
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
    threshold = float(scale().thresholds[LABELS.index(NEUTRAL)])
    best = pl.max_horizontal(f"m_{name}" for name in CARRIED)
    neutral = pl.col(NEUTRAL) >= threshold
    found = pl.when((best < 0) & neutral).then(pl.lit(NEUTRAL))
    found = found.when(best < 0).then(pl.lit(UNCLEAR))
    for name in CARRIED:
        found = found.when(pl.col(f"m_{name}") == best).then(pl.lit(name))
    return found.otherwise(pl.lit(UNCLEAR)).alias("lead")


def named() -> pl.Expr:
    """Tell whether the lead is named outright: one of its labels passes its own threshold."""
    least = dict(zip(LABELS, scale().thresholds.tolist(), strict=True))
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
