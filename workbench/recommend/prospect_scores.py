"""Chances of every listener for one song, artist or demo that they do not know yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.errors import BadInput, NotEnoughEvidence
from workbench.lyrics.aside import DEMO, beside
from workbench.lyrics.demo import checked
from workbench.parameters import Private
from workbench.recommend.model import listeners_of
from workbench.recommend.prospect_columns import known_item, new_item, stand_ins
from workbench.recommend.prospect_trial import LEAST_SEED
from workbench.recommend.prospecting import ARTIST, FIRST, NEW, SONG, Ranker, ranker
from workbench.recommend.recommender import csr_held, fitted
from workbench.recommend.song_features import song_features

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import View
    from workbench.store.artifacts import Fit

BASIS = {
    SONG: "who listens to it: look-alikes, and who plays what its listeners play",
    ARTIST: "who listens to the artist: look-alikes, and who plays what these listeners play",
    NEW: "what it is and what its artist's listeners play: hardly anybody has heard it",
    FIRST: "what it is alone: the panel knows neither the song nor other songs of its artist",
}


@dataclass(frozen=True, eq=False)
class Scored:
    """Chances.

    Attributes
    ----------
    chance : float64 (listeners,), 0 where known. open_ : Boolean, who does not know it.
    ranker : with the ids of the listeners. kind : “song”, “artist”, “new” or “first”.
    songs : places among the ranker's songs that stand for it: itself, the artist's, for a demo
        the songs alike. named : what it is called.
    """

    chance: np.ndarray
    open_: np.ndarray
    ranker: Ranker
    kind: str
    songs: np.ndarray
    named: str


def of_track(label: View, fit: Fit, track: str) -> Scored:
    """Return the chances for a song; one with fewer than five listeners counts as new.

    Raises
    ------
    BadInput, NotEnoughEvidence
        No such track; too few songs to learn from.
    """
    songs = fit.frames["songs"]["id"]
    place = songs.index_of(track)
    if place is None:
        raise BadInput(f"There is no track “{track}”.")
    at = np.array([place])
    names = label.scan("tracks").filter(pl.col("track_id") == track).select("title").collect()
    named = names["title"][0] or track
    heard = listeners_of(csr_held("song_values", fit.arrays))[place]
    if heard >= LEAST_SEED:
        return _known(ranker(fit, SONG), SONG, at, named, at)
    features = csr_held("features", fitted(label).arrays)
    return _new(fit, features, features[at], fit.arrays["owner"][at], named, at, on_file=True)


def of_artist(label: View, fit: Fit, artist: str) -> Scored:
    """Return the chances for an artist, by all songs together.

    Raises
    ------
    BadInput, NotEnoughEvidence
        No such artist with songs; hardly anybody listens to it; too few artists to learn from.
    """
    place = fit.frames["artists"]["id"].index_of(artist)
    if place is None:
        raise BadInput(f"There is no artist “{artist}” with a song.")
    known = ranker(fit, ARTIST)
    names = label.scan("artists").filter(pl.col("artist_id") == artist).select("name").collect()
    named = names["name"][0] if names.height and names["name"][0] else artist
    if known.now.seeds[place] < LEAST_SEED:
        raise NotEnoughEvidence(
            f"Fewer than {LEAST_SEED} listeners of the panel know {named}. Ask for one of the "
            "songs: a song is ranked by what it is."
        )
    songs = np.flatnonzero(fit.arrays["owner"] == place)
    return _known(known, ARTIST, np.array([place]), named, songs)


def of_demo(label: View, fit: Fit, lyric: Private, artist: str | None, genre: str | None) -> Scored:
    """Return the chances for an unreleased lyric, read in memory and stored nowhere.

    Raises
    ------
    BadInput, NotEnoughEvidence
        The lyric cannot be read; too few songs to learn from.
    """
    among = beside(checked(lyric), label, artist=artist, genre=genre)
    songs = fit.frames["songs"]["id"]
    features = song_features(among, pl.concat([songs, pl.Series("id", [DEMO])]))
    artists = fit.frames["artists"]["id"]
    owner = artists.index_of(artist) if artist else None
    owners = np.array([-1 if owner is None else owner])
    described = features[[len(fit.frames["songs"])]]
    near = np.argsort(-(features @ described.T).toarray()[:-1, 0], kind="stable")[:3]
    return _new(fit, features[:-1], described, owners, "This demo", near, on_file=False)


def _known(known: Ranker, kind: str, at: np.ndarray, named: str, songs: np.ndarray) -> Scored:
    columns, open_, facts = known_item(known.now, at)
    chance = known.reach.chances(columns, open_, facts)
    return Scored(chance[:, 0], open_[:, 0], known, kind, songs, named)


def _new(
    fit: Fit, features: csr_matrix, described: csr_matrix, owners: np.ndarray, named: str,
    songs: np.ndarray, *, on_file: bool,
) -> Scored:  # fmt: skip
    heard = listeners_of(csr_held("song_values", fit.arrays)) > 0
    own, like = stand_ins(fit.arrays["owner"], heard, features, owners, described)
    if not like.nnz:
        raise NotEnoughEvidence(
            "Nothing is known of this song that other songs share: say its genre or artist, or "
            "give a lyric of more lines."
        )
    kind = NEW if own.nnz and fit.meta[NEW] else FIRST
    if kind == FIRST:
        own = own * 0.0
        own.eliminate_zeros()
    known = ranker(fit, kind)
    now = known.now
    columns, facts = new_item(now, own, like, features, described)
    open_ = np.ones((now.values.shape[0], 1), bool)
    if on_file:  # a few may have heard it
        open_ = now.values[:, songs].toarray() == 0
    chance = known.reach.chances(columns, open_, facts)
    return Scored(chance[:, 0], open_[:, 0], known, kind, songs, named)
