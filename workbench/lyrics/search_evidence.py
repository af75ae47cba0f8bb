"""Why a song was found: the line that fits best, and how much of it is in the mood asked for."""

from collections.abc import Sequence

import numpy as np
import polars as pl

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

    The line that holds the quotation; else the nearest in meaning; else, where only a mood is
    asked for, the line that has most of it; else the line that holds most of the words.
    """
    keys = hits["lyric_hash"].unique().to_list()
    lines = _lines(label, keys, query, words)
    if vector is not None:
        lines = lines.join(_nearness(label, lines, vector), on="text_hash", how="left")
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
    """Return lyric_hash | line | text | text_hash | exact | holds (words) of some lyrics."""
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
            "lyric_hash", "line", "text", "text_hash",
            exact=pl.any_horizontal(
                pl.lit(False), *(spoken.str.contains(phrase, literal=True) for phrase in said)
            ),
            holds=pl.sum_horizontal(
                pl.lit(0), *(spoken.str.contains(f" {word} ", literal=True) for word in words)
            ),
        )
        .collect()
    )  # fmt: skip


def _nearness(label, lines: pl.DataFrame, vector: np.ndarray) -> pl.DataFrame:
    hashes = lines["text_hash"].unique()
    held = (
        label.scan("line_embeddings")
        .select("text_hash", "embedding")
        .filter(pl.col("text_hash").is_in(hashes.implode()))
        .collect()
    )
    near = held["embedding"].to_numpy() @ vector if held.height else np.zeros(0, np.float32)
    return held.select("text_hash", fits=pl.Series(near, dtype=pl.Float32))


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
