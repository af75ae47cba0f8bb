"""The parts of the Overlap page: choices, strip, and the three questions with their tables."""

import polars as pl
import streamlit as st

from workbench.audience.migration import KEPT, Migration
from workbench.audience.overlap import BUYING, LISTENING, Overlap
from workbench.audience.spill_over import SpillOver
from workbench.charts import overlap as charts
from workbench.ui.page import Headline, Page
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped, percent

LEAST = {1: "One stream", 3: "3 streams", 10: "10 streams"}
USUAL = 3
BY = {LISTENING: "Listeners", BUYING: "Buyers"}
_column = st.column_config
_SURE = _column.CheckboxColumn("Surely so", help="At a false-discovery rate of 5 %")
OTHERS = {
    "name": _column.TextColumn("Artist", pinned=True),
    "listeners": _column.NumberColumn("Theirs", format="localized", help="People, in fives"),
    "both": _column.NumberColumn("Both", format="localized"),
    "share": _column.NumberColumn("of ours", format=PERCENT),
    "index": _column.NumberColumn("Index", format="%.0f", help="100 is chance"),
    "low": _column.NumberColumn("from", format="%.0f", help="90 % interval"),
    "high": _column.NumberColumn("to", format="%.0f", help="90 % interval"),
    "apart": _SURE,
    "reach": _column.NumberColumn(
        "New to us", format="localized", help="Theirs who are not ours: what a support slot reaches"
    ),
}
_BEGAN = {
    "heard": _column.NumberColumn(
        "Did not know us", format="localized", help="Heard this before, and not us"
    ),
    "began": _column.NumberColumn("Began", format="localized"),
    "share": _column.NumberColumn("Share", format=PERCENT),
    "like_share": _column.NumberColumn(
        "People as active", format=PERCENT, help="Share that began of who streams as much"
    ),
    "more": _column.NumberColumn("More by", format=PERCENT),
    "low": _column.NumberColumn("from", format=PERCENT, help="90 % interval"),
    "high": _column.NumberColumn("to", format=PERCENT, help="90 % interval"),
    "apart": _SURE,
}
SPILLS = {
    "name": _column.TextColumn("Their listeners", pinned=True),
    **_BEGAN,
    "reach": _column.NumberColumn("Reached now", format="localized", help="Active, not ours yet"),
}
FEATURES = {
    "name": _column.TextColumn("Song", pinned=True),
    "host": _column.TextColumn("By"),
    **_BEGAN,
}
FLOWS = {
    "name": _column.TextColumn("Artist", pinned=True),
    "lost": _column.NumberColumn("Lost to", format="localized", help="Moves, in fives"),
    "gained": _column.NumberColumn("Gained from", format="localized"),
    "net": _column.NumberColumn("Net", format="%+d"),
    "low": _column.NumberColumn("from", format="%+.0f", help="90 % interval"),
    "high": _column.NumberColumn("to", format="%+.0f", help="90 % interval"),
    "apart": _SURE,
}


def choices(page: Page, place) -> tuple[str, int]:
    """Show by what audiences are told, and from how many streams on; return both."""
    by = LISTENING
    if page.label.has("purchases"):
        by = place.segmented_control(
            "Shared", list(BY), default=LISTENING, required=True, format_func=BY.get, key="by",
            bind="query-params", help="Buyers for bundles, listeners for shows and features",
        )  # fmt: skip
    least = place.segmented_control(
        "A listener from", list(LEAST), default=USUAL, required=True, format_func=LEAST.get,
        key="least", bind="query-params", disabled=by == BUYING,
    )  # fmt: skip
    return by, least


def strip(
    shared: Overlap | None, spill: SpillOver | None, moved: Migration | None
) -> list[Headline]:
    """Return audience, closest, who brings most, kept, hidden, of what is known."""
    heads, hidden = [], 0
    for part, told in ((shared, _shared), (spill, _spilled), (moved, _moved)):
        if part is not None:
            heads += told(part)
            hidden += part.hidden
    note = "numbers of too few people"
    heads.append(Headline("Hidden for privacy", f"{hidden:,}", note=note))
    return heads


def _shared(found: Overlap) -> list[Headline]:
    people = BY[found.by]
    size = f"{found.listeners:,}"
    of = f"of {found.people:,} in the panel"
    top = _sure(found.others, "index")
    heads = [Headline(people, size, note=of, help="Counts of people are rounded to 5.")]
    value = f"×{top['index'] / 100:.1f}" if top else "–"
    text = top["name"] if top else "none surely beyond chance"
    span = f"90 %: {top['low']:.0f} to {top['high']:.0f}; 100 is chance." if top else None
    return [*heads, Headline("Closest audience", value, note=text, help=span)]


