"""Recommendations: what next for an audience."""

import streamlit as st

from workbench.charts import recommend as charts
from workbench.recommend.lists import recommendations
from workbench.settings import settings
from workbench.ui import list_marks, taste
from workbench.ui import recommend as words
from workbench.ui.page import open_page
from workbench.ui.selection import keep_chosen

page = open_page("audience/recommendations")
filters = page.filters("artists", "genres", "countries")
METHOD = (
    "A blend of models that learnt which listeners stream which songs, and of what songs are: "
    "artist, genre, moods and meaning. The list takes off what the dial and variety say and names "
    "the songs of the profile that add most to each score. What is said of it is heeded at once. "
    "A tenth of the list is drawn from all others, to find out, each song with its probability."
)
who = words.audience(page, filters.countries)
if who is None:
    page.foot(METHOD, card="recommender")
    st.stop()
whom, audience = who
choices = words.choices()
asked = {**whom, **choices, **list_marks.heeded(page, audience), "filters": filters}
shown, draw = list_marks.asked(page, asked)
found = page.compute(recommendations, **asked, draw=draw, min_group=settings().min_group)
list_marks.log(page, shown, audience, found, choices)
page.strip(words.strip(found))
st.markdown(f"**{words.told(found)}**")
if found.songs.height:
    page.chart(charts.list_dots, found, key="list", alt=words.told(found))
    st.caption("Numbers are places in the list; left is what few of the audience know.")
    st.subheader("Playlist draft", anchor=False)
    keep_chosen(list_marks.TABLE, found.songs["track_id"])
    listed = words.listed(found)
    chosen = page.table(listed, key=list_marks.TABLE, columns=words.LIST, select="multi-row")
    list_marks.draft(page, audience, found, listed)
    if chosen:
        list_marks.buttons(page, audience, found, chosen, shown)
list_marks.said(page, audience)
list_marks.learning(page)
if found.songs.height:
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
taste.section(page, audience, whom, filters)
if audience.listener_id:  # one listener: nothing of it leaves the page
    page.calls.clear()
    page.shown.clear()
page.foot(METHOD, card="recommender")
