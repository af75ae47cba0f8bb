"""What people say of the mood that the model shows for a line: right, or wrong and what it is.

A mark names the line by its hash and the model by its fingerprint; no analysis reads the marks, a
page counts them and passes the counts on. One person has one mark for a line and a model: the last.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.lyrics.catalogue import wilson
from workbench.lyrics.families import FAMILIES, NEUTRAL, UNCLEAR
from workbench.lyrics.lyric_lines import spoken, text_hash
from workbench.store import state
from workbench.store.artifacts import declared

NO_MOOD = "no mood"
# What a line can be said to be, also moods that no label of the model carries.
SAYABLE = (*(family.name for family in FAMILIES), NO_MOOD)
# Marks below which a share has no interval worth reading.
LEAST = 10
NOW, EARLIER = "this model", "earlier ones"


@dataclass(frozen=True)
class Counted:
    """How many marks say the same: what was shown, what it is said to be, by which model."""

    model: str
    shown: str
    said: str
    marks: int


@dataclass(frozen=True, eq=False)
class Agreement:
    """How often people agree with the mood shown, where they said anything.

    Attributes
    ----------
    models : model (this model, earlier ones) | marks | wrong | share (wrong of marks) | low | high
        (90 %, null under ten marks).
    moods : shown | marks | wrong | share | low | high | instead (said most often in its place),
        of this model, the most marked first.
    """

    models: pl.DataFrame
    moods: pl.DataFrame


def model() -> str:
    """Return what names the mood model in force: weights, code and encoder as one hash."""
    return declared("line_moods").fingerprint


def shown_mood(lead: str) -> str:
    """Return what a line's lead says: a mood, or that there is none."""
    return NO_MOOD if lead in (NEUTRAL, UNCLEAR) else lead


def mark(home: Path, user: str, *, track: str, text: str, lead: str, said: str) -> None:
    """Keep what a person says of a line, in place of what they said of it before.

    Parameters
    ----------
    home : of the label. track : where they saw it. text : of the line. lead : that was shown.
    said : one of SAYABLE; what was shown itself means that it is right.

    Raises
    ------
    BadInput
        `said` is no mood.
    """
    if said not in SAYABLE:
        raise BadInput(f"A line is one of {', '.join(SAYABLE)}, not “{said}”.")
    line = {"user": user, "text_hash": text_hash(spoken(text)), "model": model()}
    row = {**line, "track_id": track, "shown": shown_mood(lead), "said": said}
    state.record_instead(home, state.LineMark, [row], **line)


def take_back(home: Path, mark_id: int) -> None:
    """Drop a mark as if it had never been made."""
    state.remove(home, state.LineMark, id=mark_id)


def marks(home: Path, text: str | None = None) -> pl.DataFrame:
    """Return the marks of a label, or those of one line; oldest first.

    Returns
    -------
    id | at | user | track_id | text_hash | model | shown | said
    """
    line = {} if text is None else {"text_hash": text_hash(spoken(text))}
    return state.rows(home, state.LineMark, **line)


def of_line(home: Path, user: str, text: str) -> tuple[dict | None, list[str]]:
    """Return a person's mark of a line by the model in force, and what others said of the line."""
    found = marks(home, text).filter(pl.col("model") == model())
    own = found.filter(pl.col("user") == user).to_dicts()
    others = found.filter(pl.col("user") != user)["said"].to_list()
    return (own[-1] if own else None), others


def counted(found: pl.DataFrame) -> tuple[Counted, ...]:
    """Return how many marks say the same, as a parameter of `agreement`."""
    kinds = ["model", "shown", "said"]
    groups = found.group_by(kinds).len("marks").sort(kinds)
    return tuple(Counted(*row) for row in groups.select(*kinds, "marks").iter_rows())


@analysis()
def agreement(label, *, counts: tuple[Counted, ...], model: str) -> Agreement:
    """Return how often the mood shown was marked wrong, by model and by mood.

    People mark what annoys them: the share is of the lines that somebody said something of, not of
    all lines, and is no accuracy. Intervals are 90 % (Wilson 1927), as if marks were independent.

    Parameters
    ----------
    counts : as `counted` gives them. model : fingerprint of the one in force.
    """
    rows = pl.DataFrame(
        [(c.model, c.shown, c.said, c.marks) for c in counts], orient="row",
        schema={"model": pl.String, "shown": pl.String, "said": pl.String, "marks": pl.Int64},
    ).with_columns(
        wrong=pl.when(pl.col("shown") != pl.col("said")).then("marks").otherwise(0),
        model=pl.when(pl.col("model") == model).then(pl.lit(NOW)).otherwise(pl.lit(EARLIER)),
    )  # fmt: skip
    here = rows.filter(pl.col("model") == NOW)
    instead = (
        here.filter(pl.col("wrong") > 0)
        .sort("marks", "said", descending=[True, False])
        .group_by("shown", maintain_order=True)
        .agg(instead=pl.col("said").first())
    )
    moods = _shares(here, "shown").join(instead, on="shown", how="left")
    return Agreement(
        _shares(rows, "model").sort("model", descending=True),
        moods.sort("marks", "shown", descending=[True, False]),
    )


def _shares(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return by | marks | wrong | share | low | high (Wilson 1927)."""
    ends = zip(("low", "high"), wilson("share", "marks"), strict=True)
    return (
        rows.group_by(by)
        .agg(pl.col("marks").sum(), pl.col("wrong").sum())
        .with_columns(share=pl.col("wrong") / pl.col("marks"))
        .with_columns(pl.when(pl.col("marks") >= LEAST).then(end).alias(name) for name, end in ends)
    )


@analysis(optional="lyric_lines tracks")
def marked_lines(label, *, hashes: tuple[str, ...]) -> pl.DataFrame:
    """Return the words of marked lines, as one of the label's lyrics has them.

    Returns
    -------
    text_hash | text, by hash; a line that no lyric on file has any more is not there
    """
    lines = label.scan("lyric_lines").select(pl.col("lines").explode().struct.unnest())
    return (
        lines.select("text_hash", "text")
        .filter(pl.col("text_hash").is_in(list(hashes)))
        .collect()
        .sort("text_hash", "text")
        .unique("text_hash", keep="first", maintain_order=True)
    )


def training_rows(found: pl.DataFrame, words: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return marks as rows to learn from; who made them stays here.

    Parameters
    ----------
    found : as `marks` gives them. words : as `marked_lines` gives them, where the words may leave.

    Returns
    -------
    id | at | track_id | text (where asked for) | shown | said | right | model | text_hash
    """
    rows = found.with_columns(right=pl.col("shown") == pl.col("said"))
    kept = ["id", "at", "track_id", "shown", "said", "right", "model", "text_hash"]
    if words is None:
        return rows.select(kept)
    kept.insert(3, "text")
    return rows.join(words, on="text_hash", how="left", maintain_order="left").select(kept)
