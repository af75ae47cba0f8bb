"""What was looked up elsewhere: who allowed it, and what came of it, track by track.

Both are logs: a row is added and never changed, and the last one of its kind holds.
"""

import datetime

from sqlalchemy.orm import Mapped, mapped_column

from workbench.store.state import Base, _now


class Consent(Base):
    """The note on a service's terms was accepted, or that was withdrawn."""

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    service: Mapped[str]
    note: Mapped[str]
    given: Mapped[bool]


class LookUp(Base):
    """One look-up of a track, or a decision on what it found.

    `found` is what the service calls it, `score` its likeness from 0 to 1, `doubt` why it is not
    sure or what was done to it, `value` an identifier that it gives.
    """

    __tablename__ = "look_ups"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    service: Mapped[str]
    track_id: Mapped[str]
    outcome: Mapped[str]
    found: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    score: Mapped[float | None]
    doubt: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
