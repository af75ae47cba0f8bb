"""Break-outs in words: of one song or artist, and as a table of all."""

import polars as pl
import streamlit as st

from workbench.listening.breakouts import Breakouts, breakouts, unexplained
from workbench.ui.page import Page
from workbench.ui.text import escaped, short

_column = st.column_config
COLUMNS = {
    "title": _column.TextColumn("Title", pinned=True, width="medium"),
    "artist": _column.TextColumn("Artist"),
    "since": _column.DateColumn("Since", help="First week beyond its own trend"),
    "alarm": _column.DateColumn("Alarm", help="Week in which it could be told from chance"),
    "before": _column.NumberColumn("Week before", format="localized", help="Streams"),
    "now": _column.NumberColumn("Last week", format="localized", help="Streams"),
    "times": _column.NumberColumn(
        "Times", format="%.1f", help="Last week over the week before the first one beyond"
    ),
    "event": _column.TextColumn(
        "On file", help="Campaigns and playlists of those weeks; empty: nothing explains it"
    ),
}
NAMED = 3


def beyond_trend(page: Page) -> None:
    """Show the songs beyond their own trend, when asked for."""
    if not st.toggle("Break-outs", key="breakouts", bind="query-params"):
        return
    found = page.attempt(breakouts)
    if found is None:
        return
    st.markdown(told_all(found))
    if not found.songs.is_empty():
        page.table(found.songs.select(COLUMNS.keys()), key="breakout", columns=COLUMNS)


def told_all(found: Breakouts) -> str:
    """Return in words how many songs broke out, and how often that is said falsely."""
    if found.songs.is_empty():
        return f"None of {found.watched} songs is beyond its own trend. {rate(found)}"
    still = found.songs.filter(pl.col("times") > 1).height
    return (
        f"**{found.songs.height} of {found.watched} songs** ran beyond their own trend since "
        f"{found.begins:%d %b %Y}. {still} of them are still above the week before it; of "
        f"{unexplained(found.songs).height} of these nothing on file tells why. {rate(found)}"
    )


def rate(found: Breakouts) -> str:
    """Return what the alarm promises."""
    return (
        f"The line is set so that one in twenty songs that nothing happens to passes it in 26 "
        f"weeks, by {found.quiet} quiet songs of the 26 weeks before."
    )


def told(found: Breakouts, track_id: str | None = None, artist_id: str | None = None) -> str:
    """Return what is to be said of one song, or of the songs of an artist."""
    column, one = ("track_id", track_id) if track_id else ("artist_id", artist_id)
    songs = found.songs.filter(pl.col(column) == pl.lit(one, pl.String))
    if songs.is_empty():
        return f"No break-out since {found.begins:%d %b %Y}."
    if track_id:
        return f"**Break-out since {_since(songs.row(0, named=True))}.**"
    rows = songs.head(NAMED).to_dicts()
    said = "; ".join(f"{escaped(row['title'])} since {_since(row)}" for row in rows)
    more = songs.height - len(rows)
    return f"**Break-outs:** {said}{f'; and {more} more' if more else ''}."


def _since(row: dict) -> str:
    streams = ""
    if row["before"] is not None:
        streams = f", {short(row['before'])} streams in the week before, {short(row['now'])} now"
    why = f"on file: {escaped(row['event'])}" if row["event"] else "nothing on file explains it"
    return f"{row['since']:%d %b %Y}{streams} ({why})"
