"""A table that does not begin in the first row: its header is looked for below what stands above.

Statements and reports of ad managers print a title, a period or a sum above the header. The header
is the first row that a format knows; what stands above it is kept, as it may hold a sum.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import polars as pl

from workbench.errors import BadInput
from workbench.importers import delimited, reading
from workbench.importers.delimited import DELIMITERS
from workbench.importers.incoming import Incoming
from workbench.importers.sheet import ROW, Sheet, finished, header_names

HEAD, DEEPEST = 1 << 16, 60
Form = TypeVar("Form")


@dataclass(frozen=True, eq=False)
class Found(Generic[Form]):
    """A table and what was known by its header.

    Attributes
    ----------
    sheet : the table. form : what the header fits. above : rows above it, as lists of cells.
    """

    sheet: Sheet
    form: Form
    above: tuple[tuple[str, ...], ...]


def table_beneath(
    incoming: Incoming, fits: Callable[[list[str]], Form | None]
) -> Found[Form] | None:
    """Return the table whose header `fits` knows, wherever in the first rows it stands.

    Parameters
    ----------
    incoming : the file. fits : returns what a list of column names is, None where it is nothing.
    """
    try:
        kind = reading.kind(incoming.source)
    except BadInput:
        return None
    if kind == "text":
        return _in_text(incoming, fits)
    if incoming.sheet is None:
        return None
    return _in_sheet(incoming, fits)


def _in_text(incoming: Incoming, fits: Callable[[list[str]], Form | None]) -> Found | None:
    source, encoding = incoming.source, incoming.how.encoding
    head, _ = delimited.decoded(_head(source.unpacked), encoding, source.name)
    lines = head.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:DEEPEST]
    for place, line in enumerate(lines):
        for delimiter in DELIMITERS:
            cells = _cells(line, delimiter)
            form = fits(cells) if len(cells) > 1 else None
            if form is None:
                continue
            above = tuple(tuple(_cells(text, delimiter)) for text in lines[:place] if text.strip())
            return Found(_read(incoming, place, delimiter), form, above)
    return None


def _read(incoming: Incoming, place: int, delimiter: str) -> Sheet:
    """Read a text from a row on; rows keep the numbers that they have in the file."""
    known = incoming.sheet if place == 0 else None
    if known is not None and known.delimiter == delimiter:
        return known
    source = incoming.source
    text, encoding = delimited.decoded(source.unpacked, incoming.how.encoding, source.name)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    below = "\n".join([""] * place + lines[place:])
    how = replace(incoming.how, delimiter=delimiter)
    with reading.clear(source.name):
        sheet = delimited.read(below, how, source.name, reading.LIMITS)
    guessed = incoming.how.encoding is None and encoding not in ("utf-8", "utf-8-sig")
    said = (f"read as {encoding}, as its bytes are not UTF-8",) if guessed else ()
    return replace(sheet, notes=(*said, *_passed(place), *sheet.notes))


def _in_sheet(incoming: Incoming, fits: Callable[[list[str]], Form | None]) -> Found | None:
    sheet = incoming.sheet
    if (form := fits(sheet.columns)) is not None:
        return Found(sheet, form, ())
    rows = sheet.frame.head(DEEPEST).drop(ROW).rows()
    for place, cells in enumerate(rows):
        names = [" ".join((cell or "").split()) for cell in cells]
        if (form := fits(names)) is None:
            continue
        file = incoming.source.name
        new = header_names(list(cells), file, reading.LIMITS)
        below = sheet.frame.slice(place + 1).rename(dict(zip(sheet.columns, new, strict=True)))
        table = finished(below, sheet.malformed, file, reading.LIMITS, sheet.delimiter)
        above = tuple(tuple(c or "" for c in row) for row in (tuple(sheet.columns), *rows[:place]))
        notes = (*sheet.notes, *_passed(place + 1), *table.notes)
        return Found(replace(table, notes=notes), form, above)
    return None


def _passed(place: int) -> tuple[str, ...]:
    rows = "row above the header" if place == 1 else "rows above the header"
    return (f"{place} {rows} passed over",) if place else ()


def _head(data: bytes) -> bytes:
    """Return the first bytes, cut where a letter ends."""
    head = data[:HEAD]
    if len(data) > HEAD and b"\0" not in head:
        head = head[: head.rfind(b"\n") + 1] or head
    return head


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        cells = line.split(delimiter)
    else:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            cells = line.split(delimiter)
    return [re.sub(r"\s+", " ", cell).strip(" \ufeff") for cell in cells]


def rows_without(sheet: Sheet, gone: pl.Expr) -> tuple[Sheet, pl.DataFrame]:
    """Return a sheet without some of its rows, and those rows."""
    flagged = sheet.frame.with_columns(_gone=gone.fill_null(value=False))
    kept = flagged.filter(~pl.col("_gone")).drop("_gone")
    return replace(sheet, frame=kept), flagged.filter("_gone").drop("_gone")
