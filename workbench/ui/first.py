"""The part of Sales on those who never bought: how many will, and how well that was told."""

import streamlit as st

from workbench.charts import prospects as chances
from workbench.charts import sales as charts
from workbench.sales.first import FirstPurchases, first_purchases
from workbench.sales.first_told import BY_CHANCE, STREAMS_SO_FAR
from workbench.ui.page import Page
from workbench.ui.tables import readable
from workbench.ui.text import short, span

_column = st.column_config
WEIGHTS = {
    "feature": _column.TextColumn("What tells a first purchase", pinned=True, width="large"),
    "weight": _column.NumberColumn("Weight", format="%+.2f", help="Of log odds in four weeks, for "
                                   "one standard deviation more; counts by their logarithm"),
    "low": _column.NumberColumn("from", format="%+.2f", help="90 % interval"),
    "high": _column.NumberColumn("to", format="%+.2f", help="90 % interval"),
}  # fmt: skip


def first_time(page: Page, weeks: int, min_group: int) -> None:
    """Show who buys for the first time, and how well that was told."""
    st.subheader("Who buys for the first time", anchor=False)
    found = page.attempt(first_purchases, weeks=weeks, min_group=min_group)
    if found is None:
        return
    st.markdown(told(found))
    if not found.check.is_empty():
        page.chart(charts.first_gains, found, key="first_gains", alt=ranked(found))
        st.caption(ranked(found))
        with st.expander("Are these chances right?", icon=":material/fact_check:"):
            page.chart(chances.reliability_dots, found, key="first_bins", alt=right(found))
            st.caption(right(found))
    with st.expander("What tells a first purchase", icon=":material/balance:"):
        page.table(readable(found.weights, WEIGHTS), key="first_weights", columns=WEIGHTS)


def told(found: FirstPurchases) -> str:
    """Return how many are expected and what came of what was expected before, in words."""
    if found.people is None:
        return "Few listeners are left who never bought, too few to show."
    first = (
        f"**Of {short(found.people)} listeners who never bought, {found.expected:,.0f} "
        f"{span(found.low, found.high)} will within {found.weeks} weeks**, if they go on listening "
        "as they do. They are in no number above."
    )
    if found.check.is_empty():
        return f"{first} Too few came lately to check that."
    row = found.check.row(0, named=True)
    inside = row["low"] <= row["came"] <= row["high"]
    return (
        f"{first} From what was known on {row['learnt_until']}, {row['expected']:,.0f} "
        f"({row['low']:,.0f} to {row['high']:,.0f}) were expected until {row['until']}; "
        f"{row['came']:,} came, {'inside' if inside else 'outside'} the interval."
    )


def ranked(found: FirstPurchases) -> str:
    """Return what the first fifth held, by this ranking and by streams, in words."""
    held = {row["ranking"]: row["reached"] for row in found.gains.to_dicts()
            if abs(row["contacted"] - 0.2) < 1e-9}  # fmt: skip
    return (
        f"The first fifth by this ranking held {100 * held[BY_CHANCE]:.0f} % of those who came, "
        f"by streams so far {100 * held[STREAMS_SO_FAR]:.0f} %."
    )


def right(found: FirstPurchases) -> str:
    """Return how the chances were made right and how they came out, in words."""
    how = {
        "none": "are as the model says them: no correction did better.",
        "Platt": "are corrected by a line (Platt) on people not learnt from.",
        "isotonic": "are corrected by steps (isotonic) on people not learnt from.",
    }[found.calibration]
    made = f"Chances of these weeks {how}"
    last = found.bins.row(-1, named=True) if found.bins.height else None
    if last is None:
        return made
    return (
        f"{made} Of the likeliest of the check, {100 * last['said']:.0f} % were expected and "
        f"{100 * last['came']:.0f} % came."
    )
