"""What lists are worth by what people said of them: the log's part of Evaluation."""

import polars as pl
import streamlit as st

from workbench.recommend import marks
from workbench.recommend.off_policy import FEWEST, Logged, logged_worth
from workbench.ui.page import Page
from workbench.ui.tables import PERCENT, readable

MOST = 1000  # marks, the latest: a notebook holds each as text
_column = st.column_config
POLICIES = {
    "policy": _column.TextColumn("List", pinned=True),
    "snips": _column.NumberColumn(
        "Liked", format=PERCENT, help="Of the songs spoken of (SNIPS); – where too few tell"
    ),
    "low": _column.NumberColumn("from", format=PERCENT, help="90 % interval over lists"),
    "high": _column.NumberColumn("to", format=PERCENT, help="90 % interval over lists"),
    "ips": _column.NumberColumn(
        "Liked, not normalised", format="%.2f", help="IPS: unbiased, and may pass 1 by chance"
    ),
    "effective": _column.NumberColumn(
        "Marks that tell", format="%.0f", help="As many evenly weighted marks tell as much"
    ),
}


def log(found: pl.DataFrame) -> tuple[Logged, ...]:
    """Return the latest marks as a parameter of `logged_worth`; `found` as `marks.logged` gives."""
    rows = found.tail(MOST).with_columns(
        pl.col("shown").rank("dense").cast(pl.Int64), liked=pl.col("said") == marks.LIKE
    )
    return tuple(Logged(*row) for row in rows.select(*Logged.__dataclass_fields__).iter_rows())


def section(page: Page) -> None:
    """Show what the log says of each kind of list, once enough songs were spoken of."""
    st.subheader("By what people said of lists", anchor=False)
    home = page.label.home
    found = marks.logged(home)
    if found.height < FEWEST:
        lists = marks.lists_shown(home)
        one = lists == 1
        st.caption(
            f"{lists:,} list{' is' if one else 's are'} on record, and {found.height} of "
            f"{'its' if one else 'their'} songs were spoken of; from {FEWEST} on this says what "
            "other lists would have been worth."
        )
        return
    worth = page.attempt(logged_worth, log=log(found))
    if worth is None:
        return
    page.table(
        readable(worth.policies.select(*POLICIES), POLICIES), key="logged_worth", columns=POLICIES
    )
    st.caption(
        f"{worth.marks:,} marks on {worth.lists:,} lists, each weighted by how much more often "
        "another list would show its song than the one shown. It assumes that whether a song is "
        "spoken of does not hang on why it stood there."
    )
