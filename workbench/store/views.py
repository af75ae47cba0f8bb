"""What reads a label: a whole dataset, the view that one analysis gets, and that of a maker."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.errors import MissingTable, NotMade, Superseded, UndeclaredRead
from workbench.store import annotations, manifest
from workbench.store.artifacts import ARTIFACTS, Fit, declared
from workbench.store.manifest import Slice
from workbench.tables import table

if TYPE_CHECKING:
    from workbench.dataset import Dataset


class Readable:
    """What a dataset and a view of it share: reading by name."""

    dataset: "Dataset"

    def _allow(self, name: str) -> None:
        raise NotImplementedError  # pragma: no cover - both kinds below define it

    def has(self, name: str) -> bool:
        """Tell whether a table has rows, or an artifact is made for the present data."""
        self._allow(name)
        return self._there(name)

    def _there(self, name: str) -> bool:
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
        return self.dataset.stored(name)

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
            f"This needs {table(name).title.lower()}, and {self.dataset.title} has none. "
            f"Import {table(name).brought_by}.",
        )


class View(Readable):
    """What one analysis sees: the tables and artifacts that it declared, nothing else."""

    def __init__(self, dataset: "Dataset", names: frozenset[str]) -> None:
        self.dataset = dataset
        self.names = names

    def _allow(self, name: str) -> None:
        if name not in self.names:
            raise UndeclaredRead(
                f"“{name}” is read but not declared; add it to `reads` or `optional` "
                f"(declared: {', '.join(sorted(self.names))})."
            )

    def entries(self, name: str) -> list[Slice]:
        """Return what the manifest says of a declared table."""
        self._allow(name)
        return super().entries(name)

    def view(self, reads: Iterable[str], optional: Iterable[str] = ()) -> "View":
        """Return the view of an analysis that this one calls; it may read no more than this."""
        for name in reads:
            self._allow(name)
        return View(self.dataset, frozenset([*reads, *optional]) & self.names)


class Making(View):
    """What a maker sees: the inputs of its artifact, and where to put it."""

    def __init__(self, dataset: "Dataset", name: str) -> None:
        artifact = declared(name)
        super().__init__(dataset, frozenset([name, *artifact.reads, *artifact.optional]))

    def save_fit(
        self, name: str, *, arrays: dict[str, np.ndarray], frames: dict[str, pl.DataFrame],
        meta: dict,
    ) -> None:  # fmt: skip
        """Write a fit artifact: arrays and frames by name, and plain facts (JSON)."""
        self._allow(name)
        with manifest.locked(self.dataset.artifacts.folder):
            # The other half of erasing: what was read before must not be written after it.
            now = self.dataset._now()
            if declared(name).reads_listeners and now.erased != self.dataset.manifest.erased:
                raise Superseded(
                    f"A listener was erased while “{name}” was being made, so it was thrown away. "
                    f"Make it again: python -m workbench make {name}"
                )
            self.dataset.artifacts.save(name, arrays, frames, meta)

    def append_rows(self, name: str, frame: pl.DataFrame) -> None:
        """Add rows to a row artifact; what is there already stays."""
        self._allow(name)
        with manifest.locked(self.dataset.artifacts.folder):
            self.dataset.artifacts.append(name, frame)

    def row_keys(self, name: str) -> pl.Series:
        """Return the keys that a row artifact holds."""
        rows = self.scan(name)
        return rows.select(rows.collect_schema().names()[0]).collect().to_series()
