"""Evaluation: how good the recommendations are on this label."""

import streamlit as st

from workbench.charts import recommend as charts
from workbench.recommend.report import evaluation
from workbench.settings import settings
from workbench.ui import evaluation as words
from workbench.ui import logged_worth
from workbench.ui.page import open_page
from workbench.ui.tables import readable

page = open_page("share/evaluation")
found = page.compute(evaluation, min_group=settings().min_group)
page.strip(words.strip(found))
st.markdown(f"**{words.told(found)}**")
st.caption(words.weighed(found))
metric = words.metric_choice()
st.caption(f"{words.METRICS[metric][1]}. Lines are 90 % intervals over listeners.")
page.chart(charts.model_dots, found, key="models", alt=words.told(found), metric=metric)
st.subheader("In numbers", anchor=False)
page.table(words.models(found), key="models_table", columns=words.MODELS)
st.caption("The blend against each model, over the same listeners.")
page.table(words.against(found, metric), key="blend_against", columns=words.AGAINST)
st.subheader("By Taste cluster", anchor=False)
if found.segments.is_empty():
    st.caption("Taste clusters are not made for this data; with them this is told for each.")
    page.link("audience/segments", "Taste clusters")
else:
    page.chart(
        charts.cluster_dots, found, key="clusters", alt="NDCG of the lists in each Taste cluster"
    )
    page.table(
        readable(found.segments.select(*words.CLUSTERS), words.CLUSTERS),
        key="by_cluster",
        columns=words.CLUSTERS,
    )
logged_worth.section(page)
page.foot(
    "Models learn from what listeners had played and are asked for what they played first later; "
    "all songs that a listener does not hold are ranked, and lists of ten are judged. Half of the "
    "listeners choose parameters and weights, the other half gives these figures. Definitions "
    "stand with each metric; a hit nobody could know counts as missed.",
    card="recommender",
)
