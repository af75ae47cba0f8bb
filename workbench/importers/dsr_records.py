"""Records of a DDEX sales report (DSR): lines read, told apart by their first cell, and joined.

A report has no header row and its rows have no common width: the first cell says what the others
are. Cells are Categorical, as a million lines say a few things again and again. Context stands
apart from the numbers: a usage names its summary (territory, currency), its resource and its
release. Which cell is which: DDEX Digital Sales Reporting, Part 8; the Basic Audio profile, as
blocks of several records and with a single record a line.
"""

import io
from dataclasses import dataclass

import polars as pl

from workbench.errors import BadInput
from workbench.importers import delimited, reading
from workbench.importers.sheet import ROW, checked_rows
from workbench.importers.source import LIMITS, Source

TYPE, FILE, KIND = "type", "file", "kind"
# Place of each cell that we take, by the first four letters of the record type: versions of a
# record add cells at its end.
HEAD = {"message": 4, "number": 6, "files": 7, "start": 8, "end": 9, "sender": 11}
FOOT = {"lines": 1, "all_lines": 2, "summaries": 3, "blocks": 4, "all_blocks": 5}
SRFO = {"lines": 1, "summaries": 2}
_SUMMARY = {"summary": 1, "model": 4, "use": 5, "territory": 6}
_SHARES = {"currency": 10, "owner": 12, "gross": 15, "net": 16}
SUMMARIES = {
    "SY01": {**_SUMMARY, "currency": 10},
    "SY02": {**_SUMMARY, **_SHARES},
    "SY03": {**_SUMMARY, **_SHARES},
    "SY04": {**_SUMMARY, "currency": 14},
    "SY05": {**_SUMMARY, "currency": 17, "owner": 8, "gross": 15, "net": 14},
    "SY06": {**_SUMMARY, "currency": 10},
}
_RESOURCE = {"block": 1, "reference": 2, "isrc": 4, "title": 5, "subtitle": 6, "artist": 7}
RESOURCES = {"AS01": _RESOURCE, "AS02": _RESOURCE}
RELEASES = {
    "RE01": {"block": 1, "reference": 2, "catalog_no": 5, "upc": 6, "release_artist": 7,
             "release": 9, "release_subtitle": 10, "label": 12},
    "RE02": {"block": 1, "reference": 2, "used": 5},
}  # fmt: skip
_USAGE = {"block": 1, "summary": 2, "release_ref": 4, "resource_ref": 5, "usages": 7}
USAGES = {
    "SU01": {**_USAGE, "usages": 8, "returns": 9, "own_use": 12},
    "SU02": {**_USAGE, "own_use": 10},
}
_SINGLE = {"summary": 1, "isrc": 3, "title": 4, "subtitle": 5, "artist": 6, "catalog_no": 22,
           "upc": 23, "release_artist": 24, "release": 26, "release_subtitle": 27,
           "label": 29}  # fmt: skip
SINGLES = {
    "SR01": {**_SINGLE, "usages": 36, "returns": 37, "own_use": 42},
    "SR02": {**_SINGLE, "usages": 34, "own_use": 37},
}
# Versions whose cells are known to stand as above; others are read alike, and that is told.
KNOWN = ("SY01.01", "SY01.02", "SY02.01", "SY02.02", "SY02.03", "SY03.01", "SY04.01", "SY04.02",
         "SY05.02", "SY05.03", "SY06.01", "SY06.02", "AS01", "AS01.01", "AS01.02", "AS02",
         "AS02.01", "AS02.02", "AS02.03", "AS02.04", "RE01", "RE01.01", "RE01.02", "RE02",
         "SU01.01", "SU01.02", "SU02.01", "SU02.02", "SU01", "SU02", "SR01", "SR01.01", "SR02",
         "SR02.01", "HEAD", "FOOT", "SRFO")  # fmt: skip
