"""Orders stand whole: where one line of an order is refused, all of its rows are, in all tables.

What was refused is corrected and brought again. A part that stood already would then count twice,
as a line of a statement is known by its place in its file, or give way to another line, as a line
of an order is known by its place in the order.
"""

import datetime
from dataclasses import replace

import polars as pl

from workbench.importers.mapping import REPLACE
from workbench.importers.settling import Settled, settled
from workbench.importers.sheet import REFUSED, ROW, Sheet

REASON = "belongs to an order of which a line is refused, and orders stand whole"


def orders_whole(decided: list[Settled], sheet: Sheet, now: datetime.datetime) -> list[Settled]:
    """Return what came of the rows of a file, without parts of orders.

    Parameters
    ----------
    decided : table by table; those that a file names in passing stay as they are. sheet : of the
    file; its `order` says which rows belong together. now : no event may lie a day after it.
    """
    if not sheet.order:
        return decided
    counted = [one for one in decided if one.records.rule.existing == REPLACE]
    bad = pl.concat([one.rejects[ROW] for one in counted])
    lines = sheet.frame.select(ROW, order=sheet.order)
    gone = pl.col(ROW).is_in(bad.implode())
    orders = lines.filter(gone)["order"].drop_nulls().unique()
    rows = lines.filter(gone | pl.col("order").is_in(orders.implode()).fill_null(value=False))
    if rows.is_empty():
        return decided
    return [_without(one, rows[ROW], sheet, now) if one in counted else one for one in decided]


def _without(one: Settled, rows: pl.Series, sheet: Sheet, now: datetime.datetime) -> Settled:
    others = rows.filter(~rows.is_in(one.rejects[ROW].implode()))
    if others.is_empty():
        return one
    more = others.to_frame().with_columns(column=pl.lit(""), reason=pl.lit(REASON)).cast(REFUSED)
    return settled(one.records, replace(sheet, refused=pl.concat([sheet.refused, more])), now)
