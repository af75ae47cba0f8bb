"""Import: what a label can bring, and what came of it."""

import streamlit as st

from workbench.ui import confirming, identifiers_fetch, import_storing, importing, lyrics_fetch
from workbench.ui.page import open_page

page = open_page("start/import_data")

label = importing.target(page)
sources = importing.dropped(label)
if label is not None:
    import_storing.confirm(page, label, importing.panels(label, sources))
    import_storing.past(page, label)
    confirming.past_decisions(page, label)
    lyrics_fetch.panel(page, label)
    identifiers_fetch.panel(page, label)
else:
    st.caption("Nothing is stored before you have seen what it will be.")
page.foot(
    "Every cell is read as text first and then made a number, a day or a name; what can be read in "
    "two ways is refused, not guessed. Each row is accepted, repaired or rejected, and the three "
    "add up to the rows read. People become keyed pseudonyms before anything is stored, columns "
    "that nothing reads never leave the file, and an import can be taken back."
)
