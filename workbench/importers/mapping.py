"""A mapping says which columns of a file fill which columns of our tables.

It is a TOML file (see profiles.py), or what the wizard of the Import page makes. The vocabulary is
small and declared here; docs/formats.md explains it to users.
"""

from dataclasses import dataclass

from workbench.errors import BadInput
from workbench.importers.sheet import AS_IT_COMES, Reading
from workbench.tables import Table, table

KEEP, COMPLETE, REPLACE = EXISTING = ("keep", "complete", "replace")
TEXT, SONG, ARTIST, DAY, ZONE, CHOICE = KINDS = (
    "text", "song", "artist", "day", "zone", "choice",
)  # fmt: skip
# Where a table says of which track its rows are, and what may be said of a recording instead.
REFERENCE = {
    "daily_streams": "entity_id", "window_totals": "entity_id", "listening_counts": "entity_id",
    "plays": "track_id", "playlist_spells": "track_id", "lyrics": "track_id",
    "campaigns": "track_id", "lift_tests": "track_id",
}  # fmt: skip
MONEY = {"statements", "campaigns"}  # their rows stand, whatever recording they are of
# What the file and the mapping tell of themselves (statements_mapped.py).
OF_FILE = {"statements": ("file_hash", "source_row", "source_file", "source")}
RECORDING = ("title", "artist", "isrc", "version", "track_id")


@dataclass(frozen=True)
class ColumnRule:
    """Where the values of one column come from, and how they are written.

    Attributes
    ----------
    column : of the file; several are joined. joiner : between them. constant : the same for every
    row. answer : name of a question whose answer is the same for every row.
    prefix : put before an identifier. values : what the file says, and what we say instead.
    missing : further texts that stand for nothing. dates : forms of days or times. zone : of times
    that name none. epoch : “s” or “ms” since 1970. plus_days : added to a day.
    decimal : the decimal sign. multiply : numbers by this. decimals : digits that are enough.
    split : what parts a list. pseudonymise : a person's name becomes a keyed pseudonym.
    else_empty : a value that cannot be read is left empty, not refused with its row.
    """

    column: tuple[str, ...] = ()
    joiner: str = " "
    constant: str | None = None
    answer: str | None = None
    prefix: str = ""
    values: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    zone: str = "UTC"
    epoch: str | None = None
    plus_days: int = 0
    decimal: str | None = None
    multiply: float | None = None
    decimals: int | None = None
    split: str | None = None
    pseudonymise: bool = True
    else_empty: bool = False


