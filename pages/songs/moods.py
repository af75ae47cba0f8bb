"""Moods: what the catalogue feels like."""

import streamlit as st

from workbench.charts.moods import mood_heat, mood_map
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.families import mapping
from workbench.lyrics.groups import BY, moods_by
from workbench.ui import mood_columns as columns
from workbench.ui import moods as words
from workbench.ui.page import open_page
from workbench.ui.selection import chosen_rows, newly_picked

page = open_page("songs/moods")
filters = page.filters("artists", "genres")
heard = words.heard_choice()
moods = page.compute(catalogue_moods, filters=filters, heard=heard)
page.strip(words.moods_strip(moods))

listed = moods.tracks[words.scored_rows(moods)]
if listed.is_empty():
    st.info("No song here could be scored; the table below says why.", icon=":material/lyrics:")
else:
    event = page.chart(
        mood_map, moods, key="map", select="lasso",
        alt=f"{listed.height} songs by valence and arousal; {words.most_frequent(moods)}",
    )  # fmt: skip
    chosen = chosen_rows(event)
    if chosen:
        listed = moods.tracks[chosen]
    st.caption(
        f"{listed.height:,} songs in the lasso. Double-click it away."
        if chosen
        else "Each dot is a song; drag around dots to list them. Dotted lines: neither."
    )
    rows = page.table(
        columns.shown(listed, columns.SONGS), key="songs", columns=columns.SONGS,
        select="single-row",
        height=380,
    )  # fmt: skip
    if rows:
        page.link(
            "songs/song", f"Open {listed['title'][rows[0]]}", track=listed["track_id"][rows[0]]
        )
    else:
        st.caption("Choose a row to open its song.")
    st.subheader("By artist, genre, year", anchor=False)
    by = st.segmented_control(
        "By", BY, default="artist", required=True, key="by", bind="query-params",
        format_func=str.capitalize, label_visibility="collapsed",
    )  # fmt: skip
    groups = page.compute(moods_by, by=by, filters=filters, heard=heard)
    page.chart(
        mood_heat, groups, key="heat", dark=words.dark(),
        alt=f"Share of lines in each mood by {by}, {groups.groups.height} rows",
    )  # fmt: skip
    left_out = f" {groups.left_out} groups with fewer songs are left out." * bool(groups.left_out)
    st.caption(
        "Mean share of lines, every song weighing the same; in brackets: songs. Hover has the "
        f"90 % interval.{left_out}"
    )
    picked = newly_picked(
        "groups",
        page.table(
            columns.shown(groups.groups, columns.GROUPS), key="groups", columns=columns.GROUPS,
            select="single-row",
        ),
    )  # fmt: skip
    if picked is not None and by != "year":
        key = {"artist": "artist", "genre": "genre"}[by]
        group = groups.groups["group"][picked]
        page.link("songs/moods", f"Only {group}", **{key: groups.groups["key"][picked]})

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
    "Every distinct line is scored once by 28 emotion heads and two for valence and arousal, on "
    "frozen vectors of a small English sentence encoder. A family leads a line where it stands out "
    "from ordinary song lines, and a song where it leads most lines. Intervals are 90 %, over "
    "lines for a song and over songs for a group.",
    card="moods",
)
