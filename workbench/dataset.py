"""A label as an analyst sees it: validated tables, artifacts, and the versions of both."""

import importlib
import logging
import re
import zoneinfo
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from workbench.errors import (
    BadInput,
    MissingTable,
    NotMade,
    PrivateRows,
    SetUpError,
    UndeclaredRead,
)
from workbench.settings import PROJECT, settings
from workbench.store import annotations, change, manifest, slices, state
from workbench.store.artifacts import ARTIFACTS, Artifacts, Fit, declared
from workbench.store.manifest import Slice
from workbench.tables import TABLES, table

SAMPLE = "sample"
SAMPLE_FOLDER = PROJECT / "sample_data" / "label"
log = logging.getLogger(__name__)


class Readable:
    """What a dataset and a view of it share: reading by name."""

    dataset: "Dataset"

    def _allow(self, name: str) -> None:
        raise NotImplementedError  # pragma: no cover - both kinds below define it

    def has(self, name: str) -> bool:
        """Tell whether a table has rows, or an artifact is made for the present data."""
        self._allow(name)
        if name in ARTIFACTS:
            return self.dataset.artifacts.made(name)
        if name in annotations.NAMES:
            return annotations.exists(self.dataset.home, name)
        table(name)
        return any(entry.rows for entry in self.dataset.manifest.of(name))

    def scan(self, name: str) -> pl.LazyFrame:
        """Return a table or row artifact as a lazy frame; without rows it has its columns."""
        self._allow(name)
        if name in ARTIFACTS:
            return self.dataset.artifacts.scan(name)
        if name in annotations.NAMES:
            return annotations.scan(self.dataset.home, name)
        return slices.scan(self.dataset.folder, table(name), self.dataset.manifest.of(name))

    def table(self, name: str) -> pl.DataFrame:
        """Return a table or row artifact as a frame."""
        return self.scan(name).collect()

    def fit(self, name: str) -> Fit:
        """Return a fit artifact.

        Raises
        ------
        NotMade
            It is not there for the present data.
        """
        self._allow(name)
        if not self.dataset.artifacts.made(name):
            raise NotMade(name)
        return self.dataset.artifacts.fit(name)

    def entries(self, name: str) -> list[Slice]:
        """Return what the manifest says of a table: rows, dates and source of each slice."""
        return self.dataset.manifest.of(table(name).name)

    def version(self, *names: str) -> str:
        """Return one string that changes when any of these tables or artifacts does."""
        return " ".join(f"{name}:{self.dataset.version_of(name)}" for name in names)

    def missing(self, name: str) -> MissingTable:
        """Return the error that says which file would fill a table."""
        return MissingTable(
            name,
            f"This needs {name.replace('_', ' ')}, and {self.dataset.title} has none. "
            f"Import {table(name).brought_by}.",
        )


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
        self.artifacts = Artifacts(home / "artifacts", self.manifest.version)
        self.dataset = self

    def __repr__(self) -> str:
        held = {t: sum(e.rows for e in self.manifest.of(t)) for t in TABLES}
        rows = ", ".join(f"{name} {count:,}" for name, count in held.items() if count)
        return f"<label {self.title!r}, generation {self.manifest.generation}: {rows or 'empty'}>"

    @property
    def title(self) -> str:
        """What people call the label."""
        return self.manifest.title or self.name

    def _allow(self, name: str) -> None:
        if name in TABLES and TABLES[name].listener and not self.rows:
            raise PrivateRows(
                f"Rows of single listeners ({name}) are read by analyses only. In a notebook of "
                f"your own, open_dataset({self.name!r}, rows=True) opens them; that is logged."
            )

    def has(self, name: str) -> bool:
        """Tell whether a table has rows; that alone shows nobody."""
        if name in TABLES:
            return any(entry.rows for entry in self.manifest.of(name))
        return super().has(name)

    def view(self, reads: Iterable[str], optional: Iterable[str] = ()) -> "View":
        """Return a view of just these tables and artifacts."""
        return View(self, frozenset([*reads, *optional]))

    def version_of(self, name: str) -> str:
        """Return the version of one table, artifact or annotation."""
        if name in annotations.NAMES:
            return annotations.version(self.home, name)
        return self.artifacts.version(name)

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
        annotations.write(self.home, name, frame)


class View(Readable):
    """What one analysis sees: the tables and artifacts that it declared, nothing else."""

    def __init__(self, dataset: Dataset, names: frozenset[str]) -> None:
        self.dataset = dataset
        self.names = names

    def _allow(self, name: str) -> None:
        if name not in self.names:
            raise UndeclaredRead(
                f"“{name}” is read but not declared; add it to `reads` or `optional` "
                f"(declared: {', '.join(sorted(self.names))})."
            )

    def view(self, reads: Iterable[str], optional: Iterable[str] = ()) -> "View":
        """Return the view of an analysis that this one calls; it may read no more than this."""
        for name in reads:
            self._allow(name)
        return View(self.dataset, frozenset([*reads, *optional]) & self.names)


class Making(View):
    """What a maker sees: the inputs of its artifact, and where to put it."""

    def __init__(self, dataset: Dataset, name: str) -> None:
        artifact = declared(name)
        super().__init__(dataset, frozenset([name, *artifact.reads, *artifact.optional]))

    def save_fit(
        self, name: str, *, arrays: dict[str, np.ndarray], frames: dict[str, pl.DataFrame],
        meta: dict,
    ) -> None:  # fmt: skip
        """Write a fit artifact: arrays and frames by name, and plain facts (JSON)."""
        self._allow(name)
        self.dataset.artifacts.save(name, arrays, frames, meta)

    def append_rows(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows to a row artifact; what is there already stays."""
        self._allow(name)
        self.dataset.artifacts.append(name, frame)

    def row_keys(self, name: str) -> pl.Series:
        """Return the keys that a row artifact holds."""
        rows = self.scan(name)
        return rows.select(rows.collect_schema().names()[0]).collect().to_series()


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
    folder, home = _places(name)
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


def new_label(name: str, currency: str = "EUR", time_zone: str = "UTC") -> Path:
    """Make an empty label in the home folder; return its folder.

    Raises
    ------
    BadInput
        The name, currency or time zone is none, or the name is taken.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    folder = settings().home / slug
    if not slug or slug == SAMPLE or (folder / manifest.NAME).exists():
        raise BadInput(f"“{name}” cannot be the name of a new label; it is taken or empty.")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise BadInput(f"“{currency}” is no currency; give three letters such as EUR.")
    if time_zone not in zoneinfo.available_timezones():
        raise BadInput(f"“{time_zone}” is no time zone; give one such as Europe/Berlin.")
    with change.change(folder) as writing:
        writing.describe(title=name.strip(), currency=currency, time_zone=time_zone)
    return folder


def labels() -> list[str]:
    """Return the names of the labels that can be opened, the sample first."""
    home = settings().home
    own = sorted(path.parent.name for path in home.glob(f"*/{manifest.NAME}"))
    sample = [SAMPLE] if (SAMPLE_FOLDER / manifest.NAME).exists() else []
    return [*sample, *(name for name in own if name != SAMPLE)]


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


def _places(name: str) -> tuple[Path, Path]:
    """Return the folder of the tables and the folder of what is derived from them."""
    if name == SAMPLE:
        return SAMPLE_FOLDER, settings().home / SAMPLE
    if "/" in name or "\\" in name:
        folder = Path(name).expanduser().resolve()
    else:
        folder = settings().home / name
    return folder, folder
