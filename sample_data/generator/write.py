"""Writing: tables through the project's store, truth as Parquet and JSON beside them."""

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl

from workbench.store import manifest
from workbench.store.change import change

TITLE = "Lantern Street (sample)"
SOURCE = "sample_data/generate.py"
MOMENT = "2026-10-31T06:00:00+00:00"  # the morning after the last day, the same in every run


def label(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Write the tables as generation 1 of a read-only label; what was there before goes.

    Every schema and key is checked by the store; the manifest carries no clock time, so that the
    same rows give the same files.
    """
    shutil.rmtree(folder, ignore_errors=True)
    with change(folder) as writing:
        for name, frame in tables.items():
            writing.put(name, frame, source=SOURCE)
        writing.describe(title=TITLE, currency="EUR", time_zone="Europe/Berlin", sample=True)
    written = manifest.read(folder)
    slices = tuple(replace(entry, added_at=MOMENT) for entry in written.slices)
    manifest.write(folder, replace(written, slices=slices))
    shutil.rmtree(folder / "history", ignore_errors=True)
    (folder / ".lock").unlink(missing_ok=True)


def size(folder: Path) -> int:
    """Return bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def parquet(path: Path, frame: pl.DataFrame) -> None:
    """Write a frame of the truth, packed tightly."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path, compression="zstd", compression_level=19)


def slices(folder: Path) -> pl.DataFrame:
    """Return table | files | rows | bytes of what was written."""
    entries = manifest.read(folder).slices
    frame = pl.DataFrame([{"table": e.table, "rows": e.rows, "bytes": e.bytes} for e in entries])
    sums = (pl.len().alias("files"), pl.col("rows", "bytes").sum())
    return frame.group_by("table").agg(sums).sort("bytes", descending=True)
