"""Recommendations: what next for an audience."""

import streamlit as st

from workbench.charts import recommend as charts
from workbench.recommend.lists import recommendations
from workbench.settings import settings
from workbench.ui import recommend as words
from workbench.ui.page import open_page

page = open_page("audience/recommendations")
filters = page.filters("artists", "genres")
METHOD = (
    "A blend of models that learnt which listeners stream which songs, and of what songs are: "
    "artist, genre, moods and meaning. The list takes off what the dial and variety say and names "
    "the songs of the profile that add most to each score. Filters choose what may be in the list, "
    "never what is learnt from."
)
who = words.audience(page)
if who is None:
    page.foot(METHOD, card="recommender")
    st.stop()
found = page.compute(
    recommendations,
    **who,
    **words.choices(),
    filters=filters,
    min_group=settings().min_group,
)
page.strip(words.strip(found))
st.markdown(f"**{words.told(found)}**")
if found.songs.height:
    page.chart(charts.list_dots, found, key="list", alt=words.told(found))
    st.caption("Numbers are places in the list; left is what few of the audience know.")
    st.subheader("Playlist draft", anchor=False)
    chosen = page.table(
        words.listed(found), key="playlist_draft", columns=words.LIST, select="single-row"
    )
    if chosen:
        song = found.songs.row(chosen[0], named=True)
        page.link("songs/song", f"Open {song['title']}", track=song["track_id"])
    st.subheader("What speaks for this list", anchor=False)
    page.chart(
        charts.profile_bars, found, key="profile",
        alt=f"Most of the list is owed to {found.profile['name'][0]}",
    )  # fmt: skip
    st.caption(
        f"Shares of all that speaks for the list. A song counts where {found.min_group} or more of "
        "the audience streamed it. How good such lists are stands under Evaluation."
    )
    page.link("share/evaluation", "How good these lists are")
page.foot(METHOD, card="recommender")
