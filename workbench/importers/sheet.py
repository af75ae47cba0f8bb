"""A tabular file as text: named columns of cells, each row with its place in the file."""

from dataclasses import dataclass, field

import polars as pl

from workbench.errors import BadInput

ROW = "file_row"
# Columns that our own file of rejected rows adds; they are left out when it is dropped again.
REJECTED_ROW, REJECTED_BECAUSE = "rejected row", "rejected because"
# That file has a ' before each cell that a spreadsheet would run as a formula.
GUARDED = r"^'([=+\-@\t\r\n＝＋－＠])"
MALFORMED = pl.Schema({ROW: pl.Int64(), "reason": pl.String(), "text": pl.String()})
REFUSED = pl.Schema({ROW: pl.Int64(), "column": pl.String(), "reason": pl.String()})
# A recording in doubt beside each track that it may be; those of the track begin with “of_”.
SAID = {"title": pl.String(), "version": pl.String(), "artist": pl.String(), "isrc": pl.String()}
DOUBTFUL = pl.Schema(
    {
        "decision": pl.String(),
        "said": pl.String(),
        **SAID,
        "duration_ms": pl.Int64(),
        "rows": pl.Int64(),
        "place": pl.Int64(),
        "track_id": pl.String(),
        **{f"of_{name}": kind for name, kind in SAID.items()},
        "of_release_date": pl.Date(),
        "of_duration_ms": pl.Int64(),
        "score": pl.Float64(),
        "doubt": pl.String(),
    }
)
DECIDED = pl.Schema({ROW: pl.Int64(), "decision": pl.String(), "made": pl.Boolean()})


@dataclass(frozen=True)
class Limits:
    """What a file may hold; checked before it is read as a table.

    Attributes
    ----------
    bytes : of the file. expanded : bytes once unpacked. rows, columns : of the table.
    cell : characters of one cell.
    """

    bytes: int = 500_000_000
    expanded: int = 1_000_000_000
    rows: int = 20_000_000
    columns: int = 500
    cell: int = 1_000_000


@dataclass(frozen=True)
class Reading:
    """How a file is to be read, where a person or a mapping knows better than a guess.

    Attributes
    ----------
    encoding : name of a text encoding. delimiter : one character. quotes : False where a quote
    is a character like any other. sheet : of a spreadsheet.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quotes: bool = True
    sheet: str | None = None


AS_IT_COMES = Reading()


@dataclass(frozen=True, eq=False)
class Sheet:
    """What a file says, before anything is understood of it.

    Attributes
    ----------
    frame : file_row (as a person counts: the header is row 1) and one text column per header.
    malformed : file_row | reason | text, rows that do not have the header's shape.
    delimiter : that parts the cells, None where the file needs none.
    notes : what the reader had to decide. added : columns that are not the file's but ours.
    taken : columns that those were made from. unread : columns that were not even read.
    refused : file_row | column | reason, rows that can be read and are yet nothing for us.
    doubtful : recordings that a person must decide on, one row each track that they may be.
    decided : file_row | decision (its key) | made (a new track): rows whose recording a person
    decided on. order : column of the frame that names the order of a row; an order stands whole.
    corrected : it is our own file of rejected rows, dropped again.
    """

    frame: pl.DataFrame
    malformed: pl.DataFrame
    delimiter: str | None = None
    notes: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    refused: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REFUSED))
    doubtful: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DOUBTFUL))
    decided: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DECIDED))
    order: str = ""
    corrected: bool = False

    @property
    def columns(self) -> list[str]:
        """The header, without the row numbers."""
        return [name for name in self.frame.columns if name != ROW]

    @property
    def rows(self) -> int:
        """Rows of the file, the malformed ones included."""
        return self.frame.height + self.malformed.height


def header_names(cells: list[str | None], file: str, limits: Limits) -> list[str]:
    """Return the names of the columns; one without a name is called by its place.

    Raises
    ------
    BadInput
        There are none, too many, or one stands twice.
    """
    if len(cells) > limits.columns:
        raise BadInput(
            f"{file} has {len(cells):,} columns; at most {limits.columns:,} are read. "
            "Take out those that are not needed."
        )
    names = [" ".join((cell or "").split()) for cell in cells]
    if not any(names):
        raise BadInput(f"{file} has no header: its first row is empty. Add the column names.")
    names = [name or f"column {place}" for place, name in enumerate(names, 1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(
            f"{file} has columns that stand twice: {', '.join(twice)}. "
            "Rename one of each, so that it is known which one counts."
        )
    if ROW in names:
        raise BadInput(f"{file} has a column named {ROW}, which is ours; rename it.")
    return names


def finished(
    frame: pl.DataFrame, malformed: pl.DataFrame, file: str, limits: Limits,
    delimiter: str | None = None, notes: tuple[str, ...] = (),
) -> Sheet:  # fmt: skip
    """Return the sheet of rows that were read: empty cells null, empty rows left out.

    Raises
    ------
    BadInput
        There is no row below the header.
    """
    names = [name for name in frame.columns if name != ROW]
    ours = [name for name in names if name in (REJECTED_ROW, REJECTED_BECAUSE)]
    frame, names = frame.drop(ours), [name for name in names if name not in ours]
    if ours:
        frame = frame.with_columns(pl.col(names).str.replace(GUARDED, "${1}"))
    texts = [pl.when(pl.col(n) != "").then(pl.col(n)).alias(n) for n in names]
    frame = frame.with_columns(texts)
    blank = pl.all_horizontal(pl.col(names).is_null() | (pl.col(names).str.strip_chars() == ""))
    kept = frame.filter(~blank)
    bad = pl.any_horizontal(
        pl.col(names).str.contains("\0", literal=True)
        | (pl.col(names).str.len_chars() > limits.cell)
    ).fill_null(False)
    broken = kept.filter(bad)
    if not broken.is_empty():
        kept = kept.filter(~bad)
        reason = pl.lit("has a cell that holds a zero byte or is longer than a cell may be")
        shown = pl.concat_str(names, separator="; ", ignore_nulls=True).str.replace_all("\0", "�")
        rows = broken.select(ROW, reason.alias("reason"), shown.str.head(500).alias("text"))
        malformed = pl.concat([malformed, rows.cast(MALFORMED)]).sort(ROW)
    if kept.is_empty() and malformed.is_empty():
        raise BadInput(f"{file} has a header and no rows. Is it the export that you meant?")
    empty = frame.height - kept.height - broken.height
    if empty:
        notes = (*notes, f"{empty:,} empty {'row' if empty == 1 else 'rows'} passed over")
    return Sheet(kept, malformed, delimiter, notes, corrected=bool(ours))


def checked_rows(rows: int, file: str, limits: Limits) -> None:
    """Raise BadInput where a file has more rows than are read at once."""
    if rows > limits.rows:
        raise BadInput(
            f"{file} has {rows:,} rows; at most {limits.rows:,} are read at once. "
            "Split it, for example by year."
        )


def checked_size(size: int, file: str, limits: Limits) -> None:
    """Raise BadInput where a file grows to more bytes than are unpacked."""
    if size > limits.expanded:
        raise BadInput(
            f"{file} grows to {size / 1e6:,.0f} MB when unpacked; at most "
            f"{limits.expanded / 1e6:,.0f} MB are read."
        )
