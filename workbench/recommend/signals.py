"""What listeners did beyond streaming a song: saved it, skipped it, bought of its artist.

Each makes what its streams are worth more or less. How much is chosen on listeners who were not
learnt from; what tells nothing weighs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.profiles import source
from workbench.recommend.profile import by_place

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import Dataset, View
    from workbench.recommend.interactions import Interactions

NEVER = np.iinfo(np.int64).max
LEAST = 0.1  # what a song that was streamed is worth, however often it was skipped
OFFERED = {"saved": (0.5, 1.0, 2.0), "skipped": (0.5, 1.0, 2.0), "bought": (0.5, 1.0, 2.0)}


@dataclass(frozen=True, eq=False)
class Signals:
    """Of each pair of listener and song, in the order of `Interactions.counts.data`.

    Attributes
    ----------
    saved, bought : day of the first save, and of the first purchase of something of the artist, in
        days since 1970; `NEVER` where there is none. skipped : share of the plays, 0 to 1.
    """

    saved: np.ndarray
    skipped: np.ndarray
    bought: np.ndarray

    def only(self, kept: np.ndarray, before: int = NEVER) -> Signals:
        """Return those of some pairs, saves and purchases of days before one alone."""
        first = (np.where(days < before, days, NEVER)[kept] for days in (self.saved, self.bought))
        saved, bought = first
        return Signals(saved, self.skipped[kept], bought)


@dataclass(frozen=True)
class Heed:
    """What a save and a purchase add to the 1 to 3 that streams are worth, a skip takes off."""

    saved: float = 0.0
    skipped: float = 0.0
    bought: float = 0.0


STREAMS_ALONE = Heed()


def signals(label: Dataset | View, people: Interactions) -> Signals | None:
    """Return what the plays and purchases of a label say of each pair; None without times of plays.

    Reads plays, tracks, and purchases with products where they are there.
    """
    if source(label) != "plays":
        return None
    row = np.repeat(np.arange(people.counts.shape[0]), np.diff(people.counts.indptr))
    pairs = pl.DataFrame({
        "listener_id": people.listeners.gather(row),
        "track_id": people.tracks.gather(people.counts.indices.astype(np.int64)),
    })  # fmt: skip
    day = pl.col("played_at").dt.date().to_physical().cast(pl.Int64)
    heard = label.scan("plays").group_by("listener_id", "track_id").agg(
        saved=day.filter(pl.col("saved")).min(), skipped=pl.col("skipped").cast(pl.Float64).mean()
    )  # fmt: skip
    keys = ["listener_id", "track_id"]
    found = pairs.lazy().join(heard, on=keys, how="left", maintain_order="left")
    found = found.with_columns(bought=pl.lit(None, pl.Int64))
    if label.has("purchases") and label.has("products"):
        artists = label.scan("products").select("product_id", "artist_id").drop_nulls()
        first = pl.col("purchased_at").dt.date().to_physical().cast(pl.Int64).min()
        bought = label.scan("purchases").filter(pl.col("quantity") > 0).join(
            artists, on="product_id"
        ).group_by("listener_id", "artist_id").agg(bought=first)  # fmt: skip
        songs = label.scan("tracks").select("track_id", "artist_id")
        found = found.drop("bought").join(songs, on="track_id", how="left", maintain_order="left")
        on = ["listener_id", "artist_id"]
        found = found.join(bought, on=on, how="left", maintain_order="left")
    told = found.select(
        pl.col("saved", "bought").fill_null(NEVER), pl.col("skipped").fill_null(0.0)
    ).collect()
    return Signals(*(told[name].to_numpy() for name in ("saved", "skipped", "bought")))


def worth(counts: csr_matrix, told: Signals | None, heed: Heed) -> csr_matrix:
    """Return what each listener's plays are worth: `by_place`, more or less by what else they did.

    CSR float32 as `counts`; a pair is worth at least `LEAST`.
    """
    values = by_place(counts)
    if told is not None and heed != STREAMS_ALONE:
        saved, bought = (days < NEVER for days in (told.saved, told.bought))
        more = heed.saved * saved + heed.bought * bought - heed.skipped * told.skipped
        values.data = np.maximum(values.data + more, LEAST).astype(np.float32)
    return values
