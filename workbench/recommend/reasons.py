"""Why a song is in a list: what speaks for it, and what the two have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.families import CARRIED
from workbench.recommend.model import listeners_of
from workbench.store.memory import memory

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import View
    from workbench.recommend.asked import Asked
    from workbench.recommend.recommender import Recommender

REASONS = 3
LEAST = 1 / 3  # of the first reason, below which a further one is none
MOODS = ("lyrics", "lyric_lines", "line_moods")
PLAYS, CATALOGUE, CONTENT = "plays", "its artist's other songs", "content"


def reasons(
    facts: pl.DataFrame, known: Recommender, who: Asked, chosen: np.ndarray,
    voices: list[tuple[float, csr_matrix]],
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Return the songs chosen with reasons, without scores, and the profile; see `lists`.

    What a song of the profile adds to the score of another is exact: all parts of the blend are
    sums over the profile. Only what speaks for a song is shown, and no song speaks for itself.
    Voices are as `feedback.voices` gives them; a song that was liked counts as one more.
    """
    told = [(weight / max(known.blend.scores(row).std(), 1e-12), row) for weight, row in voices
            if weight > 0]  # fmt: skip
    own = np.concatenate([row.indices for _, row in told])
    liked = np.repeat([n > 0 for n in range(len(told))], [row.nnz for _, row in told])
    said = np.concatenate([w * known.blend.said_by(row, chosen) for w, row in told])
    said = np.maximum(said, 0.0)
    said[own[:, None] == chosen[None, :]] = 0.0
    shares = said / np.maximum(said.sum(axis=0), 1e-12)
    leading = np.argsort(-shares, axis=0, kind="stable")[:REASONS]
    names, song = facts["name"].to_list(), facts.to_dicts()
    because, same = [], []
    for place, item in enumerate(chosen):
        least = max(LEAST * shares[leading[0, place], place], 1e-9)
        told = [row for row in leading[:, place] if shares[row, place] >= least]
        because.append([names[own[row]] for row in told])
        same.append(_in_common(song[item], song[own[told[0]]]) if told else "")
    heard = np.where(who.heard > 0, who.heard, np.nan)
    found = facts[chosen.tolist()].with_columns(
        pl.int_range(1, len(chosen) + 1, dtype=pl.Int64).alias("rank"),
        pl.Series("heard", heard[chosen]).fill_nan(None),
        pl.Series("because", because, pl.List(pl.String)),
        pl.Series("same", same, pl.String),
        pl.Series("basis", _basis(known, facts)[chosen], pl.String),
    )
    weight = said.sum(axis=1)
    profile = pl.DataFrame(
        {
            "track_id": known.tracks.gather(own),
            "name": facts["name"].gather(own),
            "heard": pl.Series(heard[own]).fill_nan(None),
            "liked": liked,
            "share": weight / max(weight.sum(), 1e-12),
        }
    )
    return (
        found.select("rank", "track_id", "title", "artist_id", "artist", "genre", "release_date",
                     "isrc", "heard", "because", "same", "basis"),
        profile.sort("share", "track_id", "liked", descending=[True, False, False]),
    )  # fmt: skip


def facts_of(label: View, known: Recommender) -> pl.DataFrame:
    """Return what is told of each song, in the order of the recommender; kept in memory."""
    reads = ("tracks", "artists", "recommender", *MOODS)
    return memory.load(
        f"facts:{label.dataset.folder}:{label.version(*reads)}",
        lambda: _facts(label, known),
        lambda facts: int(facts.estimated_size()),
    )


def _facts(label: View, known: Recommender) -> pl.DataFrame:
    artists = label.scan("artists").select("artist_id", pl.col("name").alias("artist"))
    songs = known.tracks.alias("track_id").to_frame()
    title = pl.concat_str(
        "title", pl.when(pl.col("version").fill_null("") != "").then(
            pl.format(" ({})", "version")).otherwise(pl.lit("")),
    )  # fmt: skip
    facts = songs.join(
        label.scan("tracks").join(artists, on="artist_id", how="left").collect(),
        on="track_id", how="left", maintain_order="left",
    ).select(
        "track_id", title.alias("title"), "artist_id",
        pl.col("artist").fill_null(pl.col("artist_id")), "genre", "release_date", "isrc",
    )  # fmt: skip
    facts = facts.with_columns(pl.concat_str("title", pl.lit(" – "), "artist").alias("name"))
    if not all(label.has(name) for name in MOODS):
        return facts.with_columns(pl.lit(None, pl.String).alias("mood"))
    moods = catalogue_moods(label).tracks.filter(pl.col("lead").is_in(CARRIED))
    moods = moods.select("track_id", pl.col("lead").alias("mood"))
    return facts.join(moods, on="track_id", how="left", maintain_order="left")


def _in_common(one: dict, other: dict) -> str:
    """Return what two songs share, in words: artist, genre, leading mood."""
    parts = [
        f"artist {one['artist']}" if one["artist_id"] == other["artist_id"] else "",
        one["genre"] if one["genre"] and one["genre"] == other["genre"] else "",
        one["mood"] if one["mood"] and one["mood"] == other["mood"] else "",
    ]
    return " · ".join(part for part in parts if part)


def _basis(known: Recommender, facts: pl.DataFrame) -> np.ndarray:
    heard = listeners_of(known.counts) > 0
    artists = facts["artist_id"].filter(pl.Series(heard))
    of_known = facts["artist_id"].is_in(artists.implode()).fill_null(False).to_numpy()
    return np.where(heard, PLAYS, np.where(of_known, CATALOGUE, CONTENT))
