"""Taste clusters: who the listeners are, by what they play."""

import streamlit as st

from workbench.audience import segments
from workbench.charts import audience as charts
from workbench.settings import settings
from workbench.ui import cluster_life, clusters, taste
from workbench.ui.page import open_page
from workbench.ui.tables import readable

page = open_page("audience/segments")
stability = page.compute(segments.offered)
filters = clusters.filters(page)
count = clusters.count_choice(stability)
found = page.compute(
    segments.clusters, count=count, filters=filters, min_group=settings().min_group
)
page.strip(clusters.strip(found))

if found.listeners == 0:
    st.info("No listener fits these filters. Reset them to see all.", icon=":material/search:")
else:
    page.chart(
        charts.segment_map, found, key="map",
        alt=f"Map of {clusters.counted(found)} listeners in {found.count} clusters",
    )  # fmt: skip
    st.caption(
        f"A dot is a group of at least {found.min_group} listeners, never one. Near means alike "
        "taste; how far apart two islands lie means nothing."
    )
    clusters.cards(page, found)
    taste.bots(found.tireless, "Their streams are in no sum or average here.")
    st.caption(
        "× is the share in the cluster over the share among all listeners, drawn to average where "
        "there are few. A favourite is one of a listener's five most streamed artists."
    )
    clusters.reasons(page, found)
    clusters.comparison(page, found, count)
    st.subheader("In numbers", anchor=False)
    page.table(
        readable(found.cards.select(*clusters.CARDS), clusters.CARDS),
        key="clusters_table",
        columns=clusters.CARDS,
    )
    cluster_life.value(page, count)
    cluster_life.lasting(page, count, filters)
    clusters.definition(page, found, count)

page.foot(
    "Each listener is a profile of artists: streams with half weight after two years, on a log "
    "scale, artists that all play weighing less. Profiles are reduced by SVD and sorted by "
    "k-means; the number of clusters is the largest that two halves of the listeners, learnt "
    "apart, agree on, and who stands between two clusters stays unassigned. Filters choose who is "
    "counted, never what the clusters are.",
    card="segments",
)
