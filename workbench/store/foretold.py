"""What saved promotion plans were told to bring on the day they were saved."""

import datetime

from sqlalchemy.orm import Mapped, mapped_column

from workbench.store.state import Base, _now


class Foretold(Base):
    """What one saved plan was told to bring, as literal text, by the plan's name."""

    __tablename__ = "foretold"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    scenario: Mapped[str] = mapped_column(unique=True)
    told: Mapped[str]
