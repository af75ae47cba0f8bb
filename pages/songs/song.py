"""Song: what it says, and to whom."""

import streamlit as st

from workbench.charts import lyric
from workbench.listening.song import song_choices, song_streams
from workbench.lyrics.similar import similar_songs
from workbench.lyrics.song import song_moods
from workbench.ui import mood_columns as columns
from workbench.ui import moods as words
from workbench.ui.page import open_page
from workbench.ui.selection import chosen_rows
from workbench.ui.song_audience import who_listens
from workbench.ui.text import escaped

page = open_page("songs/song")
filters = page.filters("artists", "genres")
row = st.container(horizontal=True, vertical_alignment="bottom", key="song-choices")
find = words.find_song(row)
choices = page.compute(song_choices, filters=filters, find=find)
names = dict(choices.songs.iter_rows())
if not names:
    st.info("No song fits these choices. Reset the filters.", icon=":material/search:")
    page.foot("Songs are found by title, version and artist.")
    st.stop()
track = words.song_choice(row, names)
with row:
    heard = words.heard_choice()
st.subheader(escaped(names[track]), anchor=False)

streams = page.compute(song_streams, track=track)
song = page.attempt(song_moods, track=track, heard=heard)
numbers = words.song_strip(song, streams)
if song is not None:
    st.markdown(f"**{escaped(song.sentence)}**")
if numbers:
    page.strip(numbers)
scored = song is not None and song.facts["lead"][0] is not None

if song is not None and not song.lines.is_empty():
    # Side by side where there is room, one under the other where there is not.
    beside = st.container(horizontal=True, key="lyric-and-moods")
    left, right = beside.container(width=480), beside.container()
    with left:
        event = page.chart(
            lyric.sheet, song, key="sheet", select="points", dark=words.dark(),
            alt=f"The lyric line by line, tinted by mood. {song.sentence}",
        )  # fmt: skip
        page.calls.pop("figure sheet")  # a notebook that is sent on carries no lyric
        picked = chosen_rows(event)
        st.caption(
            "Tinted where a mood stands out from ordinary song lines, stronger where it is named "
            "outright. Hover or choose a line for its moods."
        )
        if picked:
            page.table(
                columns.shown(song.lines[picked], columns.SCORES),
                key="line",
                columns=columns.SCORES,
            )
        # The words stay here: what is downloaded carries scores, not the lyric.
        page.shown["lines"] = columns.without_words(song.lines)
    if scored:
        with right:
            page.chart(lyric.shares, song, key="shares", alt=f"Share of lines. {song.sentence}")
            page.chart(lyric.arc, song, key="arc", alt=words.arc_finding(song))
            page.table(
                columns.shown(song.evidence, columns.EVIDENCE), key="for", columns=columns.EVIDENCE
            )
            if not song.repeats.is_empty():
                st.caption("The hook: what is sung more than once")
                hook = columns.shown(song.repeats, columns.REPEATS)
                page.table(hook, key="hook", columns=columns.REPEATS)
            page.shown |= {
                "for": columns.without_words(song.evidence),
                "hook": columns.without_words(song.repeats),
            }
            with st.expander("Sections side by side", icon=":material/view_agenda:"):
                page.table(columns.shown(song.sections, columns.SECTIONS), key="sections",
                           columns=columns.SECTIONS)  # fmt: skip
                page.table(song.kinds.drop("label"), key="kinds", columns=columns.KINDS)
if song is not None and not song.changes.is_empty():
    with st.expander("What cleaning removed", icon=":material/cleaning_services:"):
        page.table(song.changes, key="changes", columns=columns.CHANGES)

if scored:
    st.subheader("Similar songs", anchor=False)
    by = words.alike_choice()
    alike = page.attempt(similar_songs, track=track, by=by, filters=filters)
    if alike is not None:
        rows = page.table(
            columns.shown(alike.songs, columns.SIMILAR), key="similar", columns=columns.SIMILAR,
            select="single-row",
        )  # fmt: skip
        page.shown["similar"] = columns.without_words(alike.songs.drop("line"))
        if rows:
            found = alike.songs.row(rows[0], named=True)
            page.link("songs/song", f"Open {escaped(found['title'])}", track=found["track_id"])
if streams.total:
    st.subheader("Where it is heard", anchor=False)
    page.chart(lyric.markets, streams, key="markets", alt=f"Streams of {names[track]} by country")
who_listens(page, track)
page.foot(
    "Each line is scored by itself, once, however often it is sung; sounds and other languages "
    "are not. The arc is a random walk seen through the lines' noise, with 90 % bands. Similar "
    "songs share the mix of moods, the themes of their windows of lines, or both. Who listens is "
    "the panel of a year; Taste clusters are learnt from the same plays, this song's among them.",
    card="moods",
)
