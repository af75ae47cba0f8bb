"""The part of Song that says who listens: by Taste cluster and by market."""

import polars as pl
import streamlit as st

from workbench.audience.segments import offered
from workbench.audience.song_audience import SongAudience, song_audience
from workbench.charts import song_audience as charts
from workbench.parameters import Filters
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped

_column = st.column_config
_MEASURES = {
    "listeners": _column.NumberColumn(
        "Listeners", format="localized", help="Of this song, to the nearest five"
    ),
    "share": _column.NumberColumn("Share", format=PERCENT, help="Of the song's listeners"),
    "all_share": _column.NumberColumn("Share of everybody", format=PERCENT),
    "index": _column.NumberColumn("Over-index", format="%.0f", help="100 is average"),
    "low": _column.NumberColumn("from", format="%.0f", help="90 % interval"),
    "high": _column.NumberColumn("to", format="%.0f", help="90 % interval"),
    "apart": _column.CheckboxColumn(
        "Surely so", help="Differs from everybody else at a false-discovery rate of 5 %"
    ),
}
CLUSTERS = {"name": _column.TextColumn("Taste cluster", pinned=True), **_MEASURES}
MARKETS = {"country": _column.TextColumn("Market", pinned=True), **_MEASURES}


def who_listens(page: Page, track: str, filters: Filters) -> None:
    """Show which clusters and markets a song's listeners stand in, or why that is not known."""
    st.subheader("Who listens", anchor=False)
    found = page.attempt(
        song_audience, track_id=track, filters=filters, min_group=settings().min_group
    )
    page.link("audience/prospects", "Who else would love it", track=track)
    if found is None:
        return
    if found.clusters.is_empty():
        # Only to say why there are none, and to offer to make them.
        page.attempt(offered)
    told = finding(found)
    st.markdown(f"**{escaped(told)}**")
    with st.container(horizontal=True, key="who-listens"):
        # As wide as the lyric and its moods above.
        for frame, draw, key, width in (
            (found.clusters, charts.cluster_dots, "who-clusters", 480),
            (found.markets, charts.market_dots, "who-markets", "stretch"),
        ):
            if _drawn(frame):
                with st.container(width=width):
                    page.chart(draw, found, key=key, alt=told)
    st.caption(
        f"{found.listeners:,} of {found.population:,} listeners of the panel streamed it, "
        f"{found.since} to {found.until}. The percentage is the share of its listeners, the dot "
        "that share over the one of everybody: 100 is average; lines are 90 % intervals, in colour "
        f"what surely differs. {_hidden(found)}"
    )
    with st.expander("Who listens, in numbers", icon=":material/table:"):
        for frame, columns, key in (
            (found.clusters, CLUSTERS, "who-clusters-table"),
            (found.markets, MARKETS, "who-markets-table"),
        ):
            if not frame.is_empty():
                page.table(readable(frame.select(*columns), columns), key=key, columns=columns)
    page.link("audience/segments", "What the Taste clusters are")


def finding(found: SongAudience) -> str:
    """Return in one sentence what sets the song's listeners apart."""
    parts = []
    for frame, name, kind, nobody in (
        (found.clusters, "name", "among", "Unassigned"),
        (found.markets, "country", "in", "not known"),
    ):
        rows = frame.drop_nulls("index").sort("index", name, descending=[True, False]).to_dicts()
        over = [r for r in rows if r["apart"] and r["index"] > 100 and r[name] != nobody]
        if over:
            parts.append(f"{kind} {over[0][name]} (×{over[0]['index'] / 100:.1f})")
    if parts:
        return f"Heard most above average {' and '.join(parts)}."
    if _drawn(found.clusters) or _drawn(found.markets):
        return "No cluster and no market surely stands out above average among its listeners."
    return "Too few listeners in each cluster and market to say who they are."


def _drawn(frame: pl.DataFrame) -> bool:
    return frame["index"].count() > 0


def _hidden(found: SongAudience) -> str:
    if not found.hidden:
        return ""
    rows = "1 row is" if found.hidden == 1 else f"{found.hidden} rows are"
    return (
        f"{rows} hidden for privacy: under {found.min_group} listeners, or next to one that would "
        "follow."
    )
