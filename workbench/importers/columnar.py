"""Parquet and JSON lines as sheets of text; sizes are checked before reading."""

import io
import json

import polars as pl

from workbench.errors import BadInput
from workbench.importers.sheet import (
    MALFORMED,
    ROW,
    Limits,
    Sheet,
    checked_rows,
    checked_size,
    finished,
    header_names,
)

NESTED = 20


def parquet(data: bytes, file: str, limits: Limits) -> Sheet:
    """Return a Parquet file as text, once its footer says that it is not too large.

    Raises
    ------
    BadInput
        It is damaged, forged, or larger than the limits when unpacked.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        opened = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True)
        about = opened.metadata
        groups = [about.row_group(n) for n in range(about.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        names = header_names(list(opened.schema_arrow.names), file, limits)
        checked_rows(about.num_rows, file, limits)
        checked_size(size, file, limits)
        table = opened.read()
        # what the footer said of itself is not proof: the table that came out is measured, too
        checked_size(table.nbytes, file, limits)
        frame = pl.from_arrow(table.rename_columns(names))
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise BadInput(f"{file} is no readable Parquet file: {_first_line(error)}") from error
    except pl.exceptions.PanicException as error:  # derives from BaseException
        raise BadInput(f"{file} is a damaged Parquet file.") from error
    texts = frame.select(_text(name, dtype) for name, dtype in frame.schema.items())
    rows = texts.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))
    return finished(rows, pl.DataFrame(schema=MALFORMED), file, limits)


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return a column as the text that a CSV would hold; lists become JSON."""
    column = pl.col(name)
    if dtype == pl.String:
        return column
    if dtype == pl.Binary:
        return column.map_elements(_letters, return_dtype=pl.String).alias(name)
    if dtype.is_nested():
        return column.map_elements(
            lambda value: json.dumps(_plain(value), ensure_ascii=False, default=str),
            return_dtype=pl.String,
        ).alias(name)
    if dtype == pl.Duration:
        return column.dt.to_string("iso")
    if dtype.is_float():
        column = column.fill_nan(None)
    return column.cast(pl.String)


def _letters(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")


def _plain(value: object) -> object:
    return value.to_list() if isinstance(value, pl.Series) else value


def json_lines(text: str, file: str, limits: Limits) -> Sheet:
    """Return JSON lines as text, one object a row; `{"a": {"b": 1}}` gives a column `a.b`.

    Numbers keep the digits that were written. A line that is no object is kept apart.
    """
    lines = text.split("\n")
    checked_rows(len(lines), file, limits)
    good, bad = [], []
    names: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            cells = _object(line)
        except (ValueError, RecursionError) as error:
            reason = f"is no JSON object: {_first_line(error)}"
            bad.append((number, reason[:200], line[:500]))
            continue
        names.update(dict.fromkeys(cells))
        if len(names) > limits.columns:
            raise BadInput(f"{file} has more than {limits.columns:,} different fields.")
        good.append((number, cells))
    if not good:
        raise BadInput(f"{file} holds no line that is a JSON object.")
    header_names(list(names), file, limits)
    columns = {name: [cells.get(name) for _, cells in good] for name in names}
    frame = pl.DataFrame(
        {ROW: [number for number, _ in good], **columns},
        schema={ROW: pl.Int64, **dict.fromkeys(names, pl.String)},
    )
    return finished(frame, pl.DataFrame(bad, schema=MALFORMED, orient="row"), file, limits)


def _object(line: str) -> dict[str, str | None]:
    value = json.loads(
        line, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_unique
    )
    if not isinstance(value, dict):
        raise ValueError("a list or a single value")
    cells = dict(_flat(value, "", 0))
    if "\\u" in line:
        for text in (*cells, *filter(None, cells.values())):
            text.encode()  # half of a pair of surrogates is no text; that is a ValueError, too
    return cells


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field stands twice")
    return found


def _flat(value: dict, prefix: str, depth: int):
    if depth > NESTED:
        raise ValueError(f"nested more than {NESTED} deep")
    for name, item in value.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{prefix}{name}.", depth + 1)
        elif isinstance(item, list):
            yield f"{prefix}{name}", json.dumps(item, ensure_ascii=False)
        elif isinstance(item, bool):
            yield f"{prefix}{name}", "true" if item else "false"
        else:
            yield f"{prefix}{name}", item


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200] or type(error).__name__
