"""Changing a label: all writes of one import become visible together, as the next generation."""

import contextlib
import logging
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from workbench.errors import BadInput, DamagedFile, ReadOnly
from workbench.store import manifest as manifests
from workbench.store.files import GRACE_SECONDS, remove_unfinished
from workbench.store.manifest import Manifest, Slice
from workbench.store.pseudonyms import erasure_mark, pseudonym_key
from workbench.store.shared_months import SEVERAL, by_month, is_shared, merged, without
from workbench.store.slices import slice_path, store, whole
from workbench.tables import Table, table
from workbench.tables.fitting import fitted

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Put:
    """What came of a write: rows that stand, rows that they replaced, rows of erased people."""

    rows: int
    replaced: int
    erased: int


class Change:
    """The next generation of a label, being written. Use it through `change`."""

    def __init__(self, folder: Path, current: Manifest, home: Path) -> None:
        self.folder = folder
        self.home = home
        self.manifest = current
        self.stored: list[Slice] = []

    def put(self, name: str, frame: pl.DataFrame, *, source: str) -> Put:
        """Write rows of one source; they win over rows of the same key from elsewhere.

        Parameters
        ----------
        name : the table. frame : its rows; missing columns become null. source : what is imported;
            an earlier write of the same source to this table is replaced (plays are merged).

        Raises
        ------
        BadInput
            A row breaks the table's schema or a key stands twice; nothing is written.
        """
        if source in ("", SEVERAL):
            raise BadInput(f"A source needs a name of its own, not {source!r}.")
        kind = table(name)
        frame, erased = without_erased(kind, fitted(kind, frame), self.manifest, self.home)
        # Assigned at the end only: a write that fails half way leaves nothing of itself.
        result, replaced = self.manifest, 0
        for period, rows in by_month(kind, frame).items():
            result, lost = self._settled(result, kind, rows, source, period)
            replaced += lost
        self.manifest = result
        return Put(rows=frame.height, replaced=replaced, erased=erased)

    def drop(self, *, source: str, name: str | None = None) -> int:
        """Take back what a source wrote (of one table, or of all); return the number of rows.

        Rows that it had replaced do not come back. Plays that another source brought as well stay.

        Raises
        ------
        BadInput
            Its plays share a file of an earlier version with those of other sources.
        """
        if source in self.manifest.merged and name in (None, "plays"):
            raise BadInput(
                f"Plays of {source} were merged with those of other sources, month by month, and "
                "cannot be taken back on their own."
            )
        kept, gone = [], 0
        for entry in self.manifest.slices:
            shared, kind = source in dict(entry.imports), table(entry.table)
            if name not in (None, entry.table) or not (shared or entry.source == source):
                kept.append(entry)
                continue
            gone += entry.rows
            if shared:
                rest, origin = without(whole(self.folder, kind, entry), source)
                gone -= rest.height
                if not rest.is_empty():
                    kept.append(self._store(kind, rest, origin, entry.period))
        self.manifest = replace(self.manifest, slices=tuple(kept))
        return gone

    def describe(self, **values: object) -> None:
        """Set the label's title, currency, time_zone or sample flag."""
        self.manifest = replace(self.manifest, **values)

    def _store(self, kind: Table, rows: pl.DataFrame, source: str, period: str) -> Slice:
        entry = store(self.folder, kind, rows, source, period)
        self.stored.append(entry)
        return entry

    def _settled(
        self, manifest: Manifest, kind: Table, rows: pl.DataFrame, source: str, period: str
    ) -> tuple[Manifest, int]:
        """Write rows, and take those of the same key out of the other slices.

        Returns the manifest with both, and how many rows were replaced. A month of plays is one
        file, so it may have several sources.
        """
        standing, lost, origin = [], 0, source
        keys = rows.select(kind.key)
        for entry in manifest.slices:
            if (entry.table, entry.period) != (kind.name, period):
                standing.append(entry)
                continue
            if entry.source == source and not is_shared(kind):
                continue
            old = whole(self.folder, kind, entry)
            kept = old.join(keys, on=kind.key, how="anti")
            lost += old.height - kept.height
            if is_shared(kind) and entry.source != source:
                rows, origin = merged(kind, rows, source, old, entry.source), SEVERAL
            elif is_shared(kind):
                rows = pl.concat([kept, rows])
            elif kept.height == old.height:
                standing.append(entry)
            elif not kept.is_empty():
                standing.append(self._store(kind, kept, entry.source, period))
        if not rows.is_empty():
            standing.append(self._store(kind, rows, origin, period))
        return replace(manifest, slices=tuple(standing)), lost


