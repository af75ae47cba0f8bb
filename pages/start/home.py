"""Home: what is loaded, what stands out, what is being made, and how to start one's own label."""

import streamlit as st

from workbench.listening.holdings import holdings
from workbench.ui import jobs, start
from workbench.ui.page import open_page
from workbench.ui.tables import HOLDINGS

page = open_page("start/home")

jobs.panel(page.label)
held = page.compute(holdings)
start.standouts(page, held)

st.subheader("What is loaded", anchor=False)
page.table(held, key="holdings", columns=HOLDINGS, height="content")
start.own_label(page)
page.foot(
    "Rows and dates come from the manifest of the label, without reading the data. What stands out "
    "is what moved in the last 28 days by more than its own weekly noise explains. Artifacts are "
    "made by jobs in processes of their own and stay until the data changes."
)
