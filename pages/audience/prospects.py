"""Potential listeners: who would love a song, released or not."""

import streamlit as st

from workbench.charts import prospects as charts
from workbench.ui import prospects as words
from workbench.ui.page import open_page

METHOD = (
    "Chances come of a blend that weighs look-alikes of the listeners it has, models of who plays "
    "what, and for new songs the lyric, genre and the artist's catalogue, by how many listeners "
    "there are. They were fitted and checked on songs whose next listeners, or all, were held "
    "back; intervals hold what sizes were off by there. Only groups are shown, and none outside of "
    "the panel."
)
page = open_page("audience/prospects")
filters = page.filters("countries", *(["segment"] if page.label.has("plays") else []))
who = words.asked(page)
if who is None:
    page.foot(METHOD, card="prospects")
    st.stop()
share = words.share_choice()
found = words.found_for(page, who, filters, share)
page.strip(words.strip(found, share))
st.markdown(f"**{words.told(found)}**")
st.caption(f"A chance: that a listener {found.meaning}. It rests on {found.basis}.")

kind = words.kind_choice(found)
if kind is not None:
    rows = words.cells_of(found, kind)
    page.chart(
        charts.cell_dots, found, key="cells", kind=kind,
        alt=f"The largest share is expected of {rows['name'][0]}",
    )  # fmt: skip
    chosen = page.table(
        words.listed(rows), key="expected_audience", columns=words.CELLS, select="single-row"
    )
    if chosen and kind == words.COUNTRY and rows["name"][chosen[0]] != words.UNKNOWN:
        words.market_link(page, who, rows["key"][chosen[0]], filters)
    if found.hidden:
        st.caption(f"{found.hidden} groups are hidden: under {found.min_group} listeners or so.")
st.subheader("What speaks for it", anchor=False)
if found.why.height:
    page.chart(
        charts.why_bars, found, key="why",
        alt=f"What speaks most for it is {found.why['name'][0]}",
    )  # fmt: skip
st.subheader("How good such rankings are", anchor=False)
pictures = st.container(horizontal=True, key="trial")
with pictures.container(width=470):
    page.chart(
        charts.lift_curve, found, key="lift",
        alt="The ranking reaches those who come earlier than the most active listeners do",
    )  # fmt: skip
with pictures.container():
    page.chart(
        charts.reliability_dots, found, key="reliability",
        alt="What came, against the chances that were said",
    )  # fmt: skip
st.caption(
    f"Means over {found.items} songs or artists held back; {100 * found.covered:.0f} % of their "
    "sizes lay in their 90 % intervals."
)
st.subheader("Audience to take away", anchor=False)
words.definition(page, who, filters, share)
page.foot(METHOD, card="prospects")
