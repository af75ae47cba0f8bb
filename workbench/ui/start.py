"""Starting: what stands out on Home, and making a label of one's own."""

import datetime
import zoneinfo

import polars as pl
import streamlit as st

from workbench.dataset import new_label
from workbench.errors import WorkbenchError
from workbench.report import standouts as report
from workbench.settings import settings
from workbench.ui.page import Page
from workbench.ui.text import escaped, unbroken

ACROSS, NARROWEST = 3, 220  # cards side by side, and pixels under which they are fewer
LEADS = {
    "scout/artist": "Open the artist",
    "scout/catalogue": "Open the catalogue",
    "start/import_data": "Import newer files",
    "songs/moods": "Open the moods",
    "promote/lab": "Open the lab",
}
CURRENCIES = ("EUR", "USD", "GBP", "SEK", "JPY", "MXN", "BRL", "AUD", "CAD", "CHF")


def standouts(page: Page, held: pl.DataFrame) -> None:
    """Show what stands out, at most six sentences, each with its number and its page.

    `held` is what `holdings` gives.
    """
    # The sample ends on a fixed day; only a label of one's own grows old.
    today = None if page.label.manifest.sample else datetime.datetime.now(datetime.UTC).date()
    cards = page.attempt(report.standouts, today=today)
    if cards is None:
        return
    st.subheader("Stands out", anchor=False)
    if cards.is_empty():
        st.caption(_calm(held))
    grid = st.grid(ACROSS, min_column_width=NARROWEST, key="standouts")
    for card in cards.iter_rows(named=True):
        with grid.container(border=True, height="stretch"):
            colour = {True: "blue", False: "orange", None: "gray"}[card["good"]]
            st.markdown(f"#### :{colour}[{unbroken(escaped(card['number']))}]")
            st.markdown(unbroken(escaped(card["sentence"])))
            choice = {card["parameter"]: card["value"]} if card["parameter"] else {}
            page.link(card["route"], LEADS[card["route"]], **choice)


def _calm(held: pl.DataFrame) -> str:
    """Return why nothing stands out."""
    filled = set(held.filter(pl.col("rows") > 0)["table"])
    if not filled:
        return "Nothing is loaded yet, so nothing can stand out. Drop your files on Import."
    if not filled & {"daily_streams", "plays", "window_totals"}:
        return (
            "No streams are loaded, so nothing can move. Import daily streams (Spotify for Artists "
            "timelines, a store's sales report) or a listening history."
        )
    return "Nothing moved beyond its own noise, nothing is old, nothing is missing."


def own_label(page: Page) -> None:
    """Show the form that makes an empty label and goes on to the import of its first files."""
    st.subheader("Start your own label", anchor=False)
    with st.form("new-label"):
        name, currency, zone = st.columns(3)
        title = name.text_input("Name", placeholder="Night Harbour Records", max_chars=60)
        money = currency.selectbox("Home currency", CURRENCIES, accept_new_options=True)
        place = zone.selectbox(
            "Home time zone", sorted(zoneinfo.available_timezones()), index=None,
            placeholder="UTC",
        )  # fmt: skip
        st.caption(
            f"Its tables stay on this machine, in {settings().home}. The next page takes the files."
        )
        sent = st.form_submit_button("Make it", type="primary", icon=":material/add:")
    if sent:
        try:
            folder = new_label(title, money or settings().currency, place or "UTC")
        except WorkbenchError as error:
            st.error(escaped(error), icon=":material/error:")
            return
        st.success(f"Made {escaped(title.strip())}.", icon=":material/check:")
        page.link("start/import_data", "Import its first files", label=folder.name)
        page.link("start/home", "Open it", label=folder.name)
