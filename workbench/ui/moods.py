"""Moods as pages show them: words for columns, choices, numbers for the strip."""

import polars as pl
import streamlit as st

from workbench.charts.theme import MOOD_COLOURS
from workbench.listening.song import SongStreams
from workbench.lyrics.catalogue import SHARES, CatalogueMoods
from workbench.lyrics.similar import BY
from workbench.lyrics.song import SongMoods
from workbench.ui.headlines import Headline
from workbench.ui.text import short

_column = st.column_config
_PERCENT = "%.0f %%"
_SHARES = (
    "lead_share", "lead_low", "lead_high", "coverage", "mood", "theme", "both", "probability",
    "share", "first_p", "second_p", "third_p",
)  # fmt: skip
_COLOURS = [MOOD_COLOURS[name] for name in SHARES]
WAYS = {"heard": "As heard", "written": "As written"}

SONGS = {
    "title": _column.TextColumn("Title", pinned=True, width="medium"),
    "artist": _column.TextColumn("Artist"),
    "year": _column.NumberColumn("Year", format="%d"),
    "lead": _column.MultiselectColumn(
        "Lead mood", options=list(SHARES), color=_COLOURS,
        help="Family that stands out in most lines",
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
            by.capitalize(), format=_PERCENT, min_value=0, max_value=100, color="gray",
            help="Share of the other songs that are less alike",
        )
        for by in ("mood", "theme", "both")
    },
    "line": _column.TextColumn("A line of this song", width="medium"),
    "their_line": _column.TextColumn("is closest to", width="medium"),
}  # fmt: skip
EVIDENCE = {
    "side": _column.TextColumn("Speaks", width=70),
    "text": _column.TextColumn("Line", width=210),
    "family": _column.MultiselectColumn("Mood", options=list(SHARES), color=_COLOURS),
    "probability": _column.NumberColumn("Probability", format=_PERCENT),
    "margin": _column.NumberColumn(
        "Stands out",
        format="%.1f",
        help="How far it is above what passes, in standard deviations of ordinary song lines",
    ),
}
REPEATS = {
    "text": _column.TextColumn("Line", width=210),
    "times": _column.NumberColumn("Sung", help="Times in the song"),
    "share": _column.NumberColumn("of the song", format=_PERCENT),
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


def heard_choice() -> bool:
    """Show whether repeats count, kept in the URL; return it."""
    way = st.segmented_control(
        "Lines", list(WAYS), default="heard", required=True, key="lines", bind="query-params",
        format_func=WAYS.get, label_visibility="collapsed",
    )  # fmt: skip
    return way == "heard"


def alike_choice() -> str:
    """Show what songs are compared by, kept in the URL; return it."""
    return st.segmented_control(
        "Alike by", BY, default="both", required=True, key="alike", bind="query-params",
        format_func=str.capitalize, label_visibility="collapsed",
    )  # fmt: skip


def song_strip(song: SongMoods | None, found: SongStreams) -> list[Headline]:
    """Return the numbers at the head of Song; those of moods only where it is scored."""
    numbers = []
    facts = {} if song is None else song.facts.row(0, named=True)
    if facts.get("lead") is not None:
        then = f", then {facts['second']}" if facts["second"] else ""
        numbers = [
            Headline(
                "Lead mood",
                facts["lead"],
                help=f"{facts['lead_share']:.0%} of what is sung (90 % interval "
                f"{facts['lead_low']:.0%} to {facts['lead_high']:.0%}, {facts['lines']} different "
                f"lines){then}.",
            ),
            *(_axis(facts, axis) for axis in ("valence", "arousal")),
            Headline(
                "Words read",
                f"{facts['coverage']:.0%}",
                help="Share of the words in a language that the model reads (English).",
            ),
        ]
    if found.source is not None:
        spark = tuple(found.weeks["streams"].to_list()[-26:])
        until = f", until {found.until}" if found.until else ""
        numbers.append(
            Headline(
                f"Streams, {found.days} days", short(found.total), spark=spark,
                help=f"{found.total:,} streams{until}; the line is weeks.",
            )
        )  # fmt: skip
    return numbers


def _axis(facts: dict, axis: str) -> Headline:
    low, high = facts[f"{axis}_low"], facts[f"{axis}_high"]
    return Headline(
        axis.capitalize(),
        f"{facts[axis]:.2f}",
        help=f"1 to 5, 3 is neither; 90 % interval {low:.2f} to {high:.2f} over the lines.",
    )


def moods_strip(moods: CatalogueMoods) -> list[Headline]:
    """Return the numbers at the head of Moods."""
    counts = dict(moods.outcomes.select("outcome", "tracks").iter_rows())
    scored, total = counts["scored"], sum(counts.values())
    missing = ", ".join(moods.missing)
    headlines = [
        Headline(
            "Songs scored", f"{scored:,}", help=f"of {total:,}; the others are listed below, why."
        ),
        Headline("Not scored", f"{total - scored:,}", good=None, help="See why at the foot."),
    ]
    leads = moods.tracks["lead"].drop_nulls().value_counts(sort=True).sort(
        "count", "lead", descending=[True, False]
    )  # fmt: skip
    named = leads.filter(~pl.col("lead").is_in(["neutral", "unclear"]))
    if not named.is_empty():
        headlines.append(
            Headline(
                "Most frequent lead", named["lead"][0], help=f"It leads {named['count'][0]} songs."
            )
        )
    headlines.append(
        Headline("Families missing", f"{len(moods.missing)}", help=f"No label carries: {missing}.")
    )
    return headlines


def scored_rows(moods: CatalogueMoods) -> list[int]:
    """Return the numbers of the rows that have moods."""
    return moods.tracks["lead"].is_not_null().arg_true().to_list()


def unscored_rows(moods: CatalogueMoods) -> list[int]:
    """Return the numbers of the rows that have none."""
    return moods.tracks["lead"].is_null().arg_true().to_list()


def song_choice(row, names: dict[str, str]) -> str:
    """Show the choice of a song, its id kept in the URL; return the id.

    A bound selectbox would keep the name as shown in the URL, which other pages cannot link to.
    """
    wanted = st.query_params.get("track")
    if wanted in names and st.session_state.get("song-seen") != wanted:
        st.session_state["song"] = wanted
    chosen = row.selectbox("Song", list(names), key="song", format_func=names.get, width=420)
    st.session_state["song-seen"] = chosen
    if wanted != chosen:
        st.query_params["track"] = chosen
    return chosen


def dark() -> bool:
    """Tell whether the visitor sees the dark theme."""
    return st.context.theme.type == "dark"


def find_song(row) -> str:
    """Show the search box in a row, kept in the URL; return what is sought."""
    found = row.text_input(
        "Find", key="find", bind="query-params", placeholder="Title or artist", width=220,
        icon=":material/search:",
    )  # fmt: skip
    return found or ""


def without_words(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table of lines as it may leave the page: scores without the lyric."""
    return frame.drop("text", "performers", strict=False)


def shown(frame: pl.DataFrame, columns: dict) -> pl.DataFrame:
    """Return the columns of a table that are shown and hold anything; shares in percent."""
    kept = [
        name
        for name in columns
        if name in frame.columns and frame[name].null_count() < max(frame.height, 1)
    ]
    percent = [(pl.col(name) * 100).alias(name) for name in kept if name in _SHARES]
    return frame.select(kept).with_columns(percent)
