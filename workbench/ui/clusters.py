"""The parts of the Taste clusters page: strip, cards, two clusters side by side, a definition."""

import polars as pl
import streamlit as st

from workbench.audience import properties, segments
from workbench.audience.personas import persona
from workbench.audience.segments import Clusters
from workbench.charts import audience as charts
from workbench.parameters import Filters
from workbench.settings import settings
from workbench.ui.page import Headline, Page
from workbench.ui.saved_segments import keep_cluster
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped, money, short, unbroken

CARDS_ACROSS, CARD_WIDTH = 3, 290  # side by side, and pixels under which they are fewer
SMALL_FOR_ADS = 300
SOURCES = {
    "plays": "plays of the panel of listeners",
    "listening_counts": "listening counts, which have no times: no tiers and no recency",
}
# What a card says of each kind: title, how many, and whether as a share or as a multiple.
LINES = (
    (properties.ARTIST, "Favourites", 4, False),
    (properties.GENRE, "Genre", 2, True),
    (properties.MOOD, "Moods", 3, False),
    (properties.COUNTRY, "Markets", 3, False),
)
TIERS = ("super", "moderate", "light")
KINDS = {
    None: "Everything",
    properties.ARTIST: "Favourites",
    properties.GENRE: "Genres",
    properties.MOOD: "Moods",
    properties.COUNTRY: "Markets",
    properties.TIER: "Tiers",
}
_column = st.column_config
CARDS = {
    "name": _column.TextColumn("Cluster", width="medium"),
    "listeners": _column.NumberColumn("Listeners", format="localized"),
    "share": _column.NumberColumn("Share", format=PERCENT, help="Of the listeners counted"),
    "streams": _column.NumberColumn("Streams", format="localized"),
    "streams_per_listener": _column.NumberColumn("Streams a listener", format="%.0f"),
    "buyers": _column.NumberColumn("Buyers", format="localized"),
    "revenue": _column.NumberColumn("Revenue", format="localized", step=1),
    "revenue_per_buyer": _column.NumberColumn("Revenue a buyer", format="%.0f"),
}
DEFINITION = {
    "kind": _column.TextColumn("Trait"),
    "name": _column.TextColumn("Value", width="medium"),
    "share": _column.NumberColumn("Share of the cluster", format=PERCENT),
    "population_share": _column.NumberColumn("Share of all listeners", format=PERCENT),
    "index": _column.NumberColumn("Over-index", format="%.0f", help="100 is average"),
}


def filters(page: Page) -> Filters:
    """Show the filters; dates and segments only where listening has times."""
    timed = ("dates", "segment") if page.label.has("plays") else ()
    return page.filters("artists", "genres", "countries", *timed)


def counted(found: Clusters) -> str:
    """Return how many listeners the filters leave, in words where they are too few to show."""
    few = f"fewer than {found.min_group}"
    return few if found.listeners is None else f"{found.listeners:,}"


def count_choice(stability: pl.DataFrame) -> int | None:
    """Show the numbers of clusters offered; return the one chosen, None for the most stable."""
    best = stability.filter("chosen")["count"].item()
    count = st.segmented_control(
        "Number of clusters", stability["count"].to_list(), default=best, required=True,
        key="clusters", bind="query-params",
        help=f"{best} is the most that two halves of the listeners agree on.",
    )  # fmt: skip
    return None if count == best else count


def strip(found: Clusters) -> list[Headline]:
    """Return the five numbers: clusters, largest, unassigned, stability, hidden."""
    best = "the most that two halves of the listeners agree on"
    why = best if found.count == found.chosen else f"{found.chosen} would be {best}"
    shown = found.cards.drop_nulls("listeners").sort("listeners", descending=True).head(1)
    largest = shown.to_dicts()[0] if shown.height else None
    out = found.unassigned
    return [
        Headline(
            "Taste clusters",
            str(found.count),
            note="the most stable number" if found.count == found.chosen else "as you chose",
            help=f"{found.count} clusters: {why}.",
        ),
        Headline(
            "Largest",
            f"{100 * largest['share']:.0f} %" if largest else "–",
            note=largest["name"] if largest else None,
            help=f"{largest['name']}: {largest['listeners']:,} listeners, 90 % interval "
            f"{100 * largest['low']:.1f} to {100 * largest['high']:.1f} % of the audience. "
            "Counts of people are rounded to 5."
            if largest
            else "Every cluster is hidden for privacy under these filters.",
        ),
        Headline(
            "Unassigned",
            "–" if out is None or not found.listeners else f"{100 * out / found.listeners:.0f} %",
            note="between two clusters",
            help=f"{short(out)} of {counted(found)} listeners stand between two clusters or "
            "have fewer than 5 streams; they are not forced into one.",
        ),
        Headline(
            "Stability",
            f"{found.agreement:.2f}",
            note="1 is alike, 0 is chance",
            help="Two halves of the listeners, learnt apart, sort everybody alike: 1 is the same, "
            "0 is chance (adjusted Rand index).",
        ),
        Headline(
            "Hidden for privacy",
            f"{found.hidden:,}",
            note=f"numbers under {found.min_group} people",
            help=f"Numbers about fewer than {found.min_group} listeners, and what would give them "
            "away.",
        ),
    ]


def cards(page: Page, found: Clusters) -> None:
    """Show one bordered card a cluster, as many in a row as there is room for."""
    grid = st.grid(CARDS_ACROSS, min_column_width=CARD_WIDTH, key="cards")
    for row in found.cards.iter_rows(named=True):
        with grid.container(border=True, height="stretch"):
            _card(page, found, row)


