"""Text with delimiters: encoding, delimiter, quotes, and rows that do not fit the header."""

import codecs
import csv
import itertools
from collections.abc import Iterator

import polars as pl

from workbench.errors import BadInput
from workbench.importers.sheet import (
    MALFORMED,
    ROW,
    Limits,
    Reading,
    Sheet,
    checked_rows,
    finished,
    header_names,
)

DELIMITERS = ("\t", ";", ",", "|", "^")
SNIFFED = 200
# Each stray quote makes the reader look for its partner to the end of the file.
STRAY_QUOTES = 200
QUOTES = "has quotes that do not match"


def decoded(data: bytes, encoding: str | None, file: str) -> tuple[str, str]:
    """Return the text of a file and the encoding it was read by.

    A byte-order mark decides; without one UTF-16 shows by its zero bytes, and what is not valid
    UTF-8 is taken for Windows-1252 or Latin-1.

    Raises
    ------
    BadInput
        The encoding that was asked for is unknown or does not fit.
    """
    if encoding:
        try:
            return data.decode(encoding).removeprefix("\ufeff"), encoding
        except (LookupError, UnicodeDecodeError) as error:
            raise BadInput(f"{file} cannot be read as {encoding}: {error}.") from error
    for name in (_marked(data), _wide(data), "utf-8", "cp1252"):
        if name:
            try:
                return data.decode(name).removeprefix("\ufeff"), name
            except UnicodeDecodeError:
                continue
    return data.decode("latin-1"), "latin-1"


def _marked(data: bytes) -> str | None:
    marks = (
        (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    )  # fmt: skip
    return next((name for mark, name in marks if data.startswith(mark)), None)


def _wide(data: bytes) -> str | None:
    """Tell UTF-16 without a mark: most Latin letters have a zero byte beside them."""
    head = data[:4096]
    low, high = head[0::2], head[1::2]
    if high.count(0) > 0.4 * len(high) and low.count(0) < 0.1 * len(low):
        return "utf-16-le"
    if low.count(0) > 0.4 * len(low) and high.count(0) < 0.1 * len(high):
        return "utf-16-be"
    return None


def sniffed(lines: list[str], quotes: bool) -> str | None:
    """Return the delimiter that gives most rows the header's number of cells; None without one."""
    best, delimiter = (0.0, 0), None
    for candidate in DELIMITERS:
        records = _records(lines[:SNIFFED], candidate, quotes)
        widths = [len(cells) for _, cells in itertools.islice(records, SNIFFED) if cells]
        if widths and widths[0] > 1:
            fit = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
            if fit > best:
                best, delimiter = fit, candidate
    return delimiter if best[0] >= 0.5 or best[1] > 2 else None


def read(text: str, how: Reading, file: str, limits: Limits) -> Sheet:
    """Return the sheet of a delimited text.

    Rows that are wider or narrower than the header, or whose quotes do not match, are kept apart.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    start = next((n for n, line in enumerate(lines) if line.strip()), None)
    if start is None:
        raise BadInput(f"{file} is empty.")
    checked_rows(len(lines) - start - 1, file, limits)
    quotes = how.quotes and '"' in text
    delimiter = how.delimiter or sniffed(lines[start:], quotes)
    if delimiter is None:
        delimiter = "\t"
    body = lines[start:]
    if quotes:
        names, frame, malformed = _quoted(body, delimiter, file, limits)
    else:
        names, frame, malformed = _plain(body, delimiter, file, limits)
    shift = (pl.col(ROW) + start).alias(ROW)
    named = delimiter if len(names) > 1 else None
    return finished(frame.with_columns(shift), malformed.with_columns(shift), file, limits, named)


def _plain(lines: list[str], delimiter: str, file: str, limits: Limits):
    """Read lines that hold no quotes: the fast way."""
    names = header_names(lines[0].split(delimiter), file, limits)
    cells = pl.col("text").str.split(delimiter)
    rows = (
        pl.DataFrame({"text": lines}, schema={"text": pl.String})
        .with_row_index(ROW, offset=1)
        .slice(1)
        .filter(pl.col("text").str.strip_chars() != "")
        .with_columns(pl.col(ROW).cast(pl.Int64), cells.alias("cells"))
    )
    width = pl.col("cells").list.len()
    # Delimiters at the end of a line, with nothing between them, hold no cell.
    surplus = pl.col("cells").list.slice(len(names)).list.join("").str.strip_chars() == ""
    fits = (width == len(names)) | ((width > len(names)) & surplus)
    good = rows.filter(fits).select(
        ROW, *(pl.col("cells").list.get(n).alias(name) for n, name in enumerate(names))
    )
    many = pl.when(width == 1).then(pl.lit("cell")).otherwise(pl.lit("cells"))
    reason = pl.format("has {} {} where the header has {}", width, many, pl.lit(len(names)))
    bad = rows.filter(~fits).select(
        ROW, reason.alias("reason"), pl.col("text").str.head(500).alias("text")
    )
    return names, good, bad.cast(MALFORMED)


def _quoted(lines: list[str], delimiter: str, file: str, limits: Limits):
    csv.field_size_limit(limits.cell)
    records = _records(lines, delimiter, quotes=True)
    _, cells = next(records, (1, None))
    if cells is None:
        raise BadInput(f"{file} has no header that can be read: {QUOTES} in its first row.")
    names = header_names(cells, file, limits)
    width, good, bad, stray = len(names), [], [], 0
    for line, cells in records:
        if cells is None:
            stray += 1
            bad.append((line, QUOTES, lines[line - 1][:500]))
        elif _full(cells[width:]) or (len(cells) < width and _full(cells)):
            cell = "cell" if len(cells) == 1 else "cells"
            reason = f"has {len(cells)} {cell} where the header has {width}"
            bad.append((line, reason, delimiter.join(cells)[:500]))
        elif len(cells) >= width:
            good.append((line, *cells[:width]))
        if stray > STRAY_QUOTES:
            raise BadInput(
                f"{file}: {QUOTES} in more than {STRAY_QUOTES} rows. If a quote is an ordinary "
                "character in this file, import it with quotes = false."
            )
    schema = {ROW: pl.Int64, **dict.fromkeys(names, pl.String)}
    frame = pl.DataFrame(good, schema=schema, orient="row")
    return names, frame, pl.DataFrame(bad, schema=MALFORMED, orient="row")


def _full(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _records(
    lines: list[str], delimiter: str, quotes: bool
) -> Iterator[tuple[int, list[str] | None]]:
    """Give each record with the line it begins in; None for one whose quotes do not match.

    After such a record reading goes on with the next line, so that one stray quote costs one row
    and does not swallow those below it.
    """
    if not quotes:
        yield from ((n, line.split(delimiter)) for n, line in enumerate(lines, 1))
        return
    start, width = 0, None
    while start < len(lines):
        rest = (f"{line}\n" for line in itertools.islice(lines, start, None))
        reader = csv.reader(rest, delimiter=delimiter, strict=True)
        begun, done = start, True
        while True:
            try:
                cells = next(reader, None)
            except csv.Error:
                yield begun + 1, None
                start, done = begun + 1, False
                break
            if cells is None:
                break
            end = start + reader.line_num
            width = width or len(cells)
            if end - begun > 1 and len(cells) != width:  # a quote ate the lines below it
                yield begun + 1, None
                start, done = begun + 1, False
                break
            yield begun + 1, cells
            begun = end
        if done:
            return
