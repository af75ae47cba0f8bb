"""The best plan for a budget: what is sought, what must be kept, and a button that takes it."""

import polars as pl
import streamlit as st

from workbench.promotion.aims import Aim
from workbench.promotion.money import Money
from workbench.promotion.optimise import BestSplit, best_split
from workbench.promotion.per_listener import PerListener
from workbench.promotion.plan import Plan
from workbench.promotion.target import Cheapest, cheapest_plan
from workbench.ui.page import Page
from workbench.ui.plan_best_words import reach_words, split_words
from workbench.ui.plan_limits import limits_of
from workbench.ui.plan_money import beside
from workbench.ui.plan_panel import place_of, shares_key
from workbench.ui.plan_words import in_words

CARE = {"On average": 0.0, "Balanced": 0.5, "Careful": 1.0}
WAYS = ("Best split of this budget", "Cheapest way to streams")
SURE = {"As likely as not": 0.5, "80 % sure": 0.8, "95 % sure": 0.95}
SOUGHT = {"Streams": "streams", "Money kept": "money"}
HELD = {
    "locked": "locked",
    "ceiling": "has its most",
    "least": "has its least",
    "minimum": "platform's minimum",
    "refused": "its platform takes none",
}
column = st.column_config
SPLIT = {
    "channel": column.TextColumn("Channel", pinned=True),
    "now": column.NumberColumn("In scenario", format="localized"),
    "best": column.NumberColumn("Best", format="localized"),
    "change": column.NumberColumn("Change", format="localized"),
    "ceiling": column.NumberColumn(
        "At most", format="localized", step=1,
        help="Of your limit, 1.2 times what was tried in a week, and what the platform takes, the "
        "least.",
    ),
    "next": column.NumberColumn(
        "Next unit brings", format="%.2f",
        help="Of what is sought: streams that one more unit of money would win, or money that it "
        "would earn.",
    ),
    "held": column.TextColumn("Held by"),
}  # fmt: skip
PARTS = {
    "channel": column.TextColumn("Channel", pinned=True),
    "name": column.TextColumn("Where"),
    "now": column.NumberColumn("In scenario", format="localized", step=1),
    "best": column.NumberColumn("Best", format="localized", step=1),
}


def best_plan(
    page: Page,
    plan: Plan,
    cells: pl.DataFrame,
    currency: str,
    group: int,
    money: Money,
    listeners: PerListener | None,
) -> None:
    """Show the best split of the plan's budget, or the cheapest way to a number of streams.

    It is looked for while its box is open.

    Parameters
    ----------
    cells : cell, audience, name. currency : of all amounts. group : smallest group shown.
    money, listeners : what is kept of a stream, and what counts beside it.
    """
    base = place_of(plan)
    box = st.expander(
        "Best plan for this budget", icon=":material/auto_awesome:", key=f"{base}:best",
        on_change="rerun",
    )  # fmt: skip
    if not box.open:
        return
    with box:
        way = st.segmented_control(
            "Look for", WAYS, default=WAYS[0], key=f"{base}:best-way", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
        if way == WAYS[0]:
            aim = _sought(row, base)
        else:
            wanted, sure = _wanted(row, base, plan)
        split = cells.height > 1 and row.toggle(
            f"Split {'segments' if plan.segments else 'territories'}, too",
            key=f"{base}:best-cells",
            help="Each channel in its own way. Nowhere does a listener get more than at the "
            "channel's most.",
        )
        with row.popover("Limits", icon=":material/tune:"):
            limits = limits_of(plan, cells)
        asked = {"plan": plan, "limits": limits, "cells": bool(split), "min_group": group}
        if way == WAYS[0]:
            found = page.attempt(
                best_split, aim=aim, money=money, listeners=listeners, keep=False, **asked
            )
            said = found and split_words(found, aim, currency, beside(money))
        else:
            found = page.attempt(cheapest_plan, streams=wanted, sure=sure, keep=False, **asked)
            said = found and reach_words(found, plan, wanted, sure, currency)
        if found is None:
            return
        st.markdown(said)
        moved = found.spend.filter((pl.col("best") - pl.col("now")).abs() > 1e-9).height
        if moved or found.plan.channel_shares != plan.channel_shares:
            st.button(
                "Take this plan", key=f"{base}:take", type="primary",
                icon=":material/auto_awesome:", on_click=_take, args=(found.plan,),
            )  # fmt: skip
        _tables(page, found)


def _sought(row, base: str) -> Aim:
    """Ask what is sought, and how careful."""
    of = row.segmented_control(
        "Best in", list(SOUGHT), default="Streams", key=f"{base}:best-in", required=True,
        help="Money kept: the sum above, of the streams that promotion wins and all that you let "
        "count beside them, less the spend. It may leave money unspent.",
    )  # fmt: skip
    care = row.segmented_control(
        "Risk appetite", list(CARE), default="On average", key=f"{base}:best-care",
        required=True,
        help="On average weighs all that may come alike. Careful looks at the worst tenth of it "
        "alone (CVaR), balanced half at that and half at all.",
    )  # fmt: skip
    return Aim(SOUGHT[of], CARE[care])


def _wanted(row, base: str, plan: Plan) -> tuple[float, float]:
    """Ask for the streams to reach and how sure."""
    wanted = row.number_input(
        f"Streams in {plan.weeks} weeks", 1, 10**10, value=1_000_000, step=50_000,
        key=f"{base}:best-streams", width=200,
        help="Of the release in the window, those without promotion, too.",
    )  # fmt: skip
    sure = row.segmented_control(
        "Reached", list(SURE), default="As likely as not", key=f"{base}:best-sure", required=True,
        help="As likely as not is the median, which the strip shows, too.",
    )  # fmt: skip
    return float(wanted), SURE[sure]


def _tables(page: Page, found: BestSplit | Cheapest) -> None:
    shown = in_words(found.spend).select(
        "channel", "now", "best", change=pl.col("best") - pl.col("now"),
        ceiling=pl.col("ceiling").round(0), next=pl.col("next").round(2),
        held=pl.col("held").replace(HELD),
    )  # fmt: skip
    page.table(shown, key="best", columns=SPLIT, height="content")
    parts = found.cells.filter((pl.col("now") > 0) | (pl.col("best") > 0))
    if parts.height:
        parts = in_words(parts).select("channel", "name", pl.col("now", "best").round(0))
        page.table(parts, key="best-cells", columns=PARTS)


def _take(plan: Plan) -> None:
    base, state = place_of(plan), st.session_state
    for name, amount in plan.spend:
        state[f"{base}:spend:{name}"] = float(amount)
    state[f"{base}:budget"] = state[f"{base}:most"] = float(plan.budget)
    if plan.channel_shares:
        state[f"{shares_key(plan)}:apart"] = plan.channel_shares
