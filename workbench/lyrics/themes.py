"""Themes: songs whose windows of lines say alike things, as far as they are found again.

The artifact `themes` also keeps the vectors of the windows, which the search of lyrics asks.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import Filters, analysis
from workbench.lyrics.lyric_lines import chosen_lyrics
from workbench.lyrics.outcome import SCORED
from workbench.lyrics.theme_groups import found_themes, seeds_agree
from workbench.lyrics.theme_words import best_lines, theme_words
from workbench.lyrics.track_lines import lyric_states

NO_THEME = "no clear theme"
REPEATS = 1_000
# Songs quoted a theme: those nearest to its middle.
QUOTED = 3


@dataclass(frozen=True, eq=False)
class Themes:
    """What the songs of a catalogue are about.

    Attributes
    ----------
    themes : theme (number; -1 for no clear theme, last) | name | words (more) | songs | share of
        the songs with low, high (90 %, bootstrap over songs) | found_again (mean overlap when it is
        sought among other songs, 0-1; null for -1); most songs first.
    songs : track_id | title | artist | theme | name | nearness (cosine to the theme's middle) |
        line (the one nearest to it; null without a theme).
    counts : groups (asked for) | themes | found_again (share of the songs in themes that are
        found again) | chosen.
    seeds : adjusted Rand index of the themes of four other seeds, null without themes.
    learnt : songs that the themes were learnt from.  unread : songs shown that are not scored.
    """

    themes: pl.DataFrame
    songs: pl.DataFrame
    counts: pl.DataFrame
    seeds: float | None
    learnt: int
    unread: int


def make_themes(label, *, progress: Callable[[int, int, str], None], seed: int = 0) -> None:
    """Find the themes of the scored lyrics and save them as the artifact "themes".

    Frames: `windows` (lyric_hash, window; the rows of the array `vectors`, float16), `songs`
    (lyric_hash, theme, nearness), `themes` (theme, words, found_again), `lines` (lyric_hash,
    text), `counts` (as in `Themes`). A theme of -1 is none.
    """
    progress(0, 4, "Reading windows of lines")
    windows = _windows(label)
    vectors = windows["embedding"].to_numpy() if windows.height else np.zeros((0, 384), np.float32)
    keys, means = song_means(windows["lyric_hash"], vectors)
    progress(1, 4, "Looking for themes that are found again")
    found = found_themes(means, seed=seed)
    progress(2, 4, "Asking other seeds")
    agreement = seeds_agree(means, found, seed=seed)
    songs = pl.DataFrame(
        {"lyric_hash": keys, "theme": found.labels, "nearness": found.nearness},
        schema={"lyric_hash": pl.String, "theme": pl.Int16, "nearness": pl.Float32},
    )
    progress(3, 4, "Naming themes")
    words = theme_words(windows.select("lyric_hash", "text"), songs, found.middles)
    themes = pl.DataFrame(
        {"theme": range(len(found.found_again)), "found_again": found.found_again},
        schema={"theme": pl.Int16, "found_again": pl.Float64},
    ).join(words, on="theme", how="left")
    label.save_fit(
        "themes",
        arrays={"vectors": vectors.astype(np.float16)},
        frames={
            "windows": windows.select("lyric_hash", "window"),
            "songs": songs,
            "themes": themes.sort("theme"),
            "lines": best_lines(label, songs, found.middles),
            "counts": found.counts,
        },
        meta={"seed": seed, "seeds": agreement, "learnt": found.learnt},
    )
    progress(4, 4, f"{themes.height} themes are found again")


def _windows(label) -> pl.DataFrame:
    """Return lyric_hash | window | text | embedding of the scored lyrics that the label has now."""
    held = chosen_lyrics(label.scan("lyrics")).select("lyric_hash").unique()
    return (
        label.scan("lyric_lines")
        .filter(pl.col("outcome") == SCORED)
        .select("lyric_hash", "windows")
        .join(held.lazy(), on="lyric_hash", how="semi")
        .explode("windows")
        .unnest("windows")
        .join(label.scan("line_embeddings").select("text_hash", "embedding"), on="text_hash")
        .select("lyric_hash", "window", "text", "embedding")
        .sort("lyric_hash", "window")
        .collect()
    )


def song_starts(hashes: pl.Series) -> np.ndarray:
    """Return at which row each lyric begins; rows of one lyric stand together."""
    return np.flatnonzero((hashes != hashes.shift(1)).fill_null(True).to_numpy())


def song_means(hashes: pl.Series, vectors: np.ndarray) -> tuple[pl.Series, np.ndarray]:
    """Return each lyric once, and the mean vector of its windows at length 1 (lyrics, 384)."""
    starts = song_starts(hashes)
    if not len(starts):
        return hashes.head(0), np.zeros((0, vectors.shape[1]), np.float32)
    means = np.add.reduceat(vectors, starts, axis=0)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return hashes.gather(starts), means


@analysis(reads="tracks lyrics themes lyric_lines", optional="artists line_moods")
def song_themes(label, *, filters: Filters = Filters(), seed: int = 0) -> Themes:
    """Return the themes of the songs, and how sure they are.

    Themes are learnt from the whole catalogue; artists and genres choose what is counted. A song
    has one theme or none. A name is made of the words that set the theme's songs apart (class
    tf-idf, each word once a song; Grootendorst 2022).
    """
    fit = label.fit("themes")
    states = lyric_states(label, filters)
    names = fit.frames["themes"].select(
        "theme", "found_again", pl.col("words").list.slice(3).list.join(", "),
        pl.col("words").list.head(3).list.join(", ").alias("name"),
    )  # fmt: skip
    songs = (
        states.select("track_id", "title", "artist", "lyric_hash")
        .join(fit.frames["songs"], on="lyric_hash")
        .join(names.select("theme", "name"), on="theme", how="left")
        .join(fit.frames["lines"].rename({"text": "line"}), on="lyric_hash", how="left")
        .with_columns(pl.col("name").fill_null(NO_THEME))
        .sort("nearness", "track_id", descending=[True, False])
        .select("track_id", "title", "artist", "theme", "name", "nearness", "line")
    )
    none = pl.DataFrame({"theme": [-1], "name": [NO_THEME]}, schema_overrides={"theme": pl.Int16})
    shares = _shares(songs["theme"], names.height, seed)
    themes = (
        pl.concat([names, none], how="diagonal")
        .join(shares, on="theme")
        .sort(pl.col("theme") == -1, pl.col("songs"), "theme", descending=[False, True, False])
        .select("theme", "name", "words", "songs", "share", "low", "high", "found_again")
    )
    return Themes(
        themes=themes,
        songs=songs.sort("track_id"),
        counts=fit.frames["counts"],
        seeds=fit.meta["seeds"],
        learnt=fit.meta["learnt"],
        unread=states.height - songs.height,
    )


def _shares(labels: pl.Series, count: int, seed: int) -> pl.DataFrame:
    """Return theme | songs | share | low | high for -1 and each theme."""
    places = labels.to_numpy().astype(np.int64) + 1
    total = len(places)
    held = np.bincount(places, minlength=count + 1)
    # Songs drawn with replacement: how often each theme is drawn is multinomial.
    random = np.random.default_rng(seed)
    drawn = random.multinomial(total, held / max(total, 1), REPEATS) if total else held[None]
    low, high = np.quantile(drawn / max(total, 1), [0.05, 0.95], axis=0)
    return pl.DataFrame(
        {
            "theme": np.arange(-1, count, dtype=np.int16),
            "songs": held,
            "share": held / max(total, 1),
            "low": low,
            "high": high,
        }
    )


def songs_of_theme(found: Themes, theme: int) -> pl.DataFrame:
    """Return the songs of one theme as `Themes.songs` has them, the nearest to its middle first."""
    mine = found.songs.filter(pl.col("theme") == theme)
    return mine.sort("nearness", "track_id", descending=[True, False])


def quoted(found: Themes) -> pl.DataFrame:
    """Return the themes with the lines of the songs nearest to their middles, as one text each.

    Returns
    -------
    the columns of `Themes.themes` | lines
    """
    best = (
        found.songs.filter(pl.col("theme") >= 0)
        .sort("nearness", "track_id", descending=[True, False])
        .group_by("theme", maintain_order=True)
        .agg(pl.col("line").drop_nulls().head(QUOTED).str.join(" / ").alias("lines"))
    )
    return found.themes.join(best, on="theme", how="left", maintain_order="left")
