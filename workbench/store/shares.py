"""What a label said that distribution and artists keep of its money: the last word counts."""

import datetime

from sqlalchemy.orm import Mapped, mapped_column

from workbench.store.state import Base, _now


class ToldShares(Base):
    """Both shares as somebody set them, 0 to 1."""

    __tablename__ = "told_shares"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(default=_now)
    user: Mapped[str]
    distribution: Mapped[float]
    artist: Mapped[float]