@dataclass(frozen=True)
class Unpivot:
    """Columns that stand side by side become rows.

    Attributes
    ----------
    columns : to be turned. but : all others are turned. name, value : the two columns that come
    of it: the old header, and the cell.
    """

    name: str
    value: str
    columns: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRule:
    """How one table is filled.

    Attributes
    ----------
    name : of the table. columns : its columns and their rules. unpivot : what to turn first.
    once : one row for the whole file. existing : “replace” rows of the same key that came from
    elsewhere, “keep” them, for a table that this file only names in passing, or “complete” them:
    what this file says counts, and where it says nothing what was known stays.
    agree : columns that are left empty where rows of one key disagree. only : column of the file;
    rows in which it is empty have nothing for this table.
    """

    name: str
    columns: tuple[tuple[str, ColumnRule], ...]
    unpivot: Unpivot | None = None
    once: bool = False
    only: str = ""
    existing: str = REPLACE
    agree: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What a file cannot say: asked before anything is stored.

    Attributes
    ----------
    name : of the answer. text : the question. kind : what is asked for, one of KINDS; asked.py
    holds the answer against the label. choices : the answers that a “choice” has. optional :
    whether it may stay open.
    """

    name: str
    text: str
    kind: str = TEXT
    choices: tuple[str, ...] = ()
    optional: bool = False


class Unanswered(BadInput):
    """A file does not say something, and nobody has said it."""


def unanswered(file: str, questions: list[Question]) -> Unanswered:
    """Return the error that asks what a file does not say."""
    texts = "; ".join(f"{question.name}: {question.text}" for question in questions)
    return Unanswered(f"{file} does not say, so it must be answered (--answer NAME=VALUE): {texts}")


@dataclass(frozen=True)
class Mapping:
    """How files of one shape become rows of tables.

    Attributes
    ----------
    name : of the mapping. title : for people. source : what its rows are called in the store.
    header : columns that a file must have to be recognised. tables : what it fills.
    questions : what must be asked. reading : how the file is read. about : what to know.
    also : further columns of the file that were read before the rules apply.
    recording : what names the recordings of the rows, of RECORDING; tables that leave their track
    open then are of these (recordings_mapped.py).
    """

    name: str
    title: str
    source: str
    header: tuple[str, ...]
    tables: tuple[TableRule, ...]
    questions: tuple[Question, ...] = ()
    reading: Reading = AS_IT_COMES
    about: str = ""
    also: tuple[str, ...] = ()
    recording: tuple[tuple[str, ColumnRule], ...] = ()

    @property
    def used(self) -> frozenset[str]:
        """Columns of the file that some rule reads, in lower case."""
        names = set(self.also)
        for rule in self.tables:
            made = {rule.unpivot.name, rule.unpivot.value} if rule.unpivot else set()
            names |= set(rule.unpivot.columns) if rule.unpivot else set()
            names |= {rule.only} - {""}
            names |= {c for _, column in rule.columns for c in column.column} - made
        return frozenset(name.casefold() for name in names)


def checked(mapping: Mapping) -> Mapping:
    """Return a mapping once its tables, columns and answers are found to exist."""
    where = f"The mapping “{mapping.name}”"
    if not mapping.tables:
        raise BadInput(f"{where} fills no table. Add [[tables]].")
    asked = {question.name for question in mapping.questions}
    if strange := sorted({question.kind for question in mapping.questions} - set(KINDS)):
        raise BadInput(f"{where}: a question is of kind {', '.join(KINDS)}, not {strange[0]}.")
    if any(question.kind == CHOICE and not question.choices for question in mapping.questions):
        raise BadInput(f"{where}: a question of kind {CHOICE} needs choices.")
    _checked_recording(mapping, where)
    for rule in mapping.tables:
        kind = table(rule.name)
        ours, given = kind.schema.columns(), dict(rule.columns)
        if unknown := sorted({*given, *rule.agree} - set(ours)):
            raise BadInput(
                f"{where}: {rule.name} has no column {', '.join(unknown)}; it has "
                f"{', '.join(ours)}."
            )
        if open_ := sorted(set(needed(kind)) - set(given) - _named(mapping, kind)):
            raise BadInput(f"{where}: every row of {rule.name} needs {', '.join(open_)}.")
        if rule.existing not in EXISTING:
            raise BadInput(f"{where}: existing is one of {', '.join(EXISTING)}.")
        if rule.existing == COMPLETE and rule.name == "plays":
            raise BadInput(f"{where}: plays are events, which no other file completes.")
        for name, column in rule.columns:
            sources = bool(column.column) + sum(
                value is not None for value in (column.constant, column.answer)
            )
            if sources != 1:
                raise BadInput(f"{where}: {name} needs one of column, constant, answer.")
            if column.answer is not None and column.answer not in asked:
                raise BadInput(f"{where}: {name} waits for an answer that no question asks for.")
    return mapping


def _checked_recording(mapping: Mapping, where: str) -> None:
    said = dict(mapping.recording)
    if unknown := sorted(set(said) - set(RECORDING)):
        raise BadInput(
            f"{where}: [recording] has {', '.join(RECORDING)}, not {', '.join(unknown)}."
        )
    if said and not ({"title", "artist"} <= said.keys() or "isrc" in said):
        raise BadInput(f"{where}: [recording] needs title and artist, or isrc.")
    for name, column in said.items():
        if bool(column.column) == bool(column.constant) or column.answer is not None:
            raise BadInput(f"{where}: {name} of the recording needs one of column, constant.")


def _named(mapping: Mapping, kind: Table) -> set[str]:
    """Return the columns of a table that the recording fills."""
    if not mapping.recording:
        return set()
    if kind.name == "tracks":
        return {"track_id", "title", "artist_id", "status"}
    target = REFERENCE.get(kind.name)
    return {target, "entity"} if target else set()


def needed(kind: Table) -> list[str]:
    """Return the columns without which a row of a table cannot stand, but for those of its file."""
    own = OF_FILE.get(kind.name, ())
    columns = kind.schema.columns().items()
    return [name for name, column in columns if not column.nullable and name not in own]
