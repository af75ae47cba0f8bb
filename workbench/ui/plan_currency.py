"""The money of a plan in another currency, beside the one that everything is computed in."""

import polars as pl
import streamlit as st

from workbench.promotion.exchange import other_currencies
from workbench.promotion.outcome import Outcome
from workbench.promotion.plan import Plan
from workbench.ui.page import Page
from workbench.ui.text import digits, escaped, short


def other_currency(page: Page, plan: Plan, outcome: Outcome, currency: str) -> None:
    """Ask for a currency that the label has a rate of, and say the plan's main sums in it."""
    known = page.compute(other_currencies)
    if known.is_empty():
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    chosen = row.selectbox(
        "Money also in", known["currency"].to_list(), index=None, key="lab:currency", width=160,
        placeholder="Currency", help="Everything is computed in the currency of the campaigns.",
    )  # fmt: skip
    if chosen is None:
        return
    rate, day = known.row(by_predicate=pl.col("currency") == chosen, named=False)[1:]
    sums = {
        row["measure"]: row["scenario_median"]
        for row in outcome.totals.filter(pl.col("measure").is_in(["kept", "cost"])).to_dicts()
    }
    told = [f"budget {short(plan.budget * rate)}", f"money kept {short(sums['kept'] * rate)}"]
    if sums["cost"] is not None:
        told.append(f"cost per stream won {digits(sums['cost'] * rate)}")
    row.caption(
        f"In **{escaped(chosen)}**: {', '.join(told)} (medians). One {escaped(currency)} is "
        f"{rate:.4f} {escaped(chosen)}, the rate of {day}."
    )
