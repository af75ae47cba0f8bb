"""HetRec 2011 Last.fm 2K (public, research only): who played which artist, and tags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix

from workbench.recommend.content import weighted
from workbench.recommend.splits import split
from workbench.settings import settings

FOLDER = "audience/hetrec-lastfm-2k"
FOLDS = 5


@dataclass(frozen=True, eq=False)
class HetRec:
    """Plays and tags.

    Attributes
    ----------
    counts : plays, CSR (listeners, artists). fold : of each cell, in its order: the number of its
        line in the file, from 0, modulo 5.
    tags : listener | item | tag, as numbers.
    """

    counts: csr_matrix
    fold: np.ndarray
    tags: pl.DataFrame

    def part(self, *wanted: int) -> csr_matrix:
        """Return the cells of some folds."""
        return split(self.counts, np.isin(self.fold, wanted))[1]

    def features(self, without: np.ndarray) -> csr_matrix:
        """Return the tags of artists, leaving out those that some listeners gave."""
        kept = self.tags.filter(~pl.col("listener").is_in(without.tolist()))
        cells = (np.ones(kept.height), (kept["item"].to_numpy(), kept["tag"].to_numpy()))
        return weighted(csr_matrix(cells, (self.counts.shape[1], self.tags["tag"].max() + 1)))


def hetrec() -> HetRec | None:
    """Return the data as published; None, with a word, where it is not here."""
    folder = settings().public_data / FOLDER
    if not folder.exists():
        print(f"HetRec is not at {folder}; its figures are left out.")
        return None
    options = {"separator": "\t", "quote_char": None, "encoding": "latin-1"}
    rows = pl.read_csv(folder / "user_artists.dat", **options).with_row_index("line")
    given = pl.read_csv(folder / "user_taggedartists.dat", **options)
    people, artists = (rows.select(name).unique().sort(name) for name in ("userID", "artistID"))
    rows, given = (
        frame.join(people.with_row_index("listener"), on="userID").join(
            artists.with_row_index("item"), on="artistID"
        )
        for frame in (rows, given)
    )
    rows = rows.sort("listener", "item")
    cells = (rows["weight"].to_numpy(), (rows["listener"].to_numpy(), rows["item"].to_numpy()))
    counts = csr_matrix(cells, (people.height, artists.height))
    tags = given.select("listener", "item", pl.col("tagID").alias("tag"))
    return HetRec(counts, rows["line"].to_numpy() % FOLDS, tags)
