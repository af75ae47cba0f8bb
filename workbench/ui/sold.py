"""The parts of Sales that look back: what came against what was expected, and statements."""

import polars as pl
import streamlit as st

from workbench.charts import sales as charts
from workbench.sales.actuals import STREAMS, Actuals, actuals
from workbench.sales.foretold import ORDERS_SO_FAR, Foretold
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.tables import readable
from workbench.ui.text import digits, money, span

WAYS = {False: "Goods", True: "Streams"}
_column = st.column_config
MONTHS = {
    "since": _column.DateColumn("From", pinned=True),
    "until": _column.DateColumn("to"),
    "orders_came": _column.NumberColumn("Orders that came", format="localized"),
    "orders": _column.NumberColumn("expected", format="%.0f"),
    "orders_low": _column.NumberColumn("at least", format="%.0f", help="5 % lie below"),
    "orders_high": _column.NumberColumn("at most", format="%.0f", help="5 % lie above"),
    "money_came": _column.NumberColumn("Money that came", format="localized", step=1),
    "money": _column.NumberColumn("expected", format="localized", step=1),
    "money_low": _column.NumberColumn("at least", format="localized", step=1),
    "money_high": _column.NumberColumn("at most", format="localized", step=1),
}
KINDS = {
    "kind": _column.TextColumn("Kind of sale", pinned=True),
    "in_orders": _column.CheckboxColumn(
        "In orders, too", help="Lines of a shop whose orders are on file: the same goods twice"
    ),
    "units": _column.NumberColumn("Pieces or streams", format="localized"),
    "money": _column.NumberColumn("Arrived", format="%.2f", help="Net, by statements"),
    "lines": _column.NumberColumn("Lines", format="localized"),
}


def told_before(found: Foretold) -> str:
    """Return whether the last third of the time came as it was expected, in words."""
    total, currency = found.total.row(0, named=True), found.currency
    came, low, high = (total[f"orders_{end}"] for end in ("came", "low", "high"))
    inside = low <= came <= high
    verdict = "as expected" if inside else f"{'fewer' if came < low else 'more'} than expected"
    held = pl.col("money_came").is_between("money_low", "money_high")
    months = found.months.filter(held).height
    return (
        f"**{'Yes' if inside else 'No'}: {came:,} orders of known buyers came "
        f"from {total['since']} to {total['until']}, {verdict}** ({total['orders']:,.0f}, "
        f"{low:,.0f} to {high:,.0f}, were expected from what was known on {found.learnt_until}). "
        f"They brought {money(total['money_came'], currency)} against "
        f"{money(total['money'], currency)} {span(total['money_low'], total['money_high'])}; "
        f"{months} of {found.months.height} months lie in their 90 % interval." + _newcomers(found)
    )


def _newcomers(found: Foretold) -> str:
    if not found.others:
        return ""
    return (
        f" Beside them came {found.others:,} orders of people who had never bought by then; this "
        "model expects none of them."
    )


def months(found: Foretold) -> pl.DataFrame:
    """Return the months as shown."""
    return readable(found.months.select(*MONTHS), MONTHS)


def ranked_before(found: Foretold) -> str:
    """Return what the best fifth of buyers gave, in words."""
    figures = {row["ranking"]: row for row in found.figures.to_dicts()}
    own, rival = figures[found.model], figures[ORDERS_SO_FAR]
    return (
        f"The best fifth of buyers gave {100 * own['top_fifth']:.0f} % of these orders, ranked by "
        f"orders so far {100 * rival['top_fifth']:.0f} %."
    )


def statements(page: Page) -> None:
    """Show what statements say was sold, where there are any."""
    st.subheader("What statements say was sold", anchor=False)
    if not page.label.has("statements"):
        st.caption("No statement of a distributor is loaded: orders above are all that is known.")
        return
    found = page.attempt(actuals)
    if found is None:
        return
    st.markdown(arrived(found))
    goods = (found.kinds["kind"] != STREAMS).any()
    shown = st.segmented_control(
        "Shown", list(WAYS), format_func=WAYS.get, default=not goods, required=True, key="arrived"
    )
    page.chart(charts.statement_months, found, key="statements", alt=arrived(found), streams=shown)
    page.table(readable(found.kinds.select(*KINDS), KINDS), key="kinds", columns=KINDS)


def arrived(found: Actuals) -> str:
    """Return what statements hold, and what of it stands in orders, too."""
    kinds, currency = found.kinds, found.currency
    goods = kinds.filter(pl.col("kind") != STREAMS)
    twice, alone = (goods.filter(pl.col("in_orders") == held) for held in (True, False))
    streams = kinds.filter(kind=STREAMS)["money"].sum()
    parts = [
        f"**{money(kinds['money'].sum(), currency)} arrived for sales from "
        f"{found.months['month'].min():%b %Y} to {found.months['month'].max():%b %Y}**: "
        f"{money(streams, currency)} for streams, {money(goods['money'].sum(), currency)} for the "
        "rest, after distributors and before artists."
    ]
    if twice.height:
        parts.append(
            f"Of that, {money(twice['money'].sum(), currency)} is of goods whose orders are on "
            "file: orders say what buyers paid, statements what arrived of it. The two are never "
            "added."
        )
    if alone.height and twice.height:
        parts.append(f"{money(alone['money'].sum(), currency)} stands in no order.")
    if found.payout is not None:
        parts.append(_payout(found))
    return " ".join([*parts, *_left_out(found)])


def _payout(found: Actuals) -> str:
    held = settings()
    paid = f"A stream brought {digits(found.payout)} {found.currency}"
    if held.currency != found.currency:
        return f"{paid}."
    return f"{paid}, where the settings assume {digits(held.payout)}."


def _left_out(found: Actuals) -> list[str]:
    counts = (
        (found.undated, "without a day or month of sale"),
        (found.without_money, "without net or an exchange rate"),
    )
    told = ", ".join(f"{count:,} lines {what}" for count, what in counts if count)
    spans = f"{found.long:,} lines over several months stand in the first." if found.long else ""
    return [f"Not counted: {told}." if told else "", spans]
