"""The panel of the weeks to come, on Artist and Song."""

import streamlit as st

from workbench.charts.forecast import next_weeks as drawn
from workbench.listening.breakouts import breakouts
from workbench.listening.forecast import Forecast, forecast
from workbench.promotion.coming import coming
from workbench.ui import breakouts as alarm
from workbench.ui.page import Page
from workbench.ui.text import escaped, percent, short, span

WEEKS = {4: "4 weeks", 8: "8 weeks", 13: "13 weeks", 26: "26 weeks"}


def next_weeks(page: Page, **whom: str) -> None:
    """Show the streams expected of a track or artist, when asked for."""
    weeks = _asked()
    if weeks is None:
        return
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


def first_weeks(page: Page, track_id: str) -> None:
    """Show the streams expected of a song that is not out, when asked for."""
    weeks = _asked()
    if weeks is None:
        return
    found = page.attempt(coming, track_id=track_id, weeks=weeks)
    if found is None:
        return
    booked = f"{short(found.budget)} {escaped(found.currency)} booked for it"
    words = (
        f"**{short(found.total)} streams** are expected in the first {WEEKS[weeks]} "
        f"{span(found.low, found.high)} from {found.release:%d %b %Y}, with "
        f"{booked if found.budget else 'no money spent'}."
    )
    st.markdown(words)
    page.chart(drawn, found, key="next_weeks", alt=words)
    st.caption(
        "By the response model: nobody has heard it, so its level is drawn from the launches of "
        f"this label, and the interval is wide. A single week scatters by {percent(found.scatter)} "
        "around it."
    )
    page.link("promote/lab", "Plan it in the lab", track=track_id)
    page.link("promote/calendar", "When should it come out?", track=track_id)


def _asked() -> int | None:
    """Return how many weeks are asked for, None for none."""
    if not st.toggle("Next weeks", key="ahead", bind="query-params"):
        return None
    return st.segmented_control(
        "Ahead", list(WEEKS), format_func=WEEKS.get, default=8, required=True, key="weeks_ahead",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip


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
