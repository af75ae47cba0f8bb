"""An analyst's own columns on tracks or artists: what they offer, and choosing rows by them."""

from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis

MOST_VALUES = 50


@dataclass(frozen=True)
class Own:
    """Rows that an own column chooses.

    Attributes
    ----------
    column : “set.column” as `Dataset.annotate` stored it. values : texts to keep; empty for all.
    low, high : bounds for numbers, both inclusive.
    """

    column: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def rows(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Keep the chosen rows; a frame without the column is left as it is."""
        if self.column not in rows.columns:
            return rows
        if self.values:
            rows = rows.filter(pl.col(self.column).cast(pl.String).is_in(list(self.values)))
        if self.low is not None:
            rows = rows.filter(pl.col(self.column) >= self.low)
        if self.high is not None:
            rows = rows.filter(pl.col(self.column) <= self.high)
        return rows

    def beside(self, rows: pl.DataFrame, annotations: pl.LazyFrame, key: str) -> pl.DataFrame:
        """Return the chosen rows with this one column beside them, joined by `key`."""
        if self.column not in annotations.collect_schema():
            return rows.with_columns(pl.lit(None, pl.String).alias(self.column))
        held = annotations.select(key, self.column).collect()
        return self.rows(rows.join(held, on=key, how="left"))


def with_own(rows: pl.DataFrame, annotations: pl.LazyFrame, key: str) -> pl.DataFrame:
    """Return rows with the analyst's columns beside them, joined by `key`."""
    return rows.join(annotations.collect(), on=key, how="left")


@analysis(optional="track_annotations artist_annotations")
def own_columns(label, *, of: str = "track") -> pl.DataFrame:
    """Return what the own columns of tracks (or artists) offer.

    Returns
    -------
    column | kind (text, number, other) | values (texts, none when there are over 50) | low | high
    """
    table = f"{of}_annotations"
    schema = {
        "column": pl.String,
        "kind": pl.String,
        "values": pl.List(pl.String),
        "low": pl.Float64,
        "high": pl.Float64,
    }
    if not label.has(table):
        return pl.DataFrame(schema=schema)
    frame = label.table(table).drop(f"{of}_id")
    return pl.DataFrame([_offer(frame[name]) for name in sorted(frame.columns)], schema=schema)


def _offer(column: pl.Series) -> dict[str, object]:
    kind = "number" if column.dtype.is_numeric() else "text"
    values = column.cast(pl.String).drop_nulls().unique().sort().to_list()
    if kind == "number":
        # what an older version stored may be infinite, and no slider has such an end
        numbers = column.cast(pl.Float64)
        finite = numbers.filter(numbers.is_finite() & (numbers.abs() <= 2**53))
        bounds = (float(finite.min() or 0.0), float(finite.max() or 0.0))
        return {"column": column.name, "kind": kind, "values": [], "low": bounds[0],
                "high": bounds[1]}  # fmt: skip
    if len(values) > MOST_VALUES or column.dtype == pl.Date:
        kind, values = "other", []
    return {"column": column.name, "kind": kind, "values": values, "low": None, "high": None}
