"""What a search of lyrics reads, prepared once for a version of the data and kept in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.lyrics.families import CARRIED
from workbench.lyrics.language import NO_WORDS
from workbench.lyrics.moods import scored_lines
from workbench.lyrics.outcome import SCORED
from workbench.lyrics.query import END, START, WHOLE
from workbench.lyrics.theme_words import said_words
from workbench.lyrics.themes import song_means
from workbench.lyrics.track_lines import lyric_states
from workbench.parameters import Filters
from workbench.store.memory import memory

# The start and the end of a song are its first and last sections, as many as hold so many lines.
PART_LINES = 3


@dataclass(frozen=True, eq=False)
class Texts:
    """The lyrics of a label.

    Attributes
    ----------
    songs : `lyric_states` of all tracks that have a lyric on file. said : lyric_hash | said (its
    words, lower case, a space before, between and after), every lyric that was read.
    hashes : scored lyrics, in the order of `means`. means : (lyrics, 384), length 1.
    """

    songs: pl.DataFrame
    said: pl.DataFrame
    hashes: list[str]
    means: np.ndarray

    @property
    def bytes(self) -> int:
        """Size in memory."""
        return self.songs.estimated_size() + self.said.estimated_size() + self.means.nbytes


def texts(label) -> Texts:
    """Return the texts of a label, kept in memory."""
    names = ("tracks", "lyrics", "lyric_lines", "themes", "line_moods", "artists")
    return memory.load(f"lyric texts {label.version(*names)}", lambda: _texts(label), _size)


def _size(held: Texts) -> int:
    return held.bytes


def _texts(label) -> Texts:
    fit = label.fit("themes")
    songs = lyric_states(label, Filters()).drop_nulls("lyric_hash")
    said = (
        label.scan("lyric_lines")
        .join(songs.lazy().select("lyric_hash").unique(), on="lyric_hash", how="semi")
        .select("lyric_hash", pl.col("lines").list.eval(pl.element().struct.field("text")))
        .select("lyric_hash", text=pl.col("lines").list.unique(maintain_order=True).list.join(" "))
        .select("lyric_hash", said=spaced(pl.col("text")))
        .sort("lyric_hash")
        .collect()
    )
    hashes = fit.frames["windows"]["lyric_hash"]
    keys, means = song_means(hashes, fit.arrays["vectors"].astype(np.float32))
    return Texts(songs, said, keys.to_list(), means)


def spaced(text: pl.Expr) -> pl.Expr:
    """Return the words of a text with a space before, between and after, lower case."""
    return pl.concat_str(pl.lit(" "), said_words(text).list.join(" "), pl.lit(" "))


def likeness(label, held: Texts, query: np.ndarray) -> pl.DataFrame:
    """Return how near each scored lyric is to a query vector.

    Nearness is the mean of the cosines of the nearest window and of the whole song: a song may
    say it once or all along.

    Returns
    -------
    lyric_hash | near | best (cosine of the nearest window) | window (its number)
    """
    fit = label.fit("themes")
    vectors = fit.arrays["vectors"]
    cosine = np.empty(len(vectors), np.float32)
    for at in range(0, len(vectors), 8_192):  # float16 on disk and in memory, float32 to multiply
        cosine[at : at + 8_192] = vectors[at : at + 8_192].astype(np.float32) @ query
    nearest = (
        fit.frames["windows"]
        .with_columns(best=pl.Series(cosine))
        .group_by("lyric_hash", maintain_order=True)
        .agg(pl.col("best").max(), pl.col("window").get(pl.col("best").arg_max()))
    )
    whole = pl.DataFrame({"lyric_hash": held.hashes, "whole": held.means @ query})
    return nearest.join(whole, on="lyric_hash").select(
        "lyric_hash", near=(pl.col("best") + pl.col("whole")) / 2, best="best", window="window"
    )


def part_moods(label) -> pl.DataFrame:
    """Return the moods of each scored lyric's whole, start and end, kept in memory.

    Each line counts as often as it is sung there.

    Returns
    -------
    lyric_hash | where (whole, start, end) | lines | n_<family> (lines it leads) |
    p_<family> (mean probability of its best label)
    """
    key = f"part moods {label.version('lyric_lines', 'line_moods')}"
    return memory.load(key, lambda: _part_moods(label), pl.DataFrame.estimated_size)


def _part_moods(label) -> pl.DataFrame:
    lines = scored_parts(label)
    blocks = lines.group_by("lyric_hash", "block").agg(distinct=pl.col("text_hash").n_unique())
    parts = [lines.select(pl.all(), where=pl.lit(WHOLE))]
    for where in (START, END):
        order = blocks.sort("lyric_hash", "block", descending=[False, where == END])
        before = pl.col("distinct").cum_sum().over("lyric_hash") - pl.col("distinct")
        kept = order.filter(before < PART_LINES)
        found = lines.join(kept.select("lyric_hash", "block"), on=["lyric_hash", "block"])
        parts.append(found.with_columns(where=pl.lit(where)))
    moods = scored_lines(label.scan("line_moods")).select(
        "text_hash", "lead", *(f"p_{name}" for name in CARRIED)
    )
    heard = pl.col("heard").cast(pl.Float32)
    return (
        pl.concat(parts)
        .join(moods, on="text_hash")
        .group_by("lyric_hash", "where")
        .agg(
            pl.col("heard").sum().alias("lines"),
            *(((pl.col("lead") == f) * pl.col("heard")).sum().alias(f"n_{f}") for f in CARRIED),
            *(((pl.col(f"p_{f}") * heard).sum() / heard.sum()).alias(f"p_{f}") for f in CARRIED),
        )
        .sort("lyric_hash", "where")
        .collect()
    )


def scored_parts(label, hashes: Sequence[str] | None = None) -> pl.LazyFrame:
    """Return the readable lines of scored lyrics with their block: section, else stanza.

    Returns
    -------
    lyric_hash | line | block | text | text_hash | heard
    """
    read = label.scan("lyric_lines").filter(pl.col("outcome") == SCORED)
    if hashes is not None:
        read = read.filter(pl.col("lyric_hash").is_in(list(hashes)))
    lines = read.select("lyric_hash", "lines").explode("lines").unnest("lines")
    sections = pl.col("section").n_unique().over("lyric_hash")
    block = pl.when(sections > 1).then("section").otherwise("stanza")
    return (
        lines.with_columns(block=block)
        .filter("readable", pl.col("language") != NO_WORDS)
        .select("lyric_hash", "line", "block", "text", "text_hash", "heard")
    )
