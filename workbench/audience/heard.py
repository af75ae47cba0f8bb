"""Who heard whom and when, as cells of numbers, so that millions of plays stay quick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.numbered import numbered
from workbench.audience.profiles import added, streamed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import View


@dataclass(frozen=True, eq=False)
class Heard:
    """Streams by listener, part of time and artist.

    Attributes
    ----------
    cells : listener | part | artist | streams, int64, sorted; the first and third are places among
        `listeners` and `artists`. listeners, artists : ids, sorted.
    """

    cells: pl.DataFrame
    listeners: pl.Series
    artists: pl.Series

    def place(self, artist_id: str) -> int:
        """Return the number of an artist, -1 where nobody heard it."""
        found = self.artists.index_of(artist_id) if len(self.artists) else None
        return -1 if found is None else int(found)


def heard(label: View, plays: pl.LazyFrame, part: pl.Expr, parts: int) -> Heard:
    """Return the streams of plays by part: an integer from 0 to `parts` - 1 of each play."""
    rows, artists = streamed(plays, label.scan("tracks"), "artist_id", part.alias("part"))
    row, listeners = numbered(rows["listener_id"])
    place = row * parts + rows["part"].to_numpy().astype(np.int64)
    shape = (len(listeners) * parts, len(artists))
    cells = added(place, rows["key"].to_numpy(), np.ones(len(row), np.int64), shape)
    return Heard(_of(cells, parts), listeners, artists)


def leads(cells: pl.DataFrame) -> pl.DataFrame:
    """Return listener | part | artist of the most streams; of equals the first by id."""
    if cells.is_empty():
        return cells.drop("streams")
    listener, part, artist, streams = (cells[name].to_numpy() for name in cells.columns)
    new = (np.diff(listener, prepend=-1) != 0) | (np.diff(part, prepend=-1) != 0)
    starts, width = np.flatnonzero(new), int(artist.max()) + 1
    best = np.maximum.reduceat(streams * width + (width - 1 - artist), starts)
    found = {"listener": listener[starts], "part": part[starts], "artist": width - 1 - best % width}
    return pl.DataFrame(found)


def dealt(cells: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """Return cells whose streams are dealt to the listener's parts anew, as many to each."""
    listener, part, artist, streams = (cells[name].to_numpy() for name in cells.columns)
    listener, part, artist = (np.repeat(values, streams) for values in (listener, part, artist))
    artist = artist[np.argsort(listener + draw.random(len(listener)))]
    parts, width = int(part.max(initial=0)) + 1, int(artist.max(initial=0)) + 1
    shape = ((int(listener.max(initial=0)) + 1) * parts, width)
    return _of(added(listener * parts + part, artist, np.ones(len(part), np.int64), shape), parts)


def _of(cells: csr_matrix, parts: int) -> pl.DataFrame:
    """Return the cells of a matrix whose rows are listeners times parts."""
    place = np.repeat(np.arange(cells.shape[0]), np.diff(cells.indptr))
    values = {"listener": place // parts, "part": place % parts, "artist": cells.indices}
    values["streams"] = cells.data
    return pl.DataFrame({name: np.asarray(v, dtype=np.int64) for name, v in values.items()})
