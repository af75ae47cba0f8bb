"""The reading of a large file on a page: how far it is, and a way to stop it."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from workbench.importers import steps
from workbench.importers.source import Source
from workbench.ui.text import escaped

LARGE = 5_000_000  # bytes; less is read before anybody could press a button


def stopped(source: Source) -> bool:
    """Tell whether a person stopped the reading of a file; if so, offer to read it after all."""
    if not st.session_state.get(_name(source)):
        return False
    st.caption("Reading was stopped. Nothing of this file was kept.")
    st.button(
        "Read it after all", key=f"{_name(source)}-again", icon=":material/replay:",
        on_click=st.session_state.pop, args=(_name(source), None),
    )  # fmt: skip
    return True


@contextmanager
def shown(source: Source, part: str) -> Iterator[None]:
    """Show how far the reading is, with a button to stop it; a press ends it at its next step.

    `part` of the reading: one file may show two bars, one after the other.
    """
    if len(source.data) < LARGE:
        with st.spinner("Reading each row"):
            yield
        return
    place, bar = st.empty(), None

    def say(done: int, total: int, text: str) -> None:
        nonlocal bar
        if bar is None:  # what is remembered is there at once and needs no bar
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.progress(0.0)
                st.button(
                    "Stop", key=f"{_name(source)}-{part}", icon=":material/stop:",
                    on_click=st.session_state.update, args=({_name(source): True},),
                )  # fmt: skip
        bar.progress(done / max(total, 1), text=escaped(text))

    with steps.told(say):
        yield
    place.empty()


def _name(source: Source) -> str:
    return f"reading-{source.sha256[:10]}-stopped"
