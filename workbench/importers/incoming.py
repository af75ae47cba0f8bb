"""A file on its way in: its bytes, the label it goes to, and how it is understood."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from workbench.dataset import Dataset
from workbench.errors import BadInput
from workbench.importers import reading
from workbench.importers.mapping import Mapping
from workbench.importers.sheet import AS_IT_COMES, Reading, Sheet
from workbench.importers.source import Source
from workbench.importers.totals import Sum


@dataclass(frozen=True, eq=False)
class Understood:
    """A file as rows, and what they mean.

    Attributes
    ----------
    sheet : the rows as text. mapping : the tables that they fill. sums : that are told of what
    stands, and held against those that the file states. completed : makes of it, once its
    questions are answered, what is stored; None where the answers go into columns only.
    """

    sheet: Sheet
    mapping: Mapping
    sums: tuple[Sum, ...] = ()
    completed: Callable[[dict[str, str]], "Understood"] | None = None


@dataclass(frozen=True, eq=False)
class Incoming:
    """A file and the label that it is meant for.

    Attributes
    ----------
    source : the file. label : the label. how : to read it, where a person said something.
    """

    source: Source
    label: Dataset
    how: Reading = AS_IT_COMES

    def stored_as(self, source: str) -> str:
        """Return what rows of this file are called in the store."""
        return f"{source}#{self.source.sha256[:12]}"

    @property
    def home(self) -> Path:
        """Folder of the label's own mappings."""
        return self.label.home

    @cached_property
    def _read(self) -> tuple[Sheet | None, BadInput | None]:
        try:
            return reading.sheet(self.source, self.how), None
        except BadInput as error:
            return None, error

    @property
    def sheet(self) -> Sheet | None:
        """The file as a table, read without further knowledge; None where it is none."""
        return self._read[0]

    @property
    def error(self) -> BadInput | None:
        """Why the file is no table."""
        return self._read[1]

    def read_as(self, how: Reading) -> Sheet:
        """Return the file read in a certain way.

        That a quote is an ordinary character is said of files with one delimiter only: our own
        file of rejected rows has quotes, whatever the file that the rows came from had.
        """
        if how == AS_IT_COMES:
            return self._table()
        if how.delimiter and self.sheet is not None and self.sheet.delimiter != how.delimiter:
            return self._table()
        return reading.sheet(self.source, replace(how, sheet=self.how.sheet or how.sheet))

    def _table(self) -> Sheet:
        if self.sheet is None:
            raise self.error
        return self.sheet
