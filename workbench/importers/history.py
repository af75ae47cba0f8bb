"""Past imports: who brought which file when, what came of it, and taking it back."""

import polars as pl

from workbench.dataset import Dataset
from workbench.importers import changed_cells
from workbench.importers.report import ImportReport
from workbench.settings import settings
from workbench.store import state
from workbench.store.change import change
from workbench.store.slices import IMPORTS, scan, whole
from workbench.tables import table


def record(label: Dataset, report: ImportReport) -> None:
    """Note who brought which file, and what became of its rows in each table."""
    if report.unchanged:
        return
    for one in report.tables:
        state.record(
            label.home,
            state.Import,
            user=settings().current_user,
            file=report.kept_as,
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

    Plays that another import brought as well stay. Rows of other imports that it replaced do not
    come back; bring their files again. What it changed in tracks of other imports is put
    back, where nothing has changed it since.

    Raises
    ------
    BadInput
        An earlier version merged its plays with those of other imports.
    """
    with change(label.folder, home=label.home) as writing:
        rows = writing.drop(source=source)
        changed_cells.put_back(writing, label, source)
    changed_cells.forget(label, source)
    state.log_access(label.home, settings().current_user, "import taken back", source)
    return rows


def nameless(label: Dataset, source: str) -> int:
    """Return how many rows of other imports name tracks that go when this one is taken back."""
    mine = [entry for entry in label.manifest.of("tracks") if entry.source == source]
    if not mine:
        return 0
    tracks = scan(label.folder, table("tracks"), mine).select("track_id").collect()["track_id"]
    count = 0
    for entry in label.manifest.slices:
        kind = table(entry.table)
        columns = kind.polars_schema.names()
        if kind.name == "tracks" or entry.source == source:
            continue
        if "track_id" in columns:
            named = pl.col("track_id").is_in(tracks.implode())
        elif "entity_id" in columns:
            named = (pl.col("entity") == "track") & pl.col("entity_id").is_in(tracks.implode())
        else:
            continue
        rows = scan(label.folder, kind, [entry])
        if entry.imports:
            alone = pl.col(IMPORTS) == pl.lit([source], pl.List(pl.String))
            rows = whole(label.folder, kind, entry).lazy().filter(~alone)
        count += rows.filter(named).select(pl.len()).collect().item()
    return count


def history(label: Dataset) -> pl.DataFrame:
    """Return the imports of a label, newest first.

    Returns
    -------
    at | user | file | table | rows_read | accepted | repaired | rejected | standing (rows that are
    the label's by this import alone; null where an earlier version merged plays) | sha256 | source
    """
    standing = label.manifest.standing()
    past = state.rows(label.home, state.Import)
    merged = (pl.col("table") == "plays") & pl.col("source").is_in(list(label.manifest.merged))
    rows = [standing.get(key, 0) for key in past.select("table", "source").iter_rows()]
    columns = ("at", "user", "file", "table", "rows_read", "accepted", "repaired", "rejected")
    return (
        past.with_columns(pl.Series("standing", rows, pl.Int64))
        .with_columns(pl.when(~merged).then(pl.col("standing")).alias("standing"))
        .sort("id", descending=True)
        .select(*columns, "standing", "sha256", "source")
    )
