"""Hashed ids of people as a file: computed aside, so that no notebook holds them, and logged."""

from collections.abc import Callable
from functools import partial

import polars as pl
import streamlit as st

from workbench.dataset import Dataset
from workbench.errors import WorkbenchError
from workbench.report.export import csv
from workbench.settings import settings
from workbench.store import state
from workbench.ui.page import Page
from workbench.ui.text import escaped


def offer_ids(
    page: Page, asked: Callable[..., pl.DataFrame], subject: str, file: str, **parameters: object
) -> None:
    """Offer the hashed ids that an analysis returns, or say why there are none.

    Parameters
    ----------
    asked : the analysis, called with `parameters`. subject : whom they are of, for the log.
    """
    try:
        people = asked(page.label, **parameters).height
    except WorkbenchError as error:
        st.caption(f":material/lock: No list of hashed ids. {escaped(error)}")
        return
    st.download_button(
        f"Hashed ids of {people:,} with consent",
        data=partial(taken_away, page.label, asked, subject, **parameters), file_name=file,
        mime="text/csv", on_click="ignore", icon=":material/lock:", key="hashed-ids",
    )  # fmt: skip
    st.caption(
        "SHA-256 of the listener ids of this label, for a partner who holds the same ids: in whole "
        "hundreds, without ranks. Each file is logged."
    )


def taken_away(
    label: Dataset, asked: Callable[..., pl.DataFrame], subject: str, **parameters: object
) -> bytes:
    """Return the hashed ids that an analysis returns as CSV, and log that they left."""
    found = asked(label, **parameters)
    words = f"{found.height} hashed ids for {subject}"
    state.log_access(label.home, settings().current_user, "audience exported", words)
    return csv(found)
