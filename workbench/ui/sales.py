"""The parts of Sales: strip, groups and mailings, in words and columns."""

import polars as pl
import streamlit as st

from workbench.charts.audience import TIER_TITLES
from workbench.sales.buying import OTHER, Buying
from workbench.sales.contacts import FIRST, Contacts, hashed_contacts
from workbench.settings import settings
from workbench.ui.hashed_ids import offer_ids
from workbench.ui.page import Headline, Page
from workbench.ui.tables import readable
from workbench.ui.text import escaped, money, short, span

WAYS = {"tier": "Listener tier", "cluster": "Taste cluster", "country": "Country"}
AGAIN, OFFER, FIRST_TIME, MAILING, CAME = (
    "Who buys again",
    "What to offer",
    "First purchases",
    "Whom to write to",
    "Did it come?",
)
HORIZONS = {4: "4 weeks", 13: "13 weeks", 26: "26 weeks", 52: "a year"}
_column = st.column_config
GROUPS = {
    "group": _column.TextColumn("Group", pinned=True),
    "buyers": _column.NumberColumn("Buyers", format="localized", help="In fives"),
    "alive": _column.NumberColumn(
        "Still buying",
        format="%.0f %%",
        help="Mean chance not to have stopped for good; – where orders do not tell",
    ),
    "orders": _column.NumberColumn("Orders to come", format="%.0f"),
    "low": _column.NumberColumn("from", format="%.0f", help="90 % interval"),
    "high": _column.NumberColumn("to", format="%.0f", help="90 % interval"),
    "value": _column.NumberColumn("Money to come", format="localized"),
    "value_low": _column.NumberColumn("at least", format="localized", help="5 % lie below"),
    "value_high": _column.NumberColumn("at most", format="localized", help="5 % lie above"),
}
KINDS = {
    "kind": _column.TextColumn("Who", pinned=True),
    "consenting": _column.NumberColumn("Consented", format="localized", help="In fives"),
    "written": _column.NumberColumn("Written to", format="localized", help="Of the best; in fives"),
    "orders": _column.NumberColumn(
        "Orders to come", format="%.0f", help="Of all who consented, without a mailing"
    ),
    "low": _column.NumberColumn("from", format="%.0f", help="90 % interval"),
    "high": _column.NumberColumn("to", format="%.0f", help="90 % interval"),
}
MODELS = {
    "model": _column.TextColumn("Model", pinned=True),
    "used": _column.CheckboxColumn("Used"),
    "log_likelihood": _column.NumberColumn("Log-likelihood", format="%.1f"),
    "parameters": _column.TextColumn("Parameters (weeks)", width="large"),
}


def choices(page: Page) -> tuple[int, str]:
    """Ask how far ahead and by what groups; return weeks and the way."""
    held = page.label
    ways = ["country"]
    ways = ["cluster", *ways] if held.has("segments") and held.has("plays") else ways
    ways = ["tier", *ways] if held.has("plays") else ways
    row = st.container(horizontal=True, vertical_alignment="bottom", key="ahead")
    weeks = row.segmented_control(
        "Ahead", list(HORIZONS), format_func=HORIZONS.get, default=26, required=True, key="weeks",
        bind="query-params",
    )  # fmt: skip
    by = row.segmented_control(
        "By", ways, format_func=WAYS.get, default=ways[0], required=True, key="by",
        bind="query-params",
    )  # fmt: skip
    return weeks, by


def question() -> str:
    """Ask what to answer; only that is computed."""
    return st.segmented_control(
        "Question", [AGAIN, OFFER, FIRST_TIME, MAILING, CAME], default=AGAIN, required=True,
        key="question", label_visibility="collapsed", bind="query-params",
    )  # fmt: skip


def strip(found: Buying) -> list[Headline]:
    """Return the numbers of all known buyers."""
    row = found.total.row(0, named=True)
    return [
        Headline(
            "Orders to come", short(row["orders"]), note=span(row["low"], row["high"]),
            help=f"Of {short(row['buyers'])} known buyers in {HORIZONS[found.weeks]}; those who "
            "will buy for the first time are not in it. 90 % interval.",
        ),
        Headline(
            "Money to come", money(row["value"], found.currency),
            note=span(row["value_low"], row["value_high"]), help="Revenue, refunds off",
        ),
        Headline("Known buyers", short(row["buyers"]),
                 help="Ordered at least once, and took not all of it back; in fives"),
        Headline(
            "Still buying", "–" if row["alive"] is None else f"{100 * row['alive']:.0f} %",
            note="orders do not tell" if row["alive"] is None else None,
            help="Mean chance not to have stopped for good; – where no order says that anybody "
            "stops, as buyers come back too seldom or too steadily.",
        ),
    ]  # fmt: skip


