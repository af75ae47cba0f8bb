"""What a song is, before anybody has played it: its artist, genre, moods and meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.lyrics.catalogue import SHARES, catalogue_moods
from workbench.lyrics.outcome import SCORED
from workbench.lyrics.themes import song_means
from workbench.lyrics.track_lines import lyric_states
from workbench.parameters import Filters
from workbench.recommend.content import unit_rows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import Dataset, View

LYRICS = ("lyrics", "lyric_lines", "line_embeddings", "line_moods")


def song_features(label: Dataset | View, tracks: pl.Series) -> csr_matrix:
    """Return features of songs, CSR float32 (tracks, features), rows of length 1 or empty.

    Blocks of one weight each, so that a cosine is the mean of the blocks' cosines: artist, genre,
    shares of moods (square roots, so that the cosine is the Hellinger affinity), meaning (mean
    vector of the lyric's lines, less the catalogue's). What is not known of a song is left empty.
    """
    from scipy.sparse import csr_matrix, hstack

    songs = pl.DataFrame({"track_id": tracks})
    known = songs.join(
        label.scan("tracks").select("track_id", "artist_id", "genre").collect(),
        on="track_id", how="left", maintain_order="left",
    )  # fmt: skip
    blocks = [_one_of(known["artist_id"]), _one_of(known["genre"])]
    if all(label.has(name) for name in LYRICS):
        moods = catalogue_moods(label).tracks.select("track_id", *(f"share_{m}" for m in SHARES))
        shares = songs.join(moods, on="track_id", how="left", maintain_order="left")
        blocks.append(csr_matrix(np.sqrt(shares.drop("track_id").fill_null(0.0).to_numpy())))
        blocks.append(_meanings(label, songs))
    blocks = [unit_rows(block.astype(np.float64)) for block in blocks]
    return unit_rows(csr_matrix(hstack(blocks))).astype(np.float32)


def _one_of(values: pl.Series) -> csr_matrix:
    from scipy.sparse import csr_matrix

    names = values.drop_nulls().unique().sort()
    place = pl.DataFrame({"value": names}).with_row_index("column")
    cells = values.alias("value").to_frame().with_row_index("row").join(place, on="value")
    cells = cells.sort("row")
    ones = np.ones(cells.height)
    at = (cells["row"].to_numpy(), cells["column"].to_numpy())
    return csr_matrix((ones, at), (len(values), max(len(names), 1)))


def _meanings(label: Dataset | View, songs: pl.DataFrame) -> csr_matrix:
    """Return the mean vectors of lyrics, less the mean of all, which says nothing of any."""
    from scipy.sparse import csr_matrix

    states = lyric_states(label, Filters()).filter(pl.col("outcome") == SCORED)
    windows = (
        label.scan("lyric_lines")
        .select("lyric_hash", "windows")
        .join(states.select("lyric_hash").unique().lazy(), on="lyric_hash", how="semi")
        .explode("windows")
        .unnest("windows")
        .join(label.scan("line_embeddings").select("text_hash", "embedding"), on="text_hash")
        .sort("lyric_hash", "window")
        .select("lyric_hash", "embedding")
        .collect()
    )
    hashes, means = song_means(windows["lyric_hash"], windows["embedding"].to_numpy())
    if not len(hashes):
        return csr_matrix((songs.height, 1))
    means = means - means.mean(axis=0)
    lyrics = pl.DataFrame({"lyric_hash": hashes}).with_row_index("lyric")
    at = (
        songs.with_row_index("row")
        .join(states.select("track_id", "lyric_hash"), on="track_id")
        .join(lyrics, on="lyric_hash")
    )
    found = np.zeros((songs.height, means.shape[1]))
    found[at["row"].to_numpy()] = means[at["lyric"].to_numpy()]
    return csr_matrix(found)
