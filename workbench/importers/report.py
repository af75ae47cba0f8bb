"""What came of an import: counts that add up, what was changed, and why a row was refused."""

from dataclasses import dataclass

import polars as pl

from workbench.importers.mapping import Mapping
from workbench.importers.records import personal
from workbench.importers.settling import Settled
from workbench.importers.sheet import REJECTED_BECAUSE, REJECTED_ROW, ROW, Sheet
from workbench.tables import table as titled

SHOWN = 8


@dataclass(frozen=True, eq=False)
class TableReport:
    """What came of a file's rows in one table.

    read = accepted + repaired + rejected.

    Attributes
    ----------
    table : its name. read : rows that the file offered. accepted : as they were. repaired : with
    a change that is told. rejected : with a reason. stored : rows that stand, one a key.
    repeated : rows that say again what another of the file says. kept : rows left out as the label
    knew the key already. again : plays that another import told already; each counts once.
    changed : rows of other imports that this one completed. replaced : rows
    of other imports that gave way. erased : rows of listeners who were erased.
    changes : column | change | rows | before | after.
    rejects : file_row | column | reason.
    """

    table: str
    read: int
    accepted: int
    repaired: int
    rejected: int
    stored: int
    repeated: int
    changes: pl.DataFrame
    rejects: pl.DataFrame
    kept: int = 0
    again: int = 0
    changed: int = 0
    replaced: int = 0
    erased: int = 0

    @property
    def reasons(self) -> pl.DataFrame:
        """Rejected rows by reason: column | reason | rows, most first."""
        counted = self.rejects.group_by("column", "reason").agg(
            pl.col(ROW).n_unique().alias("rows")
        )
        return counted.sort(["rows", "column", "reason"], descending=[True, False, False])


@dataclass(frozen=True, eq=False)
class ImportReport:
    """What came of a file.

    Attributes
    ----------
    file : its name. kept_as : the name without people, as the label keeps it. sha256 : of its
    bytes. title : what it was recognised as. source : what its
    rows are called in the store. tables : one report each. unused : columns that nothing reads.
    notes : what the reader had to decide. unchanged : whether the label held all of it already.
    held : sources of earlier imports that tell of the same money, which would count twice.
    """

    file: str
    kept_as: str
    sha256: str
    title: str
    source: str
    tables: tuple[TableReport, ...]
    unused: tuple[str, ...]
    notes: tuple[str, ...] = ()
    unchanged: bool = False
    held: tuple[str, ...] = ()

    @property
    def rejected(self) -> int:
        """Rejected rows of all tables."""
        return sum(table.rejected for table in self.tables)

    def lines(self) -> list[str]:
        """Return the report as text, one finding a line."""
        text = [f"{self.file}: {self.title}"]
        text += [f"  note: {note}" for note in self.notes]
        for table in self.tables:
            text += _table_lines(table)
        if self.unused:
            text.append(f"  columns not taken: {', '.join(self.unused)}")
        if self.unchanged:
            text.append("  nothing new: the label held all of this already")
        return text


def table_report(settled: Settled, again: int = 0) -> TableReport:
    """Return the report of one table before anything is stored.

    Parameters
    ----------
    settled : its rows. again : those that another import told already.
    """
    return TableReport(
        table=settled.records.rule.name,
        read=settled.read,
        accepted=settled.accepted,
        repaired=settled.repaired,
        rejected=settled.rejected,
        stored=settled.rows.height,
        repeated=settled.repeated,
        changes=settled.changes,
        rejects=settled.rejects,
        again=again,
    )


def rejected_rows(sheet: Sheet, mapping: Mapping, tables: list[TableReport]) -> pl.DataFrame:
    """Return the rejected rows as they stood in the file, to be corrected and brought again.

    Returns
    -------
    rejected row | rejected because | the columns of the file, without those that say who somebody
    is and that nothing reads. A row that did not have the header's
    shape stands in the first column as it was.
    """
    reason = pl.format("{}: {}", "column", "reason").str.strip_prefix(": ")
    rejects = [table.rejects.select(ROW, _of(table.table, reason).alias("why")) for table in tables]
    none = pl.DataFrame(schema={ROW: pl.Int64, "why": pl.String})
    because = (
        pl.concat([none, *rejects])
        .group_by(ROW)
        .agg(pl.col("why").unique(maintain_order=True).str.join("; "))
        .sort(ROW)
    )
    unread = [name for name in sheet.columns if name.casefold() not in mapping.used]
    private = [name for name in unread if personal(name)]
    cells = sheet.frame.drop({*sheet.added, *private}).join(because, on=ROW, how="semi")
    cells = cells.cast({pl.Categorical: pl.String})
    first = next((name for name in cells.columns if name != ROW), sheet.columns[0])
    broken = sheet.malformed.select(ROW, pl.col("text").alias(first))
    rows = pl.concat([cells, broken], how="diagonal")
    joined = because.join(rows, on=ROW, how="left", maintain_order="left")
    return joined.rename({ROW: REJECTED_ROW, "why": REJECTED_BECAUSE})


def _of(name: str, reason: pl.Expr) -> pl.Expr:
    return pl.format("{}: {}", pl.lit(titled(name).title), reason)


def _table_lines(table: TableReport) -> list[str]:
    text = [
        f"  {titled(table.table).title}: {table.read:,} {_rows(table.read)} read = "
        f"{table.accepted:,} accepted + {table.repaired:,} repaired + {table.rejected:,} rejected"
    ]
    details = (
        (table.stored, "row stands" if table.stored == 1 else "rows stand"),
        (table.repeated, "say again what another row says"),
        (table.kept, "left out: the label knew them already"),
        (table.again, "told by another import already, each counts once"),
        (table.changed, f"{_rows(table.changed)} of earlier imports changed"),
        (table.replaced, f"{_rows(table.replaced)} of earlier imports replaced"),
        (table.erased, f"{_rows(table.erased)} of erased listeners left out"),
    )
    text.append("    " + ", ".join(f"{count:,} {words}" for count, words in details if count))
    for column, change, rows, before, after in table.changes.head(SHOWN).iter_rows():
        example = "" if before is None else f" (“{before}” → {_shown(after)})"
        text.append(f"    repaired {rows:,}: {column}: {change}{example}")
    for column, reason, rows in table.reasons.head(SHOWN).iter_rows():
        text.append(f"    rejected {rows:,}: {column + ' ' if column else 'the row '}{reason}")
    more = max(0, table.reasons.height - SHOWN) + max(0, table.changes.height - SHOWN)
    if more:
        text.append(f"    and {more:,} more kinds of findings")
    return [line for line in text if line.strip()]


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


def _shown(value: str | None) -> str:
    return "empty" if value is None else f"“{value}”"
