"""The row of filters: bound to the URL, the same on every page, greyed where a page has no use."""

import datetime

import streamlit as st

from workbench.audience.rules import Segment
from workbench.listening.holdings import Choices
from workbench.parameters import Filters
from workbench.settings import settings
from workbench.ui.text import escaped

NOT_OF_LISTENERS = "This page tells of songs or of an audience of its own, not of who hears them."
NAMES = ("artists", "genres", "countries", "dates", "segment")
_EMPTY = {"artist": [], "genre": [], "country": [], "since": None, "until": None, "among": None}


def _reset() -> None:
    for key, value in _EMPTY.items():
        if key in st.session_state:
            st.session_state[key] = value


def filter_row(
    choices: Choices, honoured: tuple[str, ...], saved: tuple[Segment, ...] = ()
) -> Filters:
    """Show the filters and return what is chosen.

    Parameters
    ----------
    choices : what there is to choose from. honoured : the filters that this page obeys.
    saved : segments, of which one may be chosen.
    """
    names = told_apart(choices)
    row = st.container(horizontal=True, vertical_alignment="bottom", key="filters")
    artists = _choice(row, "artist", "Artists", list(names), "artists" in honoured, names.get)
    genres = _choice(row, "genre", "Genres", list(choices.genres), "genres" in honoured)
    countries = _choice(
        row, "country", "Countries", list(choices.countries), "countries" in honoured
    )
    since, until = _dates(row, choices, "dates" in honoured)
    segment = _segment(row, saved, "segment" in honoured)
    chosen = bool(artists or genres or countries or since or until or segment)
    row.button(
        "Reset",
        icon=":material/filter_alt_off:",
        type="tertiary",
        on_click=_reset,
        disabled=not chosen,
        help="Show everything again",
    )
    if since and until and since > until:
        st.info("From is after To; dates are not applied.", icon=":material/event_busy:")
        since = until = None
    return Filters(
        artists=tuple(sorted(a for a in artists if a in names)),
        genres=tuple(sorted(g for g in genres if g in choices.genres)),
        countries=tuple(sorted(c for c in countries if c in choices.countries)),
        since=since,
        until=until,
        segment=segment,
    )


def _segment(row, saved: tuple[Segment, ...], used: bool) -> Segment | None:
    """Show the saved segments where there are any; the URL holds the name, which is unique."""
    if not saved:
        return None
    names = {one.id: one.name for one in saved}
    value = row.selectbox(
        "Segment",
        list(names),
        index=None,
        key="among",
        bind="query-params",
        format_func=names.get,
        placeholder="All",
        disabled=not used,
        help=None if used else NOT_OF_LISTENERS,
        width=190,
    )
    return next((one for one in saved if one.id == value), None) if used else None


def counted_by(filters: Filters) -> None:
    """Say whose plays count, where streams are those of a segment."""
    if filters.segment is None:
        return
    st.info(
        f"Counted here: plays of the panel by “{escaped(filters.segment.name)}”. They are those of "
        "nine in ten of its listeners, drawn by lot, so that two segments do not tell of one "
        f"person; songs of fewer than {settings().min_group} of them are left out.",
        icon=":material/group:",
    )


def told_apart(choices: Choices) -> dict[str, str]:
    """Return names by artist id; the URL holds the name, so namesakes get their id."""
    twice = choices.artists["name"].is_duplicated()
    rows = zip(choices.artists["artist_id"], choices.artists["name"], twice, strict=True)
    return {key: f"{name} ({key})" if doubled else name for key, name, doubled in rows}


def _choice(row, key: str, title: str, options: list[str], used: bool, shown=str) -> list[str]:
    if not options:
        return []
    value = row.multiselect(
        title,
        options,
        key=key,
        bind="query-params",
        format_func=shown,
        placeholder="All",
        disabled=not used,
        help=None if used else f"This page shows all {title.lower()}.",
        width=190,
    )
    return value if used else []


def _dates(row, choices: Choices, used: bool) -> tuple[datetime.date | None, datetime.date | None]:
    if choices.first is None:
        return None, None
    values = [
        row.date_input(
            title,
            value=None,
            min_value=choices.first,
            max_value=choices.last,
            key=key,
            bind="query-params",
            disabled=not used,
            help=None if used else "This page has a period of its own.",
            width=132,
        )
        for key, title in (("since", "From"), ("until", "To"))
    ]
    return tuple(values) if used else (None, None)
