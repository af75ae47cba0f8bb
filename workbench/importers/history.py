"""Past imports: who brought which file when, what came of it, and taking it back."""

import polars as pl

from workbench.dataset import Dataset
from workbench.importers.report import ImportReport
from workbench.settings import settings
from workbench.store import state
from workbench.store.change import change


def record(label: Dataset, report: ImportReport) -> None:
    """Note who brought which file, and what became of its rows in each table."""
    if report.unchanged:
        return
    for one in report.tables:
        state.record(
            label.home,
            state.Import,
            user=settings().current_user,
            file=report.file,
            sha256=report.sha256,
            source=report.source,
            table=one.table,
            rows_read=one.read,
            accepted=one.accepted,
            repaired=one.repaired,
            rejected=one.rejected,
        )


def undo(label: Dataset, source: str) -> int:
    """Take back all that an import wrote; return the number of rows.

    Rows of other imports that it replaced do not come back; bring their files again.

    Raises
    ------
    BadInput
        Its plays were merged with those of other imports.
    """
    with change(label.folder, home=label.home) as writing:
        rows = writing.drop(source=source)
    state.log_access(label.home, settings().current_user, "import taken back", source)
    return rows


def history(label: Dataset) -> pl.DataFrame:
    """Return the imports of a label, newest first.

    Returns
    -------
    at | user | file | table | rows_read | accepted | repaired | rejected | standing (rows that are
    still the label's; null where plays were merged) | sha256 | source
    """
    standing = {
        (entry.table, entry.source): entry.rows
        for entry in label.manifest.slices
        if not entry.period
    }
    past = state.rows(label.home, state.Import)
    merged = pl.col("table") == "plays"
    rows = [standing.get(key, 0) for key in past.select("table", "source").iter_rows()]
    columns = ("at", "user", "file", "table", "rows_read", "accepted", "repaired", "rejected")
    return (
        past.with_columns(pl.Series("standing", rows, pl.Int64))
        .with_columns(pl.when(~merged).then(pl.col("standing")).alias("standing"))
        .sort("id", descending=True)
        .select(*columns, "standing", "sha256", "source")
    )
