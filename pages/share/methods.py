"""Methods: why to believe what the other pages say."""

import streamlit as st

from workbench.report import methods
from workbench.ui import line_marks
from workbench.ui.page import open_page
from workbench.ui.tables import ARTIFACTS, ASSUMPTIONS, with_meaning

page = open_page("share/methods")

cards = methods.cards()
chosen = st.pills(
    "Model card",
    list(cards),
    format_func=methods.titles().get,
    key="card",
    bind="query-params",
    default=next(iter(cards)),
    required=True,
)
with st.container(border=True):
    st.markdown(f"#{cards[chosen]}")  # a heading smaller than the page's own

line_marks.agreement(page)
st.subheader("What is made for this label", anchor=False)
page.table(page.compute(methods.artifacts), key="artifacts", columns=ARTIFACTS, height="content")
st.subheader("Assumptions in force", anchor=False)
page.table(with_meaning(page.compute(methods.assumptions)), key="assumptions", columns=ASSUMPTIONS)
page.foot(
    "Each card says what a model is, what it learnt from, what it was measured at, the poor "
    "figures too, and what it must not be used for. Artifacts are addressed by the versions of "
    "what they read: another import makes another address. Settings come from the environment "
    "(docs/operations.md)."
)