def left_out(found: Buying) -> str:
    """Return in words what the orders count and what they do not."""
    parts = [
        (found.unknown, "that name no buyer"),
        (found.refunded, "taken back whole"),
        (found.without_rate, "without an exchange rate"),
    ]
    told = ", ".join(f"{count:,} {what}" for count, what in parts if count)
    return f"Orders from {found.since} to {found.until}" + (
        f"; not counted: {told}." if told else "."
    )


def told(found: Buying) -> str:
    """Return the group that brings most, in a sentence."""
    rows = found.groups.drop_nulls("value").filter(pl.col("group") != OTHER)
    if rows.is_empty():
        return "No group has enough buyers to be shown."
    first, total = rows.row(0, named=True), found.total.row(0, named=True)
    name = escaped(TIER_TITLES.get(first["group"], first["group"]))
    alike = (
        ""
        if found.mean_order is None
        else (
            f" What an order is worth does not tell buyers apart here: each counts as anybody's, "
            f"{money(found.mean_order, found.currency)} on average."
        )
    )
    return (
        f"{name} brings {100 * first['value'] / total['value']:.0f} % of the money to come with "
        f"{100 * first['buyers'] / max(total['buyers'], 1):.0f} % of the buyers.{alike}"
    )


def groups(found: Buying) -> pl.DataFrame:
    """Return the groups as shown."""
    named = pl.col("group").replace(TIER_TITLES)
    money = pl.col("value", "value_low", "value_high").round(0).cast(pl.Int64)
    shown = found.groups.with_columns(named, money)
    return readable(shown.select(*GROUPS), GROUPS)


def mailing_choices(currency: str, *, newcomers: bool) -> dict[str, float | bool]:
    """Ask what a mailing costs and does, and to whom it may go; return the parameters of it."""
    row = st.container(horizontal=True, vertical_alignment="bottom", key="mailing")
    cost = row.number_input(
        f"Cost of a mailing, {currency} each", 0.0, 1_000.0, 0.5, 0.1, key="cost", width=180
    )
    lift = row.slider(
        "Orders a mailing adds", 0, 100, 10, 1, key="lift", format="%d %%", width=260,
        help="An assumption: of the orders expected without it. An experiment would tell.",
    )  # fmt: skip
    first = newcomers and row.toggle(
        "Also who never bought", key="first", help="By their chance of a first purchase"
    )
    return {"cost": round(float(cost), 2), "lift": lift / 100, "first": bool(first)}


def mailing_told(found: Contacts) -> str:
    """Return what the curve says, in words."""
    unit = "margin"
    if found.margin is None:
        unit = "revenue (no product has a price and a unit cost that can be counted)"
    left = rateless(found.without_rate)
    if not found.best:
        return f"At this cost no mailing pays back in {unit}.{left}"
    count = found.curve["contacted"][found.best]
    kinds = found.kinds.rows_by_key("kind", named=True, unique=True)
    who = "people" if FIRST in kinds else "buyers"
    never = kinds.get(FIRST, {}).get("written")
    of_them = f", {never:,} of whom never bought," if never is not None else ""
    return (
        f"Writing to the best {count:,} of {found.consenting:,} {who} who consented{of_them} adds "
        f"{money(found.gain, found.currency)} of {unit}, less what the mailing costs.{left}"
    )


def rateless(products: int) -> str:
    """Return in words that a margin leaves products out, with a space before it; or nothing."""
    if not products:
        return ""
    return (
        f" Prices and unit costs of {products:,} products sold are left out: their currency has no "
        "exchange rate; import one."
    )


def kinds(found: Contacts) -> pl.DataFrame:
    """Return the kinds of people as shown."""
    return readable(found.kinds.select(*KINDS), KINDS)


def export(page: Page, found: Contacts, weeks: int, *, first: bool) -> None:
    """Offer the hashed ids of the best people, where enough consented."""
    least = settings().min_group_outside
    share = float(found.curve["share"][found.best])
    if share * found.consenting < least:
        st.caption(f"A list to take away needs {least} of them; this is fewer.")
        return
    offer_ids(page, hashed_contacts, "a mailing", "mailing-sha256.csv",
              weeks=weeks, share=share, first=first)  # fmt: skip
