"""Labels of a few rows, written through the store like any import."""

import datetime
from pathlib import Path

import polars as pl
import pytest

from workbench.dataset import Dataset, open_dataset
from workbench.store.change import change


def moment(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)


@pytest.fixture
def label_of(tmp_path):
    """Return a function that writes frames by table name and opens the label."""

    def build(**tables: pl.DataFrame):
        return written(tmp_path / f"label{len(list(tmp_path.iterdir()))}", **tables)

    return build


def written(folder: Path, **tables: pl.DataFrame) -> Dataset:
    """Write frames by table name and open the label."""
    with change(folder) as writing:
        for name, frame in tables.items():
            writing.put(name, frame, source="test")
    return open_dataset(str(folder))


def catalogue(artists: list[str], genres: dict[str, str] | None = None) -> dict[str, pl.DataFrame]:
    """Return tables artists and tracks: one track an artist, called t-<artist>."""
    genres = genres or {}
    return {
        "artists": pl.DataFrame({"artist_id": artists, "name": [a.title() for a in artists]}),
        "tracks": pl.DataFrame(
            {
                "track_id": [f"t-{a}" for a in artists],
                "title": [f"Song of {a}" for a in artists],
                "artist_id": artists,
                "genre": [genres.get(a) for a in artists],
                "status": ["released"] * len(artists),
            },
            schema_overrides={"genre": pl.String},
        ),
    }


def plays(rows: list[tuple[str, str, datetime.date, str]]) -> pl.DataFrame:
    """Return table plays from (listener, artist, day, source), each at a second of its own."""
    return pl.DataFrame(
        {
            "listener_id": [r[0] for r in rows],
            "track_id": [f"t-{r[1]}" for r in rows],
            "played_at": [moment(r[2]) + datetime.timedelta(seconds=i) for i, r in enumerate(rows)],
            "ms_played": [180_000] * len(rows),
            "source": [r[3] for r in rows],
        },
        schema_overrides={"played_at": pl.Datetime("ms", "UTC"), "ms_played": pl.Int64},
    )
