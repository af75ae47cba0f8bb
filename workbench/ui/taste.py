"""The taste of an audience: its features with where they come from, and less of what is chosen."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from workbench.parameters import Filters
from workbench.recommend.marks import Audience
from workbench.recommend.taste import KINDS, taste
from workbench.settings import settings
from workbench.ui import list_marks
from workbench.ui.page import Page
from workbench.ui.selection import keep_chosen
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped

SHOWN = 12  # of a kind
_column = st.column_config
FEATURES = {
    "name": _column.TextColumn("Feature", pinned=True),
    "kind": _column.TextColumn("Kind"),
    "share": _column.NumberColumn("Of its taste", format=PERCENT),
    "everybody": _column.NumberColumn("Of everybody's", format=PERCENT),
    "played": _column.NumberColumn("from plays", format=PERCENT, help="1 to 3 a song, by its place "
                                   "among the listener's own"),
    "saved": _column.NumberColumn("from saves", format=PERCENT, help="1 more for a saved song"),
    "skipped": _column.NumberColumn("from skips", format=PERCENT, help="Up to 1 less a song"),
    "bought": _column.NumberColumn("from purchases", format=PERCENT, help="2 a thing, to artists"),
    "listeners": _column.NumberColumn("Listeners", format="localized", help="In fives"),
}  # fmt: skip
KEY = "taste"


def section(page: Page, audience: Audience, whom: Mapping[str, object], filters: Filters) -> None:
    """Show what an audience plays, saves, skips and buys, and take “less of this”."""
    if "songs" in whom or "listener" in whom:
        return
    st.subheader("The taste of this audience", anchor=False)
    found = page.attempt(taste, **whom, filters=filters, min_group=settings().min_group)
    if found is None:
        return
    kinds = found.features.partition_by("kind", as_dict=True)
    parts = [kinds[(kind,)].head(SHOWN) for kind in KINDS if (kind,) in kinds]
    rows = pl.concat(parts) if parts else found.features
    keep_chosen(KEY, rows["feature"])
    picked = page.table(
        readable(rows.select(*FEATURES), FEATURES), key=KEY, columns=FEATURES, select="single-row"
    )
    bots(found.tireless, "They count as one listener each, like everybody.")
    chosen = rows.row(picked[0], named=True) if picked else None
    row = st.container(horizontal=True, vertical_alignment="center", key="less-of")
    row.button(
        "Less of this", key="less", icon=":material/do_not_disturb_on:", disabled=chosen is None,
        on_click=list_marks.less, args=(page, audience, chosen["feature"] if chosen else ""),
        help="Songs with it come later in this audience's lists",
    )  # fmt: skip
    row.caption(
        f"{escaped(chosen['kind'])} {escaped(chosen['name'])}" if chosen else
        "Choose a row to have less of it in the list. Every listener counts alike, however much "
        "they play."
    )  # fmt: skip


def bots(tireless: int | None, how: str) -> None:
    """Say how many stream more than a day holds, None for a few, and how they are counted."""
    if tireless == 0:
        return
    some = "A few listeners" if tireless is None else f"About {tireless} listeners"
    st.caption(
        f":material/smart_toy: {some} of these once streamed more than a day holds, as bots do. "
        f"{how}"
    )
