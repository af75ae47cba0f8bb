"""Overlap: whose listeners an artist shares, wins and loses."""

import streamlit as st

from workbench.audience.migration import migration
from workbench.audience.overlap import audiences, overlap
from workbench.audience.spill_over import spill_over
from workbench.settings import settings
from workbench.ui import overlap as parts
from workbench.ui.page import open_page
from workbench.ui.selection import entity_choice

page = open_page("audience/overlap")
filters = page.filters("countries", "dates", *(["segment"] if page.label.has("plays") else []))
group = settings().min_group
heard = page.compute(audiences, min_group=group)
names = dict(heard.select("artist_id", "name").iter_rows())
row = st.container(horizontal=True, vertical_alignment="bottom", key="overlap-choices")
artist = entity_choice(row, "Artist", names, key="artist_id", width=280)
by, least = parts.choices(page, row)

first = st.container()
shared = page.attempt(
    overlap, artist_id=artist, by=by, least=least, filters=filters, min_group=group
)
if shared is not None:
    parts.shared(page, shared)
spill = moved = None
if page.label.has("plays"):
    spill = page.attempt(spill_over, artist_id=artist, filters=filters, min_group=group)
    if spill is not None:
        parts.spilled(page, spill)
    moved = page.attempt(migration, artist_id=artist, filters=filters, min_group=group)
    if moved is not None:
        parts.moved(page, moved)
else:
    st.info("Who begins and who leaves needs plays with their times.", icon=":material/schedule:")
with first:
    page.strip(parts.strip(shared, spill, moved))
page.link("scout/artist", "Open the artist", artist_id=artist)
page.foot(
    "Shared listeners are held against chance among people who hear as many artists, since who "
    "hears much shares everybody. Who begins is asked of people who did not know the artist, "
    "against others who stream as much; who leaves, of the artist streamed most from one period of "
    "twelve weeks to the next, gained against lost. All tests are corrected for their number; "
    "countries and the last day choose who counts, the first day only for the overlap.",
    card="overlap",
)
