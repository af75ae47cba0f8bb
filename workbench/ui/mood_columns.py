"""Columns of mood tables: from code words to screen words, and what may leave a page."""

import polars as pl
import streamlit as st

from workbench.charts.theme import MOOD_COLOURS, percent
from workbench.lyrics.catalogue import LEAST_LINES, LEAST_SHARE, SHARES

_column = st.column_config
_PERCENT = "%.0f %%"
_SHARES = (
    "lead_share", "lead_low", "lead_high", "coverage", "mood", "theme", "both", "probability",
    "share", "first_p", "second_p", "third_p",
)  # fmt: skip
# What a lead is, as `song_moods_table` finds it.
WHAT_LEADS = (
    f"The mood that stands out in most lines, if in at least {LEAST_LINES} different ones and "
    f"{percent(LEAST_SHARE)} of what is sung; otherwise neutral if more than half of it is, else "
    "unclear"
)
_COLOURS = [MOOD_COLOURS[name] for name in SHARES]

SONGS = {
    "title": _column.TextColumn("Title", pinned=True, width="medium"),
    "artist": _column.TextColumn("Artist"),
    "year": _column.NumberColumn("Year", format="%d"),
    "lead": _column.MultiselectColumn(
        "Lead mood", options=list(SHARES), color=_COLOURS, help=WHAT_LEADS
    ),
    "lead_share": _column.ProgressColumn(
        "of the lines", format=_PERCENT, min_value=0, max_value=100, color="gray"
    ),
    "lead_low": _column.NumberColumn("from", format=_PERCENT, help="90 % interval of the share"),
    "lead_high": _column.NumberColumn("to", format=_PERCENT, help="90 % interval of the share"),
    "second": _column.TextColumn("then"),
    "valence": _column.NumberColumn("Valence", format="%.2f", help="1 to 5, 3 is neither"),
    "arousal": _column.NumberColumn("Arousal", format="%.2f", help="1 to 5, 3 is neither"),
    "lines": _column.NumberColumn("Lines", help="Different lines that were scored"),
    "coverage": _column.NumberColumn(
        "Read", format=_PERCENT, help="Share of the words that the model could read"
    ),
}  # fmt: skip
CELL = {
    "title": SONGS["title"],
    "artist": SONGS["artist"],
    "year": SONGS["year"],
    "share": _column.ProgressColumn(
        "Lines in the mood", format=_PERCENT, min_value=0, max_value=100, color="gray"
    ),
    **{name: SONGS[name] for name in ("lead", "valence", "arousal", "lines")},
}
SOUND = {
    **{name: SONGS[name] for name in ("title", "artist", "year")},
    "kind": _column.TextColumn("What disagrees", width="medium"),
    "lead": SONGS["lead"],
    "valence": _column.NumberColumn("Valence of the words", format="%.2f", help="1 to 5"),
    "valence_low": _column.NumberColumn("from", format="%.2f", help="90 % interval"),
    "valence_high": _column.NumberColumn("to", format="%.2f", help="90 % interval"),
    "sound": _column.NumberColumn("Sound", format="%.2f", help="0 to 1, as the track has it"),
}
GROUPS = {
    "group": _column.TextColumn("Group", pinned=True),
    "songs": _column.NumberColumn("Songs", help="Scored ones"),
    "not_scored": _column.NumberColumn("Not scored"),
    "lead": _column.MultiselectColumn("Lead mood", options=list(SHARES), color=_COLOURS),
    **{
        f"{axis}{end}": _column.NumberColumn(
            f"{axis.capitalize()}{words}", format="%.2f", help="1 to 5; 90 % interval over songs"
        )
        for axis in ("valence", "arousal")
        for end, words in (("", ""), ("_low", " from"), ("_high", " to"))
    },
}
OUTCOMES = {
    "outcome": None,
    "tracks": _column.NumberColumn("Songs", width="small"),
    "meaning": _column.TextColumn("What became of the lyric", width="large"),
}
UNSCORED = {
    "title": _column.TextColumn("Title", pinned=True),
    "artist": _column.TextColumn("Artist"),
    "language": _column.TextColumn("Language", width="small"),
    "meaning": _column.TextColumn("Why", width="large"),
}
SIMILAR = {
    "title": _column.TextColumn("Title", pinned=True),
    "artist": _column.TextColumn("Artist"),
    "lead": SONGS["lead"],
    **{
        by: _column.ProgressColumn(
            by.capitalize(), width="small", format=_PERCENT, min_value=0, max_value=100,
            color="gray",
            help="Share of the other songs that are less alike",
        )
        for by in ("mood", "theme", "both")
    },
    "line": _column.TextColumn("A line of this song", width="medium"),
    "their_line": _column.TextColumn("is closest to", width="medium"),
}  # fmt: skip
EVIDENCE = {
    "side": _column.TextColumn("Speaks", width=70),
    "text": _column.TextColumn("Line", width=480),
    "family": _column.MultiselectColumn("Mood", options=list(SHARES), color=_COLOURS),
    "probability": _column.NumberColumn(
        "Probability",
        format=_PERCENT,
        help="As the model gives it. Rare moods have small ones everywhere: a line counts as such "
        "a mood when it stands out from ordinary lines, which is the next column.",
    ),
    "margin": _column.NumberColumn(
        "Stands out",
        format="%.1f",
        help="How far it is above what passes, in standard deviations of ordinary song lines",
    ),
}
REPEATS = {
    "text": _column.TextColumn("Line", width=270),
    "times": _column.NumberColumn("Sung", width=55, help="Times in the song"),
    "share": _column.NumberColumn("of the song", width=85, format=_PERCENT),
    "lead": _column.MultiselectColumn("Mood", options=list(SHARES), color=_COLOURS),
}
SECTIONS = {
    "section": None,
    "label": _column.TextColumn("Section", pinned=True),
    "lines": _column.NumberColumn("Lines"),
    "lead": _column.MultiselectColumn("Mood", options=list(SHARES), color=_COLOURS),
    "lead_lines": _column.NumberColumn("Lines in it"),
    **{
        f"{axis}{end}": _column.NumberColumn(f"{axis.capitalize()}{words}", format="%.2f")
        for axis in ("valence", "arousal")
        for end, words in (("", ""), ("_low", " from"), ("_high", " to"))
    },
}
KINDS = {"kind": _column.TextColumn("Kind of section", pinned=True), **SECTIONS}
SCORES = {
    "line": _column.NumberColumn("Line", format="%d"),
    "label": _column.TextColumn("Section"),
    "heard": _column.NumberColumn("Sung"),
    "state": _column.TextColumn("State"),
    "lead": _column.MultiselectColumn("Mood", options=list(SHARES), color=_COLOURS),
    "named": _column.CheckboxColumn("Named outright"),
    **{
        name: _column.NumberColumn(words, format=_PERCENT)
        if name.endswith("_p")
        else _column.TextColumn(words)
        for name, words in (
            ("first", "First"), ("first_p", "probability"), ("second", "Second"),
            ("second_p", "probability "), ("third", "Third"), ("third_p", "probability  "),
        )
    },
    "valence": _column.NumberColumn("Valence", format="%.2f"),
    "arousal": _column.NumberColumn("Arousal", format="%.2f"),
}  # fmt: skip
CHANGES = {
    "kind": _column.TextColumn("Removed or rewritten"),
    "text": _column.TextColumn("Text", width="large"),
    "count": _column.NumberColumn("Times"),
}


def without_words(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table of lines as it may leave the page: scores without the lyric."""
    return frame.drop("text", "performers", "their_line", "word", strict=False)


def shown(frame: pl.DataFrame, columns: dict) -> pl.DataFrame:
    """Return the columns of a table that are shown and hold anything; shares in percent."""
    kept = [
        name
        for name in columns
        if name in frame.columns and frame[name].null_count() < max(frame.height, 1)
    ]
    percent = [(pl.col(name) * 100).alias(name) for name in kept if name in _SHARES]
    return frame.select(kept).with_columns(percent)
