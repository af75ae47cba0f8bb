"""What a page shows of an import before it is stored: counts, findings, first rows."""

import polars as pl

from workbench.importers.run import Planned
from workbench.importers.settling import Settled
from workbench.tables import table

FIRST_ROWS = 8
ENTITIES = ("track_id", "entity_id", "artist_id", "listener_id", "campaign_id", "product_id")


def overview(planned: Planned) -> pl.DataFrame:
    """Return the counts by table.

    Returns
    -------
    table | read | accepted | repaired | rejected | stand | things (tracks, artists or listeners) |
    first | last (day)
    """
    rows = [
        (
            one.records.rule.name.replace("_", " "),
            *(one.read, one.accepted, one.repaired, one.rejected, one.rows.height),
            _things(one.rows),
            *_days(one),
        )
        for one in planned.settled
    ]
    counts = ("read", "accepted", "repaired", "rejected", "stand", "things")
    schema = {"table": pl.String, **dict.fromkeys(counts, pl.Int64)}
    return pl.DataFrame(rows, schema={**schema, "first": pl.Date, "last": pl.Date}, orient="row")


def findings(planned: Planned) -> pl.DataFrame:
    """Return what was changed or refused, with the number of rows.

    Returns
    -------
    table | outcome (repaired, rejected) | column | finding | rows | example
    """
    parts = []
    for one, report in zip(planned.settled, planned.report.tables, strict=True):
        name = pl.lit(one.records.rule.name.replace("_", " ")).alias("table")
        after = pl.col("after").fill_null("empty")
        parts += [
            report.reasons.select(
                name, pl.lit("rejected").alias("outcome"), "column",
                pl.col("reason").alias("finding"), pl.col("rows").cast(pl.Int64),
                pl.lit(None, pl.String).alias("example"),
            ),
            one.changes.select(
                name, pl.lit("repaired").alias("outcome"), "column",
                pl.col("change").alias("finding"), "rows",
                pl.concat_str("before", pl.lit(" → "), after).alias("example"),
            ),
        ]  # fmt: skip
    return pl.concat(parts)


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
    day = one.rows[dated].dt.date()
    return day.min(), day.max()