TAKEN = {**SUMMARIES, **RESOURCES, **RELEASES, **USAGES, **SINGLES}
_PLACES = sorted({place for found in TAKEN.values() for place in found.values()})
OTHERS = r"^(MW|CU|RC|LI|RU|SU|SY|ST|ML|DE|AS|RE|SR|LC)\d\d"


def is_report(source: Source) -> bool:
    """Tell a DSR by its first record: HEAD, and a version that begins with “dsrf”."""
    try:
        if reading.kind(source) != "text":
            return False
    except BadInput:  # said when it is read
        return False
    cells = first_record(source)
    return len(cells) > 8 and cells[0] == "HEAD" and cells[1].casefold().startswith("dsrf")


def first_record(source: Source) -> list[str]:
    """Return the cells of the first line that is no comment and not empty."""
    head = source.unpacked[: 1 << 14].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    first = next((ln for ln in head.split("\n") if ln.strip() and not ln.startswith("#")), "")
    return first.rstrip("\r").split("\t")


@dataclass(frozen=True, eq=False)
class Report:
    """A report, one file or several.

    Attributes
    ----------
    lines : file_row | file (its place in the set) | type (SU02.02) | kind (SU02) | the cells that
    are taken, by their places; records only. texts : by file_row, lines as they stand: summaries,
    the records that frame a file, and what is no record. counted : file | all_lines | data_lines.
    """

    lines: pl.DataFrame
    texts: dict[int, str]
    counted: pl.DataFrame

    def records(self, *types: str) -> list[list[str]]:
        """Return the records of these types, of those whose text is kept, as lists of cells."""
        rows = self.lines.filter(pl.col(TYPE).cast(pl.String).is_in(types))[ROW]
        return [self.texts[row].split("\t") for row in rows]


def report(source: Source) -> Report:
    """Return the records of a report; comments and empty lines are counted and left out.

    Raises
    ------
    BadInput
        It has too many lines.
    """
    data = source.unpacked.removeprefix(b"\xef\xbb\xbf")
    try:
        lines = _read(data)
    except pl.exceptions.PolarsError:  # it is no UTF-8
        data = delimited.decoded(data, None, source.name)[0].encode()
        lines = _read(data)
    checked_rows(lines.height, source.name, LIMITS)
    lines = lines.with_row_index(ROW, offset=1).with_columns(
        pl.col(ROW).cast(pl.Int64),
        (pl.col(TYPE) == "HEAD").fill_null(value=False).cum_sum().clip(1).alias(FILE),
    )
    first = pl.col(TYPE).cast(pl.String).fill_null("")
    comment = first.str.starts_with("#")
    types = lines.select(pl.col(TYPE).unique()).with_columns(
        first.str.slice(0, 4).cast(pl.Categorical).alias(KIND),
        kept=~comment & (first.str.starts_with("SY") | ~first.str.contains(OTHERS)),
        record=~comment,
    )
    lines = lines.join(types, on=TYPE, how="left", nulls_equal=True, maintain_order="left")
    # a file may begin with comments: a line above a HEAD is of the file that this HEAD opens
    own = pl.when(pl.col("record") & pl.col(TYPE).is_not_null()).then(pl.col(FILE))
    lines = lines.with_columns(
        own.backward_fill().forward_fill().fill_null(1).cast(pl.Int64).alias(FILE)
    )
    texts = _texts(data, set(lines.filter("kept")[ROW]))
    empty = [row for row, text in texts.items() if not text.strip()]
    record = pl.col("record") & ~pl.col(ROW).is_in(empty)
    last = pl.col(ROW).filter(record).max()  # what is below the last record is no line of it
    counted = lines.group_by(FILE).agg(
        all_lines=last - pl.col(ROW).min() + 1, data_lines=record.sum()
    )
    return Report(lines.filter(record).drop("kept", "record"), texts, counted.sort(FILE))


