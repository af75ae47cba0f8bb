"""Slices: reading and writing the Parquet files of a table.

A file is named by its hash and checked against it once per process: Parquet readers hand out
wrong values from about one in five damaged files without a word.
"""

import datetime
from pathlib import Path

import polars as pl

from workbench.errors import DamagedFile
from workbench.store.files import hashed, sha256
from workbench.store.manifest import Slice
from workbench.store.memory import memory
from workbench.tables import SCHEMA_VERSION, Table

ROW_GROUP = 250_000
IMPORTS = "imports"  # of a row in a file of several imports: those that brought it
IMPORT_AGAIN = "Restore it from a backup, or import its source again."


def slice_path(folder: Path, entry: Slice) -> Path:
    """Return where a slice lies."""
    return folder / "slices" / entry.table / f"{entry.hash}.parquet"


def verify(path: Path, expected: str, remedy: str = IMPORT_AGAIN) -> Path:
    """Return `path` once its bytes have been found to be those that were written.

    Parameters
    ----------
    path : of the file. expected : its SHA-256. remedy : what to do where it differs.

    Raises
    ------
    DamagedFile
        The file is missing or its hash differs.
    """

    def check() -> Path:
        try:
            actual = sha256(path)
        except OSError as error:
            raise DamagedFile(
                f"{path} cannot be read ({error.strerror}). If the label has changed since it was "
                f"opened, open it again. Otherwise: {remedy}"
            ) from error
        if actual != expected:
            raise DamagedFile(
                f"{path} is damaged: its bytes are not those that were written. Nothing was read "
                f"from it. {remedy}"
            )
        return path

    # A file that changes on disk gets another key, so it is checked again.
    try:
        stat = path.stat()
        stamp = f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}"
    except OSError:
        return check()
    return memory.load(f"verified:{path}:{stamp}:{expected}", check, lambda _: 200)


def scan(folder: Path, table: Table, entries: list[Slice]) -> pl.LazyFrame:
    """Return a table's slices as one lazy frame, columns by its schema; empty without slices."""
    if not entries:
        return pl.LazyFrame(schema=table.polars_schema)
    return _scan(folder, entries, table.polars_schema)


def whole(folder: Path, table: Table, entry: Slice) -> pl.DataFrame:
    """Return the rows of a slice to be written anew, with `imports` where several brought them."""
    more = {IMPORTS: pl.List(pl.String)} if entry.imports else {}
    return _scan(folder, [entry], pl.Schema({**table.polars_schema, **more})).collect()


def _scan(folder: Path, entries: list[Slice], schema: pl.Schema) -> pl.LazyFrame:
    paths = [verify(slice_path(folder, entry), entry.hash) for entry in entries]
    return pl.scan_parquet(
        paths,
        schema=schema,
        missing_columns="insert",
        extra_columns="ignore",
        glob=False,
    )


def store(folder: Path, table: Table, frame: pl.DataFrame, source: str, period: str) -> Slice:
    """Write a frame as a slice and return its manifest entry.

    The frame holds the table's columns, and `imports` where several brought its rows; it is sorted
    by key so that equal rows give equal files.
    """
    shared = [IMPORTS] if IMPORTS in frame.columns else []
    frame = frame.select(*table.polars_schema, *shared)
    varying = [name for name in table.key if frame[name].n_unique() > 1]
    if len(varying) > 1 or not all(frame[name].is_sorted() for name in varying):
        frame = frame.sort(varying)
    digest, size = hashed(
        folder / "slices" / table.name,
        ".parquet",
        lambda path: frame.write_parquet(path, compression="zstd", row_group_size=ROW_GROUP),
    )
    first, last = _dates(table, frame)
    return Slice(
        table=table.name,
        hash=digest,
        rows=frame.height,
        bytes=size,
        schema_version=SCHEMA_VERSION,
        source=source,
        period=period,
        first=first,
        last=last,
        added_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        imports=_counted(frame) if shared else (),
    )


def _counted(frame: pl.DataFrame) -> tuple[tuple[str, int], ...]:
    """Return the imports that brought rows, each with how many it alone brought."""
    alone = pl.col(IMPORTS).list.len() == 1
    counts = frame.select(pl.col(IMPORTS), alone=alone).explode(IMPORTS)
    return tuple(counts.group_by(IMPORTS).agg(pl.col("alone").sum()).sort(IMPORTS).rows())


def _dates(table: Table, frame: pl.DataFrame) -> tuple[str | None, str | None]:
    if table.dated is None or frame.is_empty():
        return None, None
    bounds = frame.select(
        pl.col(table.dated).min().dt.date().alias("first"),
        pl.col(table.dated).max().dt.date().alias("last"),
    ).row(0)
    return tuple(day.isoformat() if day else None for day in bounds)
