"""The router: reads the registry of pages, nothing else."""

import streamlit as st

from workbench.ui.navigation import PAGES, SECTIONS, script

st.set_page_config(page_title="A&R Workbench", page_icon=":material/graphic_eq:", layout="wide")
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
st.navigation({title: pages for title, pages in menu.items() if pages}).run()
