"""Themes as the page shows them: the search, numbers for the strip, tables."""

import polars as pl
import streamlit as st

from workbench.lyrics.query import LONGEST
from workbench.lyrics.search import LyricSearch, lyric_search
from workbench.lyrics.themes import NO_THEME, Themes, songs_of_theme
from workbench.parameters import Filters
from workbench.ui.headlines import Headline
from workbench.ui.page import Page
from workbench.ui.selection import keep_chosen
from workbench.ui.text import escaped, percent

_column = st.column_config
_PERCENT = "%.0f %%"
HITS = 20
EXAMPLE = "songs about leaving home that end hopeful"
_SHARES = ("meaning", "mood", "share", "low", "high")


def _bar(title: str, help_: str):
    return _column.ProgressColumn(
        title, format=_PERCENT, min_value=0, max_value=100, color="gray", width="small", help=help_
    )


FOUND = {
    "title": _column.TextColumn("Title", pinned=True, width="medium"),
    "artist": _column.TextColumn("Artist"),
    "exact": _column.CheckboxColumn(
        "Exact", width="small", help="Holds the quotation, or all that was typed, as it is"
    ),
    "meaning": _bar("Meaning", "Share of the other songs that are less near to the words"),
    "mood": _bar("Mood", "Share of the other songs that fit the mood asked for less"),
    "said": _column.TextColumn("Lines in the mood", help="As often as they are sung there"),
    "words": _column.TextColumn("Words it holds"),
    "line": _column.TextColumn("The line that fits best", width="large"),
}
THEMES = {
    "name": _column.TextColumn("Theme", pinned=True, help="Words that set its songs apart"),
    "songs": _column.NumberColumn("Songs", width="small"),
    "share": _column.NumberColumn("of all", format=_PERCENT),
    "low": _column.NumberColumn("from", format=_PERCENT, help="90 % interval over songs"),
    "high": _column.NumberColumn("to", format=_PERCENT, help="90 % interval over songs"),
    "found_again": _column.NumberColumn(
        "Found again", format="%.2f",
        help="Mean overlap with the theme found among other songs: 1 is the same songs, under .50 "
        "it would not count as a theme",
    ),
    "words": _column.TextColumn("More of its words"),
    "lines": _column.TextColumn("Lines of the songs at its middle", width="large"),
}  # fmt: skip
SONGS = {
    "title": _column.TextColumn("Title", pinned=True),
    "artist": _column.TextColumn("Artist"),
    "nearness": _column.NumberColumn(
        "To the middle", format="%.2f", help="Cosine to the middle of the theme: 1 is the middle"
    ),
    "line": _column.TextColumn("Its line nearest to the theme", width="large"),
}
COUNTS = {
    "groups": _column.NumberColumn("Groups asked for"),
    "themes": _column.NumberColumn("Themes found again"),
    "found_again": _column.NumberColumn("Songs in them", format=_PERCENT),
    "chosen": _column.CheckboxColumn("Chosen"),
}


def shown(frame: pl.DataFrame, columns: dict) -> pl.DataFrame:
    """Return the columns of a table that are shown and hold anything; shares in percent."""
    kept = [
        name
        for name in columns
        if name in frame.columns and frame[name].null_count() < max(frame.height, 1)
    ]
    return frame.select(kept).with_columns(
        (pl.col(name) * 100).alias(name) for name in kept if name in _SHARES
    )


def counts(found: Themes) -> pl.DataFrame:
    """Return the numbers of groups that were tried, as the page shows them."""
    return found.counts.with_columns(pl.col("found_again") * 100)


