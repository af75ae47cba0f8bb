"""Checks of the promotion model: what it tells of weeks it had not seen."""

import streamlit as st

from workbench.charts import promotion_checks as charts
from workbench.promotion.checks import fit_health, model_checks
from workbench.ui import promotion_checks as words
from workbench.ui.left_out import left_out_list
from workbench.ui.own_priors import prior_editor
from workbench.ui.page import open_page
from workbench.ui.tables import readable

page = open_page("promote/checks")
above, own = st.container(), st.container()
with own:  # stands where the model is still to be made, too
    prior_editor(page)
with above:
    health = page.compute(fit_health)
    checks = page.compute(model_checks)
    page.strip(words.strip(checks, health))
    told = words.finding(checks, health)
    st.markdown(told)

    if checks.errors.height:
        st.subheader("Weeks it had not seen", anchor=False)
        st.caption(
            "The model was fitted without them; their spend was given. Blue band: 90 % of weeks."
        )
        page.chart(charts.held_line, checks, key="held", alt=told)
        page.table(words.errors(checks), key="errors", columns=words.ERRORS, height="content")

    st.subheader("What spend cannot tell apart", anchor=False)
    if doubts := words.doubt_words(health):
        st.markdown("\n".join(f"- {sentence}" for sentence in doubts))
    else:
        st.caption("No channel moved in step with another, stood still, or followed the streams.")

    left_out_list(page)
    st.subheader("Before the data and after", anchor=False)
    st.caption(f"{words.narrowed(health)} Lines are 90 % intervals.")
    page.chart(charts.before_and_after, health, key="beliefs", alt=words.narrowed(health))
    with st.expander("In numbers", icon=":material/table:"):
        page.table(words.beliefs(health), key="beliefs_table", columns=words.BELIEFS)

if health.events.height or health.events_left_out.height:
    st.subheader("What events do", anchor=False)
    st.caption(words.events(health))
if health.events.height:
    page.chart(charts.event_dots, health, key="events", alt=words.events(health))
    shown = readable(health.events, words.EVENTS)
    page.table(shown, key="events_table", columns=words.EVENTS, height="content")

st.subheader("Do its weeks look like ours?", anchor=False)
st.caption(
    "Of a model that is right, half of the observed weeks lie in the middle 50 % of weeks drawn "
    "from it and nine in ten in the middle 90 %: in all, by size of the song, age and territory."
)
page.chart(charts.inside_dots, checks, key="inside", alt="Shares of observed weeks in intervals")
with st.expander("What is left over", icon=":material/show_chart:"):
    st.caption(
        "How far songs were from what is expected, week by week: median and 90 % of songs. A wave "
        "in it is something the model does not know."
    )
    page.chart(charts.residual_band, checks, key="residuals", alt="Residuals by week")
    page.table(words.residuals(checks), key="residual_cells", columns=words.RESIDUALS)
page.foot(
    "The last weeks are held out: told by a fit of all before them, with their spend known, and by "
    "one that knows no promotion. Every observed week is placed among weeks drawn from the model. "
    "A check that fails speaks against the intervals; one that holds does not prove that a "
    "campaign worked.",
    card="promotion",
)
