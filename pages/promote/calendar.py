"""Calendar: when should it come out."""

import datetime

import streamlit as st

from workbench.charts import calendar as charts
from workbench.promotion.calendar import friday_effect, release_calendar
from workbench.promotion.dates import release_dates
from workbench.promotion.overview import releases
from workbench.promotion.season import season_index
from workbench.promotion.wanted import mood_wanted
from workbench.settings import settings
from workbench.ui import calendar as parts
from workbench.ui import date_reasons
from workbench.ui.page import open_page
from workbench.ui.plan_release import chosen_release

page = open_page("promote/calendar")
known = page.compute(releases)
group = settings().min_group
today = parts.today(page)
calendar = page.compute(release_calendar, today=today)
chosen = chosen_release(page, parts.ahead(known, today))
if chosen:
    opening, release = chosen
    clash = parts.clash_choice()
    dates = page.attempt(
        release_dates, plan=opening.plan, today=today, clash=clash, min_group=group
    )
    if dates is not None:
        effect = page.compute(friday_effect)
        track = opening.plan.track_id
        wanted = page.attempt(mood_wanted, track_id=track, min_group=group) if track else None
        st.markdown(parts.told(dates))
        page.strip(parts.strip(dates))
        page.chart(charts.fridays, dates, key="fridays", alt=parts.told(dates))
        st.caption(
            "Each Friday on the same draws, money moved along. Until one day: a later date has "
            f"fewer weeks before {dates.until:%d %b %Y}. Two years: what a date adds or loses for "
            "good. Choose a row for its reasons."
        )
        rows = page.table(
            parts.shown(dates.dates), key="dates", columns=parts.DATES, select="single-row",
            height=320,
        )  # fmt: skip
        row = dates.dates.sort("rank").row(rows[0] if rows else 0, named=True)
        st.subheader(f"Why {row['date']:%d %b %Y}", anchor=False)
        parts.open_in_lab(page, opening.plan, dates, row)
        date_reasons.show(date_reasons.reasons(dates, row, calendar, effect, wanted))
        parts.near(page, dates, row)

st.subheader("Own releases on the season", anchor=False)
begin = calendar.today - datetime.timedelta(weeks=26)
season = page.compute(season_index, since=begin, weeks=65)
page.chart(
    charts.releases_on_season, calendar, season, key="season",
    alt=f"{calendar.releases.height} own releases by week, {calendar.planned} of them planned, on "
    "the yearly wave of streams",
)  # fmt: skip
page.foot(
    "The response model's release moves over the next 26 Fridays: its level, decay and response to "
    "money stay the same draws, the season of streams and of promotion changes with the weeks. "
    "Own releases within two weeks take a share of what shared listeners stream: an assumption, "
    "which you set. What a listener wants by mood, and Fridays, stand beside it, not in the rank.",
    card="calendar",
)
