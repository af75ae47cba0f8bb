"""Moods: what the catalogue feels like."""

import streamlit as st

from workbench.charts.moods import mood_map
from workbench.listening.own_columns import Own
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.families import mapping
from workbench.ui import mood_columns as columns
from workbench.ui import moods as words
from workbench.ui import moods_drill as drill
from workbench.ui.moods_sound import outliers
from workbench.ui.page import open_page
from workbench.ui.selection import chosen_rows, coloured_first, keep_chosen, own_choice
from workbench.ui.text import escaped

page = open_page("songs/moods")
filters = page.filters("artists", "genres")
choices = st.container(horizontal=True, vertical_alignment="bottom", key="moods-choices")
with choices:
    heard = words.heard_choice()
years = drill.period_choice(page, choices)
own, colour = own_choice(page, "track", choices)
chosen = {"filters": filters, "heard": heard, "years": years}
chosen["own"] = own or (Own(colour) if colour else None)
moods = page.compute(catalogue_moods, **chosen)
fits = not moods.tracks.is_empty()
page.strip(words.moods_strip(moods) if fits else [])

listed = moods.tracks[words.scored_rows(moods)]
if not fits:
    st.info("No song fits these filters. Reset the filters to see all.", icon=":material/search:")
elif listed.is_empty():
    st.info("No song here could be scored; the table below says why.", icon=":material/lyrics:")
else:
    event = page.chart(
        mood_map, moods, key="map", select="lasso", colour=colour,
        alt=f"{listed.height} songs by valence and arousal; {words.most_frequent(moods)}",
    )  # fmt: skip
    inside = chosen_rows(event)
    if inside:
        listed = moods.tracks[inside]
    st.caption(
        f"{listed.height:,} songs in the lasso. Double-click it away."
        if inside
        else "Each dot is a song; drag around dots to list them. Dotted lines: neither."
    )
    keep_chosen("songs", listed["track_id"])
    kinds = coloured_first(columns.SONGS, colour)
    rows = page.table(
        columns.shown(listed, kinds), key="songs", columns=kinds, select="single-row", height=380
    )
    if rows:
        title, track = listed.select("title", "track_id").row(rows[0])
        page.link("songs/song", f"Open {escaped(title)}", track=track)
    else:
        st.caption("Choose a row to open its song.")
    drill.groups(page, moods, **chosen)
    outliers(page, filters=filters, heard=heard, years=years)

if fits:
    st.subheader("Not scored, and why", anchor=False)
    page.table(moods.outcomes, key="outcomes", columns=columns.OUTCOMES)
unscored = moods.tracks[words.unscored_rows(moods)]
if not unscored.is_empty():
    with st.expander(f"The {unscored.height} songs", icon=":material/list:"):
        page.table(
            columns.shown(unscored, columns.UNSCORED), key="unscored", columns=columns.UNSCORED
        )
with st.expander("Which emotion labels make which family", icon=":material/account_tree:"):
    page.table(mapping(), key="mapping")
page.foot(
    "Every distinct line is scored once for 28 emotions, valence, arousal and dominance, by "
    f"{words.who_scores()}. A family leads a line where it stands out from ordinary song lines, "
    "and a song where it leads most lines. Intervals are 90 %, over lines for a song and over "
    "songs for a group.",
    card="moods",
)
