"""Rows made to fit a table: columns added, types cast without loss, rules checked."""

import polars as pl

from workbench.errors import BadInput
from workbench.tables import Table
from workbench.tables.keys import standing_twice


def fitted(kind: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with a table's columns and types; columns that it lacks are null.

    Numbers become decimals of the table's scale, times become UTC in milliseconds (a time without
    a zone is taken as UTC). Nothing else may change its value on the way.

    Raises
    ------
    BadInput
        A column that the table has not, a value that its type cannot hold, a row that breaks a
        rule, a key that stands twice. The message names the rule and counts the rows.
    """
    columns = kind.polars_schema
    unknown = [name for name in frame.columns if name not in columns]
    if unknown:
        raise BadInput(f"{kind.name} has no column {', '.join(unknown)}; it has {list(columns)}.")
    if frame.is_empty():
        return pl.DataFrame(schema=columns)
    misread = [name for name, dtype in frame.schema.items() if _misread(dtype, columns[name])]
    if misread:
        wanted = ", ".join(f"{n} ({frame.schema[n]}, not {columns[n]})" for n in misread)
        raise BadInput(f"{kind.name} cannot take the type of: {wanted}.")
    broken = frame.select(_loss(frame.schema[n], columns[n], n) for n in frame.columns).row(0)
    lost = {name: rows for name, rows in zip(frame.columns, broken, strict=True) if rows}
    if lost:
        raise BadInput(
            f"{kind.name}: values that are not whole, where whole numbers or days are needed "
            f"(column: rows): {lost}"
        )
    missing = [pl.lit(None, dtype).alias(n) for n, dtype in columns.items() if n not in frame]
    whole = frame.with_columns(missing)
    good, failure = kind.unkeyed.filter(whole, cast=True)
    if len(failure) or standing_twice(good, kind.key).len():
        _, failure = kind.schema.filter(whole, cast=True)
        raise BadInput(
            f"{len(failure):,} of {frame.height:,} rows do not fit the table {kind.name} "
            f"(rule: rows that break it): {failure.counts()}"
        )
    return good


def _misread(given: pl.DataType, wanted: pl.DataType) -> bool:
    """Tell types whose cast would mean something else: 20260101 is no day, 0.5 is no truth."""
    if given in (pl.Null, wanted):
        return False
    if isinstance(wanted, pl.Date | pl.Datetime):
        return not isinstance(given, pl.Date | pl.Datetime)
    if isinstance(wanted, pl.List):
        return not isinstance(given, pl.List | pl.Array)
    if isinstance(wanted, pl.Boolean):
        return True
    if isinstance(wanted, pl.String):
        return not (given.is_integer() or given in (pl.Categorical, pl.Enum))
    return not (given.is_numeric() or given == pl.String)


def _loss(given: pl.DataType, wanted: pl.DataType, name: str) -> pl.Expr:
    """Count the values of a column that a cast would cut."""
    column = pl.col(name)
    if given.is_float() or given.is_decimal():
        cut = column != column.cast(pl.Float64).round() if wanted.is_integer() else pl.lit(False)
    elif isinstance(given, pl.Datetime) and wanted == pl.Date:
        cut = column.dt.time() != pl.time(0, 0, 0)
    else:
        cut = pl.lit(False)
    return cut.sum().alias(name)
