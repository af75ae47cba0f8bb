"""What names a theme: the words that set its songs apart, and the line nearest to its middle."""

import numpy as np
import polars as pl

from workbench.lyrics.encoder import encoded
from workbench.lyrics.language import NO_WORDS
from workbench.lyrics.similar import QUOTE

WORDS = 6
# Songs of a theme that hold a word which may name it.
NAMING_SONGS = 2
CANDIDATES = 60
# Songs of a theme of which a line is kept.
LINED = 200
# Runs of letters, an apostrophe inside; an ideograph or kana sign is a word.
WORD = r"[\p{Han}\p{Hiragana}\p{Katakana}]|[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*"
# Sung or said in every song, beyond the English stop words of scikit-learn.
_SUNG = (
    "oh ooh yeah hey ah uh la na gonna gotta wanna ain't 'cause cause let's like just got get gets "
    "know knows say says said come comes came go goes went going make makes made take takes took "
    "i'm i'll i'd i've you're you'll you'd you've he's she's it's it'll we're we'll we've they're "
    "that's there's what's who's don't doesn't didn't isn't wasn't won't can't couldn't wouldn't "
    "one two way thing things little big right well tell told look looks let want wants still old "
    "new day time man good long"
)


def content_words(texts: pl.Expr) -> pl.Expr:
    """Return the distinct words of each text that carry its meaning, lower case, as a list."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    empty = sorted({*ENGLISH_STOP_WORDS, *_SUNG.split()})
    told = pl.element().filter(~pl.element().is_in(empty))
    return said_words(texts).list.eval(told).list.unique(maintain_order=True)


def said_words(texts: pl.Expr) -> pl.Expr:
    """Return all words of each text in order, lower case, as a list."""
    return texts.str.to_lowercase().str.extract_all(WORD)


def theme_words(windows: pl.DataFrame, songs: pl.DataFrame, middles: np.ndarray) -> pl.DataFrame:
    """Return the words that set each theme apart: class tf-idf over songs, times nearness.

    A word counts once a song, so that a hook names nothing: the share of the theme's songs that
    hold it times log(1 + songs of a mean class / songs that hold it); Grootendorst 2022. Times the
    cosine of the word's own vector to the theme's middle: of the words that only a theme's songs
    hold, those that say what it is about.

    Parameters
    ----------
    windows : lyric_hash | text. songs : lyric_hash | theme, -1 for none. middles : (themes, 384).

    Returns
    -------
    theme | words (list, the most telling first)
    """
    held = (
        windows.group_by("lyric_hash")
        .agg(pl.col("text").str.join("\n"))
        .join(songs.select("lyric_hash", "theme"), on="lyric_hash")
        .select("theme", "lyric_hash", word=content_words(pl.col("text")))
    )
    words = held.explode("word").drop_nulls().filter(pl.col("word").str.len_chars() > 2)
    sizes = songs.group_by("theme").len("size")
    mean = songs.height / max(sizes.height, 1)
    telling = (
        words.group_by("theme", "word")
        .len("inside")
        .with_columns(anywhere=pl.col("inside").sum().over("word"))
        .join(sizes, on="theme")
        .filter(pl.col("theme") >= 0, pl.col("inside") >= NAMING_SONGS)
        .with_columns(
            telling=pl.col("inside") / pl.col("size") * (1 + mean / pl.col("anywhere")).log()
        )
        .sort("theme", "telling", "word", descending=[False, True, False])
        .group_by("theme", maintain_order=True)
        .head(CANDIDATES)
    )
    near = _nearness(telling["word"], telling["theme"].to_numpy(), middles)
    return (
        telling.with_columns(pl.col("telling") * pl.Series(near).clip(0))
        .sort("theme", "telling", "word", descending=[False, True, False])
        .group_by("theme", maintain_order=True)
        .agg(words=pl.col("word").head(WORDS))
    )


def _nearness(words: pl.Series, themes: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """Return the cosine of each word to the middle of its theme, what all words share taken off."""
    if not len(words):
        return np.zeros(0)
    vectors = np.zeros((len(words), middles.shape[1]), np.float32)
    for part in encoded(words.to_list(), tuned=False):
        vectors[part.rows] = part.embedding
    vectors -= vectors.mean(axis=0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.einsum("ij,ij->i", vectors, middles[themes]).astype(np.float64)


def best_lines(label, songs: pl.DataFrame, middles: np.ndarray) -> pl.DataFrame:
    """Return the line of a song that is nearest to the middle of its theme.

    Of the songs of a theme only those nearest to its middle have one, so that memory stays flat.

    Returns
    -------
    lyric_hash | text (cut as quotes are)
    """
    themed = (
        songs.filter(pl.col("theme") >= 0)
        .sort("theme", "nearness", "lyric_hash", descending=[False, True, False])
        .group_by("theme", maintain_order=True)
        .head(LINED)
        .select("lyric_hash", "theme")
    )
    lines = (
        label.scan("lyric_lines")
        .join(themed.lazy(), on="lyric_hash")
        .select("lyric_hash", "theme", "lines")
        .explode("lines")
        .unnest("lines")
        .filter("readable", pl.col("language") != NO_WORDS)
        .select("lyric_hash", "theme", "text", "text_hash")
        .join(label.scan("line_embeddings").select("text_hash", "embedding"), on="text_hash")
        .collect()
    )
    vectors = lines["embedding"].to_numpy()
    near = np.einsum("ij,ij->i", vectors, middles[lines["theme"].to_numpy()])
    return (
        lines.select("lyric_hash", "text", near=pl.Series(near))
        .sort("lyric_hash", "near", "text", descending=[False, True, False])
        .unique("lyric_hash", keep="first", maintain_order=True)
        .select("lyric_hash", quote(pl.col("text")))
    )


def quote(line: pl.Expr) -> pl.Expr:
    """Return lines as they may be quoted: cut to a short one."""
    cut = pl.concat_str(line.str.slice(0, QUOTE - 1).str.strip_chars_end(), pl.lit("…"))
    return pl.when(line.str.len_chars() > QUOTE).then(cut).otherwise(line)
