"""What a visitor picked in a table or a figure, and in the own columns of an analyst."""

import datetime
from collections.abc import Mapping

import polars as pl
import streamlit as st

from workbench.listening.own_columns import Own, own_columns
from workbench.ui import compute
from workbench.ui.page import Page
from workbench.ui.text import escaped

NO_COLUMN = "None"


def newly_picked(key: str, rows: list[int]) -> int | None:
    """Return the row that was picked since the last run; None when the choice is an old one.

    A table keeps its selection, so without this it would win over every later choice elsewhere.
    """
    memory = f"{key}-picked"
    before = st.session_state.get(memory)
    st.session_state[memory] = list(rows)
    return rows[0] if rows and before != rows else None


def keep_chosen(key: str, ids: pl.Series) -> None:
    """Let a table's selection stay with what was chosen when its rows come in another order.

    Streamlit keeps row numbers, which mean other things once a filter or a box changed the rows.
    Call it before the table is shown.

    Parameters
    ----------
    key : of the table. ids : of its rows, in order.
    """
    memory = f"{key}-rows"
    before, now = st.session_state.get(memory), ids.to_list()
    st.session_state[memory] = now
    state = st.session_state.get(key)
    if before is None or before == now or not state:
        return
    chosen = {before[row] for row in state["selection"]["rows"] if row < len(before)}
    rows = [place for place, entity in enumerate(now) if entity in chosen]
    if rows != list(state["selection"]["rows"]):
        st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}


def entity_choice(place, title: str, names: Mapping[str, str], *, key: str, **options) -> str:
    """Show a choice of one entity by name whose id stands in the URL; return the id.

    Streamlit's own binding writes the shown name to the URL, and names are not unique.

    Parameters
    ----------
    place : a container. names : name by id, the default first. key : of the URL.
    options : of st.selectbox.
    """
    _from_url(key, lambda given: given[0] if given and given[0] in names else None)
    chosen = place.selectbox(
        title, list(names), key=f"{key}-choice", format_func=names.get, **options
    )
    _to_url(key, [chosen])
    return chosen


def entity_choices(
    place, title: str, names: Mapping[str, str], *, key: str, **options
) -> tuple[str, ...]:
    """Show a choice of several entities as `entity_choice` does; return their ids in order."""
    most = options.get("max_selections") or len(names)
    _from_url(key, lambda given: [i for i in given if i in names][:most])
    chosen = place.multiselect(
        title, list(names), key=f"{key}-choice", format_func=names.get, **options
    )
    _to_url(key, chosen)
    return tuple(sorted(chosen))


def choose(key: str, entity: str) -> None:
    """Choose an entity for an `entity_choice` that comes later in this run."""
    st.session_state[f"{key}-choice"] = entity
    _to_url(key, [entity])


def _from_url(key: str, valid) -> None:
    """Take the choice over from the URL when the visitor came with it, not on every run.

    A page that was left forgets its choice but not the URL: the browser's back button brings both.
    """
    given = st.query_params.get_all(key)
    came = f"{key}-choice" not in st.session_state
    if came or given != st.session_state.get(f"{key}-url"):
        value = valid(given)
        if value is not None:
            st.session_state[f"{key}-choice"] = value


def _to_url(key: str, chosen: list[str]) -> None:
    if st.query_params.get_all(key) != list(chosen):
        st.query_params[key] = list(chosen)
    st.session_state[f"{key}-url"] = list(chosen)


def chosen_rows(event: Mapping) -> list[int]:
    """Return the row numbers that selected points carry in their customdata, in order."""
    points = event["selection"]["points"] if event else []
    found = set()
    for point in points:
        value = point.get("customdata")
        value = value[0] if isinstance(value, list) else value
        if value is not None:
            found.add(int(value))
    return sorted(found)


def chosen_point(event: Mapping) -> tuple | None:
    """Return what the first selected point carries in its customdata."""
    points = event["selection"]["points"] if event else []
    return next((tuple(point["customdata"]) for point in points if point.get("customdata")), None)


def chosen_day(event: Mapping) -> datetime.date | None:
    """Return the day that a selected point carries in its customdata."""
    points = event["selection"]["points"] if event else []
    texts = [point.get("customdata") for point in points]
    texts = [text[0] if isinstance(text, list) else text for text in texts]
    return next((datetime.date.fromisoformat(text) for text in texts if text), None)


def song_links(page: Page, tracks: pl.DataFrame, rows: list[int], place) -> None:
    """Show, in a place above the table, the ways on from a selected track; a hint without one.

    Parameters
    ----------
    tracks : track_id | title | artist_id | artist, as listed. rows : selected. place : container.
    """
    with place:
        if not rows:
            st.caption("Choose a row to open its song or its artist.")
            return
        row = tracks.row(rows[0], named=True)
        page.link("songs/song", f"Song: {escaped(row['title'])}", track=row["track_id"])
        if row["artist_id"]:
            name = escaped(row["artist"])
            page.link("scout/artist", f"Artist: {name}", artist_id=row["artist_id"])


def coloured_first(columns: Mapping, colour: str | None) -> dict:
    """Return columns of a table with the own column that colours right after the artist."""
    shown = {}
    for name, column in columns.items():
        shown[name] = column
        if name == "artist" and colour:
            shown[colour] = st.column_config.Column()
    return shown


def own_choice(page: Page, of: str, place=None) -> tuple[Own | None, str | None]:
    """Show the pickers of own columns where there are any; return what to keep and the colour.

    Parameters
    ----------
    of : track or artist. place : a row that has room for them; a row of their own by default.
    """
    offers = compute.result(page.label, own_columns, own_columns.arguments({"of": of}), keep=True)
    if offers.is_empty():
        return None, None
    row = place or st.container(horizontal=True, vertical_alignment="bottom", key="own-columns")
    column = row.selectbox(
        "Own column",
        [NO_COLUMN, *offers["column"]],
        key="own",
        bind="query-params",
        width=220,
        help="Columns that an analyst added with label.annotate; they colour and filter.",
    )
    if column == NO_COLUMN:
        return None, None
    offer = offers.row(offers["column"].to_list().index(column), named=True)
    if offer["values"]:
        values = row.multiselect("Keep", offer["values"], key=f"own-{column}", placeholder="All")
        return (Own(column, values=tuple(sorted(values))) if values else None), column
    if offer["kind"] == "number" and offer["low"] < offer["high"]:
        whole = (offer["low"], offer["high"])
        low, high = row.slider("Keep", *whole, value=whole, key=f"own-{column}", width=260)
        kept = Own(column, low=float(low), high=float(high))
        return (None if (low, high) == whole else kept), column
    return None, column
