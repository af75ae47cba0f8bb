"""The parts of the Listener tiers page: strip, tables in words, and the view from aggregates."""

import polars as pl
import streamlit as st

from workbench.audience import tier_rules
from workbench.audience.platform_tiers import PlatformTiers
from workbench.audience.tiers import Tiers, artist_tiers
from workbench.charts import audience as charts
from workbench.charts.audience import TIER_TITLES
from workbench.parameters import Filters
from workbench.ui import tier_columns as columns
from workbench.ui.page import Headline, Page
from workbench.ui.text import escaped, percent, short, signed_percent
from workbench.ui.tier_columns import worded


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
        markets = worded(largest_first(found.markets), columns.MARKETS)
        page.table(markets, key="markets", columns=columns.MARKETS)
    else:
        artists = page.compute(
            artist_tiers, filters=filters, super_from=found.super_from,
            moderate_from=found.moderate_from, min_group=found.min_group,
        )  # fmt: skip
        hidden += artists.hidden
        rows = largest_first(artists.rows)
        shown = worded(rows, columns.ARTISTS)
        picked = page.table(shown, key="artists", columns=columns.ARTISTS, select="single-row")
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
    # From 4: between moderate and one stream there has to be room for the other threshold.
    top = left.slider(
        "Super from", 4, 60, tier_rules.SUPER_FROM, key="super", bind="query-params",
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
    years = f"{found.lookback_days} days of plays before {found.as_of:%d %b %Y}"
    short_of = "" if found.lookback_days >= 728 else ", less than two years"
    heads = [
        Headline(
            "Audience",
            people(found),
            note="listeners in two years",
            help=f"Listeners of the panel within two years: {years}{short_of}. Counts of people "
            "are rounded to 5"
            + ("." if found.audience is not None else f"; under {found.min_group} are not shown."),
        )
    ]
    shown = ("super", "moderate", "light", "previously_active")
    return heads + [_tier(tier, rows.get(tier), found) for tier in shown]


def people(found: Tiers) -> str:
    """Return the size of the audience, a dash where it is too small to show."""
    return "–" if found.audience is None else f"{found.audience:,}"


def _tier(tier: str, row: dict | None, found: Tiers) -> Headline:
    title = TIER_TITLES[tier]
    if row is None or row["listeners"] is None:
        why = f"Under {found.min_group} listeners, or next to a tier that is." if row else "Nobody."
        return Headline(title, "–", help=why)
    change = row["listeners"] / row["before"] - 1 if row["before"] else None
    rule = {
        "super": f"{found.super_from} or more intentional streams in 28 days",
        "moderate": f"{found.moderate_from} to {found.super_from - 1} intentional streams",
        "light": f"1 to {found.moderate_from - 1} intentional streams in 28 days",
        "previously_active": "an intentional stream within two years, none in the last 28 days",
    }[tier]
    return Headline(
        title,
        f"{row['listeners']:,}",
        None if change is None else signed_percent(change),
        note=f"{100 * row['share']:.1f} % ({100 * row['low']:.1f} to {100 * row['high']:.1f} %)",
        help=f"{rule}. The share is of the audience, with its 90 % interval; "
        f"{100 * row['streams_share']:.0f} % of streams. Change against 28 days before.",
        good=None if change is None else (change >= 0) == (tier != "previously_active"),
    )


def movement(found: Tiers) -> str:
    """Return in one sentence how many listeners each shown tier has and had 28 days before."""
    said = [
        f"{TIER_TITLES[row['tier']].lower()} {row['listeners']:,} (before {row['before']:,})"
        for row in found.sizes.drop_nulls(["listeners", "before"]).iter_rows(named=True)
    ]
    return f"Monthly listeners by tier until {found.as_of}: {', '.join(said) or 'too few to show'}"


def weight(found: Tiers) -> str:
    """Return in one sentence what the most loyal shown tier is among listeners and streams."""
    known = found.sizes.drop_nulls(["share", "streams_share"])
    if known.is_empty():
        return "Listeners and streams by tier: too few to show"
    row = known.row(0, named=True)
    return (
        f"{TIER_TITLES[row['tier']]}: {percent(row['share'])} of listeners, "
        f"{percent(row['streams_share'])} of streams of 28 days"
    )


def unknown_note(found: Tiers) -> None:
    """Say what plays without a source do to the tiers."""
    if found.unknown_share is None:
        return
    share = f"{100 * found.unknown_share:.0f} %"
    if found.unknown_share > 0.5:
        st.info(
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
        people = worded(largest_first(found.artists, "monthly_listeners"), columns.COUNTS)
        page.table(people, key="artist_counts", columns=columns.COUNTS)
    if not found.markets.is_empty():
        top = found.markets.row(0, named=True)
        both = st.container(horizontal=True, key="growth-row")
        with both.container(width=470):
            page.chart(
                charts.market_growth, found, key="growth",
                alt=f"Change of streams by market; the largest, {top['territory']}, "
                f"{signed_percent(top['growth']) or 'without a before'}",
            )  # fmt: skip
        with both.container():
            page.table(
                worded(found.markets, columns.GROWTH), key="markets_growth", columns=columns.GROWTH
            )
        st.caption("Streams of 28 days against the 28 before, 90 % intervals from their weeks.")
    if not found.playlists.is_empty():
        st.markdown("**Playlists that hold the songs now**")
        page.table(found.playlists, key="playlists", columns=columns.PLAYLISTS)
    if alone or not found.missing.is_empty():
        st.markdown("**What would tell more**")
        page.table(found.missing, key="missing", columns=columns.MISSING)
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