def without_erased(
    kind: Table, frame: pl.DataFrame, manifest: Manifest, home: Path
) -> tuple[pl.DataFrame, int]:
    """Return rows without those of erased listeners, and how many those were."""
    if kind.listener is None or not manifest.erased:
        return frame, 0
    gone = erased_among(frame[kind.listener], manifest, home)
    kept = frame.filter(~pl.col(kind.listener).is_in(gone).fill_null(False))
    return kept, frame.height - kept.height


def erased_among(people: pl.Series, manifest: Manifest, home: Path) -> list[str]:
    """Return those of these pseudonyms that were erased from the label."""
    if not manifest.erased:
        return []
    key, marks = pseudonym_key(home, new=False), set(manifest.erased)
    return [one for one in people.unique().drop_nulls() if erasure_mark(key, one) in marks]


@contextlib.contextmanager
def change(folder: Path, *, home: Path | None = None) -> Iterator[Change]:
    """Hold the write lock and give the next generation; it counts when the block ends well.

    Parameters
    ----------
    folder : of the label. home : folder of what is derived from it, the same unless told.

    Raises
    ------
    ReadOnly
        The label is the sample. Busy : another process writes. SetUpError : the disk is full.
    """
    _current(folder)  # asked before the lock, so that nothing at all is written into the sample
    with manifests.locked(folder):
        current = _current(folder)
        writing = Change(folder, current, home or folder)
        try:
            yield writing
            # a label that is new is written down even where all of it is as by default
            if writing.manifest == current and (folder / manifests.NAME).exists():
                return
            _stamp(folder, set(current.slices) - set(writing.manifest.slices))
            manifests.write(folder, replace(writing.manifest, generation=current.generation + 1))
        except BaseException:
            _discard(folder, writing.stored)
            raise
        sweep(folder)


def _current(folder: Path) -> Manifest:
    try:
        current = manifests.read(folder)
    except FileNotFoundError:
        return Manifest(title=folder.name)
    if current.sample:
        raise ReadOnly("The sample label is read only. Start your own label on the Home page.")
    return current


def _stamp(folder: Path, entries: Iterable[Slice]) -> None:
    """Let the grace time of files that are about to be superseded begin now."""
    for entry in entries:
        with contextlib.suppress(FileNotFoundError):
            os.utime(slice_path(folder, entry))


def _discard(folder: Path, stored: list[Slice]) -> None:
    """Remove what a failed change wrote, above all where it failed because the disk is full."""
    manifests.forget_unborn(folder)
    with contextlib.suppress(DamagedFile):  # then nobody knows what is needed, and all stays
        named = _named(folder)
        for path in {slice_path(folder, entry) for entry in stored} - named:
            path.unlink(missing_ok=True)


def sweep(folder: Path, *, grace_seconds: float = GRACE_SECONDS) -> None:
    """Remove files that no kept generation names, once they are older than the grace time."""
    for path in manifests.history(folder)[manifests.KEPT_GENERATIONS + 1 :]:
        _removed(path)
    try:
        named = _named(folder)
    except DamagedFile as error:
        log.warning("no old file is removed from %s: %s", folder, error)
        return
    oldest = time.time() - grace_seconds
    for path in (folder / "slices").glob("*/*"):
        if path not in named and path.stat().st_mtime <= oldest:
            _removed(path)
    remove_unfinished(folder, grace_seconds)


def _named(folder: Path) -> set[Path]:
    """Files that the current generation or a kept one names."""
    kept = [manifests.read_file(path) for path in manifests.history(folder)]
    with contextlib.suppress(FileNotFoundError):
        kept.append(manifests.read(folder))
    return {slice_path(folder, entry) for manifest in kept for entry in manifest.slices}


def _removed(path: Path) -> None:
    # Windows does not give up a file that somebody reads; the next sweep tries again.
    with contextlib.suppress(PermissionError):
        path.unlink(missing_ok=True)
