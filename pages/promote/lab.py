"""Lab: what if the money went elsewhere."""

from dataclasses import replace

import streamlit as st

from workbench.charts import promotion as charts
from workbench.promotion.curves import response_curves
from workbench.promotion.optimise import best_split
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.overview import (
    brought_by_channel,
    channel_summary,
    opening_plan,
    priors_in_force,
    releases,
)
from workbench.settings import settings
from workbench.ui.page import open_page
from workbench.ui.plan_panel import locked_channels, offer_best, plan_panel
from workbench.ui.plan_words import finding, headlines, in_words, show_warnings
from workbench.ui.tables import BELIEFS, BEST_SPLIT, BROUGHT, PLAN_CHANNELS, PRIORS
from workbench.ui.text import escaped

page = open_page("promote/lab")
known = page.compute(releases)
tracks = {row["track_id"]: row for row in known.tracks.to_dicts()}
currency = known.currency or settings().currency


def title(track_id: str) -> str:
    """Return a release as the menu shows it."""
    row = tracks[track_id]
    out = f"out on {row['release_date']}" if row["release_date"] else "out"
    when = f"planned for {row['release_date']}" if row["to_come"] else out
    return f"{row['title']} · {row['artist'] or 'unknown artist'} · {when}"


chosen = st.selectbox("Release", list(tracks), key="track", bind="query-params", format_func=title)
opening = page.compute(opening_plan, track_id=chosen, payout=settings().payout)


@st.fragment
def lab() -> None:
    """Show sliders and what they do; a slider runs this alone, not the page."""
    top = st.container()
    left, right = st.columns([1, 2.3], gap="large")
    with left:
        plan = plan_panel(known, opening.plan, tracks[chosen], currency)
    current = replace(opening.plan, weeks=plan.weeks, payout=plan.payout)
    outcome = page.compute(plan_outcome, keep=False, plan=plan, current=current)
    curves = page.compute(response_curves, plan=replace(plan, spend=opening.plan.spend))
    with top:
        page.strip(headlines(outcome, currency))
    with right:
        st.caption(f"{finding(outcome)} A single week scatters by {outcome.scatter:.0%} around it.")
        show_warnings(outcome.warnings)
        page.chart(charts.weekly_fan, outcome, key="weekly", alt=finding(outcome))
        st.subheader("What each channel brings", anchor=False)
        st.caption(
            "Streams in the window against money over the flight, each channel alone, 90 % band. "
            "Shaded: what one track was given before. Open dot: current plan; orange: scenario."
        )
        page.chart(
            charts.response, curves, outcome, key="curves",
            alt="Response of each channel to its spend, with both plans marked.",
        )  # fmt: skip
        if outcome.steps.height > 2:
            st.subheader("What makes the difference", anchor=False)
            page.chart(charts.difference, outcome, key="steps", alt=finding(outcome))
    if st.toggle("Look for the best split of this budget", key=f"lab:{chosen}:best"):
        best = page.compute(best_split, plan=plan, locked=locked_channels(plan), keep=False)
        offer_best(best, currency)
        page.table(in_words(best.spend), key="best", columns=BEST_SPLIT)
    page.table(in_words(outcome.channels), key="channels", columns=PLAN_CHANNELS)


st.caption(
    "Current plan: what is booked for this release."
    if opening.booked
    else "Current plan: nothing is booked for this release, so it opens with what a promoted track "
    "usually got on each channel, over eight weeks."
)
lab()
with st.expander("What is believed of the channels, and why", icon=":material/balance:"):
    st.markdown("**What each channel brought** in the observed weeks, people who stayed included.")
    page.table(in_words(page.compute(brought_by_channel)), key="brought", columns=BROUGHT)
    st.markdown("**After the data**, with how much of the width is still the prior's.")
    page.table(in_words(page.compute(channel_summary)), key="beliefs", columns=BELIEFS)
    st.markdown("**Before the data.** Those marked as assumptions are ours.")
    page.table(page.compute(priors_in_force), key="priors", columns=PRIORS)
page.foot(
    "Weekly streams are season × (release curve + promotion); promotion is saturated, carried-over "
    "spend whose listeners partly stay. The posterior is drawn once; sliders evaluate "
    "2,000 draws, the same for both plans, so that only what differs is left in the difference. "
    f"Streams become money at the payout you set ({escaped(currency)}, an assumption).",
    card="promotion",
)
