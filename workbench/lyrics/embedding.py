"""The artifact `line_embeddings`: every distinct line and window of a scored lyric, once."""

from collections.abc import Callable

import polars as pl

from workbench.lyrics.encoder import encoded
from workbench.lyrics.language import NO_WORDS
from workbench.lyrics.lyric_lines import spoken
from workbench.lyrics.outcome import SCORED
from workbench.store.lyric_rows import LINE_EMBEDDINGS

# Texts embedded between two writes: what is lost when the job is stopped.
_WRITE = 1_024


def texts_to_embed(lyric_lines: pl.LazyFrame) -> pl.DataFrame:
    """Return the texts that scored lyrics need: text_hash | text, by hash.

    Lines are those that the model can read and that hold words; windows join such lines.
    """
    scored = lyric_lines.filter(pl.col("outcome") == SCORED)
    lines = (
        scored.select(pl.col("lines").explode().struct.unnest())
        .filter("readable", pl.col("language") != NO_WORDS)
        .select("text_hash", "text")
        .unique("text_hash")
        .sort("text_hash")
        .collect()
    )
    lines = lines.with_columns(pl.Series("text", [spoken(t) for t in lines["text"]], pl.String))
    windows = scored.select(pl.col("windows").explode().struct.unnest())
    windows = windows.drop_nulls("text").select("text_hash", "text").collect()
    return pl.concat([lines, windows]).unique("text_hash", keep="first").sort("text_hash")


def make_line_embeddings(label, *, progress: Callable[[int, int, str], None]) -> None:
    """Embed what is not embedded yet; stopped and started again it goes on."""
    held = label.scan("line_embeddings").select("text_hash").collect()
    texts = texts_to_embed(label.scan("lyric_lines")).join(held, on="text_hash", how="anti")
    progress(0, texts.height, "Embedding lyric lines")
    waiting: list[pl.DataFrame] = []
    done = 0
    for found in encoded(texts["text"].to_list()):
        waiting.append(
            pl.DataFrame(
                {
                    "text_hash": texts["text_hash"][found.rows],
                    "embedding": found.embedding,
                    "layers": found.layers,
                    "outputs": found.outputs,
                },
                schema=dict(LINE_EMBEDDINGS),
            )
        )
        done += len(found.rows)
        if sum(frame.height for frame in waiting) >= _WRITE:
            label.append_rows("line_embeddings", pl.concat(waiting))
            waiting = []
            progress(done, texts.height, "Embedding lyric lines")
    if waiting:
        label.append_rows("line_embeddings", pl.concat(waiting))
    progress(texts.height, texts.height, "Embedding lyric lines")
