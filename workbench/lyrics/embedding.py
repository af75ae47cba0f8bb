"""The artifact `line_embeddings`: every distinct line and window of a scored lyric, once.

Lyrics are taken some hundreds at a time, so that the memory needed does not grow with a catalogue.
"""

from collections.abc import Callable, Iterator

import polars as pl

from workbench.lyrics.encoder import encoded
from workbench.lyrics.language import NO_WORDS
from workbench.lyrics.lyric_lines import spoken
from workbench.lyrics.outcome import SCORED
from workbench.store.lyric_rows import LINE_EMBEDDINGS

# Texts embedded between two writes: what is lost when the job is stopped.
_WRITE = 2_048
# Lyrics whose texts are gathered at a time.
LYRICS = 500


def texts_to_embed(lyric_lines: pl.LazyFrame) -> pl.DataFrame:
    """Return the texts that scored lyrics need: text_hash | text | line, by hash.

    Lines are those that the model can read and that hold words; windows join such lines, and are
    no `line` unless a line says the same.
    """
    scored = lyric_lines.filter(pl.col("outcome") == SCORED)
    lines = (
        scored.select(pl.col("lines").explode().struct.unnest())
        .filter("readable", pl.col("language") != NO_WORDS)
        .select("text_hash", "text", line=pl.lit(True))
        .unique("text_hash")
        .sort("text_hash")
        .collect()
    )
    lines = lines.with_columns(pl.Series("text", [spoken(t) for t in lines["text"]], pl.String))
    windows = scored.select(pl.col("windows").explode().struct.unnest()).drop_nulls("text")
    windows = windows.select("text_hash", "text", line=pl.lit(False)).collect()
    return pl.concat([lines, windows]).unique("text_hash", keep="first").sort("text_hash")


def lacking(label, artifact: str, start: int) -> pl.DataFrame:
    """Return the texts of LYRICS lyrics from row `start` on that a row artifact lacks, by hash."""
    texts = texts_to_embed(label.scan("lyric_lines").slice(start, LYRICS))
    key = pl.col("text_hash")
    held = label.scan(artifact).select(key).filter(key.is_in(texts["text_hash"].implode()))
    return texts.join(held.collect(), on="text_hash", how="anti", maintain_order="left")


def make_line_embeddings(label, *, progress: Callable[[int, int, str], None]) -> None:
    """Embed what is not embedded yet; stopped and started again it goes on."""
    lyrics = label.scan("lyric_lines").select(pl.len()).collect().item()
    starts = range(0, lyrics, LYRICS)
    counts = {start: lacking(label, "line_embeddings", start).height for start in starts}
    total, before = sum(counts.values()), 0
    progress(0, total, "Embedding lyric lines")
    for start, count in counts.items():
        if count:
            done = 0
            for rows in _embedded(lacking(label, "line_embeddings", start)):
                label.append_rows("line_embeddings", rows)
                done += rows.height
                progress(before + done, total, "Embedding lyric lines")
            before += count
    if not total:  # an empty part says that nothing was to be done
        label.append_rows("line_embeddings", pl.DataFrame(schema=dict(LINE_EMBEDDINGS)))
    progress(total, total, "Embedding lyric lines")


def _embedded(texts: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield rows of the artifact, _WRITE or a few more at a time.

    Emotion is asked of lines alone; windows are for what a song is about.
    """
    waiting: list[pl.DataFrame] = []
    for line in (True, False):
        some = texts.filter(pl.col("line") == line)
        for found in encoded(some["text"].to_list(), tuned=line):
            rows = {"text_hash": some["text_hash"][found.rows], "embedding": found.embedding}
            if line:
                rows |= {"layers": found.layers, "outputs": found.outputs}
            empty = dict.fromkeys(set(dict(LINE_EMBEDDINGS)) - set(rows))
            waiting.append(pl.DataFrame(rows | empty, schema=dict(LINE_EMBEDDINGS)))
            if sum(frame.height for frame in waiting) >= _WRITE:
                yield pl.concat(waiting)
                waiting = []
    if waiting:
        yield pl.concat(waiting)
