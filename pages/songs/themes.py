"""Themes: what the songs are about, and which song fits some words."""

import streamlit as st

from workbench.charts.themes import theme_bars
from workbench.lyrics.themes import quoted, song_themes
from workbench.ui import themes as words
from workbench.ui.page import open_page
from workbench.ui.selection import chosen_point, newly_picked
from workbench.ui.themes import COUNTS, THEMES

page = open_page("songs/themes")
filters = page.filters("artists", "genres")
found = page.compute(song_themes, filters=filters)
words.search(page, filters)

st.subheader("What the songs are about", anchor=False)
if found.songs.is_empty():
    st.info(
        "No song here has a lyric that could be scored; Moods says why.", icon=":material/lyrics:"
    )
else:
    page.strip(words.strip(found))
    event = page.chart(
        theme_bars, found, key="themes-bars", select="points", alt=words.finding(found)
    )
    listed = words.shown(quoted(found), THEMES)
    rows = page.table(listed, key="themes", columns=THEMES, select="single-row")
    page.shown["themes"] = listed.drop("lines", strict=False)
    picked = newly_picked("themes", rows)
    point = chosen_point(event)
    theme = words.chosen_theme(found, picked, point)
    if theme is None:
        st.caption("A click on a bar or a row lists the songs of a theme.")
    else:
        words.theme_songs(page, found, theme)
    with st.expander("How many themes, and how that was decided", icon=":material/tune:"):
        page.table(words.counts(found), key="counts", columns=COUNTS)
page.foot(
    "Songs are compared by their windows of lines in a small English sentence encoder; a theme is "
    "a group that a hundred refits on parts of the songs agree on and that comes back among other "
    "songs; all else has no clear theme. A search ranks songs by meaning, by each mood and its "
    "place in the song, and by the words they hold, and fuses the ranks; quotations come first.",
    card="themes",
)