def _card(page: Page, found: Clusters, row: dict) -> None:
    st.markdown(f"**{escaped(row['name'])}**")
    if row["hidden"]:
        st.caption(f"Hidden for privacy: under {found.min_group} listeners, or next to one that is")
        return
    share, low, high = (100 * row[name] for name in ("share", "low", "high"))
    st.caption(f"{row['listeners']:,} listeners · {share:.0f} % ({low:.0f} to {high:.0f} %)")
    own = found.traits.filter((pl.col("segment") == row["segment"]) & ~pl.col("hidden"))
    st.markdown(unbroken(escaped(persona(row, own, found.currency))))
    added = [(kind, escaped(kind), 3, False) for kind in own_kinds(found)]
    lines = [_traits(own, *line) for line in (*LINES, *added)] + [_tiers(own), _value(found, row)]
    st.markdown(unbroken("  \n".join(line for line in lines if line)))
    first = own.filter((pl.col("kind") == properties.ARTIST) & (pl.col("rank") == 0))
    for favourite in first.iter_rows(named=True):
        page.link("scout/artist", f"Open {escaped(favourite['name'])}", artist_id=favourite["key"])
    if found.count == found.chosen and found.source == "plays":
        keep_cluster(page, row["segment"], row["name"])


def own_kinds(found: Clusters) -> list[str]:
    """Return the analyst's own columns of listeners among the traits."""
    return sorted(set(found.traits["kind"]) - KINDS.keys())


def _traits(own: pl.DataFrame, kind: str, title: str, count: int, as_share: bool) -> str:
    over = own.filter((pl.col("kind") == kind) & pl.col("apart") & (pl.col("index") > 100))
    parts = [
        f"{escaped(t['name'])} {100 * t['share']:.0f} %"
        if as_share
        else f"{escaped(t['name'])} ×{t['index'] / 100:.1f}"
        for t in over.sort("rank").head(count).iter_rows(named=True)
    ]
    return f":gray[{title}] {', '.join(parts)}" if parts else ""


def _tiers(own: pl.DataFrame) -> str:
    held = dict(own.filter(kind=properties.TIER).select("key", "share").iter_rows())
    parts = [f"{tier} {100 * held[tier]:.0f} %" for tier in TIERS if held.get(tier) is not None]
    return f":gray[Tiers] {', '.join(parts)}" if parts else ""


def _value(found: Clusters, row: dict) -> str:
    parts = [f"{row['streams_per_listener']:.0f} streams a listener"]
    if row["buyers"] is not None:
        each = money(row["revenue_per_buyer"], found.currency)
        each = each.replace(" ", "\u00a0")  # an amount stays beside its currency
        parts.append(f"{row['buyers']:,} buyers at {each}")
    return f":gray[Value] {', '.join(parts)}"


def reasons(page: Page, found: Clusters) -> None:
    """Show why there are so many clusters and not more."""
    with st.expander(f"Why {found.count} clusters", icon=":material/join_inner:"):
        page.chart(
            charts.stability, found, key="stability",
            alt=f"{found.chosen} clusters are the most that two halves of the listeners agree on",
        )  # fmt: skip
        st.caption(
            "Two halves of the listeners, learnt apart, sort everybody; 1 is the same, 0 is "
            f"chance. The most clusters on which they agree as well as on any: {found.chosen}. "
            f"Learnt from {SOURCES[found.source]}, whatever the filters."
        )


def comparison(page: Page, found: Clusters, count: int | None) -> None:
    """Show what two clusters differ in."""
    st.subheader("Compare two", anchor=False)
    names = dict(found.cards.select("segment", "name").iter_rows())
    left, right, kinds = st.columns(3)
    first = left.selectbox("First", list(names), format_func=names.get, key="first")
    others = [segment for segment in names if segment != first]
    second = right.selectbox("Second", others, format_func=names.get, key="second")
    held = {None, *found.traits["kind"]}
    offers = {k: title for k, title in KINDS.items() if k in held}
    offers |= {kind: kind for kind in own_kinds(found)}
    kind = kinds.selectbox("By", list(offers), format_func=offers.get, key="compare-by")
    both = page.attempt(
        segments.compare, first=first, second=second, count=count, kind=kind,
        min_group=settings().min_group,
    )  # fmt: skip
    if both is None or both.traits.is_empty():
        st.info("Nothing sets these two apart by this.", icon=":material/query_stats:")
        return
    top = both.traits.row(0, named=True)
    page.chart(
        charts.comparison, both, key="comparison",
        alt=f"Over-index of {both.first} and {both.second}; they differ most in {top['name']}",
    )  # fmt: skip
    hidden = f" {both.hidden:,} more are hidden for privacy." if both.hidden else ""
    st.caption(
        "100 is the average listener; thin lines are 90 % intervals. Shown is what sets one of the "
        f"two apart at a false-discovery rate of 5 %.{hidden}"
    )


def definition(page: Page, found: Clusters, count: int | None) -> None:
    """Show a cluster as it may leave the house."""
    names = dict(found.cards.select("segment", "name").iter_rows())
    outside = settings().min_group_outside
    with st.expander("Export the definition of a cluster", icon=":material/ios_share:"):
        chosen = st.selectbox(
            "Cluster", list(names), index=None, format_func=names.get, key="definition-of",
            placeholder="Choose a cluster",
        )  # fmt: skip
        st.caption(
            f"Aggregates only, no listeners; a cluster under {outside} listeners is not described. "
            f"Ad platforms need more still: under {SMALL_FOR_ADS} an audience is too small to run."
        )
        if chosen is None:
            return
        frame = page.attempt(segments.definition, segment=chosen, count=count, min_group=outside)
        if frame is not None:
            page.table(readable(frame, DEFINITION), key="definition", columns=DEFINITION)
