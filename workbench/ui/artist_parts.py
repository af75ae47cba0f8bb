"""The parts of the Artist page: the line with its days, sources, markets, momentum."""

import streamlit as st

from workbench.charts import listening
from workbench.listening.artist import Artist
from workbench.listening.artist_day import artist_day
from workbench.listening.change import FALL, RISE
from workbench.parameters import Filters
from workbench.ui.listening import DAY, PARTS, shown
from workbench.ui.page import Page
from workbench.ui.selection import chosen_day


def line(page: Page, found: Artist, artist_id: str, finding: str, places: Filters) -> None:
    """Show the line with its marks; a chosen day opens beneath it, where there are days."""
    weekly = found.step > 1
    event = page.chart(
        listening.timeline, found, key="timeline", select=None if weekly else "points",
        alt=f"Streams a {'week' if weekly else 'day'} of {finding}, with releases, playlists and "
        "campaigns beneath",
    )  # fmt: skip
    day = None if weekly else chosen_day(event)
    if day is None:
        lead = "Each point is a week, at its last day"
        if not weekly:
            lead = "Choose a day in the line to see what it was made of"
        st.caption(
            f"{lead}. Beneath: releases, stays on playlists and campaigns, stronger where several "
            "run at once."
        )
        return
    detail = page.compute(artist_day, artist_id=artist_id, day=day, filters=places)
    st.caption(f"{day:%A %d %B %Y}, beside the same weekday of the eight weeks before")
    left, right = st.columns(2)
    with left:
        page.table(shown(detail.tracks, DAY), key="day_tracks", columns=DAY)
    with right:
        page.table(shown(detail.countries, DAY), key="day_countries", columns=DAY)


def sources(page: Page, found: Artist, name: str) -> None:
    """Show where streams came from, or what would tell."""
    st.markdown("**Where streams came from**")
    if found.mix.is_empty():
        st.caption("This needs plays of a panel: a listening history that names its sources.")
        return
    page.chart(
        listening.sources, found, key="sources",
        alt=f"Share of streams of {name} by source, in steps of 28 days",
    )  # fmt: skip
    gaps = " Gaps: too few listeners to show." if found.mix["hidden"].any() else ""
    st.caption(f"Blue was chosen by listeners, orange served to them. Counted in the panel.{gaps}")


def markets(page: Page, found: Artist, name: str, days: int) -> None:
    """Show what changed by country."""
    st.markdown(f"**Markets, change of {days} days**")
    page.chart(
        listening.markets, found, key="markets",
        alt=f"Change of {name} by country with 90 % intervals, the largest market on top; "
        f"{_surely(found, RISE)} surely rise and {_surely(found, FALL)} fall",
    )  # fmt: skip
    st.caption(
        "Streams of the window beside the country; bars are 90 % intervals. Blue rose, orange "
        "fell, grey is within its own noise."
    )


def _surely(found: Artist, direction: str) -> int:
    return found.markets["evidence"].to_list().count(direction)


def momentum(page: Page, found: Artist) -> None:
    """Show what the score is made of."""
    if found.facts["momentum"][0] is None:
        return
    with st.expander("What the momentum is made of", icon=":material/speed:"):
        page.table(shown(found.parts, PARTS), key="momentum", columns=PARTS)
