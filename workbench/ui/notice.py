"""What a page says where a part of it cannot be: which data it needs, and the way there."""

import streamlit as st

from workbench.ui.page import Page


def not_in_this_data(page: Page, what: str, needs: str) -> None:
    """Say what cannot be shown and which file would bring it, with a link to the import."""
    with st.container(border=True):
        st.markdown(f"**{what}** {needs}")
        page.link("start/import_data", "Import a file", icon="upload_file")
