"""The parts of the Listener tiers page: strip, tables in words, and the view from aggregates."""

import polars as pl
import streamlit as st

from workbench.audience import tier_rules
from workbench.audience.platform_tiers import PlatformTiers
from workbench.audience.tiers import Tiers, artist_tiers
from workbench.charts import audience as charts
from workbench.charts.audience import TIER_TITLES
from workbench.listening.panel import SOURCE_TITLES
from workbench.parameters import Filters
from workbench.ui.page import Headline, Page
from workbench.ui.text import escaped, short, signed_percent

_column = st.column_config
_people = {
    tier: _column.NumberColumn(title, format="localized") for tier, title in TIER_TITLES.items()
}
_SHARES = {
    "active": _column.NumberColumn("Active", format="percent", help="Share of the audience"),
    "super_share": _column.NumberColumn("Super share", format="percent"),
}
SIZES = {
    "tier": _column.TextColumn("Tier"),
    "listeners": _column.NumberColumn("Listeners", format="localized"),
    "share": _column.NumberColumn("Share", format="percent"),
    "low": _column.NumberColumn("from", format="percent", help="90 % interval of a sample"),
    "high": _column.NumberColumn("to", format="percent"),
    "before": _column.NumberColumn("28 days ago", format="localized"),
    "streams_28d": _column.NumberColumn("Streams, 28 days", format="localized"),
    "streams_share": _column.NumberColumn("of streams", format="percent"),
    "streams_per_listener": _column.NumberColumn("Streams a listener", format="%.1f"),
    "buyers": _column.NumberColumn("Buyers", format="localized", help="Ever bought something"),
    "buyers_share": _column.NumberColumn("of buyers", format="percent"),
}
FLOWS = {
    "tier_before": _column.TextColumn("28 days ago"),
    "tier_now": _column.TextColumn("Now"),
    "listeners": _column.NumberColumn("Listeners", format="localized"),
    "share": _column.ProgressColumn("of that tier", format="percent", min_value=0, max_value=1),
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
    "share": _column.NumberColumn("Share", format="percent"),
}
COUNTS = {
    "name": _column.TextColumn("Artist"),
    "day": _column.DateColumn("Until"),
    "monthly_listeners": _column.NumberColumn("Monthly listeners", format="compact"),
    "change": _column.NumberColumn("Change, 28 days", format="percent"),
    "monthly_active_listeners": _column.NumberColumn("Monthly active", format="compact"),
    "active": _column.NumberColumn("Active", format="percent", help="Of monthly listeners"),
    "super_listeners": _column.NumberColumn("Super listeners", format="compact"),
    "super_share": _column.NumberColumn("Super share", format="percent", help="Of the active"),
}
GROWTH = {
    "territory": _column.TextColumn("Market"),
    "streams": _column.NumberColumn("Streams, 28 days", format="compact"),
    "growth": _column.NumberColumn("Change", format="percent"),
    "saves_per_100_streams": _column.NumberColumn("Saves per 100 streams", format="%.2f"),
}
PLAYLISTS = {
    "playlist": _column.TextColumn("Playlist", width="medium"),
    "kind": _column.TextColumn("Kind"),
    "tracks": _column.NumberColumn("Tracks"),
    "followers": _column.NumberColumn("Followers", format="compact"),
}
MISSING = {
    "question": _column.TextColumn("Not in this data", width="medium"),
    "file": _column.TextColumn("This would tell", width="large"),
}


def worded(frame: pl.DataFrame, columns: dict) -> pl.DataFrame:
    """Return the columns that are shown and there, tiers and sources by their titles."""
    words = {"tier": TIER_TITLES, "tier_before": TIER_TITLES, "tier_now": TIER_TITLES}
    words["source"] = SOURCE_TITLES
    kept = frame.select([name for name in columns if name in frame.columns])
    return kept.with_columns(
        pl.col(name).replace(titles) for name, titles in words.items() if name in kept.columns
    )


def largest_first(frame: pl.DataFrame, by: str = "listeners") -> pl.DataFrame:
    """Return rows by size, hidden ones last."""
    return frame.sort(by, frame.columns[0], descending=[True, False], nulls_last=True)


def breakdowns(page: Page, found: Tiers, filters: Filters) -> None:
    """Show tiers by market or by artist; a chosen artist can be opened."""
    ways = ("By market", "By artist")
    by = st.segmented_control("By", ways, default=ways[0], required=True, key="by",
                              bind="query-params", label_visibility="collapsed")  # fmt: skip
    hidden = found.hidden
    if by == ways[0]:
        markets = worded(largest_first(found.markets), MARKETS)
        page.table(markets, key="markets", columns=MARKETS)
    else:
        artists = page.compute(
            artist_tiers, filters=filters, super_from=found.super_from,
            moderate_from=found.moderate_from, min_group=found.min_group,
        )  # fmt: skip
        hidden += artists.hidden
        rows = largest_first(artists.rows)
        shown = worded(rows, ARTISTS)
        picked = page.table(shown, key="artists", columns=ARTISTS, select="single-row")
        st.caption("Tiers of an artist count only streams of that artist.")
        if picked:
            name, artist_id = rows["name"][picked[0]], rows["artist_id"][picked[0]]
            page.link("scout/artist", f"Open {escaped(name)}", artist_id=artist_id)
    st.caption(
        f"Hidden for privacy: {hidden:,} numbers about fewer than {found.min_group} listeners, and "
        "what would give them away; shown as –."
    )


