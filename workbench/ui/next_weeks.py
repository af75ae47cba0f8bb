"""The panel of the weeks to come, on Artist and Song."""

import streamlit as st

from workbench.charts.forecast import next_weeks as drawn
from workbench.listening.breakouts import breakouts
from workbench.listening.forecast import Forecast, forecast
from workbench.ui import breakouts as alarm
from workbench.ui.page import Page
from workbench.ui.text import short, span

WEEKS = {4: "4 weeks", 8: "8 weeks", 13: "13 weeks", 26: "26 weeks"}


def next_weeks(page: Page, **whom: str) -> None:
    """Show the streams expected of a track or artist, when asked for."""
    if not st.toggle("Next weeks", key="ahead", bind="query-params"):
        return
    weeks = st.segmented_control(
        "Ahead", list(WEEKS), format_func=WEEKS.get, default=8, required=True, key="weeks_ahead",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    found = page.attempt(forecast, weeks=weeks, **whom)
    if found is None:
        return
    st.markdown(told(found, WEEKS[weeks]))
    page.chart(drawn, found, key="next_weeks", alt=told(found, WEEKS[weeks]))
    broken = page.attempt(breakouts)
    if broken is not None:
        st.markdown(f"{alarm.told(broken, **whom)} {alarm.rate(broken)}")
    st.caption(
        f"Learnt from {found.origins_weeks} weeks of {found.series} songs and artists of this "
        "label. It knows no plans: a release or campaign to come is not in it; the Lab is for that."
    )


def told(found: Forecast, ahead: str) -> str:
    """Return the forecast in a sentence."""
    beyond = (
        f" The last week lies {found.beyond} what was expected of it a week before; one week in "
        "twenty does by chance."
    )
    return (
        f"**{short(found.total)} streams** are expected in {ahead} {span(found.low, found.high)}."
        f"{beyond if found.beyond else ''}"
    )
