"""Catalogue: which songs move."""

import streamlit as st

from workbench.listening.catalogue import catalogue
from workbench.ui.page import Headline, open_page

page = open_page("scout/catalogue")
filters = page.filters("artists", "genres")
tracks = page.compute(catalogue, filters=filters)

page.strip([Headline("Tracks", f"{tracks.height:,}")])
rows = page.table(
    tracks.drop("track_id"),
    key="tracks",
    columns={"release_date": st.column_config.DateColumn("Released")},
    select="single-row",
)
if rows:
    page.link("songs/song", "Open the song", track=tracks["track_id"][rows[0]])
page.foot("Every track of the label.")
