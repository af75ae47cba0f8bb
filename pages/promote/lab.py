"""Lab: what if the money went elsewhere."""

from dataclasses import replace

import streamlit as st

from workbench.charts import promotion as charts
from workbench.promotion.cells import segment_cells
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.overview import Opening, releases
from workbench.settings import settings
from workbench.ui import tables
from workbench.ui.headlines import in_a_line
from workbench.ui.left_out import left_out_line
from workbench.ui.page import open_page
from workbench.ui.plan_answers import Asked, answers
from workbench.ui.plan_beliefs import beliefs, both_plans, told
from workbench.ui.plan_best import best_plan
from workbench.ui.plan_currency import other_currency
from workbench.ui.plan_curves import channel_curves
from workbench.ui.plan_export import exports
from workbench.ui.plan_kept import keep
from workbench.ui.plan_money import money_panel, say_before, say_counted
from workbench.ui.plan_panel import plan_panel
from workbench.ui.plan_release import chosen_release, opened_with, over_cells
from workbench.ui.plan_saved import open_wanted, scenarios, undo
from workbench.ui.plan_warnings import show_warnings
from workbench.ui.plan_words import finding, headlines, strays
from workbench.ui.saved_segments import segments_for_plan
from workbench.ui.text import escaped

page = open_page("promote/lab")
known = page.compute(releases)
currency, group = known.currency or settings().currency, settings().min_group
open_wanted(page, known)
chosen = chosen_release(page, known)


@st.fragment
def lab(opening: Opening, release: dict) -> None:
    """Show sliders and what they do; a slider runs this alone, not the page."""
    top = st.container()
    # Side by side where there is room, one under the other where there is not.
    beside = st.container(horizontal=True, gap="medium", key="plan-and-outcome")
    left, right = beside.container(width=352), beside.container()
    below, box = st.container(), st.container()
    with left:
        first = over_cells(opening.plan, segments_for_plan(page))
        cells = page.attempt(segment_cells, segments=first.segments, min_group=group)
        if cells is None:
            in_sight.empty()
            return
        step = st.container()
        plan = plan_panel(page, known, first, release, currency, cells)
        plan, money, each = money_panel(page, plan, currency)
        undo(page, step, plan, first, known)
        keep(plan, first)
    with box:  # before what may fail: a plan that cannot be answered can be left, or deleted
        scenarios(page, plan, money)
    current = replace(first, weeks=plan.weeks, payout=plan.payout, counts=plan.counts)
    outcome = page.compute(
        plan_outcome, keep=False, plan=plan, current=current, money=money, listeners=each,
        min_group=group,
    )  # fmt: skip
    numbers = headlines(outcome, currency)
    in_sight.caption(in_a_line(numbers))
    with top:
        page.strip(numbers)
        say_counted(plan, money)
        say_before(money)
    with right:
        st.caption(f"{finding(outcome)} {strays(outcome)}")
        show_warnings(outcome.warnings)
        page.chart(charts.weekly_fan, outcome, key="weekly", alt=finding(outcome))
        channel_curves(page, plan, current, outcome)
        if outcome.steps.height > 2:
            st.subheader("What makes the difference", anchor=False)
            st.caption("Means, which add up; the strip and tables show medians.")
            page.chart(charts.difference, outcome, key="steps", alt=finding(outcome))
    asked = Asked(plan, current, money, each, currency)
    with below:
        answers(page, asked, outcome)
        other_currency(page, plan, outcome, currency)
        best_plan(page, plan, cells, currency, group, money, each)
        told(page, outcome.channels, "channels", tables.PLAN_CHANNELS)
        if plan.segments:
            cut = tables.readable(outcome.cells, tables.PLAN_CELLS)
            page.table(cut, key="cells", columns=tables.PLAN_CELLS)
        exports(page, asked, outcome, both_plans(page, current, plan, known, release))


if chosen:
    in_sight = st.bottom.empty()  # the strip is scrolled away while most sliders move
    st.caption(opened_with(chosen[0], known))
    left_out_line(page)
    lab(*chosen)
beliefs(page)
page.foot(
    "Weekly streams are season × (release curve + promotion); promotion is saturated, carried-over "
    "spend whose listeners partly stay. The posterior is drawn once; sliders evaluate "
    "2,000 draws, the same for both plans, so that only what differs is left in the difference. "
    f"Streams become money ({escaped(currency)}) by statements or the payout you set, less shares.",
    card="promotion",
)