def thresholds() -> tuple[int, int]:
    """Show the two thresholds that are ours; return super and moderate, streams in 28 days."""
    left, right = st.columns(2)
    top = left.slider(
        "Super from", 3, 60, tier_rules.SUPER_FROM, key="super", bind="query-params",
        help="Intentional streams in 28 days. Spotify does not publish its own threshold.",
    )  # fmt: skip
    middle = right.slider(
        "Moderate from", 2, top - 1, min(tier_rules.MODERATE_FROM, top - 1), key="moderate",
        bind="query-params", help="Below that, and at least one, is light.",
    )  # fmt: skip
    return top, middle


def strip(found: Tiers) -> list[Headline]:
    """Return audience, active, super, previously active and programmed."""
    rows = {row["tier"]: row for row in found.sizes.iter_rows(named=True)}
    heard = found.history.group_by("day").agg(pl.col("listeners").sum()).sort("day")
    years = f"{found.lookback_days} days of plays before {found.as_of:%d %b %Y}"
    short_of = "" if found.lookback_days >= 728 else ", less than two years"
    heads = [
        Headline(
            "Audience",
            f"{found.audience:,}",
            help=f"Listeners of the panel within two years: {years}{short_of}.",
            spark=tuple(heard["listeners"].to_list()),
        )
    ]
    shown = ("super", "moderate", "light", "previously_active")
    return heads + [_tier(tier, rows.get(tier), found) for tier in shown]


def _tier(tier: str, row: dict | None, found: Tiers) -> Headline:
    title = TIER_TITLES[tier]
    if row is None or row["listeners"] is None:
        why = f"Under {found.min_group} listeners, or next to a tier that is." if row else "Nobody."
        return Headline(title, "–", help=why)
    change = signed_percent(row["listeners"] / row["before"] - 1) if row["before"] else None
    rule = {
        "super": f"{found.super_from} or more intentional streams in 28 days",
        "moderate": f"{found.moderate_from} to {found.super_from - 1} intentional streams",
        "light": f"1 to {found.moderate_from - 1} intentional streams in 28 days",
        "previously_active": "an intentional stream within two years, none in the last 28 days",
    }[tier]
    return Headline(
        title,
        f"{row['listeners']:,}",
        change,
        help=f"{rule}. {100 * row['share']:.1f} % of the audience (90 % interval "
        f"{100 * row['low']:.1f} to {100 * row['high']:.1f} %), {100 * row['streams_share']:.0f} % "
        "of streams. Change against 28 days before.",
        good=tier != "previously_active",
    )


def unknown_note(found: Tiers) -> None:
    """Say what plays without a source do to the tiers."""
    share = f"{100 * found.unknown_share:.0f} %"
    if found.unknown_share > 0.5:
        st.warning(
            f"{share} of these plays have no source, and an unknown source is not intentional: "
            "most listeners can be neither active nor programmed. A Spotify history has sources.",
            icon=":material/help:",
        )
    elif found.unknown_share > 0:
        st.caption(
            f"{share} of streams have no source. They are not counted as intentional; who has only "
            "such plays is “source unknown”, not programmed."
        )


def platform(page: Page, found: PlatformTiers, *, alone: bool) -> None:
    """Show what stores count of the whole audience, and what is missing."""
    st.subheader("What stores count of the whole audience", anchor=False)
    if not found.artists.is_empty():
        st.caption(
            "Spotify's own columns. Listeners of two artists overlap, so they are not added up."
        )
        people = worded(largest_first(found.artists, "monthly_listeners"), COUNTS)
        page.table(people, key="artist_counts", columns=COUNTS)
    if not found.markets.is_empty():
        top = found.markets.row(0, named=True)
        left, right = st.columns([1, 1])
        with left:
            page.chart(
                charts.market_growth, found, key="growth",
                alt=f"Change of streams by market; the largest, {top['territory']}, "
                f"{signed_percent(top['growth']) or 'without a before'}",
            )  # fmt: skip
        with right:
            page.table(worded(found.markets, GROWTH), key="markets_growth", columns=GROWTH)
        st.caption("Streams of 28 days against the 28 before, 90 % intervals from their weeks.")
    if not found.playlists.is_empty():
        st.markdown("**Playlists that hold the songs now**")
        page.table(found.playlists, key="playlists", columns=PLAYLISTS)
    if alone or not found.missing.is_empty():
        st.markdown("**What would tell more**")
        page.table(found.missing, key="missing", columns=MISSING)
        page.link("start/import_data", "Import a file", icon="upload_file")


def aggregates_strip(found: PlatformTiers) -> list[Headline]:
    """Return what can be said without listeners."""
    best = largest_first(found.artists.drop_nulls("active"), "monthly_listeners").head(5)
    heads = [
        Headline(
            escaped(row["name"]),
            f"{100 * row['active']:.0f} % active",
            signed_percent(row["change"]),
            help=f"{short(row['monthly_active_listeners'])} of {short(row['monthly_listeners'])} "
            "monthly listeners streamed intentionally. Change of monthly listeners, 28 days.",
        )
        for row in best.iter_rows(named=True)
    ]
    total = found.markets.select(pl.col("streams", "before").sum()).row(0)
    if not heads and total[0]:
        change = signed_percent(total[0] / total[1] - 1) if total[1] else None
        heads = [
            Headline("Streams, 28 days", short(total[0]), change, help="Against the 28 before."),
            Headline("Markets", str(found.markets.height)),
        ]
    return heads
