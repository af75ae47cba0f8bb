"""Going down into the moods of a catalogue: a period of release, a group of songs, a cell."""

import polars as pl
import streamlit as st

from workbench.charts.mood_times import known_times, mood_times
from workbench.charts.moods import mood_heat
from workbench.lyrics.catalogue import CatalogueMoods, release_years
from workbench.lyrics.groups import BY, TIMES, UNKNOWN, GroupMoods, moods_by, songs_of
from workbench.ui import compute
from workbench.ui import mood_columns as columns
from workbench.ui.moods import dark
from workbench.ui.page import Page
from workbench.ui.selection import chosen_point, newly_picked
from workbench.ui.text import escaped, percent

ALL = "All years"


def period_choice(page: Page, place) -> tuple[int, ...]:
    """Show the years and decades that songs came out in, kept in the URL; return first and last."""
    if not page.label.has("tracks"):  # the page says what is missing where it computes
        return ()
    offered = _periods(page)
    if offered.height < 2:
        return ()
    period = place.selectbox(
        "Released", [ALL, *offered["period"]], key="released", bind="query-params", width=150,
        label_visibility="collapsed",
    )  # fmt: skip
    if period == ALL:
        return ()
    row = offered.row(offered["period"].to_list().index(period), named=True)
    return row["first"], row["last"]


def _periods(page: Page) -> pl.DataFrame:
    return compute.result(page.label, release_years, release_years.arguments({}), keep=True)


def groups(page: Page, moods: CatalogueMoods, **chosen: object) -> None:
    """Show moods by artist, genre or time; a cell lists its songs, a row leads into its group.

    Parameters
    ----------
    moods : what the page computed. chosen : the parameters it was computed with.
    """
    st.subheader("By artist, genre, time", anchor=False)
    by = st.segmented_control(
        "By", BY, default="artist", required=True, key="by", bind="query-params",
        format_func=str.capitalize, label_visibility="collapsed",
    )  # fmt: skip
    found = page.compute(moods_by, by=by, **chosen)
    event = page.chart(
        mood_heat, found, key=f"heat-{by}", dark=dark(), select="points", alt=_finding(found)
    )
    left_out = f" {found.left_out} groups with fewer songs are left out." * bool(found.left_out)
    st.caption(
        "Mean share of lines, every song weighing the same; in brackets: songs. Hover has the "
        f"90 % interval. A click on a cell lists its songs.{left_out}"
    )
    cell = chosen_point(event)
    if cell:
        _songs(page, moods, found, *cell)
    if found.by in TIMES and len(known_times(found)) > 1:
        page.chart(mood_times, found, key="times", alt=_course(found))
        st.caption(
            f"Mean share of lines by {found.by} of release, on one scale; bands are 90 % over "
            "songs, without one where fewer than three are scored."
        )
    listed = columns.shown(found.groups, columns.GROUPS)
    rows = page.table(listed, key="groups", columns=columns.GROUPS, select="single-row")
    picked = newly_picked("groups", rows)
    if picked is not None:
        _only(page, found, picked)


def _finding(found: GroupMoods) -> str:
    """Return which group has most of which mood, in words."""
    named = found.shares.drop_nulls("low").sort("share", "key", "family", descending=True)
    for row in named.iter_rows(named=True):
        if row["family"] not in ("neutral", "unclear"):
            share = f"{percent(row['share'])} {row['family']}"
            return f"Largest share of a mood by {found.by}: {row['group']}, {share} of the lines"
    return f"Share of lines in each mood by {found.by}, {found.groups.height} rows"


def _course(found: GroupMoods) -> str:
    """Return the valence of the first and the last time that are known, in words."""
    times = known_times(found)
    valence = dict(found.groups.select("key", "valence").iter_rows())
    ends = " and ".join(f"{valence[time]:.2f} in {time}" for time in (times[0], times[-1]))
    return f"Moods by {found.by}; mean valence is {ends}"


def _songs(page: Page, moods: CatalogueMoods, found: GroupMoods, key: str, family: str) -> None:
    names = dict(found.groups.select("key", "group").iter_rows())
    songs = songs_of(moods, found.by, key, family)
    if songs.is_empty() or key not in names:
        st.caption(f"No song of it has a line in {family}.")
        return
    st.markdown(f"**{escaped(names[key])}**: {songs.height:,} songs with lines in {family}")
    rows = page.table(
        columns.shown(songs, columns.CELL), key="cell", columns=columns.CELL, select="single-row"
    )
    if rows and rows[0] < songs.height:
        title, track = songs.select("title", "track_id").row(rows[0])
        page.link("songs/song", f"Open {escaped(title)}", track=track)


def _only(page: Page, found: GroupMoods, picked: int) -> None:
    """Show the link that keeps this group only, on the map and in the tables."""
    key, group = found.groups.select("key", "group").row(picked)
    if key == UNKNOWN:
        st.caption("Nothing is known by which these songs could be chosen.")
        return
    parameter = {"artist": "artist", "genre": "genre"}.get(found.by, "released")
    if parameter == "released" and key not in _periods(page)["period"].to_list():
        st.caption("Choose its years above the map.")
        return
    page.link("songs/moods", f"Only {escaped(group)}", **{parameter: key})