def _spilled(found: SpillOver) -> list[Headline]:
    top = _sure(found.others, "more")
    value = f"{100 * top['share']:.0f} %" if top else "–"
    text = f"began, of {top['name']}" if top else "none surely more than others"
    span = None
    if top:
        span = (
            f"{top['heard']:,} listeners of {top['name']} did not know {found.name}; of people as "
            f"active {percent(top['like_share'], 1)} began."
        )
    return [Headline("Brings most", value, note=text, help=span)]


def _moved(found: Migration) -> list[Headline]:
    rows = found.periods.filter(outcome=KEPT).drop_nulls("share").sort("day").to_dicts()
    if not rows:
        return [Headline("Kept", "–", note="too few to show")]
    now = rows[-1]
    span = f"{100 * now['low']:.0f} to {100 * now['high']:.0f} %, to {now['day']:%d %b %Y}"
    of = f"Of {now['lead']:,} who streamed {found.name} most in the {found.days} days before."
    return [Headline("Kept", f"{100 * now['share']:.0f} %", note=span, help=of)]


def _sure(rows: pl.DataFrame, by: str) -> dict | None:
    """Return the highest row that is surely above, None without one."""
    least = 100 if by == "index" else 0
    over = rows.filter(pl.col("apart").fill_null(False) & (pl.col(by) > least))
    return over.row(0, named=True) if over.height else None


def shared(page: Page, found: Overlap) -> None:
    """Show whom the audience also hears."""
    name = escaped(found.name)
    st.subheader(f"Whom the {BY[found.by].lower()} of {name} also have", anchor=False)
    top = _sure(found.others, "index")
    told = (
        f"{top['name']} is shared most beyond chance" if top else "No overlap surely beyond chance"
    )
    if found.others["index"].count():
        page.chart(charts.overlap_dots, found, key="overlap", alt=told)
    st.caption(
        "100 is what two artists of these sizes share by chance, given how many artists everybody "
        "hears; lines are 90 % intervals, in colour what is surely more or less."
    )
    page.table(readable(found.others.select(*OTHERS), OTHERS), key="others", columns=OTHERS)


def spilled(page: Page, found: SpillOver) -> None:
    """Show whose listeners begin by themselves, and who of which feature."""
    name = escaped(found.name)
    st.subheader(f"Whose listeners begin with {name}", anchor=False)
    top = _sure(found.others, "more")
    told = f"Listeners of {top['name']} begin most often" if top else "Nobody's surely more often"
    if found.others["more"].count():
        page.chart(charts.spill_dots, found, key="spill", alt=told)
    st.caption(
        f"People who had not streamed {name} before {found.since:%d %b %Y} and what they did until "
        f"{found.until:%d %b %Y}, by themselves. It goes together; what a support slot would add "
        "is not known from it."
    )
    page.table(readable(found.others.select(*SPILLS), SPILLS), key="spills", columns=SPILLS)
    if found.features.height:
        st.markdown(f"**Songs with {name} as guest**, against who heard the host only")
        rows = readable(found.features.select(*FEATURES), FEATURES)
        page.table(rows, key="features", columns=FEATURES)


def moved(page: Page, found: Migration) -> None:
    """Show who stays, whom we lose, and to whom."""
    st.subheader("Whom we lose, to whom", anchor=False)
    row = st.container(horizontal=True, key="moves")
    if found.chance.height:
        with row.container(width=470):
            page.chart(
                charts.kept_line, found, key="kept",
                alt=f"Listeners who go on streaming {found.name} most, beside unchanged taste",
            )  # fmt: skip
    if found.flows["net"].count():
        with row.container():
            page.chart(
                charts.flow_bars, found, key="flow",
                alt=f"Moves from and to {found.name} since {found.since:%B %Y}",
            )  # fmt: skip
    st.caption(
        f"Of who streamed {escaped(found.name)} most in {found.days} days and streamed at all in "
        "the next. Unchanged taste is the same streams dealt to both periods at random: below the "
        "dotted line people really leave, on it they only seem to."
    )
    page.table(readable(found.flows.select(*FLOWS), FLOWS), key="flows", columns=FLOWS)
    st.caption(
        f"Under {found.min_group} people a side is hidden and counts as the most it may be. Moves "
        f"over all periods since {found.since:%d %b %Y}."
    )
