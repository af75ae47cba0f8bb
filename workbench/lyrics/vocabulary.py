"""Words of lyrics: how many and how varied, and which set two apart."""

import numpy as np
import polars as pl

from workbench.lyrics.theme_words import content_words, said_words

# Words of the window in which variety is counted, so that long songs are not poor ones.
WINDOW = 50
SIDES = ("first", "second")
TRAITS = ("words", "different", "variety", "again", "line")
# A word that is nearer to none of the two than this is not shown.
FAINT = 0.5
# Weight of what both sides say against what each says, in words.
_PRIOR = 20.0


def traits(lines: pl.DataFrame) -> pl.DataFrame:
    """Return how each song uses words.

    Parameters
    ----------
    lines : track_id | line | text | text_hash | heard, as sung.

    Returns
    -------
    track_id | words (sung) | different (words) | variety (mean share of different words in windows
    of 50, Covington and McFall 2010; null under 50 words) | again (share of the sung lines that
    were sung before) | line (words of a mean line, each once)
    """
    said = lines.sort("track_id", "line").with_columns(said=said_words(pl.col("text")))
    once = (
        said.unique(["track_id", "text_hash"])
        .group_by("track_id")
        .agg(line=pl.col("said").list.len().mean())
    )
    return (
        said.group_by("track_id", maintain_order=True)
        .agg(
            words=(pl.col("said").list.len() * pl.col("heard")).sum().cast(pl.Float64),
            again=1 - pl.col("text_hash").n_unique() / pl.col("heard").sum(),
            running=pl.col("said").list.explode(),
        )
        .with_columns(
            different=pl.col("running").list.n_unique().cast(pl.Float64),
            variety=pl.col("running").map_elements(_variety, return_dtype=pl.Float64),
        )
        .join(once, on="track_id")
        .select("track_id", *TRAITS)
    )


def _variety(running: pl.Series) -> float | None:
    words = running.to_list()
    if len(words) < WINDOW:
        return None
    shares = [len(set(words[at : at + WINDOW])) / WINDOW for at in range(len(words) - WINDOW + 1)]
    return float(np.mean(shares))


def telling_words(texts: pl.DataFrame, count: int) -> pl.DataFrame:
    """Return the words that set two sides apart.

    Log odds with a Dirichlet prior of what both sides say, over their standard error (Monroe,
    Colaresi and Quinn 2008). A word that a single text holds tells nothing and is left out.

    Parameters
    ----------
    texts : side (first, second) | text, in which a word counts once. count : words of each side.

    Returns
    -------
    side | word | first, second (texts that hold it) | z, the most telling of each side first
    """
    words = (
        texts.select("side", word=content_words(pl.col("text")))
        .explode("word")
        .filter(pl.col("word").str.len_chars() > 1)
        .group_by("word")
        .agg((pl.col("side") == side).sum().cast(pl.Int64).alias(side) for side in SIDES)
    )
    both = pl.col("first") + pl.col("second")
    prior = _PRIOR * both / both.sum()
    odds = [
        ((pl.col(side) + prior) / (pl.col(side).sum() + _PRIOR - pl.col(side) - prior)).log()
        for side in SIDES
    ]
    error = (1 / (pl.col("first") + prior) + 1 / (pl.col("second") + prior)).sqrt()
    told = words.with_columns(z=(odds[1] - odds[0]) / error).with_columns(
        side=pl.when(pl.col("z") > 0).then(pl.lit("second")).otherwise(pl.lit("first"))
    )
    return (
        told.filter(pl.col("z").abs() > FAINT, both > 1)
        .sort("side", pl.col("z").abs(), "word", descending=[False, True, False])
        .group_by("side", maintain_order=True)
        .head(count)
        .select("side", "word", *SIDES, "z")
    )
