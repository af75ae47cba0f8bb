"""An unreleased lyric on a page: pasted or dropped, held by the session alone, and its place."""

from pathlib import PurePath

import streamlit as st

from workbench.charts.demo import place_map
from workbench.importers.delimited import decoded
from workbench.lyrics.demo import DemoPlace
from workbench.lyrics.outcome import NO_TEXT
from workbench.lyrics.song import SongMoods
from workbench.parameters import Private
from workbench.ui import compute
from workbench.ui import mood_columns as columns
from workbench.ui import moods as words
from workbench.ui.page import Page
from workbench.ui.selection import chosen_rows
from workbench.ui.text import escaped

_column = st.column_config
_TEXT, _FILES = "demo-text", "demo-files"
ARTISTS = {
    "artist": _column.TextColumn("Artist", pinned=True),
    "affinity": _column.NumberColumn(
        "Alike in moods", format="%.2f",
        help="Overlap of the mix of moods (Hellinger): 1 is the same mix, 0 shares no mood",
    ),
    "songs": _column.NumberColumn("Songs", help="Scored ones"),
    "lead": columns.GROUPS["lead"],
    "valence": _column.NumberColumn("Valence", format="%.2f", help="1 to 5, 3 is neither"),
    "arousal": _column.NumberColumn("Arousal", format="%.2f", help="1 to 5, 3 is neither"),
}  # fmt: skip


def lyric_given() -> Private | None:
    """Ask for a lyric, pasted or as a file; return it, None while there is none."""
    st.session_state.setdefault(_FILES, 0)
    left, right = st.columns([3, 2])
    file = right.file_uploader(
        "Or drop a file (.txt, .lrc)",
        type=["txt", "lrc"],
        key=f"demo-file-{st.session_state[_FILES]}",
        max_upload_size=5,
    )
    pasted = left.text_area(
        "Paste a lyric", key=_TEXT, height=160, disabled=file is not None,
        placeholder="One line as it is sung, one line here; [Chorus] and [Verse] where you like",
    )  # fmt: skip
    with right:
        st.caption(
            ":material/lock: It stays in this session and is stored nowhere. Links, downloads and "
            "notebooks carry scores, none of its words."
        )
        if file is None and not pasted:
            return None
        st.button("Forget it", key="demo-forget", icon=":material/delete:", on_click=_forget)
        if file is not None:
            text, encoding = decoded(file.getvalue(), None, file.name)
            name = escaped(PurePath(file.name).name)
            st.caption(f"{name}, read as {encoding}. Remove the file to paste a text.")
            return Private(text)
    return Private(pasted)


def sentence(song: SongMoods) -> str:
    """Return what a demo says, or why nothing can be said of it."""
    if song.facts["outcome"][0] == NO_TEXT:
        return "No line of this text holds a word, so there is nothing to score"
    return song.sentence


def _forget() -> None:
    """Drop the text, the file and all that was found for them."""
    st.session_state[_TEXT] = ""
    st.session_state[_FILES] += 1  # a new widget: the old one's file goes with it
    compute.forget_private()


def place_panel(page: Page, place: DemoPlace) -> None:
    """Show the demo on the map of moods, and the artists whose songs have its mix of moods."""
    st.markdown(f"**{escaped(place.sentence)}**")
    event = page.chart(
        place_map, place, key="place", select="points", dark=words.dark(), alt=place.sentence
    )
    rows = [row for row in chosen_rows(event) if row < place.roster.tracks.height]
    if rows:
        song = place.roster.tracks.row(rows[0], named=True)
        page.link("songs/song", f"Open {escaped(song['title'])}", track=song["track_id"])
    else:
        st.caption("The star is the demo, its bars 90 % over its lines. Choose a dot for its song.")
    st.caption("Artists by how alike the mix of moods of their songs is")
    chosen = page.table(
        columns.shown(place.artists, ARTISTS), key="artists-alike", columns=ARTISTS,
        select="single-row", height=280,
    )  # fmt: skip
    if chosen and chosen[0] < place.artists.height:
        artist = place.artists.row(chosen[0], named=True)
        name = escaped(artist["artist"])
        page.link("scout/artist", f"Open {name}", artist_id=artist["artist_id"])
