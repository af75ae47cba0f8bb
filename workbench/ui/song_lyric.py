"""A lyric as Song and Demo show it: line by line, its arc, evidence and sections; similar songs."""

from collections.abc import Callable

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from workbench.charts import lyric
from workbench.charts.moving_words import word_strips
from workbench.lyrics.similar import SimilarSongs
from workbench.lyrics.song import SongMoods
from workbench.ui import mood_columns as columns
from workbench.ui import moods as words
from workbench.ui.page import Page
from workbench.ui.selection import chosen_rows
from workbench.ui.text import escaped


def scored(song: SongMoods | None) -> bool:
    """Tell whether a song has moods."""
    return song is not None and song.facts["lead"][0] is not None


def lyric_and_moods(
    page: Page, song: SongMoods, *, chosen: Callable[[int], None] | None = None
) -> tuple[DeltaGenerator | None, int | None]:
    """Show the lyric, and beside it what its lines add up to; below, what cleaning removed.

    Parameters
    ----------
    chosen : what to show for a line that is chosen, given its row in `song.lines`.

    Returns
    -------
    place of `moved_by`, None where nothing is scored, and the number of the line that is chosen
    """
    place = picked = None
    if not song.lines.is_empty():
        # Side by side where there is room, one under the other where there is not.
        beside = st.container(horizontal=True, key="lyric-and-moods")
        left, right = beside.container(width=480), beside.container()
        with left:
            picked = _sheet(page, song)
        with right:
            if picked is not None:
                _line(page, song, picked)
                if chosen is not None:
                    chosen(picked)
                place = st.container()
            if scored(song):
                _moods(page, song)
        if scored(song):
            place = _evidence(page, song, place)
    if not song.changes.is_empty():
        with st.expander("What cleaning removed", icon=":material/cleaning_services:"):
            page.table(song.changes, key="changes", columns=columns.CHANGES)
            page.shown["changes"] = columns.without_words(song.changes)
    return place if scored(song) else None, None if picked is None else song.lines["line"][picked]


def _sheet(page: Page, song: SongMoods) -> int | None:
    """Show the lyric, tinted; return the row of the line that is chosen in it."""
    event = page.chart(
        lyric.sheet, song, key="sheet", select="points", dark=words.dark(),
        alt=f"The lyric line by line, tinted by mood. {song.sentence}",
    )  # fmt: skip
    page.calls.pop("figure sheet")  # a notebook that is sent on carries no lyric
    st.caption(
        "Tinted where a mood stands out from ordinary song lines, stronger where it is named "
        "outright. Hover or choose a line for its moods."
    )
    # The words stay here: what is downloaded carries scores, not the lyric.
    page.shown["lines"] = columns.without_words(song.lines)
    return next((row for row in chosen_rows(event) if row < song.lines.height), None)


def _line(page: Page, song: SongMoods, row: int) -> None:
    st.markdown(f"**“{escaped(song.lines['text'][row])}”**")
    line = song.lines[[row]].with_columns(pl.col("line") + 1)  # people count from one
    page.table(columns.shown(line, columns.SCORES), key="line", columns=columns.SCORES)


def moved_by(page: Page, place: DeltaGenerator | None, moved: pl.DataFrame | None) -> None:
    """Show, where `lyric_and_moods` left room, lines word by word and what each word does.

    Parameters
    ----------
    moved : as `moving_words` gives it. It asks the model, so a page computes it last.
    """
    if place is None or moved is None or moved.is_empty():
        return
    with place:
        st.caption(
            "Word by word, each line scored again without the word: tinted words carry its mood, "
            "grey ones speak against it. Hover for the numbers."
        )
        page.chart(word_strips, moved, key="words", dark=words.dark(), alt=words.carried_by(moved))
    page.calls.pop("figure words")  # as the sheet
    page.shown["words"] = columns.without_words(moved)


def _moods(page: Page, song: SongMoods) -> None:
    """Show what the lines add up to."""
    page.chart(lyric.shares, song, key="shares", alt=f"Share of lines. {song.sentence}")
    page.chart(lyric.arc, song, key="arc", alt=words.arc_finding(song))
    if not song.repeats.is_empty():
        st.caption("The hook: what is sung more than once")
        hook = columns.shown(song.repeats, columns.REPEATS)
        page.table(hook, key="hook", columns=columns.REPEATS)
        page.shown["hook"] = columns.without_words(song.repeats)


def _evidence(page: Page, song: SongMoods, place: DeltaGenerator | None) -> DeltaGenerator:
    """Show the lines for and against, and the sections; return the place of `moved_by`.

    Parameters
    ----------
    place : the one at a chosen line; without, it is beside the sections.
    """
    page.table(columns.shown(song.evidence, columns.EVIDENCE), key="for", columns=columns.EVIDENCE)
    page.shown["for"] = columns.without_words(song.evidence)
    beside = st.container(horizontal=True, key="words-and-sections")
    place = place or beside.container(width=480)
    with beside.container():
        if song.sections.height > 1:
            st.caption("The sections, in the order sung; bars are 90 % intervals")
            page.chart(lyric.sections, song, key="sections-chart", alt=words.sections_finding(song))
        with st.expander("Sections in numbers", icon=":material/view_agenda:"):
            sections = columns.shown(song.sections, columns.SECTIONS)
            page.table(sections, key="sections", columns=columns.SECTIONS)
            page.table(song.kinds.drop("label"), key="kinds", columns=columns.KINDS)
    return place


def similar(page: Page, alike: SimilarSongs, own: str | None = None) -> None:
    """Show the songs most like one song; a chosen row leads to its page.

    Parameters
    ----------
    own : id of the song, with which a chosen one can be compared; None for what is on no file.
    """
    rows = page.table(
        columns.shown(alike.songs, columns.SIMILAR), key="similar", columns=columns.SIMILAR,
        select="single-row",
    )  # fmt: skip
    page.shown["similar"] = columns.without_words(alike.songs.drop("line"))
    if rows and rows[0] < alike.songs.height:
        found = alike.songs.row(rows[0], named=True)
        title, track = escaped(found["title"]), found["track_id"]
        with st.container(horizontal=True):
            page.link("songs/song", f"Open {title}", track=track)
            if own is not None:
                page.link(
                    "songs/compare", f"Compare with {title}", first_song=own, second_song=track
                )
