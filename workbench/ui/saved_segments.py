"""Saved segments: the list with sizes, the form that makes one, the choice of a plan."""

import streamlit as st

from workbench.audience import saved
from workbench.audience.properties import LYRICS
from workbench.audience.rules import HOWS, Segment, in_words, segment_sizes
from workbench.audience.segments import clusters
from workbench.audience.tier_rules import TIERS
from workbench.charts.audience import TIER_TITLES
from workbench.errors import DataError, NotEnoughEvidence, NotMade, WorkbenchError
from workbench.listening import holdings
from workbench.lyrics.families import CARRIED
from workbench.promotion.plan import MAX_SEGMENTS
from workbench.settings import settings
from workbench.ui import compute
from workbench.ui.page import Page
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped

_column = st.column_config
SIZES = {
    "segment": _column.TextColumn("Id", help="Fixed: plans and notebooks name the segment by it"),
    "name": _column.TextColumn("Segment"),
    "rule": _column.TextColumn("Rule"),
    "listeners": _column.NumberColumn(
        "Listeners, about", format="localized", help="In the panel; rounded so that none stands out"
    ),
    "streams_share": _column.NumberColumn("of streams, 12 weeks", format=PERCENT),
    "hidden": None,
}


def saved_segments(page: Page) -> None:
    """Show the saved segments of a label that has plays, and forms to save and delete one."""
    st.subheader("Saved segments", anchor=False)
    st.caption(
        "Rules over the whole label, whatever the filters say. Each is a filter on the pages that "
        "count listeners, an audience for Recommendations, and can be a cell of a plan in the lab."
    )
    listed = st.container()
    with st.expander("Save or delete a segment", icon=":material/group_add:"):
        _form(page)
        _combination(page)
        _deletion(page)
    held = saved.saved(page.label.home)
    with listed:
        if held.unreadable:
            names = ", ".join(escaped(name) for _, name in held.unreadable)
            st.error(
                f"The rules of these segments can no longer be read: {names}. Save them anew.",
                icon=":material/error:",
            )
        if not held.segments:
            st.caption("None yet.")
            return
        group = settings().min_group
        sizes = page.attempt(segment_sizes, segments=held.segments, min_group=group)
        if sizes is not None:
            page.table(readable(sizes, SIZES), key="saved_segments", columns=SIZES)


def _form(page: Page) -> None:
    choices = compute.result(page.label, holdings.choices, {}, keep=True)
    with st.form("segment", border=False):
        name = st.text_input("Name of the segment", max_chars=60, key="segment:name")
        left, right = st.columns(2)
        countries = left.multiselect("Lives in", choices.countries, key="segment:countries")
        genres = right.multiselect("Hears most (12 weeks)", choices.genres, key="segment:genres")
        tiers = left.multiselect("Tier", TIERS, format_func=TIER_TITLES.get, key="segment:tiers")
        moods, numbers, orders = (), (), 0
        if all(page.label.has(name) for name in LYRICS):
            moods = right.multiselect("Streams most of mood", CARRIED, key="segment:moods")
        if named := _cluster_names(page):
            numbers = left.multiselect(
                "Taste cluster", list(named), format_func=named.get, key="segment:clusters",
                help="Clusters are learnt anew when the data change, and the rule with them.",
            )  # fmt: skip
        least = right.number_input(
            "Streams in 28 days, at least", 0, 10_000, 0, key="segment:least"
        )
        if page.label.has("purchases"):
            orders = left.number_input("Orders, at least", 0, 1_000, 0, key="segment:orders")
        if not st.form_submit_button("Save the segment", key="segment:save"):
            return
    rule = Segment(
        "", name.strip(), tuple(countries), tuple(genres), tuple(tiers), int(least),
        moods=tuple(moods), clusters=tuple(sorted(numbers)), least_orders=int(orders),
    )  # fmt: skip
    _keep(page, rule)


def _cluster_names(page: Page) -> dict[int, str]:
    """Return the names of the Taste clusters by number, none where they are not made."""
    asked = clusters.arguments({"min_group": settings().min_group})
    try:
        found = compute.result(page.label, clusters, asked, keep=True)
    except (NotMade, DataError, NotEnoughEvidence):  # without any there is nothing to choose
        return {}
    return dict(found.cards.select("segment", "name").iter_rows())


def _combination(page: Page) -> None:
    """Ask for segments to put together: any, all, or the first without the others."""
    held = {one.id: one for one in saved.saved(page.label.home).segments}
    if len(held) < 2:
        return
    with st.form("combination", border=False):
        left, right = st.columns(2)
        name = left.text_input("Name of the combination", max_chars=60, key="combined:name")
        how = right.selectbox("Who is", list(HOWS), format_func=HOWS.get, key="combined:how")
        names = {key: one.name for key, one in held.items()}
        chosen = st.multiselect(
            "Segments, in this order", list(held), format_func=names.get, key="combined:parts"
        )
        if not st.form_submit_button("Save the combination", key="combined:save"):
            return
    if not chosen:
        st.error("Choose the segments to put together.", icon=":material/error:")
        return
    _keep(page, Segment("", name.strip(), parts=tuple(held[key] for key in chosen), how=how))


def _keep(page: Page, rule: Segment) -> None:
    try:
        made = saved.save(page.label.home, settings().current_user, rule)
    except WorkbenchError as error:
        st.error(escaped(error), icon=":material/error:")
    else:
        st.success(f"Saved as {made.id}: {escaped(in_words(made))}.", icon=":material/check:")


def keep_cluster(page: Page, number: int, name: str) -> None:
    """Offer to keep a Taste cluster as a segment, to filter by; nothing where there is one."""
    held = saved.saved(page.label.home).segments
    if any(one.clusters == (number,) and not one.parts for one in held):
        return
    if name in {one.name for one in held}:
        return
    rule = Segment("", name, clusters=(number,))
    st.button(
        "Keep as a segment", key=f"segment:cluster:{number}", type="tertiary",
        icon=":material/filter_alt:", on_click=saved.save,
        args=(page.label.home, settings().current_user, rule),
        help="To filter other pages by it, and for lists and plans",
    )  # fmt: skip


def _deletion(page: Page) -> None:
    held = saved.saved(page.label.home)
    names = {one.id: one.name for one in held.segments} | dict(held.unreadable)
    if not names:
        return
    row = st.container(horizontal=True, vertical_alignment="bottom")
    chosen = row.selectbox("Delete", list(names), format_func=names.get, key="segment:gone")
    row.button(
        "Delete it", key="segment:delete", on_click=saved.delete, args=(page.label.home, chosen)
    )


def segments_for_plan(page: Page) -> tuple[Segment, ...]:
    """Ask which saved segments a plan is cut into; empty for territories, or without any saved."""
    held = {one.id: one for one in saved.saved(page.label.home).segments}
    if not (held and page.label.has("plays")):
        return ()
    names = {key: one.name for key, one in held.items()}
    chosen = st.multiselect(
        "Cells of the plan",
        list(held),
        format_func=names.get,
        placeholder="Territories",
        max_selections=MAX_SEGMENTS,
        key="lab:segments",
        help="Saved segments in place of territories. A listener counts in the first that fits.",
    )
    return tuple(held[key] for key in chosen)
