"""What the weeks of a campaign are put down to, and the events that lay in them."""

import polars as pl
import streamlit as st

from workbench.promotion.explained import weeks_explained
from workbench.promotion.past_result import PastResult
from workbench.ui.page import Page
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped

SHOWN = 6  # events that are named
_column = st.column_config
CAUSES = {
    "cause": _column.TextColumn("Put down to", pinned=True),
    "streams": _column.NumberColumn("Streams", format="localized", step=1),
    "share": _column.NumberColumn("Of those that came", format=PERCENT),
}
CAUSE_NAMES = {
    "release": "the release and the season", "lists": "playlists", "events": "events",
    "promotion": "promotion, all of it", "scatter": "scatter, not explained",
}  # fmt: skip


def explained(page: Page, found: PastResult) -> None:
    """Show what the model puts these weeks down to, with the events that lay in them."""
    told = page.attempt(
        weeks_explained, track_id=found.track_id, begin=found.begin, until=found.until
    )
    if told is None:  # no week of them has streams on file: the rest of the page stands
        return
    with st.expander("What these weeks are put down to", icon=":material/stacked_bar_chart:"):
        named = [f"{escaped(row['name'])} ({escaped(row['kind'])}, {row['first_day']:%d %b %Y})"
                 for row in told.events.to_dicts()]  # fmt: skip
        more = f" and {len(named) - SHOWN:,} more" if len(named) > SHOWN else ""
        st.caption(
            f"Events on file: {', '.join(named[:SHOWN])}{more}. They stay when the campaign is "
            "taken away, so that it is not credited with them."
            if named
            else "No event on file touched the song in these weeks."
        )
        st.caption(
            "At the best fit of the model, while the numbers above are medians over its draws: the "
            "two differ a little."
        )
        rows = told.parts.with_columns(pl.col("cause").replace(CAUSE_NAMES))
        page.table(readable(rows, CAUSES), key="causes", columns=CAUSES, height="content")
