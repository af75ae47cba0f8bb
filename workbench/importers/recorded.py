"""Rows of a file together with the recordings that they name."""

from dataclasses import replace

import polars as pl

from workbench.dataset import Dataset
from workbench.importers.mapping import TableRule
from workbench.importers.recordings_named import TRACK, recordings_named
from workbench.importers.sheet import REFUSED, ROW, Sheet

UNNAMED = "names no recording: the title or the artist is missing"
UNSURE = "which recording this is has to be confirmed first"


def recorded(
    sheet: Sheet, rows: dict[str, pl.Expr], label: Dataset, source: str, *, refusing: bool = True
) -> tuple[Sheet, tuple[TableRule, ...]]:
    """Return a sheet with the track of each row, and the rules that make the tracks that are new.

    Rows that name no recording, or one in doubt, are refused: nothing is merged silently.

    Parameters
    ----------
    sheet : the file. rows : title, artist, and what there is of isrc, version, album, upc, label
        and duration_ms, each as an expression over its columns.
    label : whose tracks they may be. source : of this import. refusing : False where rows are
        of money, which counts whatever it was for.
    """
    # what is refused already names nothing, or its row would take the track with it
    others = ~pl.col(ROW).is_in(sheet.refused[ROW].implode())
    said = sheet.frame.filter(others).select(ROW, **rows)
    named = recordings_named(said.drop(ROW), label, source)
    columns = said.select(ROW).hstack(named.columns)
    blank = pl.any_horizontal(pl.col("title", "artist").str.strip_chars().fill_null("") == "")
    lost = said.with_columns(named.columns[TRACK])
    lost = lost.filter(pl.lit(refusing) & pl.col(TRACK).is_null())
    reason = pl.when(blank).then(pl.lit(UNNAMED)).otherwise(pl.lit(UNSURE))
    found = lost.select(ROW, column=pl.lit(""), reason=reason).cast(REFUSED)
    made = named.beside(replace(sheet, frame=said.select(ROW)))
    return replace(
        made,
        frame=sheet.frame.join(columns, on=ROW, how="left", maintain_order="left"),
        notes=(*sheet.notes, *named.notes),
        added=(*sheet.added, *named.columns.columns),
        taken=(*sheet.taken, *(n for expr in rows.values() for n in expr.meta.root_names())),
        refused=pl.concat([sheet.refused, found]),
    ), named.rules
