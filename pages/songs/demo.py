"""Demo: what an unreleased lyric would be among the label's songs."""

import streamlit as st

from workbench.lyrics.demo import demo_moving_words, demo_place, demo_similar, demo_song
from workbench.ui import demo, song_lyric
from workbench.ui import moods as words
from workbench.ui.page import open_page
from workbench.ui.text import escaped

page = open_page("songs/demo")
filters = page.filters("artists", "genres")
lyric = demo.lyric_given()
if lyric is not None:
    heard = words.heard_choice()
    with st.spinner("Reading the lyric line by line"):
        song = page.compute(demo_song, lyric=lyric, heard=heard)
    st.markdown(f"**{escaped(demo.sentence(song))}**")
    page.strip(words.song_strip(song, None))
    room, line = song_lyric.lyric_and_moods(page, song)
    if song_lyric.scored(song):
        st.subheader("Among our songs", anchor=False)
        place = page.attempt(demo_place, lyric=lyric, filters=filters, heard=heard)
        if place is not None:
            demo.place_panel(page, place)
            st.subheader("Similar songs", anchor=False)
            by = words.alike_choice()
            alike = page.attempt(demo_similar, lyric=lyric, by=by, filters=filters)
            if alike is not None:
                song_lyric.similar(page, alike)
        moved = page.attempt(demo_moving_words, lyric=lyric, line=line)
        song_lyric.moved_by(page, room, moved)
page.foot(
    "The text is read, cleaned and scored as a song on file is, by the same model, in memory; "
    "nothing is written, and the next text or the end of the session drops it. It is compared with "
    "the label's scored songs that the filters leave. A notebook of this page asks for the file of "
    "the lyric and holds none of its words.",
    card="moods",
)
