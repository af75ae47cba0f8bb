"""What a page shows of an import before it is stored: counts, findings, first rows."""

import polars as pl

from workbench.importers.run import Planned
from workbench.importers.settling import Settled, original
from workbench.importers.sheet import ROW
from workbench.tables import table

FIRST_ROWS = 8
ENTITIES = ("track_id", "entity_id", "artist_id", "listener_id", "campaign_id", "product_id")
# A row of these tables tells of a span: it is dated by its last day, and begins with this one.
BEGAN = {"sale_end": "sale_start", "window_end": "window_start"}


def overview(planned: Planned) -> pl.DataFrame:
    """Return the counts by table.

    Returns
    -------
    table | read | accepted | repaired | rejected | stand | again (of those, told by another import
    already; where any are) | things (tracks, artists or listeners) | first | last (days; where a
    table has any)
    """
    rows = [
        (
            table(one.records.rule.name).title,
            *(one.read, one.accepted, one.repaired, one.rejected, one.rows.height),
            report.again or None,
            _things(one.rows),
            *_days(one),
        )
        for one, report in zip(planned.settled, planned.report.tables, strict=True)
    ]
    counts = ("read", "accepted", "repaired", "rejected", "stand", "again", "things")
    schema = {"table": pl.String, **dict.fromkeys(counts, pl.Int64)}
    days = {"first": pl.Date, "last": pl.Date}
    frame = pl.DataFrame(rows, schema={**schema, **days}, orient="row")
    return frame.drop([name for name in ("again", *days) if frame[name].is_null().all()])


def findings(planned: Planned) -> pl.DataFrame:
    """Return what was changed or refused, with the number of rows.

    Returns
    -------
    table | outcome (repaired, rejected) | column | finding | rows | example
    """
    parts = []
    for one in planned.settled:
        name = table(one.records.rule.name).title
        for column, finding, rows, first in _reasons(one).iter_rows():
            said = _said(planned, one, column, first)
            parts.append((name, "rejected", column, finding, rows, said))
        for column, finding, rows, before, after in one.changes.iter_rows():
            said = "" if before is None else f"{before} → {'empty' if after is None else after}"
            parts.append((name, "repaired", column, finding, rows, said))
    names = ("table", "outcome", "column", "finding", "rows", "example")
    types = {name: pl.Int64 if name == "rows" else pl.String for name in names}
    return pl.DataFrame(parts, schema=types, orient="row")


def _reasons(one: Settled) -> pl.DataFrame:
    """Return column | reason | rows | file_row of the first, most rows first."""
    return (
        one.rejects.group_by("column", "reason")
        .agg(pl.col(ROW).n_unique().cast(pl.Int64).alias("rows"), pl.col(ROW).min())
        .sort(["rows", "column", "reason"], descending=[True, False, False])
    )


def _said(planned: Planned, one: Settled, column: str, row: int) -> str:
    """Return what the file says where a row was refused; nothing of people."""
    if column == table(one.records.rule.name).listener:
        return ""
    sheet = planned.understood.sheet
    if not column:
        return sheet.malformed.filter(pl.col(ROW) == row)["text"].first() or ""
    own = (column,) if column in sheet.columns else ()
    return original(sheet, row, one.records.origins.get(column, own)) or ""


def first_rows(one: Settled) -> pl.DataFrame:
    """Return the first rows as they will be stored; long text is cut."""
    shown = one.rows.head(FIRST_ROWS)
    texts = [name for name, dtype in shown.schema.items() if dtype == pl.String]
    return shown.with_columns(pl.col(texts).str.head(80))


def _things(rows: pl.DataFrame) -> int | None:
    named = [name for name in ENTITIES if name in rows.columns]
    return rows[named[0]].n_unique() if named else None


def _days(one: Settled) -> tuple[object, object]:
    dated = table(one.records.rule.name).dated
    if dated not in one.rows.columns or one.rows.is_empty():
        return None, None
    began = BEGAN.get(dated, dated)
    began = began if began in one.rows.columns else dated
    return one.rows[began].dt.date().min(), one.rows[dated].dt.date().max()
