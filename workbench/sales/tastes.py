"""What the recommender says of products: how near their artists' songs are to what was streamed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.profiles import added
from workbench.errors import NotEnoughEvidence, NotMade
from workbench.recommend.as_of import PARTS, as_of, columns_of
from workbench.recommend.blend import standardised
from workbench.recommend.profile import by_place
from workbench.recommend.recommender import recommender

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.audience.streamed import Streamed
    from workbench.dataset import View
    from workbench.recommend.model import Scorer
    from workbench.sales.choice import Planes
    from workbench.sales.shelf import Shelf

CELLS = 2_000_000  # profiles times songs scored at once


@dataclass(frozen=True, eq=False)
class Tastes:
    """Scores of the recommender's parts for products.

    Attributes
    ----------
    parts : of each float32 (occasions, products): the mean of a part's standard scores over the
        songs of the product's artist; 0 where there is none, or nothing was streamed before.
    names, weights : of the parts, and what each counts in the recommender's own blend.
    """

    parts: Planes
    names: tuple[str, ...]
    weights: np.ndarray


def not_there(label: View) -> str | None:
    """Return why the recommender cannot say anything of products, None where it can."""
    if not label.has("plays"):
        return "nothing says who streamed what"
    try:
        recommender(label)
    except NotMade:
        return "the recommender is not made yet"
    except NotEnoughEvidence:
        return "too little was streamed for the recommender"
    return None


def profiles(streams: Streamed, tracks: pl.Series, asked: pl.DataFrame) -> csr_matrix:
    """Return what was streamed before each occasion, as the recommender takes profiles.

    `asked` are occasions, listener_id | day. CSR float32 (occasions, `tracks`).
    """
    row, place = streams.before(asked)
    column = columns_of(streams, tracks)[streams.track[place]]
    row, column = row[column >= 0], column[column >= 0]
    return by_place(added(row, column, np.ones(len(row), np.int64), (asked.height, len(tracks))))


@dataclass(frozen=True, eq=False)
class Asked:
    """Profiles to be asked for.

    Attributes
    ----------
    rows : CSR (occasions, songs), see `profiles`. songs : CSR (products, songs), see `_songs`.
    alike : float32 (occasions, products) of the last part, songs alike: no play changes it, so it
        is the same on every day.
    """

    rows: csr_matrix
    songs: csr_matrix
    alike: np.ndarray


def asked(label: View, held: Shelf, occasions: pl.DataFrame) -> Asked:
    """Return what `tastes` takes for occasions, listener_id | day."""
    known = recommender(label)
    rows = profiles(held.streams, known.tracks, occasions)
    songs = _songs(label, held, known.tracks)
    return Asked(rows, songs, _said(known.blend.parts[-1][0], rows, songs))


def tastes(label: View, of: Asked, known_until: datetime.date | None) -> Tastes:
    """Return what the recommender says of each product.

    The models have seen plays up to the day `known_until`; None is the recommender as it was made.
    """
    after = None if known_until is None else known_until + datetime.timedelta(days=1)
    blend = as_of(label, after)
    found = (_said(part, of.rows, of.songs) for part, _ in blend.parts[:-1])
    weights = np.array([weight for _, weight in blend.parts])
    return Tastes((*found, of.alike), PARTS[-len(blend.parts) :], weights)


def _said(part: Scorer, rows: csr_matrix, songs: csr_matrix) -> np.ndarray:
    """Return the mean standard scores of each product's songs, float32 (occasions, products)."""
    found = np.zeros((rows.shape[0], songs.shape[0]), np.float32)
    size = max(CELLS // rows.shape[1], 1)
    for start in range(0, rows.shape[0], size):
        scores = standardised(part.scores(rows[start : start + size]))
        found[start : start + size] = (songs @ scores.T).T
    return found


def _songs(label: View, held: Shelf, tracks: pl.Series) -> csr_matrix:
    """Return CSR (products, songs): the songs of each product's artist, rows that sum to 1 or 0."""
    from scipy.sparse import csr_matrix

    owner = label.scan("tracks").select("track_id", "artist_id").drop_nulls()
    place = pl.DataFrame({"track_id": tracks}).with_row_index("column").lazy()
    cells = (
        held.products.lazy()
        .with_row_index("product")
        .join(owner.join(place, on="track_id"), on="artist_id")
        .select("product", "column", share=1.0 / pl.len().over("product"))
        .sort("product", "column")
        .collect()
    )
    at = (cells["product"].to_numpy(), cells["column"].to_numpy())
    shape = (held.products.height, len(tracks))
    return csr_matrix((cells["share"].to_numpy().astype(np.float32), at), shape)
