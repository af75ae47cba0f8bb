"""What people said of recordings in doubt: kept for the label, and applied to all later files.

A decision is kept under what the file said (the fingerprint of `catalogue.matching`), so another
spelling, version or ISRC is another question. decided_rows.py knows what came in by a decision.
"""

import hashlib

import polars as pl

from workbench.catalogue.matching import DECISIONS
from workbench.dataset import Dataset
from workbench.errors import BadInput, ReadOnly
from workbench.settings import settings
from workbench.store import state

ANOTHER = "new"  # the answer that a recording is none of those that it was held against
KEY = 10


def key(said: str) -> str:
    """Return the short name of a question."""
    return hashlib.sha256(said.encode()).hexdigest()[:KEY]


def given(label: Dataset) -> pl.DataFrame:
    """Return said | track_id | same of a label's decisions, oldest first, as `matches` takes it."""
    return _rows(label).select(list(DECISIONS))


def version(label: Dataset) -> str:
    """Return a hash over a label's decisions: what was planned by others must be planned anew."""
    return hashlib.sha256(_rows(label).write_csv().encode()).hexdigest()


def decide(label: Dataset, doubtful: pl.DataFrame, answers: dict[str, str], file: str) -> None:
    """Keep what a person said of recordings in doubt.

    Parameters
    ----------
    label : whose tracks they may be. doubtful : of the file's sheet. answers : by the key of the
    question: the id of the track that it is, or “new”: none of those that it was held against.
    file : that asked.

    Raises
    ------
    BadInput
        The file does not ask this, or there is no such track. ReadOnly : the label is the sample.
    """
    if label.manifest.sample:
        raise ReadOnly("The sample label is read only. Say which label the files go to.")
    rows = [row for asked, answer in answers.items() for row in _said(doubtful, asked, answer)]
    known = set(doubtful["track_id"]) | set(label.table("tracks")["track_id"])
    if strange := [row["track_id"] for row in rows if row["track_id"] not in known]:
        raise BadInput(
            f"There is no track “{strange[0]}”. Answer with the id of one, or with “{ANOTHER}” "
            "where the recording is none of those that it was held against."
        )
    user = settings().current_user
    for row in rows:
        state.record(label.home, state.Decision, user=user, file=file, **row)


def _said(doubtful: pl.DataFrame, asked: str, answer: str) -> list[dict[str, object]]:
    pairs = doubtful.filter(pl.col("decision") == asked)
    if pairs.is_empty():
        raise BadInput(f"No recording of this file is asked about under “{asked}”.")
    tracks = {row["track_id"]: _named(row, "of_") for row in pairs.iter_rows(named=True)}
    said = {"said": pairs["said"][0], "recording": _named(pairs.row(0, named=True), "")}
    if answer == ANOTHER:
        return [{**said, "track_id": t, "track": n, "same": False} for t, n in tracks.items()]
    return [{**said, "track_id": answer, "track": tracks.get(answer, answer), "same": True}]


def _named(row: dict[str, object], side: str) -> str:
    title, version, artist = (row[f"{side}{name}"] for name in ("title", "version", "artist"))
    name = f"{title or row[f'{side}isrc']}{f' ({version})' if version else ''}"
    return f"{name} – {artist or 'nobody'}"


def listed(label: Dataset) -> pl.DataFrame:
    """Return the decisions of a label, newest first.

    Returns
    -------
    at | user | file (that asked) | recording (as the file names it) | answer | decision (its key)
    """
    rows = _rows(label)
    same, track = pl.col("same"), pl.col("track")
    others = track.unique(maintain_order=True).str.join("; ")
    answer = (
        pl.when(same.any())
        .then(pl.format("is {}", track.filter(same).last()))
        .otherwise(pl.format("is not {}", others))
    )
    whole = rows.group_by("said", maintain_order=True).agg(
        pl.col("id", "at", "user", "file", "recording").last(), answer=answer
    )
    keys = pl.Series("decision", [key(said) for said in whole["said"]], pl.String)
    return whole.with_columns(keys).sort("id", descending=True).drop("id", "said")


def asked(label: Dataset, decision: str) -> list[str]:
    """Return what files said that a decision is about.

    Raises
    ------
    BadInput
        There is no such decision.
    """
    said = [one for one in _rows(label)["said"].unique() if key(one) == decision]
    if not said:
        raise BadInput(f"No decision is called “{decision}”; they are listed with their names.")
    return said


def forget(label: Dataset, decision: str) -> None:
    """Take a decision out of what applies; what came in by it is left as it is."""
    for one in asked(label, decision):
        state.remove(label.home, state.Decision, said=one)


def _rows(label: Dataset) -> pl.DataFrame:
    return state.rows(label.home, state.Decision)
