"""The router: reads the registry of pages and asks for the label; app.py starts it."""

import streamlit as st

from workbench.settings import PROJECT
from workbench.ui.chosen_label import routed_label
from workbench.ui.navigation import PAGES, SECTIONS, script

# a file of our own: the browser would fetch a Material symbol for its tab from another server
icon = PROJECT / "workbench" / "ui" / "icon.svg"
st.set_page_config(page_title="A&R Workbench", page_icon=str(icon), layout="wide")
first = PAGES[0]
menu = {
    title: [
        st.Page(
            script(page.route),
            title=page.title,
            icon=f":material/{page.icon}:",
            url_path=page.url,
            default=page is first,
        )
        for page in PAGES
        if page.section == section
    ]
    for section, title in SECTIONS.items()
}
chosen = st.navigation({title: pages for title, pages in menu.items() if pages}, expanded=True)
routed_label()
chosen.run()
