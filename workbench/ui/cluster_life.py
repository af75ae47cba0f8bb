"""Taste clusters beside what people do: recency, frequency, value, and whether clusters last."""

import polars as pl
import streamlit as st

from workbench.audience.persistence import persistence
from workbench.audience.rfv import FREQUENCY, KEYS, RECENCY, VALUE, rfv
from workbench.charts.persistence import stayed_line
from workbench.parameters import Filters
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.tables import PERCENT, readable

_column = st.column_config
KINDS = {RECENCY: "Last stream", FREQUENCY: "Streams of a year", VALUE: "Orders"}
TABLE = {
    "name": _column.TextColumn("Cluster", pinned=True),
    "key": _column.TextColumn("Listeners"),
    "count": _column.NumberColumn("People", format="localized"),
    "share": _column.NumberColumn("of the cluster", format=PERCENT),
    "population_share": _column.NumberColumn("of everybody", format=PERCENT),
    "index": _column.NumberColumn("Over-index", format="%.0f", help="100 is average"),
    "low": _column.NumberColumn("from", format="%.0f", help="90 % interval"),
    "high": _column.NumberColumn("to", format="%.0f", help="90 % interval"),
    "apart": _column.CheckboxColumn("Surely so", help="At a false-discovery rate of 5 %"),
}
MOVES = {
    "name": _column.TextColumn("From", pinned=True),
    "to_name": _column.TextColumn("To"),
    "moves": _column.NumberColumn("Moves", format="localized"),
    "share": _column.NumberColumn("of the cluster", format=PERCENT),
}


def value(page: Page, count: int | None) -> None:
    """Show how recent, frequent and valuable each cluster is."""
    if not page.label.has("plays"):
        return
    st.subheader("Recency, frequency, value", anchor=False)
    found = page.attempt(rfv, count=count, min_group=settings().min_group)
    if found is None:
        return
    held = [kind for kind in KINDS if kind in set(found.rows["kind"])]
    kind = st.segmented_control(
        "By", held, default=held[0], required=True, key="rfv", bind="query-params",
        format_func=KINDS.get, label_visibility="collapsed",
    )  # fmt: skip
    best = found.rows.filter((pl.col("kind") == kind) & (pl.col("key") == KEYS[kind][0]))
    rows = best.sort("index", "segment", descending=[True, False], nulls_last=True)
    page.table(readable(rows.select(*TABLE), TABLE), key=f"rfv_{kind}", columns=TABLE)
    st.caption(
        "Beside taste, not of it: clusters are learnt from whom people hear, never from when or "
        "for how much. All listeners, whatever the filters; the top fifth is of everybody with a "
        "stream in 364 days."
    )


def lasting(page: Page, count: int | None, filters: Filters) -> None:
    """Show, when asked, whether clusters last and who moves between them."""
    if not page.label.has("plays"):
        return
    st.subheader("Do they last", anchor=False)
    if not st.toggle("Sort every twelve weeks by themselves", key="lasting", bind="query-params"):
        st.caption("Who stays in a cluster from period to period, and who moves to which.")
        return
    found = page.attempt(persistence, count=count, filters=filters, min_group=settings().min_group)
    if found is None:
        return
    shown = found.periods.drop_nulls("stayed")
    if shown.height:
        last = shown.row(-1, named=True)
        page.chart(
            stayed_line, found, key="stayed",
            alt=f"{100 * last['stayed']:.0f} % stayed in their cluster in the newest period",
        )  # fmt: skip
    moved = found.flows.filter((pl.col("segment") != pl.col("to")) & ~pl.col("hidden"))
    moved = moved.sort("moves", "segment", "to", descending=[True, False, False])
    page.table(readable(moved.select(*MOVES), MOVES), key="cluster_moves", columns=MOVES)
    st.caption(
        f"Of people in a cluster in {found.days} days, with five streams in both periods. "
        "Unchanged taste is the same streams dealt to both periods at random. "
        f"{found.hidden:,} numbers are hidden for privacy."
    )
