"""Columns of the row artifacts of lyrics; the first one is the key."""

import polars as pl

EMBEDDING = 384

_LINE = {
    "line": pl.Int32, "section": pl.Int32, "label": pl.String, "kind": pl.String,
    "performers": pl.List(pl.String), "stanza": pl.Int32, "at_ms": pl.Int64, "heard": pl.Int32,
    "written": pl.Boolean, "text": pl.String, "text_hash": pl.String, "language": pl.String,
    "readable": pl.Boolean, "window": pl.Int32,
}  # fmt: skip
_WINDOW = {"window": pl.Int32, "text_hash": pl.String, "text": pl.String}
_CHANGE = {"kind": pl.String, "text": pl.String, "count": pl.Int32}

# One row a lyric text, as `workbench.lyrics.lyric_lines` reads it.
LYRIC_LINES = (
    ("lyric_hash", pl.String()),
    ("outcome", pl.String()),
    ("language", pl.String()),
    ("coverage", pl.Float64()),
    ("letters", pl.Int32()),
    ("lines", pl.List(pl.Struct(_LINE))),
    ("windows", pl.List(pl.Struct(_WINDOW))),
    ("changes", pl.List(pl.Struct(_CHANGE))),
)
# One row a distinct line or window.
LINE_EMBEDDINGS = (
    ("text_hash", pl.String()),
    ("embedding", pl.Array(pl.Float32(), EMBEDDING)),
)
