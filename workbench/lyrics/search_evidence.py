"""Why a song was found: the line that fits best, and how much of it is in the mood asked for."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from workbench.lyrics.encoder import encoded
from workbench.lyrics.lyric_lines import spoken
from workbench.lyrics.moods import scored_lines
from workbench.lyrics.query import END, START, Query, Wish
from workbench.lyrics.search_index import scored_parts, spaced
from workbench.lyrics.theme_words import quote

_PLACES = {START: "at the start", END: "at the end"}


def mood_words(wish: Wish) -> str:
    """Return a mood that is asked for in words: “hope at the end”, “not sadness”."""
    return " ".join(
        part
        for part in ("" if wish.wanted else "not", wish.family, _PLACES.get(wish.where))
        if part
    )


def said_of(moods: pl.DataFrame, places: Sequence[int], wishes: Sequence[Wish]) -> pl.Series:
    """Return, for rows of `moods`, how many lines are in each mood: “hope at the end: 3 of 8”."""
    rows = moods[list(places)].to_dicts()
    texts = [
        "; ".join(
            f"{' '.join(filter(None, (wish.family, _PLACES.get(wish.where))))}: "
            f"{row[f'n_{n}']} of {row[f'lines_{n}']} lines"
            for n, wish in enumerate(wishes)
            if row[f"lines_{n}"] is not None
        )
        for row in rows
    ]
    return pl.Series([text or None for text in texts], dtype=pl.String)


def best_line(
    label, hits: pl.DataFrame, query: Query, words: Sequence[str], vector: np.ndarray | None
) -> pl.Series:
    """Return the line of each hit that fits best, cut as quotes are.

    The line that holds the quotation; else the nearest in meaning, in the nearest window; else,
    where only a mood is asked for, the line that has most of it; else the line that holds most of
    the words.
    """
    keys = hits["lyric_hash"].unique().to_list()
    lines = _lines(label, keys, query, words)
    if vector is not None:
        near = _nearness(lines, hits.select("lyric_hash", "window"), vector)
        lines = lines.join(near, on="text_hash", how="left")
    elif wanted := [wish for wish in query.wishes if wish.wanted]:
        lines = lines.join(_in_mood(label, keys, wanted[-1]), on=["lyric_hash", "line"], how="left")
    else:
        lines = lines.with_columns(fits=pl.lit(None, pl.Float64))
    best = (
        lines.sort(
            "lyric_hash", "exact", "fits", "holds", "line",
            descending=[False, True, True, True, False], nulls_last=True,
        )
        .unique("lyric_hash", keep="first", maintain_order=True)
        .select("lyric_hash", line=quote(pl.col("text")))
    )  # fmt: skip
    return hits.select("lyric_hash").join(best, on="lyric_hash", how="left", maintain_order="left")[
        "line"
    ]


def _lines(label, keys: Sequence[str], query: Query, words: Sequence[str]) -> pl.DataFrame:
    """Return the lines of some lyrics.

    Returns
    -------
    lyric_hash | line | text | text_hash | window | readable | exact | holds (words)
    """
    phrases = pl.Series([*query.phrases, query.text], dtype=pl.String).to_frame("text")
    said = [p for p in phrases.select(text=spaced(pl.col("text")))["text"].to_list() if p.strip()]
    spoken = spaced(pl.col("text"))
    return (
        label.scan("lyric_lines")
        .filter(pl.col("lyric_hash").is_in(list(keys)))
        .select("lyric_hash", "lines")
        .explode("lines")
        .unnest("lines")
        .select(
            "lyric_hash", "line", "text", "text_hash", "window", "readable",
            exact=pl.any_horizontal(
                pl.lit(False), *(spoken.str.contains(phrase, literal=True) for phrase in said)
            ),
            holds=pl.sum_horizontal(
                pl.lit(0), *(spoken.str.contains(f" {word} ", literal=True) for word in words)
            ),
        )
        .collect()
    )  # fmt: skip


def _nearness(lines: pl.DataFrame, windows: pl.DataFrame, vector: np.ndarray) -> pl.DataFrame:
    """Return text_hash | fits (cosine) of the lines in the nearest window of each lyric.

    A few lines are embedded anew sooner than found among those of a whole catalogue.
    """
    near = lines.join(windows, on=["lyric_hash", "window"], how="semi").filter("readable")
    near = near.unique("text_hash").sort("text_hash")
    fits = np.zeros(near.height, np.float32)
    for part in encoded([spoken(text) for text in near["text"]], tuned=False):
        fits[part.rows] = part.embedding @ vector
    return near.select("text_hash", fits=pl.Series(fits, dtype=pl.Float32))


def _in_mood(label, keys: Sequence[str], wish: Wish) -> pl.DataFrame:
    lines = scored_parts(label, keys).select("lyric_hash", "line", "text_hash", "block").collect()
    moods = (
        scored_lines(
            label.scan("line_moods").filter(pl.col("text_hash").is_in(lines["text_hash"].implode()))
        )
        .select("text_hash", fits=f"m_{wish.family}")
        .collect()
    )
    # the first or last section alone: what the place asked for surely holds
    ends = {START: pl.col("block").min(), END: pl.col("block").max()}
    if wish.where in ends:
        lines = lines.filter(pl.col("block") == ends[wish.where].over("lyric_hash"))
    return lines.join(moods, on="text_hash").select("lyric_hash", "line", "fits")
