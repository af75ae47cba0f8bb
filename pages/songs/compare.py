"""Compare two: what sets two songs, or two artists, apart."""

import streamlit as st

from workbench.lyrics.contrast import artist_contrast, song_contrast
from workbench.ui import contrast as words
from workbench.ui.moods import heard_choice
from workbench.ui.page import open_page
from workbench.ui.text import escaped

page = open_page("songs/compare")
filters = page.filters("artists", "genres")
row = st.container(horizontal=True, vertical_alignment="bottom", key="compare-choices")
with row:
    kind = words.kind_choice()
    heard = heard_choice()
pair = words.pair_choice(page, kind, filters)
if pair is None:
    st.info("Two are needed, and fewer fit these choices.", icon=":material/compare_arrows:")
else:
    first, second = pair
    compared = song_contrast if kind == words.SONGS else artist_contrast
    found = page.attempt(compared, first=first, second=second, heard=heard)
    if found is not None:
        st.markdown(f"**{escaped(found.sentence)}**")
        page.strip(words.strip(found))
        words.panels(page, found)
        words.links(page, found)
page.foot(
    "Songs are compared by their distinct lines, artists by their songs, each song weighing the "
    "same. Intervals are 90 % by bootstrap; what stands apart beats shuffles of lines or songs "
    "between the two, all measures taken together (Westfall and Young 1993). Words go by log odds "
    "with a prior of what both say (Monroe, Colaresi and Quinn 2008).",
    card="moods",
)
