"""Erasing a listener: after it no file of the label holds the pseudonym."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from workbench.errors import BadInput, Busy, ReadOnly
from workbench.store import annotations, jobs, manifest, state
from workbench.store.made import Artifacts
from workbench.store.manifest import Manifest, Slice
from workbench.store.memory import memory
from workbench.store.pseudonyms import erasure_mark, pseudonym_key
from workbench.store.slices import slice_path, store, whole
from workbench.tables import TABLES


def erase(folder: Path, home: Path, listener_id: str) -> int:
    """Erase a listener from a label; return the number of rows that went.

    Every slice that holds the pseudonym is rewritten and the old file deleted at once, in kept
    generations as well; artifacts that read listeners are deleted; annotations, job records and
    the state database lose it; later writes leave the listener out. Doing it again is safe, and
    finishes what was interrupted.

    Parameters
    ----------
    folder, home : of the label's tables, and of what is derived. listener_id : the pseudonym.

    Raises
    ------
    BadInput
        No pseudonym is given. ReadOnly : the label is the sample. Busy : a program has a file
        open that must be deleted (Windows).
    """
    if not listener_id.strip():
        raise BadInput("Whom to erase is not said; give a pseudonym.")
    if manifest.read(folder).sample:
        raise ReadOnly("The sample label holds generated listeners and is read only.")
    with manifest.locked(folder):
        current = manifest.read(folder)
        gone, kept = _without(folder, current, listener_id)
        # The mark first, then the derived: a job that ends meanwhile finds the mark and gives up.
        mark = erasure_mark(pseudonym_key(home, new=not current.erased), listener_id)
        erased = tuple(sorted({*current.erased, mark}))
        following = current.generation + 1
        manifest.write(folder, replace(current, generation=following, slices=kept, erased=erased))
        try:
            _delete_past(folder)
            with manifest.locked(home / "artifacts"):
                Artifacts(home / "artifacts", current.version).forget_listeners()
            with manifest.locked(home / "annotations"):
                annotations.erase(home, listener_id)
        except PermissionError as error:
            raise Busy(
                f"{error.filename} is open in another program, so it could not be deleted. Close "
                "the app and notebooks of this label, and erase again."
            ) from error
        jobs.erase(home, listener_id)
        state.erase(home, listener_id)
    memory.forget()
    return gone


def _without(folder: Path, current: Manifest, listener_id: str) -> tuple[int, tuple[Slice, ...]]:
    """Return how many rows a listener has, and the slices without them, written where needed."""
    gone, kept = 0, []
    for entry in current.slices:
        kind = TABLES[entry.table]
        if kind.listener is None:
            kept.append(entry)
            continue
        frame = whole(folder, kind, entry)
        rest = frame.filter(pl.col(kind.listener).ne_missing(listener_id))
        gone += frame.height - rest.height
        if rest.height == frame.height:
            kept.append(entry)
        elif not rest.is_empty():
            kept.append(store(folder, kind, rest, entry.source, entry.period))
    return gone, tuple(kept)


def _delete_past(folder: Path) -> None:
    """Delete older generations with their files: any of them may hold the pseudonym."""
    for path in manifest.history(folder)[1:]:
        path.unlink()
    named = {slice_path(folder, entry) for entry in manifest.read(folder).slices}
    for path in (folder / "slices").glob("*/*"):
        if path not in named:
            path.unlink()
