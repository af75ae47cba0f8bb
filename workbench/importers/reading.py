"""Reading a file: what kind it is shows in its first bytes, never in its name."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from workbench.errors import BadInput
from workbench.importers import columnar, delimited, hdf, json_table, workbook
from workbench.importers.sheet import AS_IT_COMES, Limits, Reading, Sheet
from workbench.importers.source import LIMITS, Source

PARQUET = b"PAR1"
JSON_LIST = re.compile(r'\[\s*([\[{"\]]|$)')
# Random bytes have a tenth to a quarter of such characters, text has next to none.
CONTROLS, LOOKED_AT, MOST_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x9f]"), 4096, 0.05


def kind(source: Source) -> str:
    """Return “parquet”, “spreadsheet”, “json lines”, “json list” or “text” by the bytes.

    Raises
    ------
    BadInput
        It is of a kind that holds no table, or empty.
    """
    head = source.unpacked[:512]
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise BadInput(f"{source.name} is empty.")
    if head.startswith(PARQUET):
        return "parquet"
    if source.is_workbook:
        return "spreadsheet"
    if head.startswith(hdf.MARK):
        raise BadInput(f"{source.name} is an HDF5 file: it holds arrays and no table.")
    if source.foreign:
        raise BadInput(f"{source.name} is {source.foreign}.")
    if source.is_zip:
        raise BadInput(f"{source.name} is a zip. Unpack it and bring the files inside.")
    text = head.decode("utf-8-sig", errors="ignore").lstrip()
    if text.startswith("{"):
        return "json lines"
    if JSON_LIST.match(text):
        return "json list"
    if text.casefold().startswith(("<!doctype", "<html", "<?xml")):
        raise BadInput(f"{source.name} is a web page, not an export. Download the file itself.")
    return "text"


def sheet(source: Source, how: Reading = AS_IT_COMES, limits: Limits = LIMITS) -> Sheet:
    """Return what a file says, all cells as text.

    Raises
    ------
    BadInput
        It cannot be read as a table, or not within the limits; the message says what to do.
    """
    if len(source.data) > limits.bytes:
        raise BadInput(f"{source.name} is larger than {limits.bytes / 1e6:,.0f} MB.")
    found = kind(source)
    notes = _misnamed(source.name, found)
    with clear(source.name):
        read, said = _read(source, found, how, limits)
    return replace(read, notes=(*notes, *said, *read.notes))


@contextlib.contextmanager
def clear(file: str) -> Iterator[None]:
    """Turn what a table library may throw at a hostile file into words."""
    try:
        yield
    except (pl.exceptions.PolarsError, MemoryError, RecursionError, OverflowError) as error:
        first = (str(error).strip().split("\n") or [""])[0][:200]
        raise BadInput(f"{file} cannot be read: {first}") from error
    except pl.exceptions.PanicException as error:  # derives from BaseException
        raise BadInput(f"{file} is damaged in a way that its reader does not survive.") from error


def _read(
    source: Source, found: str, how: Reading, limits: Limits
) -> tuple[Sheet, tuple[str, ...]]:
    if found == "parquet":
        return columnar.parquet(source.unpacked, source.name, limits), ()
    if found == "spreadsheet":
        return workbook.spreadsheet(source, how, limits), ()
    text, encoding = delimited.decoded(source.unpacked, how.encoding, source.name)
    if _unwritten(text):
        raise BadInput(
            f"{source.name} is neither text nor a spreadsheet, Parquet or packed file that can be "
            "read: its bytes are no letters. Export it again, or save it as CSV or .xlsx."
        )
    said = ()
    if how.encoding is None and encoding not in ("utf-8", "utf-8-sig"):
        said = (f"read as {encoding}, as its bytes are not UTF-8",)
    if found == "json lines":
        return json_table.json_lines(text, source.name, limits), said
    if found == "json list":
        return json_table.json_list(text, source.name, limits), said
    return delimited.read(text, how, source.name, limits), said


def _unwritten(text: str) -> bool:
    """Tell bytes that nobody wrote as text: a zero in the header, or many control characters.

    A zero byte further down costs its row only.
    """
    head = text[:LOOKED_AT]
    controls = len(CONTROLS.findall(head))
    return "\0" in head.lstrip().partition("\n")[0] or controls > MOST_CONTROLS * len(head)


def _misnamed(name: str, found: str) -> tuple[str, ...]:
    ending = Path(name.lower().removesuffix(".gz")).suffix
    usual = {"spreadsheet": (".xlsx", ".xlsm"), "parquet": (".parquet", ".pq")}
    if found in usual and ending not in usual[found]:
        return (f"named {ending or 'without an ending'}, but it is a {found}",)
    return ()
