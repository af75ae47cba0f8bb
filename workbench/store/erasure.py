"""Erasing a listener: after it no file of the label holds the pseudonym."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from workbench.errors import ReadOnly
from workbench.store import annotations, manifest
from workbench.store.artifacts import Artifacts
from workbench.store.memory import memory
from workbench.store.pseudonyms import erasure_mark, pseudonym_key
from workbench.store.slices import scan, slice_path, store
from workbench.tables import TABLES


def erase(folder: Path, home: Path, listener_id: str) -> int:
    """Erase a listener from a label; return the number of rows that went.

    Every slice that holds the pseudonym is rewritten and the old file deleted at once, in kept
    generations as well; fits that read listeners are deleted; later writes leave the listener out.

    Parameters
    ----------
    folder, home : of the label's tables, and of what is derived. listener_id : the pseudonym.
    """
    gone = 0
    with manifest.locked(folder):
        current = manifest.read(folder)
        if current.sample:
            raise ReadOnly("The sample label holds generated listeners and is read only.")
        kept, rewritten = [], []
        for entry in current.slices:
            column = TABLES[entry.table].listener
            if column is None:
                kept.append(entry)
                continue
            frame = scan(folder, TABLES[entry.table], [entry]).collect()
            rest = frame.filter(pl.col(column) != listener_id)
            if rest.height == frame.height:
                kept.append(entry)
                continue
            gone += frame.height - rest.height
            rewritten.append(entry)
            if not rest.is_empty():
                kept.append(store(folder, TABLES[entry.table], rest, entry.source, entry.period))
        mark = erasure_mark(pseudonym_key(home), listener_id)
        manifest.write(
            folder,
            replace(
                current,
                generation=current.generation + 1,
                slices=tuple(kept),
                erased=tuple(sorted({*current.erased, mark})),
            ),
        )
        _delete_past(folder)
    Artifacts(home / "artifacts", current.version).forget_listeners()
    _erase_annotations(home, listener_id)
    memory.forget()
    return gone


def _delete_past(folder: Path) -> None:
    """Delete older generations with their files: any of them may hold the pseudonym."""
    newest, *older = manifest.history(folder)
    for path in older:
        path.unlink()
    named = {slice_path(folder, entry) for entry in manifest.read_file(newest).slices}
    for path in (folder / "slices").glob("*/*"):
        if path not in named:
            path.unlink()


def _erase_annotations(home: Path, listener_id: str) -> None:
    folder = home / "annotations" / "listener_annotations"
    for path in folder.glob("*.parquet"):
        frame = pl.read_parquet(path)
        rest = frame.filter(pl.col(annotations.NAMES["listener_annotations"]) != listener_id)
        if rest.height < frame.height:
            names = {column: column.removeprefix(f"{path.stem}.") for column in frame.columns}
            annotations.write(home, path.stem, rest.rename(names))
