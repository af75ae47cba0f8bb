"""Starting: what stands out on Home, and making a label of one's own."""

import zoneinfo

import streamlit as st

from workbench.dataset import new_label
from workbench.errors import WorkbenchError
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.text import escaped

CURRENCIES = ("EUR", "USD", "GBP", "SEK", "JPY", "MXN", "BRL", "AUD", "CAD", "CHF")


def standouts(page: Page) -> None:
    """Show what stands out, at most six sentences, each with its number and its page."""


def own_label(page: Page) -> None:
    """Show the form that makes an empty label and goes on to the import of its first files."""
    st.subheader("Start your own label", anchor=False)
    with st.form("new-label"):
        name, currency, zone = st.columns(3)
        title = name.text_input("Name", placeholder="Night Harbour Records", max_chars=60)
        money = currency.selectbox("Home currency", CURRENCIES, accept_new_options=True)
        place = zone.selectbox(
            "Home time zone", sorted(zoneinfo.available_timezones()), index=None,
            placeholder="UTC",
        )  # fmt: skip
        st.caption(
            f"Its tables stay on this machine, in {settings().home}. The next page takes the files."
        )
        sent = st.form_submit_button("Make it", type="primary", icon=":material/add:")
    if sent:
        try:
            folder = new_label(title, money or settings().currency, place or "UTC")
        except WorkbenchError as error:
            st.error(str(error), icon=":material/error:")
            return
        st.success(f"Made {escaped(title.strip())}.", icon=":material/check:")
        page.link("start/import_data", "Import its first files", label=folder.name)
        page.link("start/home", "Open it", label=folder.name)
