"""Months of plays that several imports brought: one file, which says by whom each row came.

So any of the imports can be taken back on its own; a play that another one brought as well stays.
"""

import polars as pl

from workbench.store.slices import IMPORTS
from workbench.tables import Table

# Stands for all imports of a month that was merged before files said by whom a row came.
SEVERAL = "several"


def is_shared(kind: Table) -> bool:
    """Tell whether the rows of a table are kept one file a month, whoever brought them."""
    return kind.name == "plays"


def by_month(kind: Table, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the rows of each file: plays are kept one a month, every other table one a source."""
    if not is_shared(kind) or frame.is_empty():
        return {"": frame}
    month = frame.with_columns(pl.col("played_at").dt.strftime("%Y-%m").alias("_month"))
    parts = month.partition_by("_month", as_dict=True, include_key=False)
    return {period: rows for (period,), rows in sorted(parts.items())}


def merged(
    kind: Table, rows: pl.DataFrame, source: str, old: pl.DataFrame, origin: str
) -> pl.DataFrame:
    """Return rows of an import with those that stand, and by which imports each came.

    Parameters
    ----------
    kind : the table. rows, source : what comes, and of which import. old, origin : what stands,
        with `imports` where several brought it, and of which import where one did.
    """
    if IMPORTS not in old.columns:
        old = old.with_columns(_only(origin).alias(IMPORTS))
    earlier = pl.col(IMPORTS).list
    before, behind = earlier.filter(pl.element() < source), earlier.filter(pl.element() > source)
    # in order of their names, put together so because to sort short lists takes Polars seconds
    by = pl.concat_list(before, _only(source), behind).fill_null(_only(source))
    rows = rows.join(old.select(*kind.key, IMPORTS), on=kind.key, how="left").with_columns(
        by.alias(IMPORTS)
    )
    kept = old.join(rows, on=kind.key, how="anti")
    return pl.concat([kept, rows.select(kept.columns)])


def without(rows: pl.DataFrame, source: str) -> tuple[pl.DataFrame, str]:
    """Return rows that others than one import brought, and whose they are.

    Where only one other is left, they are as if nobody else had ever brought any.
    """
    rest = pl.col(IMPORTS).list.filter(pl.element() != source)
    kept = rows.with_columns(rest).filter(pl.col(IMPORTS).list.len() > 0)
    whose = kept[IMPORTS].unique().to_list()
    if len(whose) == 1 and len(whose[0]) == 1:
        return kept.drop(IMPORTS), whose[0][0]
    return kept, SEVERAL


def _only(source: str) -> pl.Expr:
    return pl.lit([source], pl.List(pl.String))