def strip(found: Themes) -> list[Headline]:
    """Return the numbers at the head of Themes."""
    none = found.themes.row(-1, named=True)
    total, themes = found.songs.height, found.themes.height - 1
    again = found.themes["found_again"].mean()
    return [
        Headline(
            "Themes", f"{themes}", note=f"learnt from {found.learnt:,} songs",
            help="Groups of songs that are found again among other songs of the catalogue.",
        ),
        Headline("Songs in a theme", f"{total - none['songs']:,}", note=f"of {total:,} scored",
                 help=f"{found.unread:,} more songs have no lyric that could be scored."),
        Headline(
            "No clear theme", percent(none["share"]) if total else "–",
            note=f"{percent(none['low'])} to {percent(none['high'])}" if total else None,
            help="Songs that no group holds for sure, with the 90 % interval over songs.",
        ),
        Headline(
            "Found again", "–" if again is None else f"{again:.2f}", note="1 is the same songs",
            help="Mean overlap of a theme with the one found among other songs; 1 is the same.",
        ),
        Headline(
            "Same by other seeds", "–" if found.seeds is None else f"{found.seeds:.2f}",
            note="1 is the same, 0 chance",
            help="Adjusted Rand index of the same songs sorted by four other seeds: 1 is the "
            "same, 0 is chance.",
        ),
    ]  # fmt: skip


def finding(found: Themes) -> str:
    """Return which theme holds most songs, in words."""
    rows = found.themes.to_dicts()
    none = f"{percent(rows[-1]['share'])} have no clear theme"
    if len(rows) < 2:
        return none
    return f"“{rows[0]['name']}” is the largest theme, {rows[0]['songs']:,} songs; {none}"


def search(page: Page, filters: Filters) -> None:
    """Show the search box, kept in the URL, and the songs that fit what is typed."""
    words = st.text_input(
        "Which song fits these words?", key="ask", bind="query-params", placeholder=EXAMPLE,
        icon=":material/search:", max_chars=LONGEST,
        help="Meaning is read in English. A mood may have a place (“that end hopeful”, “starts "
        "sad”) or a not; “…” finds words as they stand, in any language.",
    )  # fmt: skip
    if not (words or "").strip():
        return
    found = page.attempt(lyric_search, words=words, filters=filters, count=HITS)
    if found is None:
        return
    if found.read_as:
        st.caption(f"Read as: {escaped(found.read_as)} · {found.compared:,} lyrics searched")
    for note in found.notes:
        st.caption(f":material/info: {escaped(note)}")
    if not found.hits.is_empty():
        _hits(page, found)


def _hits(page: Page, found: LyricSearch) -> None:
    hits = shown(found.hits, FOUND)
    if not found.hits["exact"].any():
        hits = hits.drop("exact")
    if not found.hits["words"].str.len_chars().sum():
        hits = hits.drop("words")
    keep_chosen("hits", found.hits["track_id"])
    _table(page, hits, found.hits, "hits", FOUND)


def _table(page: Page, frame: pl.DataFrame, songs: pl.DataFrame, key: str, columns: dict) -> None:
    """Show a table of songs with a line of each; the download goes without the lines."""
    rows = page.table(frame, key=key, columns=columns, select="single-row", height=380)
    page.shown[key] = frame.drop("line", strict=False)
    if rows and rows[0] < songs.height:
        title, track = songs.select("title", "track_id").row(rows[0])
        page.link("songs/song", f"Open {escaped(title)}", track=track)
    else:
        st.caption("Choose a row to open its song.")


def theme_songs(page: Page, found: Themes, theme: int) -> None:
    """Show the songs of one theme, the nearest to its middle first."""
    songs = songs_of_theme(found, theme)
    name = NO_THEME if songs.is_empty() else songs["name"][0]
    st.markdown(f"**{escaped(name)}**: {songs.height:,} songs")
    keep_chosen("theme-songs", songs["track_id"])
    listed = songs.drop("nearness") if theme < 0 else songs
    _table(page, shown(listed, SONGS), songs, "theme-songs", SONGS)


def chosen_theme(found: Themes, row: int | None, point: tuple | None) -> int | None:
    """Return the theme that was chosen last, by a row of the table or a bar; None without one.

    Parameters
    ----------
    row : newly picked. point : what the chosen bar carries.
    """
    numbers = found.themes["theme"].to_list()
    before = st.session_state.get("theme-point")
    st.session_state["theme-point"] = point
    if row is not None:
        st.session_state["theme-chosen"] = numbers[row]
    elif point is not None and point != before:
        st.session_state["theme-chosen"] = int(point[0])
    chosen = st.session_state.get("theme-chosen")
    return chosen if chosen in numbers else None
