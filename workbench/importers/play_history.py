"""What listening histories share: a play is a listener, a recording and a time.

Every history becomes `plays` and, through matching, the tracks and artists that it names.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from workbench.errors import BadInput
from workbench.importers import dates, json_rows, reading
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.json_rows import Shape
from workbench.importers.mapping import ZONE, ColumnRule, Mapping, Question, TableRule
from workbench.importers.recorded import recorded
from workbench.importers.recordings_named import TRACK
from workbench.importers.sheet import REFUSED, ROW, Sheet

WHO = Question(
    "listener",
    "Whose plays are these? A user name, number or e-mail: only a keyed pseudonym of it is kept.",
)
ELSE_WHO = Question(
    WHO.name,
    "The file says whose plays these are. Where plays of the same person came in by another name, "
    "say that name, so that what both tell counts once; else leave it open.",
    optional=True,
)
WHERE = Question(
    "zone", "In which time zone was the player's clock? For example Europe/Berlin, or UTC.", ZONE
)
STARTED = "→ played_at"
LONGEST_MS = 7 * 24 * 3_600_000


@dataclass(frozen=True)
class History:
    """A kind of listening history.

    Attributes
    ----------
    name, title, about : of its mapping. started : rule of the time when a play began.
    played, skipped : rules of the milliseconds played and of the truth value.
    listener : column that names the listener, where one does, unless somebody says another name;
    else it is asked.
    zoned : whether times lie in a time zone that is asked for.
    """

    name: str
    title: str
    started: ColumnRule
    played: ColumnRule | None = None
    skipped: ColumnRule | None = None
    listener: str | None = None
    about: str = ""
    zoned: bool = False


def understood(
    incoming: Incoming, sheet: Sheet, history: History, named: dict[str, pl.Expr]
) -> Understood:
    """Return how a history is understood.

    Parameters
    ----------
    incoming : the file. sheet : its plays. history : what they mean. named : title, artist, and
    what there is of isrc and album, as expressions over the sheet.
    """
    asked = (ELSE_WHO if history.listener else WHO,)
    asked = (*asked, WHERE) if history.zoned else asked
    mapping = Mapping(
        name=history.name,
        title=history.title,
        source=history.name.replace("_", "-"),
        header=tuple(sheet.columns),
        tables=(),
        questions=asked,
        about=history.about,
    )
    completed = partial(_completed, incoming, sheet, history, named, mapping)
    return Understood(sheet, mapping, completed=completed)


def _completed(
    incoming: Incoming, sheet: Sheet, history: History, named: dict[str, pl.Expr],
    mapping: Mapping, answers: dict[str, str],
) -> Understood:  # fmt: skip
    source = incoming.stored_as(mapping.source)
    made, rules = recorded(sheet, named, incoming.label, source)
    if history.listener and WHO.name not in answers:
        who = ColumnRule(column=(history.listener,))
    else:
        who = ColumnRule(answer=WHO.name)
    columns = {
        "listener_id": who,
        "track_id": ColumnRule(column=(TRACK,)),
        "played_at": replace(history.started, zone=answers.get(WHERE.name, "UTC")),
        "source": ColumnRule(constant="unknown"),
    }
    if history.played:
        columns["ms_played"] = history.played
    if history.skipped:
        columns["skipped"] = history.skipped
    plays = TableRule("plays", tuple(columns.items()))
    return Understood(made, replace(mapping, tables=(plays, *rules)))


def read_json(incoming: Incoming, shape: Shape) -> Sheet | None:
    """Return the rows of this shape: of JSON files, of a zip of them, or of our rejected rows.

    Columns of the shape that a table lacks are empty.
    """
    source = incoming.source
    names = json_rows.fitting(source, shape)
    if names:
        sheet = json_rows.sheet(source, names, shape)
        return replace(sheet, notes=(*sheet.notes, *json_rows.others(source, names)))
    try:
        table = reading.kind(source) in ("text", "spreadsheet")
    except BadInput:
        return None
    sheet = incoming.sheet if table else None
    if sheet is None:
        return None
    keys = {key for name in sheet.columns for key in name.split(".")}
    if not (shape.needed <= keys or set(shape.cells) <= set(sheet.columns)):
        return None
    absent = [name for name in shape.cells if name not in sheet.columns]
    empty = [pl.lit(None, pl.String).alias(name) for name in absent]
    return replace(sheet, frame=sheet.frame.with_columns(empty), added=(*sheet.added, *absent))


def begun(sheet: Sheet, ended: str, played: str, form: str) -> Sheet:
    """Add when a play began, in milliseconds since 1970: when it ended less its length.

    Parameters
    ----------
    sheet : the plays. ended : column of the time when a play ended. played : column of its
    milliseconds. form : how the time is written, as strptime has it.
    """
    frame = sheet.frame
    times = pl.col(ended).str.to_datetime(form, strict=False, time_unit="ms", time_zone="UTC")
    read = frame.select(ROW, text=ended, time=times, ms=whole(played))
    if read["time"].null_count() > read["text"].null_count():
        otherwise = dates.moment(pl.col("text")).value
        read = read.with_columns(pl.coalesce("time", otherwise))
    length = pl.when(pl.col("ms").is_between(0, LONGEST_MS)).then("ms").otherwise(0)
    started = pl.col("time").dt.epoch("ms") - length
    unread = read.filter(pl.col("time").is_null() & pl.col("text").is_not_null())
    said = {"column": pl.lit(ended), "reason": pl.lit("is no time")}
    return replace(
        sheet,
        frame=frame.with_columns(read.select(started.cast(pl.String).alias(STARTED))),
        added=(*sheet.added, STARTED),
        taken=(*sheet.taken, ended),
        refused=pl.concat([sheet.refused, unread.select(ROW, **said).cast(REFUSED)]),
    )


def derived(sheet: Sheet, name: str, column: str, made: Callable[[str], str | None]) -> Sheet:
    """Add a column made from another, each distinct text worked out once."""
    texts = sheet.frame[column].drop_nulls().unique()
    said = pl.DataFrame(
        {column: texts, name: [made(text) for text in texts]}, {column: pl.String, name: pl.String}
    )
    frame = sheet.frame.join(said, on=column, how="left", maintain_order="left")
    taken = (*sheet.taken, column)
    return replace(sheet, frame=frame, added=(*sheet.added, name), taken=taken)


def whole(column: str) -> pl.Expr:
    """Return a column of text as whole numbers, null where it holds none."""
    return pl.col(column).str.strip_chars().cast(pl.Int64, strict=False)


def taking(sheet: Sheet, *columns: str) -> Sheet:
    """Return a sheet of which these columns count as read."""
    return replace(sheet, taken=(*sheet.taken, *columns))


def refused(sheet: Sheet, rows: pl.Expr, reason: str) -> Sheet:
    """Return a sheet with these rows refused, unless they are already."""
    kept = ~pl.col(ROW).is_in(sheet.refused[ROW].implode())
    found = sheet.frame.filter(rows & kept).select(ROW, column=pl.lit(""), reason=pl.lit(reason))
    return replace(sheet, refused=pl.concat([sheet.refused, found.cast(REFUSED)]))
