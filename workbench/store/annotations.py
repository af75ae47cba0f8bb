"""An analyst's own columns on tracks, artists or listeners, beside the label's tables."""

import re
from pathlib import Path

import polars as pl

from workbench.errors import BadInput
from workbench.store.files import replacing, sha256

NAMES = {
    "track_annotations": "track_id",
    "artist_annotations": "artist_id",
    "listener_annotations": "listener_id",
}
_SHOWN = (pl.String, pl.Boolean, pl.Date, pl.Categorical, pl.Enum)


def write(home: Path, name: str, frame: pl.DataFrame) -> None:
    """Write the set called `name`: an id column, one row an id, and columns that can be shown."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        raise BadInput(f"An annotation's name is lower-case letters, digits and _, not {name!r}.")
    ids = [table for table, key in NAMES.items() if key in frame.columns]
    if len(ids) != 1:
        raise BadInput("An annotation needs exactly one of: " + ", ".join(NAMES.values()) + ".")
    key = NAMES[ids[0]]
    if frame[key].null_count() or frame[key].is_duplicated().any():
        raise BadInput(f"{key} must stand once in each row of an annotation.")
    for column, dtype in frame.schema.items():
        if not (dtype.is_numeric() or dtype in _SHOWN):
            raise BadInput(f"{column} is a {dtype}; text, number, date or truth value is needed.")
    renamed = frame.rename({c: f"{name}.{c}" for c in frame.columns if c != key}).sort(key)
    with replacing(_folder(home, ids[0]) / f"{name}.parquet") as temporary:
        renamed.write_parquet(temporary)


def exists(home: Path, table: str) -> bool:
    """Tell whether there is any annotation of this kind."""
    return bool(_files(home, table))


def scan(home: Path, table: str) -> pl.LazyFrame:
    """Return all annotations of a kind: id | name.column | ...; null where a set lacks the id."""
    key = NAMES[table]
    rows = pl.LazyFrame(schema={key: pl.String})
    for path in _files(home, table):
        part = pl.read_parquet(path).lazy().with_columns(pl.col(key).cast(pl.String))
        rows = rows.join(part, on=key, how="full", coalesce=True)
    return rows


def version(home: Path, table: str) -> str:
    """Return a string that changes when any annotation of this kind does."""
    return ",".join(f"{path.stem}-{sha256(path)[:16]}" for path in _files(home, table))


def _files(home: Path, table: str) -> list[Path]:
    return sorted(_folder(home, table).glob("[a-z]*.parquet"))


def _folder(home: Path, table: str) -> Path:
    return home / "annotations" / table
