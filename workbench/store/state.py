"""What people decided and did: imports, saved scenarios, the log of who saw rows.

One SQLite file a label. No analysis reads it; a page reads a choice and passes it on as a plain
parameter.
"""

import contextlib
import datetime
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import filelock
import polars as pl
from sqlalchemy import URL, Engine, create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import NullPool

from workbench.errors import Busy, DamagedFile, SetUpError
from workbench.store.files import writable
from workbench.store.pseudonyms import mention

BUSY_MS = 20_000
ERASED = "erased listener"
_TYPES = {
    int: pl.Int64,
    float: pl.Float64,
    bool: pl.Boolean,
    str: pl.String,
    datetime.date: pl.Date,
    datetime.datetime: pl.Datetime("ms"),
}


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


class Base(DeclarativeBase):
    """All tables of the state database."""


class Access(Base):
    """One opening of rows of single listeners, or another act that must be answered for."""

    __tablename__ = "access_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]


class Import(Base):
    """One file that came in: who, when, which bytes, and what became of its rows."""

    __tablename__ = "imports"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    file: Mapped[str]
    sha256: Mapped[str]
    source: Mapped[str]
    table: Mapped[str]
    rows_read: Mapped[int]
    accepted: Mapped[int]
    repaired: Mapped[int]
    rejected: Mapped[int]


class Scenario(Base):
    """A saved promotion plan, as the literal text of the plan."""

    __tablename__ = "scenarios"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(default="")
    plan: Mapped[str]


class SavedSegment(Base):
    """A saved segment: the literal text of its rule, under an id that is never given again."""

    __tablename__ = "segments"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    segment: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    rule: Mapped[str]


class LineMark(Base):
    """What a person said of the mood shown for a line; the line as its hash, never its words."""

    __tablename__ = "line_marks"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    track_id: Mapped[str]
    text_hash: Mapped[str]
    model: Mapped[str]
    shown: Mapped[str]
    said: Mapped[str]


class Decision(Base):
    """What a person said: that a recording, as files name it, is a track of the label or is not."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    file: Mapped[str]
    said: Mapped[str]
    recording: Mapped[str]
    track_id: Mapped[str]
    track: Mapped[str]
    same: Mapped[bool]


class DecidedRow(Base):
    """One row that an import stored by a decision: a keyed hash of its key, nothing of people."""

    __tablename__ = "decided_rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    decision: Mapped[str]
    table: Mapped[str]
    about: Mapped[str]
    mark: Mapped[str]
    cells: Mapped[str]


@cache
def engine(home: Path) -> Engine:
    """Return the engine of a label's state database, made with its tables at the first call.

    Raises
    ------
    SetUpError
        The folder cannot be written to.
    """
    # tables of the database
    from workbench.store import changed_tracks, foretold, looked_up, shares, shown_lists  # noqa: F401

    path = home / "state.sqlite"
    # Not as text: a label's folder may hold a “?”, which ends the path of a URL.
    # No connection is kept: each holds three open files, and a process may see a thousand labels.
    made = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    event.listen(made, "connect", _connected)
    event.listen(made, "begin", _begin)
    # SQLite refuses at once, whatever the busy time, when two processes turn on its log together.
    with writable(home), filelock.FileLock(home / ".state.lock", BUSY_MS / 1000), _told(home):
        Base.metadata.create_all(made)
    return made


@contextlib.contextmanager
def _told(home: Path) -> Iterator[None]:
    """Tell people, instead of a programmer, what is wrong with the database."""
    try:
        yield
    except OperationalError as error:
        raise SetUpError(f"{home / 'state.sqlite'}: {error.orig}.") from error
    except DatabaseError as error:
        raise DamagedFile(
            f"{home / 'state.sqlite'} is damaged ({error.orig}). Restore it from a backup, or "
            "move it away to begin a new one."
        ) from error


def _connected(connection, _record) -> None:
    """Let readers and one writer run together; wait for the lock instead of failing."""
    connection.isolation_level = None  # the driver's own BEGIN would come too late
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection) -> None:
    # A transaction that reads first and writes then fails at once when another one wrote meanwhile.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def log_access(home: Path, user: str, act: str, subject: str) -> None:
    """Add a line to the access log."""
    record(home, Access, user=user, act=act, subject=subject)


def record(home: Path, kind: type[Base], **values: object) -> None:
    """Add one row of a kind."""
    with _told(home), engine(home).begin() as connection:
        connection.execute(insert(kind).values(**values))


def record_instead(
    home: Path, kind: type[Base], found: list[dict[str, object]], **values: object
) -> None:
    """Put these rows of a kind in the place of those that have these values, in one step."""
    with _told(home), engine(home).begin() as connection:
        connection.execute(delete(kind).filter_by(**values))
        if found:
            connection.execute(insert(kind), found)


def remove(home: Path, kind: type[Base], **values: object) -> None:
    """Delete the rows of a kind that have these values."""
    with _told(home), engine(home).begin() as connection:
        connection.execute(delete(kind).filter_by(**values))


def rows(home: Path, kind: type[Base], **values: object) -> pl.DataFrame:
    """Return the rows of a kind that have these values, oldest first; times are UTC."""
    found = []
    if (home / "state.sqlite").exists():
        with _told(home), engine(home).connect() as connection:
            asked = select(kind.__table__).filter_by(**values).order_by(kind.__table__.c.id)
            found = connection.execute(asked).all()
    columns = {column.name: _TYPES[column.type.python_type] for column in kind.__table__.columns}
    frame = pl.DataFrame([tuple(row) for row in found], schema=columns, orient="row")
    return frame.with_columns(pl.col(pl.Datetime).dt.replace_time_zone("UTC"))


def erase(home: Path, listener_id: str) -> None:
    """Delete the rows of a listener, put “erased” where others name them; no trace stays."""
    if not (home / "state.sqlite").exists():
        return
    name = mention(listener_id)
    with _told(home), engine(home).begin() as connection:
        for kind in Base.metadata.sorted_tables:
            if "listener_id" in kind.columns:
                connection.execute(delete(kind).where(kind.c.listener_id == listener_id))
            for column in kind.columns:
                if column.type.python_type is not str:
                    continue
                named = func.instr(column, listener_id) > 0
                for row, text in connection.execute(select(kind.c.id, column).where(named)).all():
                    told = {column: name.sub(ERASED, text)}
                    connection.execute(update(kind).where(kind.c.id == row).values(told))
    with _told(home), contextlib.closing(engine(home).raw_connection()) as connection:
        # Not every SQLite overwrites what it frees, and the log beside the file holds old pages.
        connection.execute("VACUUM")
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise Busy("Another program reads the state database; close the app and erase again.")
