"""What `streamlit run` starts: the workbench, whose router is workbench/ui/shell.py.

The router stands in a folder without pages/: beside one, a cold server would take a first deep
link for Streamlit's own pages/ convention and say that the page does not exist.
"""

import streamlit as st

app = st.App("workbench/ui/shell.py")