def _read(data: bytes) -> pl.DataFrame:
    """Return all lines, in order, with the cells that some kind of record needs."""
    names = [TYPE, *(str(place) for place in range(1, _PLACES[-1] + 1))]
    lines = pl.scan_csv(
        data, separator="\t", quote_char=None, has_header=False, truncate_ragged_lines=True,
        schema=dict.fromkeys(names, pl.Categorical), missing_columns="insert",
        extra_columns="ignore",
    )  # fmt: skip
    return lines.select(TYPE, *map(str, _PLACES)).collect()


def _texts(data: bytes, rows: set[int]) -> dict[int, str]:
    """Return some lines as they stand."""
    return {
        row: line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
        for row, line in enumerate(io.BytesIO(data), 1)
        if row in rows
    }


def cells(lines: pl.DataFrame, places: dict[str, dict[str, int]]) -> pl.DataFrame:
    """Return the cells of some kinds of records as columns; a cell that a line lacks is null.

    Parameters
    ----------
    lines : of a `Report`. places : by kind of record, the place of each cell.
    """
    names = list(dict.fromkeys(name for found in places.values() for name in found))
    none = pl.lit(None, pl.Categorical)
    parts = [
        lines.filter(pl.col(KIND) == kind).select(
            ROW,
            FILE,
            KIND,
            *((pl.col(str(found[n])) if n in found else none).alias(n) for n in names),
        )
        for kind, found in places.items()
    ]
    some = [part for part in parts if part.height] or parts[:1]
    rows = some[0] if len(some) == 1 else pl.concat(some).sort(ROW)
    return rows.with_columns(worked_out(rows, name, _plain(name)) for name in names)


def worked_out(frame: pl.DataFrame, name: str, value: pl.Expr, *columns: str) -> pl.Series:
    """Return a column of text made of others, each distinct row of them worked out once.

    Parameters
    ----------
    frame : columns of Categorical. name : of the new column. value : over the columns as text.
    columns : that it is made of; the one of its own name unless told.
    """
    rows = frame.select(columns or name)
    distinct = rows.unique()
    made = distinct.cast(pl.String).select(value.cast(pl.Categorical).alias("_made"))
    if not columns and made["_made"].equals(distinct[name]):
        return rows[name]
    known = distinct.hstack(made)
    on = rows.columns
    joined = rows.join(known, on=on, how="left", nulls_equal=True, maintain_order="left")
    return joined["_made"].alias(name)


def _plain(name: str) -> pl.Expr:
    """Return a cell as text: the first of several values, escaped signs as they are meant."""
    cell = pl.col(name)
    if name in ("isrc", "upc"):
        cell = cell.str.extract(r"^([^|]*)")
    cell = cell.str.replace_all(r"\\(.)", "$1")
    return pl.when(cell.str.strip_chars() != "").then(cell)


def head_of(report: Report, file: str) -> dict[str, str]:
    """Return what HEAD says, once the set of files is found to be whole.

    Raises
    ------
    BadInput
        A file of the set is missing, files of two messages are mixed, or one has no end.
    """
    records = report.records("HEAD")
    heads = [dict(zip(HEAD, _at(cells, HEAD.values()), strict=True)) for cells in records]
    messages = {head["message"] for head in heads}
    if len(messages) > 1:
        raise BadInput(f"{file} mixes files of several messages: {', '.join(sorted(messages))}.")
    wanted = int(heads[0]["files"]) if heads[0]["files"].isdecimal() else 1
    here = sorted({int(h["number"]) for h in heads if h["number"].isdecimal()})
    missing = [str(n) for n in range(1, min(wanted, 10_000) + 1) if n not in here]
    if wanted > 1 and missing:
        raise BadInput(
            f"{file} is file {', '.join(map(str, here))} of {wanted} of the message "
            f"{heads[0]['message']}; {', '.join(missing[:20])} missing. Bring all of them together."
        )
    if len(report.records("FOOT", "SRFO")) < len(heads):
        raise BadInput(f"{file} ends without its last record (FOOT): it was cut off. Get it again.")
    return heads[0]


def _at(cells: list[str], places) -> list[str]:
    return [cells[place] if place < len(cells) else "" for place in places]
