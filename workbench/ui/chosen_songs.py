"""What can be done with the songs that are chosen in a table: open, compare, note."""

import polars as pl
import streamlit as st

from workbench.charts.compare import side_by_side
from workbench.errors import WorkbenchError
from workbench.listening.compare import compared_songs
from workbench.parameters import Filters
from workbench.store.annotations import NOTES
from workbench.ui.page import Page
from workbench.ui.selection import song_links
from workbench.ui.text import escaped, short

MOST = 5  # lines that can be told apart
HINT = "Choose a row to open its song or its artist, several to compare and to note."


def chosen_songs(page: Page, tracks: pl.DataFrame, rows: list[int], place) -> None:
    """Show, in a place above the table, what can be done with the selected tracks.

    Parameters
    ----------
    tracks : track_id | title | artist_id | artist, as listed. rows : selected. place : container.
    """
    if not rows:
        place.caption(HINT)
        return
    chosen = tracks[rows]
    if len(rows) == 1:
        song_links(page, tracks, rows, place)
    else:
        with place:
            st.caption(f"{len(rows):,} songs chosen", width="content")
            _compare_artists(page, chosen)
    with place:
        _note(page, chosen)


def _compare_artists(page: Page, chosen: pl.DataFrame) -> None:
    artists = chosen["artist_id"].drop_nulls().unique(maintain_order=True).to_list()
    if 1 < len(artists) <= MOST:
        page.link(
            "scout/artist", f"Compare their {len(artists)} artists",
            artist_id=artists[0], beside=artists[1:],
        )  # fmt: skip


def _note(page: Page, chosen: pl.DataFrame) -> None:
    """Show the form that notes a text for all chosen tracks at once."""
    held = page.label.scan("track_annotations").collect_schema().names()
    columns = [name.removeprefix(f"{NOTES}.") for name in held if name.startswith(f"{NOTES}.")]
    songs = "this song" if chosen.height == 1 else f"these {chosen.height:,} songs"
    with (
        st.popover("Note", icon=":material/edit_note:", key="note"),
        st.form("note-form", border=False),
    ):
        st.markdown(f"Note for {songs}")
        st.selectbox(
            "Column", columns or ["shortlist"], accept_new_options=True, key="note-column",
            help="It stands beside the label's own columns here and in notebooks; choose it under "
            "“Own column” to filter and colour by it.",
        )  # fmt: skip
        st.text_input("Text", key="note-text", max_chars=80, help="Empty takes the note away.")
        st.form_submit_button(
            "Save", on_click=_save, args=(page.label, tuple(chosen["track_id"])), key="note-save"
        )
    if problem := st.session_state.pop("note-problem", None):
        st.error(problem, icon=":material/error:")


def _save(label, tracks: tuple[str, ...]) -> None:
    """Write the note before the page runs, so that it is there when the tables are read."""
    column = (st.session_state["note-column"] or "").strip()
    text = st.session_state["note-text"].strip()
    try:
        label.note("track_id", tracks, column, text or None)
    except WorkbenchError as error:
        st.session_state["note-problem"] = str(error)
        return
    songs = "one song" if len(tracks) == 1 else f"{len(tracks):,} songs"
    said = f"Noted for {songs}" if text else f"Took the note away from {songs}"
    st.toast(f"{said}, column {escaped(f'{NOTES}.{column}')}.", icon=":material/edit_note:")


def side_by_side_songs(page: Page, tracks: pl.DataFrame, rows: list[int], filters: Filters) -> None:
    """Draw the weekly streams of two songs or more, the first five of those selected."""
    chosen = tracks[rows].drop_nulls("streams").head(MOST)
    if chosen.height < 2:
        return
    ids = tuple(sorted(chosen["track_id"]))
    whose = Filters(countries=filters.countries, segment=filters.segment)
    lines = page.compute(compared_songs, tracks=ids, filters=whose)
    first = chosen.sort("streams", descending=True).row(0, named=True)
    st.markdown("**Side by side**, streams a week of the last year")
    page.chart(
        side_by_side, lines, key="beside", scale="streams",
        alt=f"Weekly streams of {chosen.height} songs; {first['title']} has most now, "
        f"{short(first['streams'])}",
    )  # fmt: skip
    left = len(rows) - chosen.height
    if left:
        st.caption(f"Without {left:,} of those chosen: five lines at most, and only of streams.")
