"""Songs that feel alike, speak of alike things, or both; with the lines that say why."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.lyrics.catalogue import SHARES, song_moods_table
from workbench.lyrics.outcome import SCORED
from workbench.lyrics.track_lines import lyric_states, mood_lines

BY = ("mood", "theme", "both")
# A quoted line is cut there: one short line leaves the Song page, never more.
QUOTE = 80


@dataclass(frozen=True, eq=False)
class SimilarSongs:
    """Songs like one song.

    Attributes
    ----------
    songs : track_id | title | artist | lead | valence | arousal | mood, theme, both (0-1, the
        share of the other songs that are less alike) | line, their_line (the closest pair of
        lines); most alike first. by : what orders them. compared : songs that could be.
    """

    songs: pl.DataFrame
    by: str
    compared: int


@analysis(reads="tracks lyrics line_moods lyric_lines line_embeddings", optional="artists")
def similar_songs(
    label, *, track: str, by: str = "both", count: int = 10, filters: Filters = Filters()
) -> SimilarSongs:
    """Return the songs most like one song by mood, by theme, or by both.

    Mood: Hellinger affinity of the shares of lines by family, neutral and unclear included. Theme:
    cosine of the songs' mean window vectors after the catalogue's mean is taken off, so that what
    every lyric shares does not count. Both: the mean of the two ranks. Filters choose what is
    offered, not what the ranks are taken over.

    Raises
    ------
    BadInput
        `by` is none of the three. NotEnoughEvidence : this song or all others have no scores.
    """
    if by not in BY:
        raise BadInput(f"Songs are alike by {', '.join(BY)}, not by “{by}”.")
    states = lyric_states(label, Filters())
    moods = song_moods_table(mood_lines(label, states))
    songs = states.filter(pl.col("outcome") == SCORED).join(moods, on="track_id").sort("track_id")
    places = songs.get_column("track_id").to_list()
    if track not in places or len(places) < 2:
        raise NotEnoughEvidence(
            "Songs are compared by their scored lines; this one, or every other, has none."
        )
    here = places.index(track)
    mood = _ranked(
        _affinity(songs.select(f"share_{name}" for name in SHARES).to_numpy(), here), here
    )
    theme = _ranked(_cosine(_themes(label, songs), here), here)
    both = (mood + theme) / 2
    offered = filters.tracks(label.scan("tracks")).select("track_id").collect()
    found = (
        songs.select("track_id", "title", "artist", "lead", "valence", "arousal", "lyric_hash")
        .with_columns(mood=pl.Series(mood), theme=pl.Series(theme), both=pl.Series(both))
        .filter(pl.col("track_id") != track)
        .join(offered, on="track_id", how="semi")
        .sort(by, "both", "track_id", descending=[True, True, False])
        .head(count)
    )
    pairs = _closest_lines(label, songs["lyric_hash"][here], found)
    return SimilarSongs(
        found.drop("lyric_hash").with_columns(pairs), by=by, compared=len(places) - 1
    )


def _ranked(alike: np.ndarray, here: int) -> np.ndarray:
    """Return, for each song, the share of the others that are less alike, ties shared."""
    others = np.delete(alike, here)
    less = (others[None, :] < alike[:, None] - 1e-9).sum(axis=1)
    same = (np.abs(others[None, :] - alike[:, None]) <= 1e-9).sum(axis=1)
    return (less + same / 2) / len(others)


def _affinity(shares: np.ndarray, here: int) -> np.ndarray:
    return np.sqrt(shares) @ np.sqrt(shares[here])


def _cosine(themes: np.ndarray, here: int) -> np.ndarray:
    centred = themes - themes.mean(axis=0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    return centred @ centred[here]


def _themes(label, songs: pl.DataFrame) -> np.ndarray:
    """Return (songs, 384) mean window vectors, in the order of `songs`."""
    windows = (
        label.scan("lyric_lines")
        .select("lyric_hash", pl.col("windows"))
        .join(songs.lazy().select("lyric_hash").unique(), on="lyric_hash", how="semi")
        .explode("windows")
        .unnest("windows")
        .join(label.scan("line_embeddings").select("text_hash", "embedding"), on="text_hash")
        .sort("lyric_hash", "window")
        .select("lyric_hash", "embedding")
        .collect()
    )
    vectors = windows["embedding"].to_numpy()
    hashes = windows["lyric_hash"].to_list()
    starts = [i for i, h in enumerate(hashes) if i == 0 or h != hashes[i - 1]]
    means = np.add.reduceat(vectors, starts, axis=0) if starts else np.zeros((0, vectors.shape[1]))
    place = {hashes[start]: n for n, start in enumerate(starts)}
    table = np.zeros((songs.height, vectors.shape[1]))
    for row, key in enumerate(songs["lyric_hash"]):
        if key in place:
            table[row] = means[place[key]] / max(np.linalg.norm(means[place[key]]), 1e-9)
    return table


def _closest_lines(label, own: str, found: pl.DataFrame) -> list[pl.Series]:
    """Return the closest pair of lines between the song and each song found."""
    lines = (
        label.scan("lyric_lines")
        .filter(pl.col("lyric_hash").is_in([own, *found["lyric_hash"]]))
        .select("lyric_hash", "lines")
        .explode("lines")
        .unnest("lines")
        .filter("readable")
        .unique(["lyric_hash", "text_hash"], keep="first", maintain_order=True)
        .select("lyric_hash", "text", "text_hash")
        .join(label.scan("line_embeddings").select("text_hash", "embedding"), on="text_hash")
        .sort("lyric_hash", "text_hash")
        .collect()
    )
    by_song = {key: part for (key,), part in lines.group_by("lyric_hash", maintain_order=True)}
    mine, theirs = [], []
    for key in found["lyric_hash"]:
        pair = _pair(by_song.get(own), by_song.get(key))
        mine.append(pair[0])
        theirs.append(pair[1])
    return [pl.Series("line", mine, pl.String), pl.Series("their_line", theirs, pl.String)]


def _pair(own: pl.DataFrame | None, other: pl.DataFrame | None) -> tuple[str | None, str | None]:
    if own is None or other is None:
        return None, None
    alike = own["embedding"].to_numpy() @ other["embedding"].to_numpy().T
    row, column = np.unravel_index(int(alike.argmax()), alike.shape)
    return _quote(own["text"][int(row)]), _quote(other["text"][int(column)])


def _quote(text: str) -> str:
    return text if len(text) <= QUOTE else text[: QUOTE - 1].rstrip() + "…"
