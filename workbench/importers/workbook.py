"""Spreadsheets: which sheet of a workbook holds the table, and that table as text.

What a workbook would take in memory is counted before it is read as one.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass, replace

import polars as pl

from workbench.errors import BadInput
from workbench.importers.mapping import CHOICE, Question, unanswered
from workbench.importers.sheet import (
    MALFORMED,
    ROW,
    Limits,
    Reading,
    Sheet,
    checked_rows,
    checked_size,
    finished,
    header_names,
)
from workbench.importers.source import CHUNK, LIMITS, Source, parts

NAME = "sheet"
# A sheet is held with every cell between its first and its last one, some 40 bytes each.
CELLS = 40_000_000
SHEETS = re.compile(r"xl/worksheets/[^/]+\.(xml|bin)$")
ROW_MARK = re.compile(rb'<row [^<>]{0,200}?\br="(\d{1,7})"')
COLUMN_MARK = re.compile(rb'<c [^<>]{0,200}?\br="([A-Z]{1,3})\d')
OVERLAP = 256
TIME, MIDNIGHT = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$", " 00:00:00"
NINE_DECIMALS = r"^-?\d+\.\d{9}$"


@dataclass(frozen=True)
class Tab:
    """A sheet of a workbook: its name, whether it is hidden, and its rows and columns."""

    name: str
    hidden: bool
    rows: int
    columns: int

    @property
    def about(self) -> str:
        """How many rows it has, and that it is hidden where it is."""
        rows = f"{self.rows:,} rows" if self.rows else "empty"
        return f"hidden, {rows}" if self.hidden else rows


def sheet_question(source: Source, limits: Limits = LIMITS) -> Question | None:
    """Return what must be asked of a workbook with several tables; None of any other file.

    Raises
    ------
    BadInput
        The workbook is damaged or too large.
    """
    if not source.is_workbook:
        return None
    book = _book(source, limits)
    tables = _tables(_tabs(book)) if len(book.sheet_names) > 1 else []
    return _question(tables) if len(tables) > 1 else None


def _question(tables: list[Tab]) -> Question:
    listed = ", ".join(f"“{tab.name}” ({tab.about})" for tab in tables)
    text = f"Which sheet of the workbook? It has {listed}."
    return Question(NAME, text, CHOICE, tuple(tab.name for tab in tables))


def spreadsheet(source: Source, how: Reading, limits: Limits) -> Sheet:
    """Return one sheet of a workbook as text; formulas give their last result.

    Raises
    ------
    Unanswered
        Several sheets hold tables and none was chosen.
    BadInput
        It is damaged or too large.
    """
    import fastexcel

    file = source.name
    book = _book(source, limits)
    name, notes = _chosen(book, how.sheet, file)
    try:
        loaded = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
        loaded = _exact(book, name, _days(loaded))
    except (fastexcel.FastExcelError, ValueError) as error:
        raise BadInput(f"{file} is no readable spreadsheet: {_first_line(error)}") from error
    except pl.exceptions.PanicException as error:
        raise BadInput(f"{file} is a damaged spreadsheet.") from error
    if loaded.is_empty():
        raise BadInput(f"{file}: the sheet “{name}” is empty.")
    checked_rows(loaded.height - 1, file, limits)
    names = header_names(list(loaded.row(0)), file, limits)
    rows = loaded.rename(dict(zip(loaded.columns, names, strict=True)))
    rows = rows.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64)).slice(1)
    made = finished(rows, pl.DataFrame(schema=MALFORMED), file, limits)
    return replace(made, notes=(*notes, *made.notes))


def _days(loaded: pl.DataFrame) -> pl.DataFrame:
    """Return a sheet in which days are days: the reader gives them a time, which is midnight."""
    midnight = [
        column.name
        for column in loaded
        if (times := column.str.contains(TIME).sum())
        and times == column.str.ends_with(MIDNIGHT).sum()
    ]
    return loaded.with_columns(pl.col(midnight).str.strip_suffix(MIDNIGHT))


def _exact(book, name: str, loaded: pl.DataFrame) -> pl.DataFrame:
    """Return a sheet with all digits of its numbers: as text the reader keeps nine decimals."""
    for place, column in enumerate(loaded):
        cut = column.str.contains(NINE_DECIMALS).fill_null(value=False)
        if cut.any():
            numbers = book.load_sheet(
                name, header_row=None, use_columns=[place], dtypes={place: "float"}
            ).to_polars()
            whole = numbers.to_series().cast(pl.String).alias(column.name)
            loaded = loaded.with_columns(
                pl.when(cut & whole.is_not_null()).then(whole).otherwise(column.name)
                .alias(column.name)
            )  # fmt: skip
    return loaded


def _book(source: Source, limits: Limits):
    """Return an opened workbook once its parts are counted."""
    import fastexcel

    file = source.name
    try:
        listed = parts(source)
        checked_size(sum(part.file_size for part in listed), file, limits)
        left = limits.expanded
        for part in listed:
            left -= _counted(source, part, left, limits)
        return fastexcel.read_excel(source.unpacked)
    except BadInput as error:
        if "damaged zip" in str(error):
            raise BadInput(f"{file} is no readable spreadsheet: a damaged zip.") from error
        raise
    except (fastexcel.FastExcelError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadInput(f"{file} is no readable spreadsheet: {_first_line(error)}") from error
    except pl.exceptions.PanicException as error:  # derives from BaseException
        raise BadInput(f"{file} is a damaged spreadsheet.") from error


def _counted(source: Source, part: zipfile.ZipInfo, most: int, limits: Limits) -> int:
    """Return the bytes that a part grows to, whatever the directory says; look over its cells."""
    data = memoryview(source.unpacked)
    names = int.from_bytes(data[part.header_offset + 26 : part.header_offset + 28], "little")
    extra = int.from_bytes(data[part.header_offset + 28 : part.header_offset + 30], "little")
    start = part.header_offset + 30 + names + extra
    rest: bytes | memoryview = data[start : start + part.compress_size]
    stream = zlib.decompressobj(-zlib.MAX_WBITS) if part.compress_type else None
    size, tail, rows, columns = 0, b"", 1, {b"A"}
    looked = SHEETS.search(part.filename) is not None
    while len(rest):
        try:
            piece = stream.decompress(rest, CHUNK) if stream else bytes(rest[:CHUNK])
        except zlib.error:
            raise BadInput(f"{source.name} is no readable spreadsheet: a damaged part.") from None
        size += len(piece)
        if size > most:
            checked_size(limits.expanded + 1, source.name, limits)
        rest = stream.unconsumed_tail if stream else rest[CHUNK:]
        if looked:
            seen = tail + piece
            rows = max(rows, *map(int, ROW_MARK.findall(seen)), 0)
            columns.update(COLUMN_MARK.findall(seen))
            tail = seen[-OVERLAP:]
    if rows * max(map(_place, columns)) > CELLS:
        raise BadInput(
            f"{source.name}: a sheet reaches to row {rows:,}, with more than {CELLS:,} cells up to "
            "there. Delete the empty rows and columns beyond the table, or save it as CSV."
        )
    return size


def _place(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    place = 0
    for letter in letters:
        place = 26 * place + letter - 64
    return place


def _tabs(book) -> list[Tab]:
    found = []
    for name in book.sheet_names:
        one = book.load_sheet(name, header_row=None, n_rows=2, dtypes="string")
        found.append(Tab(name, one.visible != "visible", one.total_height, one.width))
    return found


def _tables(tabs: list[Tab]) -> list[Tab]:
    """Return the sheets that hold a table: a header and a row, of several columns if any has."""
    filled = [tab for tab in tabs if tab.rows]
    wide = [tab for tab in filled if tab.rows > 1 and tab.columns > 1]
    return wide or filled


def _chosen(book, wanted: str | None, file: str) -> tuple[str, tuple[str, ...]]:
    """Return the sheet to read, and what to tell of the others."""
    names = book.sheet_names
    if wanted is not None and wanted not in names:
        raise BadInput(f"{file} has no sheet “{wanted}”; it has {', '.join(names)}.")
    if len(names) == 1:
        return names[0], ()
    tabs = _tabs(book)
    tables = _tables(tabs)
    if wanted is None and len(tables) > 1:
        raise unanswered(file, [_question(tables)])
    name = wanted or (tables[0].name if tables else names[0])
    others = [f"“{tab.name}” ({tab.about})" for tab in tabs if tab.name != name]
    return name, (f"the sheet “{name}” is read, and not {', '.join(others)}",)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200] or type(error).__name__
