"""Catalogue: which songs move."""

import streamlit as st

from workbench.catalogue.songs import songs
from workbench.charts.movers import movers
from workbench.settings import settings
from workbench.ui.breakouts import beyond_trend
from workbench.ui.chosen_songs import chosen_songs, side_by_side_songs
from workbench.ui.filters import counted_by
from workbench.ui.listening import (
    BRINGS_STREAMS,
    COUNTED_FROM,
    NO_STREAMS,
    TRACKS,
    catalogue_strip,
    shown,
    window_choice,
)
from workbench.ui.notice import not_in_this_data
from workbench.ui.page import open_page
from workbench.ui.selection import chosen_rows, coloured_first, keep_chosen, own_choice
from workbench.ui.text import escaped, signed_percent

DIRECTIONS = "Blue rose, orange fell, grey is within its own noise"
LIMIT = 800  # rows that a browser gets at once; the rest is found by the filters

page = open_page("scout/catalogue")
filters = page.filters("artists", "genres", "countries", "segment")
counted_by(filters)
choices = st.container(horizontal=True, vertical_alignment="bottom", key="catalogue-choices")
with choices:
    days = window_choice()
    find = st.text_input(
        "Find", key="find", bind="query-params", placeholder="Title or artist", width=220,
        label_visibility="collapsed", icon=":material/search:",
    )  # fmt: skip
own, colour = own_choice(page, "track", choices)
found = page.compute(
    songs, filters=filters, days=days, own=own, find=find or "", limit=LIMIT,
    min_group=settings().min_group,
)  # fmt: skip
tracks = found.tracks

page.strip(catalogue_strip(found))
if found.found == 0:
    st.info("No track fits these choices. Reset the filters to see all.", icon=":material/search:")
    page.foot("Filters choose tracks by artist and genre, and whose streams count by country.")
    st.stop()

chosen: list[int] = []
if found.source is None:
    not_in_this_data(page, NO_STREAMS, BRINGS_STREAMS)
else:
    named = tracks["title"][0]
    change = signed_percent(found.total["change"][0]) or found.total["evidence"][0]
    event = page.chart(
        movers, found, key="movers", select="box", colour=colour,
        alt=f"{found.standing_out} of {found.found} tracks changed beyond their own noise in "
        f"{days} days; all together {change}, the largest is {named}",
    )  # fmt: skip
    chosen = chosen_rows(event)
    legend = f"Coloured by {escaped(colour)}" if colour else DIRECTIONS
    st.caption(
        f"{legend}; named is what stands out. "
        f"Counted: {COUNTED_FROM[found.source]}, until {found.as_of}. Drag to list a part."
    )
    if filters.segment is None:  # what stands out of its trend is told of all streams
        beyond_trend(page)
if chosen:
    st.caption(
        f"{len(chosen):,} of {found.found:,} tracks: those in the box. Double-click it away."
    )
elif found.found > tracks.height:
    st.caption(f"The {tracks.height:,} largest of {found.found:,} tracks. Find or filter the rest.")
listed = tracks[chosen] if chosen else tracks
onward = st.container(horizontal=True, vertical_alignment="center", key="onward")
keep_chosen("tracks", listed["track_id"])
columns = coloured_first(TRACKS, colour)
others = tuple(name for name in found.own if name != colour)
rows = page.table(
    shown(listed, columns, others), key="tracks", columns=columns, select="multi-row", height=520
)
chosen_songs(page, listed, rows, onward)
if found.source is not None:
    side_by_side_songs(page, listed, rows, filters)
page.foot(
    "Streams of the window are held against as many days before, by the mean of the days that are "
    "known. The interval adds counting noise and how far the track's own changes usually stray, "
    "weeks that go together included; below 100 streams it says so instead. What stands out does "
    "so beyond its own noise and the label's season, with at most one false alarm in ten.",
    card="momentum",
)
