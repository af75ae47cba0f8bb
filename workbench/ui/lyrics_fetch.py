"""Lyrics from Genius on the Import page."""

import streamlit as st

from workbench.dataset import Dataset
from workbench.errors import WorkbenchError
from workbench.importers import lyric_outcomes, permission
from workbench.importers.lyric_fetch import JOB
from workbench.importers.services import GENIUS
from workbench.ui import looking_up
from workbench.ui.page import Page
from workbench.ui.text import escaped

COMMAND = "lyrics"
COLUMNS = ("title", "artist", "found", "score", "doubt", "url")


def panel(page: Page, label: Dataset) -> None:
    """Show how lyrics that are missing can be looked up; nothing where there is nothing to say."""
    lacking = lyric_outcomes.lacking(label).height
    rows = lyric_outcomes.outcomes(label)
    if not lacking and rows.is_empty():
        return
    st.subheader("Lyrics from Genius", anchor=False)
    tracks = f"{lacking:,} released track{'' if lacking == 1 else 's'}"
    st.caption(
        f"{tracks} without a lyric. Drop your own files first: they always win."
        if lacking
        else "Every released track has a lyric."
    )
    given = permission.accepted(label, GENIUS.name)
    if given is None:
        looking_up.note(label, GENIUS)
    else:
        looking_up.asking(
            label, GENIUS, given, COMMAND, JOB, words="Fetch the lyrics",
            waiting=lyric_outcomes.waiting(label).height, requests=2, ready=_token(),
        )  # fmt: skip
    looking_up.decisions(
        page, label, rows, lyric_outcomes, GENIUS, columns=COLUMNS,
        wrong="Throw the chosen lyrics out: they are of another song",
        decided=lambda chosen, same: _decide(label, chosen, same=same),
    )  # fmt: skip


def _token() -> bool:
    """Tell whether there is a token; say how to get one where there is none."""
    try:
        there = permission.token() is not None
    except WorkbenchError as error:
        st.error(escaped(error), icon=":material/key:")
        return False
    if not there:
        st.info(f"There is no token of Genius. {permission.HOW_TO_GET_ONE}", icon=":material/key:")
    return there


def _decide(label: Dataset, tracks: list[str], *, same: bool) -> None:
    if not looking_up.done(lambda: lyric_outcomes.decide(label, tracks, same=same)):
        return
    st.session_state[f"{GENIUS.name}-decided"] += 1
    if same and permission.accepted(label, GENIUS.name) and permission.token():
        # Confirmed pages come first, and only they were asked for; a run under way takes them too.
        confirmed = lyric_outcomes.waiting(label)["url"].drop_nulls().len()
        if not looking_up.under_way(label, JOB):
            looking_up.start(label, COMMAND, JOB, "--limit", str(confirmed))
    st.rerun()
