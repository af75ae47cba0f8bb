"""What each channel brings: its response curve, and where both plans stand on it."""

from dataclasses import replace

import streamlit as st

from workbench.charts import promotion as charts
from workbench.promotion.curves import response_curves
from workbench.promotion.outcome import Outcome
from workbench.promotion.plan import Plan, same_week
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.plan_words import channel_finding


def channel_curves(page: Page, plan: Plan, current: Plan, outcome: Outcome) -> None:
    """Show the response of the release to each channel, in the weeks and places of the scenario."""
    past = replace(plan, spend=current.spend)
    curves = page.compute(response_curves, plan=past, min_group=settings().min_group)
    st.subheader("What each channel brings", anchor=False)
    st.caption(
        "Streams in the window against money over the flight, each channel alone, 90 % band. "
        "Shaded: what one track was given before. Open dot: current plan; orange: scenario. "
        f"{off_curve(plan, current)}"
        "Bands hold what the model is unsure of, not that it may be wrong: its card says how "
        "often they held the truth."
    )
    page.chart(
        charts.response, curves, outcome, key="curves",
        alt=f"Response of each channel to its spend. {channel_finding(outcome)}",
    )  # fmt: skip


def off_curve(plan: Plan, current: Plan) -> str:
    """Return why the current plan's dots need not lie on curves drawn for the scenario."""
    differs = {
        "weeks of spend": (plan.flight, plan.flighting) != (current.flight, current.flighting),
        "territories": (plan.shares, plan.channel_shares)
        != (current.shares, current.channel_shares),
        "release date": not same_week(plan, current),
    }
    why = [name for name, other in differs.items() if other]
    if not why:
        return ""
    return (
        f"Curves are drawn for the scenario's {' and '.join(why)}; the open dots keep those of "
        "the current plan, and may lie beside them. "
    )
