"""What a page gives away: its tables as CSV, itself as a notebook, its address; and its caption."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from workbench.dataset import SAMPLE, Dataset
from workbench.report.export import csv

if TYPE_CHECKING:
    from workbench.ui.page import Page


def loaded(label: Dataset) -> str:
    """Return the line under a title: how far the data goes and how much of it there is."""
    held = {name: sum(e.rows for e in label.entries(name)) for name in ("tracks", "listeners")}
    entries = [*label.entries("daily_streams"), *label.entries("plays")]
    last = max((entry.last for entry in entries if entry.last), default=None)
    parts = [
        label.title,
        f"data until {last}" if last else "",
        f"{held['tracks']:,} tracks" if held["tracks"] else "",
        f"{held['listeners']:,} listeners in the panel" if held["listeners"] else "",
        "SAMPLE" if label.manifest.sample else "",
    ]
    return " · ".join(part for part in parts if part)


def actions(page: "Page") -> None:
    """Show Download, Open in notebook and Copy link, what of it there is.

    Files are written when they are asked for.
    """
    stem = f"{page.label.title}-{page.entry.url}".lower().replace(" ", "-")
    if page.label.name == SAMPLE:
        stem = f"SAMPLE-{stem}"
    if page.shown:
        with st.popover("Download", icon=":material/download:"):
            for key, frame in page.shown.items():
                st.download_button(
                    f"{key.replace('_', ' ').capitalize()} · {frame.height:,} rows",
                    data=partial(_csv, frame, sample=page.label.manifest.sample),
                    file_name=f"{stem}-{key}.csv",
                    mime="text/csv",
                    on_click="ignore",
                    key=f"download-{key}",
                )
            st.caption("CSV of exactly the rows shown. Internal: small groups are hidden.")
    if page.calls:
        st.download_button(
            "Open in notebook",
            data=page.notebook,
            file_name=f"{stem}.ipynb",
            mime="application/x-ipynb+json",
            on_click="ignore",
            icon=":material/code:",
            key="notebook",
        )
    # opened, the page runs once more: a slider's run alone may have changed the address
    with st.popover("Copy link", icon=":material/link:", key="copy-link", on_change="rerun"):
        st.code(
            address(
                {key: list(dict.fromkeys(st.query_params.get_all(key))) for key in st.query_params}
            ),
            language=None,
            wrap_lines=True,
        )


def address(query: Mapping[str, str | list[str]]) -> str:
    """Return the address of the page that is shown, with these choices and no others.

    `st.context.url` alone leaves the choices out.
    """
    choices = urlencode(query, doseq=True)
    return f"{st.context.url or ''}{'?' if choices else ''}{choices}"


def _csv(frame: pl.DataFrame, *, sample: bool) -> bytes:
    if sample:  # the file says so itself, in a column that survives a copy into a spreadsheet
        frame = frame.with_columns(pl.lit("SAMPLE").alias("label"))
    return csv(frame)
