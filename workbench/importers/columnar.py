"""Parquet as a sheet of text; what it would take in memory is counted before it is unfolded.

A page may say one long text once and name it a million times, and the footer says what the file
wants to be believed. So texts are read as the file keeps them, each once, and are measured.
"""

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

CELLS = 200_000_000
TEXTS, WIDTHS = "BYTE_ARRAY", {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4, "INT64": 8, "DOUBLE": 8}
WIDEST = 16


def parquet(data: bytes, file: str, limits: Limits) -> Sheet:
    """Return a Parquet file as text, once it is known not to be too large.

    Raises
    ------
    BadInput
        It is damaged, forged, or larger than the limits when unpacked.
    """
    import pyarrow as pa

    try:
        table = _table(data, file, limits)
        frame = pl.from_arrow(table)
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError, LookupError) as bad:
        first = str(bad).strip().split("\n")[0][:200] or type(bad).__name__
        raise BadInput(f"{file} is no readable Parquet file: {first}") from bad
    except pl.exceptions.PanicException as error:  # derives from BaseException
        raise BadInput(f"{file} is a damaged Parquet file.") from error
    texts = frame.select(_text(name, dtype) for name, dtype in frame.schema.items())
    rows = texts.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))
    return finished(rows, pl.DataFrame(schema=MALFORMED), file, limits)


def _table(data: bytes, file: str, limits: Limits):
    """Return the table of a file, its texts unfolded once they are found to fit."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    plain = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True)
    about, names = plain.metadata, list(plain.schema_arrow.names)
    headers = header_names(names, file, limits)
    checked_rows(about.num_rows, file, limits)
    schema = [plain.schema.column(place) for place in range(about.num_columns)]
    chunks = [
        (one.physical_type, about.row_group(group).column(place))
        for group in range(about.num_row_groups)
        for place, one in enumerate(schema)
    ]
    checked_size(sum(chunk.total_uncompressed_size for _, chunk in chunks), file, limits)
    if sum(chunk.num_values for _, chunk in chunks) > CELLS:
        raise BadInput(f"{file} has more than {CELLS:,} cells. Split it, for example by year.")
    fixed = ((kind, chunk.num_values) for kind, chunk in chunks if kind != TEXTS)
    checked_size(sum(count * WIDTHS.get(kind, WIDEST) for kind, count in fixed), file, limits)
    kept_once = {one.path for one in schema if one.physical_type == TEXTS}
    folded = pq.ParquetFile(
        io.BytesIO(data), page_checksum_verification=True, read_dictionary=sorted(kept_once)
    ).read()
    checked_rows(folded.num_rows, file, limits)
    size = sum(_unfolded(chunk) for column in folded.columns for chunk in column.chunks)
    checked_size(size, file, limits)
    columns = []
    for place, column in enumerate(folded.columns):
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        elif pa.types.is_nested(column.type):
            column = plain.read(columns=[names[place]]).column(0)
        columns.append(column)
    return pa.table(columns, names=headers)


def _unfolded(array) -> int:
    """Return the bytes of an array once each of its texts is written out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    if pa.types.is_dictionary(kind):
        lengths = pc.binary_length(array.dictionary).cast(pa.int64())
        return pc.sum(lengths.take(array.indices)).as_py() or 0
    if pa.types.is_struct(kind):
        return sum(_unfolded(array.field(place)) for place in range(kind.num_fields))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        return array.nbytes if pa.types.is_map(kind) else _unfolded(array.flatten())
    return array.nbytes


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
