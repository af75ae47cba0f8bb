"""Columns of the tables of tiers: from code words to screen words."""

import polars as pl
import streamlit as st

from workbench.charts.audience import TIER_TITLES
from workbench.listening.panel import SOURCE_TITLES
from workbench.ui.tables import PERCENT, SIGNED, readable

_column = st.column_config
_people = {
    tier: _column.NumberColumn(title, format="localized") for tier, title in TIER_TITLES.items()
}
_SHARES = {
    "active": _column.NumberColumn("Active", format=PERCENT, help="Share of the audience"),
    "super_share": _column.NumberColumn(
        "Super share", format=PERCENT, help="Share of the audience"
    ),
}
SIZES = {
    "tier": _column.TextColumn("Tier"),
    "listeners": _column.NumberColumn("Listeners", format="localized"),
    "share": _column.NumberColumn("Share", format=PERCENT, help="Of the audience"),
    "low": _column.NumberColumn("from", format=PERCENT, help="90 % interval of a sample"),
    "high": _column.NumberColumn("to", format=PERCENT, help="90 % interval of a sample"),
    "before": _column.NumberColumn("28 days ago", format="localized"),
    "streams_28d": _column.NumberColumn("Streams, 28 days", format="localized"),
    "streams_share": _column.NumberColumn("of streams", format=PERCENT),
    "streams_per_listener": _column.NumberColumn("Streams a listener", format="%.1f"),
    "buyers": _column.NumberColumn(
        "Buyers",
        format="localized",
        help="Ever ordered, be it taken back; Sales counts who kept it",
    ),
    "buyers_share": _column.NumberColumn("of buyers", format=PERCENT),
}
FLOWS = {
    "tier_before": _column.TextColumn("28 days ago"),
    "tier_now": _column.TextColumn("Now"),
    "listeners": _column.NumberColumn("Listeners", format="localized"),
    "share": _column.ProgressColumn("of that tier", format=PERCENT, min_value=0, max_value=100),
}
MARKETS = {
    "country": _column.TextColumn("Market"),
    "listeners": _column.NumberColumn("Listeners", format="localized"),
    **_people,
    **_SHARES,
}
ARTISTS = {"name": _column.TextColumn("Artist"), **MARKETS}
SOURCES = {
    "source": _column.TextColumn("Source"),
    "intentional": _column.CheckboxColumn("Intentional"),
    "listeners": _column.NumberColumn("Listeners", format="localized"),
    "streams": _column.NumberColumn("Streams, 28 days", format="localized"),
    "share": _column.NumberColumn("Share", format=PERCENT, help="Of the streams of 28 days"),
}
COUNTS = {
    "name": _column.TextColumn("Artist"),
    "day": _column.DateColumn("Until"),
    "monthly_listeners": _column.NumberColumn("Monthly listeners", format="localized"),
    "change": _column.NumberColumn("Change, 28 days", format=SIGNED),
    "monthly_active_listeners": _column.NumberColumn("Monthly active", format="localized"),
    "active": _column.NumberColumn("Active", format=PERCENT, help="Of monthly listeners"),
    "super_listeners": _column.NumberColumn("Super listeners", format="localized"),
    "super_share": _column.NumberColumn("Super share", format=PERCENT, help="Of the active"),
}
GROWTH = {
    "territory": _column.TextColumn("Market"),
    "streams": _column.NumberColumn("Streams, 28 days", format="localized"),
    "growth": _column.NumberColumn(
        "Change", format=SIGNED, help="Against the 28 days before; its interval is in the picture"
    ),
    "saves_per_100_streams": _column.NumberColumn("Saves per 100 streams", format="%.2f"),
}
PLAYLISTS = {
    "playlist": _column.TextColumn("Playlist", width="medium"),
    "kind": _column.TextColumn("Kind"),
    "tracks": _column.NumberColumn("Tracks"),
    "followers": _column.NumberColumn("Followers", format="localized"),
}
MISSING = {
    "question": _column.TextColumn("Not in this data", width="medium"),
    "file": _column.TextColumn("This would tell", width="large"),
}


def worded(frame: pl.DataFrame, columns: dict) -> pl.DataFrame:
    """Return the columns that are shown: titles of tiers and sources, shares in percent."""
    words = {"tier": TIER_TITLES, "tier_before": TIER_TITLES, "tier_now": TIER_TITLES}
    words["source"] = SOURCE_TITLES
    kept = frame.select([name for name in columns if name in frame.columns])
    return readable(kept, columns).with_columns(
        pl.col(name).replace(titles) for name, titles in words.items() if name in kept.columns
    )
