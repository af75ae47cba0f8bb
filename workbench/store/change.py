"""Changing a label: all writes of one import become visible together, as the next generation."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from workbench.errors import BadInput, ReadOnly
from workbench.store import manifest as manifests
from workbench.store.manifest import Manifest, Slice
from workbench.store.pseudonyms import erasure_mark, pseudonym_key
from workbench.store.slices import scan, slice_path, store
from workbench.tables import Table, table

GRACE_SECONDS = 3600
SEVERAL = "several"


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
        kind = table(name)
        frame, erased = self._without_erased(kind, _valid(kind, frame))
        parts = _by_period(kind, frame)
        replaced = 0
        for period, rows in parts.items():
            merged, lost, origin = self._settled(kind, rows, source, period)
            replaced += lost
            if not merged.is_empty():
                self._add(store(self.folder, kind, merged, origin, period))
        return Put(rows=frame.height, replaced=replaced, erased=erased)

    def drop(self, *, source: str, name: str | None = None) -> int:
        """Take back what a source wrote (of one table, or of all); return the number of rows."""
        gone = [e for e in self.manifest.slices if e.source == source and name in (None, e.table)]
        self._remove(gone)
        return sum(entry.rows for entry in gone)

    def describe(self, **values: object) -> None:
        """Set the label's title, currency, time_zone or sample flag."""
        self.manifest = replace(self.manifest, **values)

    def _add(self, entry: Slice) -> None:
        self.manifest = replace(self.manifest, slices=(*self.manifest.slices, entry))

    def _remove(self, entries: list[Slice]) -> None:
        kept = tuple(entry for entry in self.manifest.slices if entry not in entries)
        self.manifest = replace(self.manifest, slices=kept)

    def _without_erased(self, kind: Table, frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        if kind.listener is None or not self.manifest.erased:
            return frame, 0
        key, marks = pseudonym_key(self.home), set(self.manifest.erased)
        people = frame[kind.listener].unique().drop_nulls()
        gone = [person for person in people if erasure_mark(key, person) in marks]
        kept = frame.filter(~pl.col(kind.listener).is_in(gone).fill_null(False))
        return kept, frame.height - kept.height

    def _settled(
        self, kind: Table, rows: pl.DataFrame, source: str, period: str
    ) -> tuple[pl.DataFrame, int, str]:
        """Take rows of the same key out of the other slices.

        Returns the rows to write, how many rows they replaced, and the source of the new slice,
        as a merged month may have several.
        """
        entries = [entry for entry in self.manifest.of(kind.name) if entry.period == period]
        lost = 0
        for entry in entries:
            old = scan(self.folder, kind, [entry]).collect()
            kept = old.join(rows, on=kind.key, how="anti")
            if _merged_by_period(kind):
                self._remove([entry])
                rows = pl.concat([kept, rows])
                source = source if entry.source == source else SEVERAL
            elif entry.source == source:
                self._remove([entry])
                continue
            elif kept.height < old.height:
                self._remove([entry])
                if not kept.is_empty():
                    self._add(store(self.folder, kind, kept, entry.source, period))
            lost += old.height - kept.height
        return rows, lost, source


@contextlib.contextmanager
def change(folder: Path, *, home: Path | None = None) -> Iterator[Change]:
    """Hold the write lock and give the next generation; it counts when the block ends well.

    Parameters
    ----------
    folder : of the label. home : folder of what is derived from it, the same unless told.

    Raises
    ------
    ReadOnly
        The label is the sample. Busy : another process writes.
    """
    with manifests.locked(folder):
        try:
            current = manifests.read(folder)
        except FileNotFoundError:
            current = Manifest(title=folder.name)
        if current.sample:
            raise ReadOnly("The sample label is read only. Start your own label on the Home page.")
        writing = Change(folder, current, home or folder)
        yield writing
        if writing.manifest != current:
            manifests.write(folder, replace(writing.manifest, generation=current.generation + 1))
            sweep(folder)


def sweep(folder: Path, *, grace_seconds: float = GRACE_SECONDS) -> None:
    """Remove files that no kept generation names, once they are older than the grace time."""
    past = manifests.history(folder)
    kept = past[: manifests.KEPT_GENERATIONS + 1]
    for path in past[len(kept) :]:
        path.unlink(missing_ok=True)
    named = {slice_path(folder, entry) for entry in manifests.read(folder).slices}
    for path in kept:
        named |= {slice_path(folder, e) for e in manifests.read_file(path).slices}
    oldest = time.time() - grace_seconds
    for path in (folder / "slices").glob("*/*"):
        if path not in named and path.stat().st_mtime <= oldest:
            path.unlink(missing_ok=True)


def _valid(kind: Table, frame: pl.DataFrame) -> pl.DataFrame:
    columns = kind.polars_schema
    unknown = [name for name in frame.columns if name not in columns]
    if unknown:
        raise BadInput(f"{kind.name} has no column {', '.join(unknown)}; it has {list(columns)}.")
    missing = [pl.lit(None, dtype).alias(n) for n, dtype in columns.items() if n not in frame]
    good, failure = kind.schema.filter(frame.with_columns(missing), cast=True)
    if len(failure):
        raise BadInput(
            f"{len(failure):,} of {frame.height:,} rows do not fit the table {kind.name} "
            f"(rule: rows that break it): {failure.counts()}"
        )
    return good


def _merged_by_period(kind: Table) -> bool:
    return kind.name == "plays"


def _by_period(kind: Table, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Plays are kept one file a month; every other table one file a source."""
    if not _merged_by_period(kind) or frame.is_empty():
        return {"": frame}
    month = frame.with_columns(pl.col("played_at").dt.strftime("%Y-%m").alias("_month"))
    parts = month.partition_by("_month", as_dict=True, include_key=False)
    return {period: rows for (period,), rows in sorted(parts.items())}
