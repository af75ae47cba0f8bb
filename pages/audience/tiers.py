"""Listener tiers: who is loyal, who slips away."""

import streamlit as st

from workbench.audience.platform_tiers import platform_tiers
from workbench.audience.tiers import tiers as listener_tiers
from workbench.charts import audience as charts
from workbench.settings import settings
from workbench.ui import tiers
from workbench.ui.page import open_page

METHOD = (
    "Active is an intentional stream (library, artist page, own playlist, search) in the last 28 "
    "days, previously active one within two years; programmed only heard what editorial and "
    "algorithmic playlists or radio chose, after Spotify's audience segments. The thresholds of "
    "super and moderate are ours. Shares carry 90 % Wilson intervals, since the panel is a sample; "
    "cells under {group} listeners are hidden with what would give them away."
)

page = open_page("audience/tiers")
filters = page.filters("artists", "genres", "countries")
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

left, right = st.columns(2)
with left:
    st.markdown("**Monthly listeners by tier**")
    page.chart(
        charts.tier_history, found, key="history",
        alt=f"Monthly listeners by tier in steps of 28 days until {found.as_of}",
    )  # fmt: skip
    st.caption("Steps of 28 days. Not intentional: heard through playlists, radio or no source.")
with right:
    st.markdown("**What each tier brings**")
    page.chart(
        charts.tier_shares, found, key="shares",
        alt="Share of listeners, of streams of 28 days and of buyers, by tier",
    )  # fmt: skip
    st.caption(f"Within the panel of {found.audience:,} listeners, two years until {found.as_of}.")
page.table(tiers.worded(found.sizes, tiers.SIZES), key="sizes", columns=tiers.SIZES)

left, right = st.columns(2)
with left:
    st.subheader("Who moved in 28 days", anchor=False)
    moved = tiers.largest_first(found.flows)
    page.table(tiers.worded(moved, tiers.FLOWS), key="flows", columns=tiers.FLOWS)
with right:
    st.subheader("Where streams come from", anchor=False)
    page.table(tiers.worded(found.sources, tiers.SOURCES), key="sources", columns=tiers.SOURCES)

tiers.breakdowns(page, found, filters)
tiers.platform(page, outside, alone=False)
page.foot(METHOD.format(group=group), card="tiers")
