"""A label as an analyst sees it: validated tables, artifacts, and the versions of both."""

import copy
import importlib
import logging
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from workbench.errors import NotMade, PrivateRows, SetUpError
from workbench.settings import settings
from workbench.store import annotations, manifest, slices, state
from workbench.store.artifacts import ARTIFACTS, declared
from workbench.store.change import erased_among
from workbench.store.labels import SAMPLE, SAMPLE_FOLDER, labels, new_label, places
from workbench.store.made import Artifacts
from workbench.store.memory import memory
from workbench.store.views import Making, Readable, View
from workbench.tables import TABLES, table

__all__ = [
    "SAMPLE",
    "SAMPLE_FOLDER",
    "Dataset",
    "Making",
    "View",
    "labels",
    "make",
    "new_label",
    "open_dataset",
]

log = logging.getLogger(__name__)


class Dataset(Readable):
    """A read-only handle on one generation of a label.

    Attributes
    ----------
    name : as `open_dataset` takes it. folder : of the tables. home : of what is derived.
    manifest : the generation that this handle reads, whatever is imported meanwhile.
    """

    def __init__(self, name: str, folder: Path, home: Path, *, rows: bool = False) -> None:
        self.name = name
        self.folder = folder
        self.home = home
        self.rows = rows
        self.manifest = manifest.read(folder)
        memory.renew(str(folder), self.manifest.erased)
        self.artifacts = Artifacts(home / "artifacts", self._version)
        self.dataset = self
        self._expected: dict[str, pl.DataFrame] = {}

    def __repr__(self) -> str:
        held = {t: sum(e.rows for e in self.manifest.of(t)) for t in TABLES}
        rows = ", ".join(f"{name} {count:,}" for name, count in held.items() if count)
        return f"<label {self.title!r}, generation {self.manifest.generation}: {rows or 'empty'}>"

    @property
    def title(self) -> str:
        """What people call the label."""
        return self.manifest.title or self.name

    def _allow(self, name: str) -> None:
        if not self.rows and _of_listeners(name):
            raise PrivateRows(
                f"Rows of single listeners ({name}) are read by analyses only. In a notebook of "
                f"your own, open_dataset({self.name!r}, rows=True) opens them; that is logged."
            )

    def has(self, name: str) -> bool:
        """Tell whether a table has rows, or an artifact is made; that alone shows nobody."""
        return self._there(name)

    def stored(self, name: str, *, but: str = "") -> pl.LazyFrame:
        """Return a table, without the rows of one source; and with those that are expected."""
        kind = table(name)
        entries = [entry for entry in self.manifest.of(name) if entry.source != but]
        rows = slices.scan(self.folder, kind, entries)
        if (expected := self._expected.get(name)) is None:
            return rows
        return pl.concat([rows.join(expected.lazy(), on=kind.key, how="anti"), expected.lazy()])

    @property
    def expected(self) -> str:
        """Hash over the rows that are expected; empty where none are."""
        rows = [int(frame.hash_rows().sum()) for frame in self._expected.values()]
        return " ".join(map(str, rows))

    def expecting(self, name: str, rows: pl.DataFrame) -> "Dataset":
        """Return the label as it will be once these rows of a table stand; nothing is written.

        What rows say of a key goes before what the label holds, cell by cell.
        """
        kind, expecting = table(name), copy.copy(self)
        names = kind.polars_schema.names()
        rows = pl.concat([pl.DataFrame(schema=kind.polars_schema), rows], how="diagonal")
        both = rows.join(self.stored(name).collect(), on=kind.key, how="left", suffix=" held")
        values = [pl.coalesce(n, f"{n} held") for n in names if n not in kind.key]
        rows = both.with_columns(values).select(names)
        if (before := self._expected.get(name)) is not None:
            rows = pl.concat([before.join(rows, on=kind.key, how="anti"), rows])
        expecting._expected = self._expected | {name: rows}
        expecting.dataset = expecting
        return expecting

    def view(self, reads: Iterable[str], optional: Iterable[str] = ()) -> "View":
        """Return a view of just these tables and artifacts."""
        return View(self, frozenset([*reads, *optional]))

    def version_of(self, name: str) -> str:
        """Return the version of one table, artifact or annotation."""
        return self.artifacts.version(name)

    def _version(self, name: str) -> str:
        if name in annotations.NAMES:
            return annotations.version(self.home, name)
        return self.manifest.version(name)

    def annotate(self, name: str, frame: pl.DataFrame) -> None:
        """Add an analyst's own columns; pages offer them as filters and colours.

        Parameters
        ----------
        name : of the set; the same name replaces it. frame : track_id, artist_id or listener_id,
            one row each, and columns of text, numbers, dates or truth values.

        Raises
        ------
        BadInput
            No id column, an id twice, or a column type that cannot be shown.
        """
        kind = annotations.kind_of(name, frame)
        with manifest.locked(self.home / "annotations"):
            if kind == annotations.LISTENERS:
                key = pl.col(annotations.NAMES[kind])
                gone = erased_among(frame[key.meta.output_name()], self._now(), self.home)
                frame = frame.filter(~key.is_in(gone))
            annotations.write(self.home, name, frame)

    def note(self, key: str, ids: Iterable[str], column: str, text: str | None) -> None:
        """Note a text for some tracks or artists; it becomes the own column “notes.column”.

        Parameters
        ----------
        key : track_id or artist_id. ids : for whom; all others keep what was noted of them.
        text : None takes the note away.

        Raises
        ------
        BadInput
            The column's name cannot be one.
        """
        with manifest.locked(self.home / "annotations"):
            annotations.note(self.home, key, ids, column, text)

    def _now(self) -> manifest.Manifest:
        """The label's current generation, which may be newer than what this handle reads."""
        return manifest.read(self.folder)


def _of_listeners(name: str) -> bool:
    if name in ARTIFACTS:
        return declared(name).listeners
    return name == annotations.LISTENERS or bool(name in TABLES and TABLES[name].listener)


def open_dataset(name: str | None = None, *, rows: bool = False) -> Dataset:
    """Open a label.

    Parameters
    ----------
    name : “sample”, the name of a label in the home folder, or the path of a label's folder; the
        label of the settings by default.
    rows : also open the tables of single listeners; each such opening is logged.

    Raises
    ------
    SetUpError
        There is no such label; the message lists those that exist.
    """
    name = name or settings().label
    folder, home = places(name)
    try:
        dataset = Dataset(name, folder, home, rows=rows)
    except FileNotFoundError:
        raise SetUpError(
            f"There is no label “{name}”. Labels here: {', '.join(labels())}. "
            f"Make one with: python -m workbench new {name!r}"
        ) from None
    if rows:
        state.log_access(home, settings().current_user, "rows opened", name)
    return dataset


def make(dataset: Dataset, name: str, progress) -> None:
    """Make an artifact, with `progress(done, total, text)` called along the way.

    Raises
    ------
    MissingTable
        A table that it needs has no rows.
    """
    artifact = declared(name)
    making = Making(dataset, name)
    for needed in artifact.reads:
        if not making.has(needed):
            raise NotMade(needed) if needed in ARTIFACTS else making.missing(needed)
    module, _, function = artifact.maker.partition(":")
    log.info("making %s of %s", name, dataset.name)
    getattr(importlib.import_module(module), function)(making, progress=progress)
