"""Rows that have one key: found column by column, as few rows are left after the first."""

import polars as pl


def standing_twice(frame: pl.DataFrame, key: list[str]) -> pl.Series:
    """Return the places of rows whose key another row has as well, in order.

    Parameters
    ----------
    frame : any rows. key : the columns that together name a row.
    """
    rows = frame.select(key).with_row_index("_place")
    for name in reversed(key):  # the last one dates or numbers the rows
        rows = rows.filter(pl.col(name).is_duplicated())
    return rows.filter(pl.struct(key).is_duplicated())["_place"]
