"""What imports changed in tracks that other imports had brought: a row a track and import."""

from sqlalchemy.orm import Mapped, mapped_column

from workbench.store.state import Base


class ChangedTrack(Base):
    """The cells of one track that an import changed: what stood before, and since, as text."""

    __tablename__ = "changed_tracks"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    track_id: Mapped[str]
    cells: Mapped[str]
