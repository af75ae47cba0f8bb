"""Artist: is this artist growing, and on what."""

from dataclasses import replace

import streamlit as st

from workbench.catalogue.songs import songs
from workbench.charts.compare import side_by_side
from workbench.charts.song_moods import by_song
from workbench.listening.artist import artist
from workbench.listening.compare import compared
from workbench.listening.roster import roster
from workbench.lyrics.catalogue import catalogue_moods
from workbench.parameters import Filters
from workbench.settings import settings
from workbench.ui import artist_parts as parts
from workbench.ui import listening as words
from workbench.ui.filters import counted_by
from workbench.ui.listening import shown
from workbench.ui.next_weeks import next_weeks
from workbench.ui.notice import not_in_this_data
from workbench.ui.page import open_page
from workbench.ui.selection import (
    choose,
    entity_choice,
    entity_choices,
    newly_picked,
    own_choice,
    song_links,
)
from workbench.ui.text import escaped, signed_percent

page = open_page("scout/artist")
filters = page.filters("artists", "genres", "countries", "dates", "segment")
places = Filters(countries=filters.countries, segment=filters.segment)
counted_by(filters)
days = words.window_choice()
asked = {"filters": filters, "days": days, "min_group": settings().min_group}
own, _ = own_choice(page, "artist")
listed = page.compute(roster, own=own, **asked)
names = dict(listed.artists.select("artist_id", "artist").iter_rows())

if not names:
    st.info("No artist fits these choices. Reset the filters to see all.", icon=":material/search:")
    page.foot("Filters choose artists, by name and by the genres of their tracks.")
    st.stop()
rows = page.table(
    shown(listed.artists, words.ROSTER, listed.own),
    key="roster", columns=words.ROSTER, select="single-row", height=300,
)  # fmt: skip
picked = newly_picked("roster", rows)
if picked is not None:
    choose("artist_id", listed.artists["artist_id"][picked])
choices = st.container(horizontal=True, vertical_alignment="bottom", key="artist-choices")
chosen = entity_choice(choices, "Artist", names, key="artist_id", width=280)
others = {i: names[i] for i in names if i != chosen}
beside = entity_choices(
    choices, "Compare with", others, key="beside", max_selections=4, placeholder="Up to four",
    width=420,
)  # fmt: skip
name = names[chosen]
only = replace(places, artists=(chosen,))
st.subheader(escaped(name), anchor=False)

if listed.source is None:
    not_in_this_data(page, words.NO_STREAMS, words.BRINGS_STREAMS)
elif (found := page.compute(artist, artist_id=chosen, **asked)).windows.is_empty():
    st.info(f"No stream of {escaped(name)} counts under these choices.", icon=":material/search:")
else:
    page.strip(words.artist_strip(found, listed, filters.countries))
    change = signed_percent(found.facts[f"change_{days}"][0]) or found.facts["evidence"][0]
    if beside:
        lines = page.compute(compared, artists=(chosen, *beside), filters=places)
        page.chart(
            side_by_side, lines, key="compare",
            alt=f"Weekly streams of {name} beside {len(beside)} others, from a common start",
        )  # fmt: skip
    else:
        parts.line(page, found, chosen, f"{name}, {change} in {days} days", places)
    if filters.segment is None:  # what comes next is told of all streams
        next_weeks(page, artist_id=chosen)
    panels = st.container(horizontal=True, key="panels")
    with panels.container(border=True, width=470, height="stretch"):
        parts.sources(page, found, name)
    with panels.container(border=True, height="stretch"):
        parts.markets(page, found, name, days)
    parts.momentum(page, found)

st.subheader("Songs", anchor=False)
own_songs = page.compute(songs, **{**asked, "filters": only})
onward = st.container(horizontal=True, vertical_alignment="center", key="onward")
picked_songs = page.table(
    shown(own_songs.tracks.drop("artist"), words.TRACKS, own_songs.own),
    key="songs", columns=words.TRACKS, select="single-row",
)  # fmt: skip
song_links(page, own_songs.tracks, picked_songs, onward)
if own_songs.with_lyrics:
    moods = page.attempt(catalogue_moods, filters=Filters(artists=(chosen,)))
    if moods is not None and own_songs.scored:
        st.markdown("**Moods of the songs**, share of what is sung")
        page.chart(
            by_song, moods, key="moods", alt=f"Moods of {own_songs.scored} songs of {name}"
        )  # fmt: skip
page.foot(
    "An artist's streams are those of the own tracks; where no track is counted, the store's own "
    "count of the artist. Intervals come from each artist's own weeks, people from the panel, and "
    "groups under the privacy limit are hidden. Momentum adds up growth, steadiness, saves and "
    "listening by choice; every part is shown.",
    card="momentum",
)
