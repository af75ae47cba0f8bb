"""Lists of songs that were shown, and what people said of them: the log of Recommendations."""

import datetime

from sqlalchemy.orm import Mapped, mapped_column

from workbench.store.state import Base, _now


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
