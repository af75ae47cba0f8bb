"""Mood gap: what listeners play by mood, against what is on offer and planned."""

import streamlit as st

from workbench.audience.mood_gap import mood_gap
from workbench.charts import mood_gap as charts
from workbench.lyrics.mood_performance import mood_performance
from workbench.settings import settings
from workbench.ui import mood_gap as parts
from workbench.ui.filters import counted_by
from workbench.ui.page import open_page
from workbench.ui.tables import readable

page = open_page("scout/mood_gap")
filters = page.filters(*(["segment"] if page.label.has("plays") else []))
counted_by(filters)
# First, though shown last: it says what is missing where no lyric is scored.
performance = page.compute(mood_performance, min_group=settings().min_group)
count = parts.count_choice(page)
among = {"filters": filters} if filters.segment else {}
found = page.attempt(mood_gap, count=count, min_group=settings().min_group, **among)
if found is not None:
    st.markdown(f"{parts.sentence(found)} {parts.plan_sentence(found)}")
    page.strip(parts.strip(found))
    page.chart(charts.gap_dots, found, key="gap", alt=parts.finding(found))
    st.caption(
        "A dot is the share of a cluster's listening, its ring what the artists it plays offer: a "
        "dot that fills more than its ring is played more than it is offered. What no song on "
        "offer carries cannot be seen to be wanted."
    )
    page.table(parts.cells(found), key="gaps", columns=parts.CELLS, height=380)
    with st.expander("What is on offer and what is planned", icon=":material/library_music:"):
        page.table(readable(found.moods, parts.MOODS), key="moods", columns=parts.MOODS)

st.subheader("Mood against performance", anchor=False)
if performance.outcomes["songs"].sum() == 0:
    st.info(
        "This needs saves, skips or weekly streams of scored songs with a day of release.",
        icon=":material/query_stats:",
    )
else:
    outcome = parts.outcome_choice(performance)
    st.markdown(parts.judged_songs(performance, outcome))
    if parts.comparable(performance, outcome):
        page.chart(
            charts.mood_effects, performance, key="effects", outcome=outcome,
            alt=parts.judged_songs(performance, outcome),
        )  # fmt: skip
    st.caption(
        "Of all listeners. An association, not an effect: nobody drew moods by lot; tempo, singles "
        "and campaigns differ, too. Songs are held against others of the same artist, release age "
        "taken off; lines are 90 % intervals."
    )
    page.table(parts.effects(performance), key="performance", columns=parts.EFFECTS, height=300)
page.foot(
    "Demand is the share of each listener's streams of a year that went to songs led by a mood, "
    "averaged over the cluster; the offer is the share of the mood among the songs of the same "
    "artists, each by its days on offer and the usual rate of play at its age, so that neither a "
    "star nor a genre nor a new release looks like a mood. Intervals are 90 %, over listeners by "
    "bootstrap and over songs by shuffling moods among the songs of each artist; a gap counts when "
    "shuffled moods seldom give it. Performance compares songs within their artists by least "
    "squares, with release age.",
    card="mood_gap",
)
