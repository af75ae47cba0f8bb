"""Columns of the row artifacts of lyrics; the first one is the key."""

import polars as pl

EMBEDDING = 384
# Layers before the last one whose token means are kept for the mood heads.
EARLIER_LAYERS = 2
# What the tuned layers say of a text: 28 emotions, 8 of Plutchik, valence, arousal, dominance.
OUTPUTS = 39

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
    ("layers", pl.Array(pl.Float16(), EMBEDDING * EARLIER_LAYERS)),
    ("outputs", pl.Array(pl.Float32(), OUTPUTS)),
)

# Labels of GoEmotions (Demszky et al. 2020), in the order of its files.
EMOTIONS = (
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion", "curiosity",
    "desire", "disappointment", "disapproval", "disgust", "embarrassment", "excitement", "fear",
    "gratitude", "grief", "joy", "love", "nervousness", "optimism", "pride", "realization",
    "relief", "remorse", "sadness", "surprise", "neutral",
)  # fmt: skip
# One row a distinct line: probability of each emotion; valence, arousal, dominance from 1 to 5.
LINE_MOODS = (
    ("text_hash", pl.String()),
    *((emotion, pl.Float32()) for emotion in EMOTIONS),
    ("valence", pl.Float32()),
    ("arousal", pl.Float32()),
    ("dominance", pl.Float32()),
)
