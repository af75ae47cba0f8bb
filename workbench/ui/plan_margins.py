"""The next unit of money: what it returns on each channel, where it stops, why it does not pay."""

import polars as pl
import streamlit as st

from workbench.charts.promotion import spoken
from workbench.promotion.margins import Margins, plan_margins
from workbench.promotion.money import Money
from workbench.promotion.outcome import Outcome
from workbench.promotion.per_listener import PerListener
from workbench.promotion.plan import Plan
from workbench.promotion.points import EDGE_NAMES
from workbench.promotion.shares import before_shares
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.plan_money import beside
from workbench.ui.plan_words import in_words
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import digits, escaped, percent

column = st.column_config
MARGINS = {
    "channel": column.TextColumn("Channel", pinned=True),
    "spend": column.NumberColumn("Spend", format="localized"),
    "return_median": column.NumberColumn(
        "Return", format=PERCENT, help="Of all that counts, over the spend"
    ),
    "marginal_low": column.NumberColumn("Next unit, at least", format=PERCENT),
    "marginal_median": column.NumberColumn(
        "Next unit returns", format=PERCENT, help="Of 1 % more; of the first without spend"
    ),
    "marginal_high": column.NumberColumn("Next unit, at most", format=PERCENT),
    "cost_median": column.NumberColumn("Cost per stream won", format="%.3g"),
    "pays_median": column.NumberColumn(
        "Pays back up to", format="localized", step=1,
        help="Spend at which the next unit returns less than itself; 0: not even the first does",
    ),
    "tenth_median": column.NumberColumn(
        "Used up at", format="localized", step=1,
        help="Spend at which the next unit returns a tenth of what the first did",
    ),
    "most": column.NumberColumn(
        "Tried up to", format="localized", step=1, help="Largest week of one track, over the flight"
    ),
    "payout_median": column.NumberColumn(
        "Breaks even at a payout of", format="%.4f", help="A stream, before all shares"
    ),
}  # fmt: skip
PARTS = {
    "channel": column.TextColumn("Channel", pinned=True),
    "name": column.TextColumn("Where"),
    "spend": column.NumberColumn("Spend", format="localized", step=1),
    "streams": column.NumberColumn("Streams won", format="localized", step=1),
    "return": column.NumberColumn("Return", format=PERCENT),
    "marginal": column.NumberColumn("Next unit returns", format=PERCENT),
}


def next_unit(
    page: Page,
    plan: Plan,
    money: Money,
    listeners: PerListener | None,
    outcome: Outcome,
    currency: str,
) -> None:
    """Show what the next unit of money returns by channel and cell, and where it stops to pay."""
    margins = page.compute(
        plan_margins, plan=plan, money=money, listeners=listeners, min_group=settings().min_group
    )
    first, _, rest = pays_back(margins, money, outcome, currency).partition(". ")
    st.markdown(f"**{first.removesuffix('.')}.** {rest}")
    shown = in_words(margins.channels.select(list(MARGINS)))
    page.table(readable(shown, MARGINS), key="margins", columns=MARGINS, height="content")
    cells = in_words(margins.cells.select(list(PARTS)))
    page.table(readable(cells, PARTS), key="margins_by_cell", columns=PARTS)
    st.caption(
        f"Medians over draws. Counted: {beside(money)}; streams won and their cost are those of "
        "the window. Channels add up in the model."
    )


def pays_back(margins: Margins, money: Money, outcome: Outcome, currency: str) -> str:
    """Return whether money comes back, and what would have to be for it to, in words."""
    rows = margins.channels.to_dicts()
    whole = {row["measure"]: row for row in margins.all.to_dicts()}
    counted = f", {beside(money)} counted"
    good = [escaped(spoken(row["channel"])) for row in rows if (row["marginal_median"] or 0) >= 1]
    if good:
        return f"One more unit of money comes back on {', '.join(good)}{counted}."
    back = [row for row in rows if row["marginal_median"] is not None]
    if not back or not any(row["marginal_high"] for row in back):
        return "Nothing of a stream is kept, so that no spend pays back."
    best = max(back, key=lambda row: (row["marginal_median"], row["channel"]))
    low, median, high = (percent(best[f"marginal_{edge}"], 1) for edge in EDGE_NAMES)
    words = (
        f"No channel pays its next unit of money back{counted}: {escaped(spoken(best['channel']))} "
        f"comes nearest and returns {median} of it ({low} to {high}, 90 %)."
    )
    if whole["payout"]["median"] is not None:
        cost = outcome.totals.row(by_predicate=pl.col("measure") == "cost", named=True)
        words += (
            f" A stream won costs {digits(cost['scenario_median'])} {currency}; "
            f"the plan breaks even at a payout of {digits(whole['payout']['median'])} a stream "
            f"({digits(whole['payout']['low'])} to {digits(whole['payout']['high'])})."
        )
    if before := before_shares(money):
        words += f" This is {before}."
    if whole["return"]["median"] is not None:
        words += (
            f" Of the whole spend {percent(whole['return']['median'], 1)} returns "
            f"({percent(whole['return']['low'], 1)} to {percent(whole['return']['high'], 1)})."
        )
    left = {"streams after the window": money.beyond, "those of other songs": money.spill}
    if out := [name for name, on in left.items() if not on]:
        words += f" Not counted: {' and '.join(out)}; “What the label keeps” lets them count."
    return words
