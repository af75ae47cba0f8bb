"""An analyst's own columns on tracks, artists, listeners or priors, beside the label's tables.

One file a set, `name.hash.parquet`: its version is in its name, and its bytes are checked.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import polars as pl
from polars import selectors as cs

from workbench.errors import BadInput
from workbench.store.files import hashed
from workbench.store.slices import verify

NAMES = {
    "track_annotations": "track_id",
    "artist_annotations": "artist_id",
    "listener_annotations": "listener_id",
    "own_priors": "prior_name",
}
LISTENERS = "listener_annotations"
# The set that notes go to which people take in the pages, one text column each.
NOTES = "notes"
_SHOWN = (pl.String, pl.Boolean, pl.Date, pl.Categorical, pl.Enum)
# Beyond it a browser cannot tell whole numbers apart, and no slider takes it as a bound.
_MOST = 2**53
_REMEDY = "Delete it, and annotate again."


def kind_of(name: str, frame: pl.DataFrame) -> str:
    """Return which annotations a set belongs to, by its id column.

    Raises
    ------
    BadInput
        A name or a column that cannot be one, no id column or two, an id twice, a number that is
        infinite or beyond 2**53.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        raise BadInput(f"An annotation's name is lower-case letters, digits and _, not {name!r}.")
    kinds = [kind for kind, key in NAMES.items() if key in frame.columns]
    if len(kinds) != 1:
        raise BadInput("An annotation needs exactly one of: " + ", ".join(NAMES.values()) + ".")
    key = NAMES[kinds[0]]
    if frame[key].null_count() or frame[key].is_duplicated().any():
        raise BadInput(f"{key} must stand once in each row of an annotation.")
    for column, dtype in frame.schema.items():
        if not (dtype.is_numeric() or dtype in _SHOWN):
            raise BadInput(f"{column} is a {dtype}; text, number, date or truth value is needed.")
        if dtype.is_numeric() and column != key:
            _bounded(frame[column])
    return kinds[0]


def _bounded(numbers: pl.Series) -> None:
    # NaN is in neither, and a comparison of Python's numbers is exact
    for bound in (numbers.min(), numbers.max()):
        if bound is not None and abs(bound) > _MOST:
            raise BadInput(
                f"{numbers.name} holds {bound}; numbers from -{_MOST:,} to {_MOST:,} are needed. "
                "Leave it empty where there is no number."
            )


def write(home: Path, name: str, frame: pl.DataFrame) -> None:
    """Write the set called `name`: an id column, one row an id, and columns that can be shown."""
    kind = kind_of(name, frame)
    key = NAMES[kind]
    renamed = frame.rename({c: f"{name}.{c}" for c in frame.columns if c != key})
    # NaN is no number, so it is no value: null, which pages show as such
    rows = renamed.with_columns(pl.col(key).cast(pl.String)).with_columns(cs.float().fill_nan(None))
    _put(home / "annotations" / kind, name, rows, key)


def note(home: Path, key: str, ids: Iterable[str], column: str, text: str | None) -> None:
    """Write a text into a column of the set NOTES for some ids; whatever else it holds stays.

    Parameters
    ----------
    key : track_id or artist_id. text : None takes the note away, and an empty column with it.

    Raises
    ------
    BadInput
        The column's name cannot be one, or the notes would be about listeners.
    """
    if key not in (NAMES["track_annotations"], NAMES["artist_annotations"]):
        raise BadInput(f"Notes are about tracks or artists, not {key}.")
    column = column.strip()
    if not re.fullmatch(r"\w[\w -]{0,39}", column) or column in NAMES.values():
        raise BadInput(f"A note's name is letters, digits, spaces, - and _, not {column!r}.")
    kind = next(kind for kind, name in NAMES.items() if name == key)
    path = _files(home, kind).get(NOTES)
    held = _checked(path) if path else pl.DataFrame(schema={key: pl.String})
    held = held.rename({name: name.removeprefix(f"{NOTES}.") for name in held.columns})
    if column not in held.columns:
        held = held.with_columns(pl.lit(None, pl.String).alias(column))
    named = pl.DataFrame({key: sorted(set(ids))}, schema={key: pl.String})
    rows = held.join(named, on=key, how="full", coalesce=True).with_columns(
        pl.when(pl.col(key).is_in(named[key].to_list()))
        .then(pl.lit(text, pl.String))
        .otherwise(pl.col(column).cast(pl.String))
        .alias(column)
    )
    said = [name for name in rows.columns if name != key and rows[name].null_count() < rows.height]
    rows = rows.filter(pl.any_horizontal(pl.col(said).is_not_null())) if said else rows.clear()
    if said:
        write(home, NOTES, rows.select(key, *said))
    else:
        remove(home, kind, NOTES)


def remove(home: Path, kind: str, name: str) -> None:
    """Take a set of a kind away."""
    for path in (home / "annotations" / kind).glob(f"{name}.*.parquet"):
        path.unlink()


def exists(home: Path, kind: str) -> bool:
    """Tell whether there is any annotation of this kind."""
    return bool(_files(home, kind))


def scan(home: Path, kind: str) -> pl.LazyFrame:
    """Return all annotations of a kind: id | name.column | ...; null where a set lacks the id."""
    key = NAMES[kind]
    rows = pl.LazyFrame(schema={key: pl.String})
    for path in _files(home, kind).values():
        rows = rows.join(_checked(path).lazy(), on=key, how="full", coalesce=True)
    return rows.sort(key)  # a join of both sides leaves no order that can be relied on


def version(home: Path, kind: str) -> str:
    """Return a string that changes when any annotation of this kind does; nothing is read."""
    return ",".join(path.stem for path in _files(home, kind).values())


def erase(home: Path, listener_id: str) -> None:
    """Take a listener out of every set that names them, by id or as a value."""
    key = NAMES[LISTENERS]
    for path in (home / "annotations").rglob(".tmp-*"):
        path.unlink()
    for kind in NAMES:
        present = _files(home, kind)
        for path in (home / "annotations" / kind).glob("*.parquet"):
            if path not in present.values():
                path.unlink()
        for name, path in present.items():
            frame = _checked(path)
            rest = frame.filter(pl.col(key) != listener_id) if kind == LISTENERS else frame
            texts = cs.by_dtype(pl.String, pl.Categorical, pl.Enum) - cs.by_name(NAMES[kind])
            rest = rest.with_columns(texts.cast(pl.String).replace({listener_id: None}))
            if not rest.equals(frame):
                _put(path.parent, name, rest, NAMES[kind])


def _put(folder: Path, name: str, frame: pl.DataFrame, key: str) -> None:
    digest, _ = hashed(
        folder, ".parquet", lambda path: frame.sort(key).write_parquet(path), prefix=f"{name}."
    )
    stored = folder / f"{name}.{digest}.parquet"
    for path in folder.glob(f"{name}.*.parquet"):
        if path != stored:
            path.unlink()


def _checked(path: Path) -> pl.DataFrame:
    return pl.read_parquet(verify(path, path.stem.partition(".")[2], _REMEDY))


def _files(home: Path, kind: str) -> dict[str, Path]:
    """Return the file of each set, by name; a crash may have left an older one beside it."""
    found = (home / "annotations" / kind).glob("[a-z]*.*.parquet")
    by_age = sorted(found, key=lambda path: path.stat().st_mtime_ns)
    newest = {path.name.partition(".")[0]: path for path in by_age}
    return dict(sorted(newest.items()))
