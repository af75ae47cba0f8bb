"""Experiments: what a test added, and for whom more."""

import streamlit as st

from workbench.charts import uplift as charts
from workbench.promotion.uplift import TARGETABLE, experiments_held, uplift
from workbench.settings import settings
from workbench.ui import uplift as words
from workbench.ui.page import open_page
from workbench.ui.tables import readable
from workbench.ui.text import escaped
from workbench.ui.unit_lift import teach
from workbench.ui.whom_to_treat import export, gain_told, whom_told

page = open_page("promote/experiments")
group, currency = settings().min_group, settings().currency
held = page.compute(experiments_held, min_group=group)
asked = words.chosen(held)
answer, choices = st.container(), st.container()
with choices:
    worth = words.money_choices(currency)
found = page.compute(uplift, **asked, **worth, min_group=group)
with answer:
    page.strip(words.strip(found))
    st.markdown(f"**{escaped(words.average_told(found))}** {escaped(words.verdict(found))}")
    words.warn(found)
    if found.curve.height:
        page.chart(charts.qini, found, key="qini", alt=words.verdict(found))
        st.caption(escaped(words.shares(found)))
    st.subheader("Whom to treat", anchor=False)
st.markdown(whom_told(found, worth["cost"], currency))
st.markdown(escaped(gain_told(found, currency)))
if found.verdict == TARGETABLE:
    page.chart(charts.group_effects, found, key="effects", alt=gain_told(found, currency))
groups = words.columns(found, words.GROUPS)
page.table(readable(found.groups, groups), key="groups", columns=groups)
export(page, found, asked, worth)
if found.balance.covariates.height:
    with st.expander("Were the arms alike before?", icon=":material/balance:"):
        page.chart(charts.balance, found, key="balance", alt="Differences of the arms before")
        st.caption(words.APART)
        page.table(found.balance.covariates, key="before", columns=words.BALANCE)
if found.learners.height:
    with st.expander("How well units can be told apart", icon=":material/leaderboard:"):
        page.table(words.learners(found), key="learners", columns=words.LEARNERS)
        best = words.columns(found, words.AT)
        page.table(readable(found.at, best), key="best", columns=best)
teach(page, found, held)
page.foot(
    "Who was treated was drawn by lot, so the difference of the arms is the effect; its interval "
    "is of that difference. Two learners rank units by what treatment is expected to add, each "
    "unit by models that never saw it; the band of the Qini is a bootstrap of units. "
    "Groups are made and chosen on one half, their effects are those of the other, where a "
    "group must gain, too.",
    card="uplift",
)
