"""What people decided and did: imports, saved scenarios, the log of who saw rows.

One SQLite file a label. No analysis reads it; a page reads a choice and passes it on as a plain
parameter.
"""

import datetime
from functools import cache
from pathlib import Path

import polars as pl
from sqlalchemy import Engine, create_engine, event, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

BUSY_MS = 5000


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


@cache
def engine(home: Path) -> Engine:
    """Return the engine of a label's state database, made with its tables at the first call."""
    home.mkdir(parents=True, exist_ok=True)
    made = create_engine(f"sqlite:///{home / 'state.sqlite'}")
    event.listen(made, "connect", _pragmas)
    Base.metadata.create_all(made)
    return made


def _pragmas(connection, _record) -> None:
    """Let readers and one writer run together; wait for the lock instead of failing."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def log_access(home: Path, user: str, act: str, subject: str) -> None:
    """Add a line to the access log."""
    record(home, Access, user=user, act=act, subject=subject)


def record(home: Path, kind: type[Base], **values: object) -> None:
    """Add one row of a kind."""
    with engine(home).begin() as connection:
        connection.execute(insert(kind).values(**values))


def rows(home: Path, kind: type[Base]) -> pl.DataFrame:
    """Return all rows of a kind, oldest first."""
    with engine(home).connect() as connection:
        found = connection.execute(select(kind.__table__).order_by(kind.__table__.c.id)).all()
    names = [column.name for column in kind.__table__.columns]
    return pl.DataFrame([tuple(row) for row in found], schema=names, orient="row")
