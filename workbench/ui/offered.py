"""The part of Sales that says what to offer next, and whether taste tells it better."""

from math import expm1

import polars as pl
import streamlit as st

from workbench.charts import prospects as charts
from workbench.sales.choosing import NONE
from workbench.sales.offers import Offers, offers
from workbench.ui.page import Page
from workbench.ui.tables import readable
from workbench.ui.text import escaped, short

_column = st.column_config
PRODUCTS = {
    "name": _column.TextColumn("Product", pinned=True, width=270),
    "kind": _column.TextColumn("Kind"),
    "best_for": _column.NumberColumn(
        "First offer for", format="localized", help="Buyers for whom it is the likeliest; in fives"
    ),
    "units": _column.NumberColumn("Pieces to come", format="%.1f"),
    "revenue": _column.NumberColumn("Revenue", format="localized"),
    "margin": _column.NumberColumn(
        "Margin", format="localized", help="Revenue less unit cost; – where one is not known"
    ),
}
WEIGHTS = {
    "feature": _column.TextColumn("What speaks for a product", pinned=True),
    "weight": _column.NumberColumn("Weight", format="%+.2f", help="Of log odds; streams and sales "
                                   "count by their logarithm"),
}  # fmt: skip
CHECK = {
    "ranking": _column.TextColumn("Ranking", pinned=True),
    "hit": _column.NumberColumn("In the first five", format="%.1f %%"),
    "low": _column.NumberColumn("from", format="%.1f %%", help="90 % interval"),
    "high": _column.NumberColumn("to", format="%.1f %%", help="90 % interval"),
    "log_loss": _column.NumberColumn(
        "Log loss", format="%.3f", help="Of an item sold later; smaller is better"
    ),
}


def next_offers(page: Page, weeks: int, min_group: int) -> None:
    """Show products for known buyers, what speaks for them, and how good such offers were."""
    st.subheader("What to offer next", anchor=False)
    found = page.attempt(offers, weeks=weeks, min_group=min_group)
    if found is None:
        return
    st.markdown(f"{most(found)} {checked(found)}")
    page.table(products(found), key="products", columns=PRODUCTS, height=320)
    with st.expander("What speaks for a product", icon=":material/balance:"):
        page.table(readable(found.weights, WEIGHTS), key="weights", columns=WEIGHTS)
    if found.checked:
        with st.expander("How good are these offers?", icon=":material/fact_check:"):
            st.markdown(taste_told(found))
            page.table(readable(found.check, CHECK), key="check", columns=CHECK)
            page.chart(charts.reliability_dots, found, key="offer_bins", alt=taste_told(found))


def products(found: Offers) -> pl.DataFrame:
    """Return the offers as shown."""
    money = pl.col("revenue", "margin").round(0).cast(pl.Int64)
    return readable(found.products.with_columns(money).select(*PRODUCTS), PRODUCTS)


def most(found: Offers) -> str:
    """Return the product that is expected to bring most, in words."""
    if found.products.is_empty():
        return "**No product that is on sale can be shown.**"
    row, currency = found.products.row(0, named=True), escaped(found.currency)
    name, pieces = escaped(row["name"] or row["product_id"]), f"{short(row['units'])} pieces"
    first = "" if row["best_for"] is None else f" It is the first offer for {row['best_for']:,}."
    known = next((one for one in ("margin", "revenue") if row[one] is not None), None)
    if known is None:
        return f"**{name}: {pieces} to come**, at a price that is not known.{first}"
    return (
        f"**{name} is expected to bring most: {short(row[known])} {currency} of {known} from "
        f"{pieces}.**{first} Money in the table is {currency}."
    )


def checked(found: Offers) -> str:
    """Return how the offers did on later lines, and whether taste is in them, in words."""
    if found.check.is_empty():
        return "Too few orders to check these offers on later ones."
    rows = {row["ranking"]: row for row in found.check.to_dicts()}
    own, rival = rows[found.way], rows["most sold"]
    better = "" if own["low"] > rival["high"] else " Here that is no sure gain."
    return (
        f"Tried on {found.checked:,} order items sold later: {100 * own['hit']:.0f} % "
        f"({100 * own['low']:.0f} to {100 * own['high']:.0f} %) were among the five offered first, "
        f"against {100 * rival['hit']:.0f} % among the five most sold products.{better} "
        f"{_taste(found)}"
    )


def _taste(found: Offers) -> str:
    if found.untried:
        return f"What the recommender knows of taste is not in it: {found.untried}."
    gains = _gains(found)
    if not gains:
        return "Too few orders to tell whether taste makes offers better; it is not in them."
    if found.way == NONE:
        return "Taste by the recommender was tried and is left out: it made no sure difference."
    one = gains[found.way, "checked on"]
    hits = f"{100 * one['hits']:+.1f} points, ± {164.5 * one['hits_error']:.1f}"
    return (
        f"Taste by the recommender is in them: what was sold is {_likelier(one)} by it, though not "
        f"surely oftener among the first five ({hits})."
        if abs(one["hits"]) < 1.645 * one["hits_error"]
        else f"Taste by the recommender is in them: what was sold is {_likelier(one)} by it, and "
        f"of it the first five hold {hits}."
    )


def taste_told(found: Offers) -> str:
    """Return what each way of using taste gained where it was chosen and where it was checked."""
    gains = _gains(found)
    if not gains:
        return "Chances said against what was sold later."
    told = [
        f"**{way}**, {stage} {one['lines']:,} order items: what was sold {_likelier(one)}"
        for (way, stage), one in gains.items()
    ]
    taken = "No taste" if found.way == NONE else found.way.capitalize()
    return (
        f"{taken} was taken, as what was surely likeliest on the items it was chosen on; those "
        "checked on came later still.\n\n- " + "\n- ".join(told)
    )


def _gains(found: Offers) -> dict[tuple[str, str], dict]:
    return {(row["way"], row["stage"]): row for row in found.gains.to_dicts()}


def _likelier(one: dict) -> str:
    """Return the gain of a line's chance, with its 90 % interval."""
    low, high = (one["gain"] + z * one["error"] for z in (-1.645, 1.645))
    share = [100 * expm1(value) for value in (one["gain"], low, high)]
    return f"{share[0]:.1f} % likelier ({share[1]:.1f} to {share[2]:.1f})"
