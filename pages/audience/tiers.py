"""Listener tiers: who is loyal, who slips away."""

import streamlit as st

from workbench.audience.platform_tiers import platform_tiers
from workbench.audience.tiers import tiers as listener_tiers
from workbench.charts import audience as charts
from workbench.settings import settings
from workbench.ui import taste, tiers
from workbench.ui import tier_columns as columns
from workbench.ui.page import open_page
from workbench.ui.saved_segments import saved_segments

METHOD = (
    "Active is an intentional stream (library, artist page, own playlist, search) in the last 28 "
    "days, previously active one within two years; programmed only heard what editorial and "
    "algorithmic playlists or radio chose, after Spotify's audience segments. The thresholds of "
    "super and moderate are ours. Shares carry 90 % Wilson intervals, since the panel is a sample; "
    "cells under {group} listeners are hidden with what would give them away."
)

page = open_page("audience/tiers")
filters = page.filters("artists", "genres", "countries", "segment")
group = settings().min_group
outside = page.compute(platform_tiers, filters=filters)

if not page.label.has("plays"):
    heads = tiers.aggregates_strip(outside)
    if heads:
        page.strip(heads)
    tiers.platform(page, outside, alone=True)
    page.foot(METHOD.format(group=group), card="tiers")
    st.stop()

super_from, moderate_from = tiers.thresholds()
found = page.compute(
    listener_tiers, filters=filters, super_from=super_from, moderate_from=moderate_from,
    min_group=group,
)  # fmt: skip
page.strip(tiers.strip(found))
tiers.unknown_note(found)
taste.bots(found.tireless, "They are in no tier, count or sum here.")

pictures = st.container(horizontal=True, key="pictures")
with pictures.container(width=470):
    st.markdown("**Monthly listeners by tier**")
    page.chart(charts.tier_history, found, key="history", alt=tiers.movement(found))
    st.caption("Steps of 28 days. Not intentional: heard through playlists, radio or no source.")
with pictures.container():
    st.markdown("**What each tier brings**")
    page.chart(charts.tier_shares, found, key="shares", alt=tiers.weight(found))
    st.caption(
        f"Within the panel of {tiers.people(found)} listeners, two years until {found.as_of}."
    )
page.table(columns.worded(found.sizes, columns.SIZES), key="sizes", columns=columns.SIZES)

rows = st.container(horizontal=True, key="tables")
with rows.container(width=470):
    st.subheader("Who moved in 28 days", anchor=False)
    moved = tiers.largest_first(found.flows)
    page.table(columns.worded(moved, columns.FLOWS), key="flows", columns=columns.FLOWS)
with rows.container():
    st.subheader("Where streams come from", anchor=False)
    page.table(
        columns.worded(found.sources, columns.SOURCES), key="sources", columns=columns.SOURCES
    )

st.subheader("Tiers by market and by artist", anchor=False)
tiers.breakdowns(page, found, filters)
tiers.platform(page, outside, alone=False)
saved_segments(page)
page.foot(METHOD.format(group=group), card="tiers")
