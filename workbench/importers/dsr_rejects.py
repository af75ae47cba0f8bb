"""Lines of a DDEX sales report that were rejected, corrected and are brought again, as a table.

They stand as they were joined, with what the report's first record says on each line: a line alone
names neither its summary nor its resource.
"""

import polars as pl

from workbench.errors import BadInput
from workbench.importers import reading
from workbench.importers.incoming import Incoming
from workbench.importers.sheet import REFUSED, ROW, Sheet

HEAD = ("start", "end", "sender")
NAMING = ("isrc", "upc", "title", "release")
NO_RECORDING = "names no recording; fill in the ISRC, or the title and the artist"
NO_SUMMARY = "says no territory; fill in what the line's summary would say, with the currency"


def corrected(incoming: Incoming, columns: tuple[str, ...]) -> Sheet | None:
    """Return the lines of a file of rejected rows; None where it is none of a sales report.

    Parameters
    ----------
    incoming : the file. columns : that a line of a report has.
    """
    try:
        if reading.kind(incoming.source) not in ("text", "spreadsheet"):
            return None
    except BadInput:
        return None
    sheet = incoming.sheet
    if sheet is None or not {*columns, *HEAD} <= set(sheet.columns):
        return None
    empty = pl.all_horizontal(pl.col(NAMING).is_null()) & (pl.col("use") != "summary")
    refused = sheet.frame.select(
        ROW,
        column=pl.lit(""),
        reason=pl.when(empty.fill_null(value=True))
        .then(pl.lit(NO_RECORDING))
        .when(pl.col("territory").is_null())
        .then(pl.lit(NO_SUMMARY)),
    )
    texts = [pl.col(name).cast(pl.Categorical) for name in sheet.columns]
    return Sheet(
        sheet.frame.with_columns(texts),
        sheet.malformed,
        notes=sheet.notes,
        refused=refused.drop_nulls("reason").cast(REFUSED),
        corrected=sheet.corrected,
    )


def head_of(sheet: Sheet, file: str) -> dict[str, str]:
    """Return what the first record of the report said.

    Raises
    ------
    BadInput
        Lines of several reports are mixed, or none says of which days it is.
    """
    heads = sheet.frame.select(pl.col(HEAD).cast(pl.String)).unique().drop_nulls()
    if heads.height != 1:  # what was no record at all has none
        raise BadInput(
            f"{file} holds rejected lines of a sales report, which say of which days (start, end) "
            f"and sender they are, and there are {heads.height} answers. Fill them in as they "
            "were, and bring the lines of each report in a file of its own."
        )
    return heads.row(0, named=True)
