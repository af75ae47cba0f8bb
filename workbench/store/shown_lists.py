"""Lists of songs that were shown, and what people said of them: the log of Recommendations."""

import datetime
from pathlib import Path

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from workbench.store.state import Base, _now, _told, engine

LAST = 2_000  # lists that nobody has spoken of yet, which are kept for who still may: 8 MB


class ShownList(Base):
    """One list as it was shown: for whom, by which model, each song with its propensity.

    `speaks` and `songs` are JSON: ids of what spoke for the list; track_id, place, propensity,
    blend_place, popular_place of each song. `listener_id` is "" for an audience.
    """

    __tablename__ = "shown_lists"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    shown: Mapped[str] = mapped_column(unique=True)
    audience: Mapped[str]
    listener_id: Mapped[str]
    model: Mapped[str]
    choices: Mapped[str]
    length: Mapped[int]
    candidates: Mapped[int]
    speaks: Mapped[str]
    songs: Mapped[str]


class ListMark(Base):
    """What a person said of a song for an audience, or of a feature of its taste (“less”).

    `about` is a track id or a feature. `shown` is the list it was said of, "" for none.
    """

    __tablename__ = "list_marks"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    mark: Mapped[str] = mapped_column(unique=True)
    audience: Mapped[str]
    listener_id: Mapped[str]
    shown: Mapped[str]
    about: Mapped[str]
    said: Mapped[str]


def keep_shown(home: Path, row: dict[str, object], *, last: int = LAST) -> None:
    """Put a list on record, once under its name, and drop old ones that nobody has spoken of.

    Every position of a dial is a list. Estimates weigh what was said of songs, so that a list of
    which nothing was said is no part of them, and the `last` ones wait for it.
    """
    newest = select(func.max(ShownList.id)).scalar_subquery()
    silent = ShownList.shown.not_in(select(ListMark.shown))
    with _told(home), engine(home).begin() as connection:
        # another window may have been as fast
        connection.execute(delete(ShownList).where(ShownList.shown == row["shown"]))
        connection.execute(insert(ShownList).values(**row))
        connection.execute(delete(ShownList).where(ShownList.id <= newest - last, silent))
