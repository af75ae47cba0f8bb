"""ISRCs from MusicBrainz and ListenBrainz on the Import page."""

import streamlit as st

from workbench.dataset import Dataset
from workbench.importers import identifier_outcomes, permission
from workbench.importers.identifier_fetch import JOB
from workbench.importers.services import MUSICBRAINZ
from workbench.settings import settings
from workbench.ui import looking_up
from workbench.ui.page import Page

COMMAND = "isrcs"
COLUMNS = ("title", "artist", "isrc", "found", "score", "doubt", "url")


def panel(page: Page, label: Dataset) -> None:
    """Show how ISRCs that are missing can be looked up; nothing where none is missing."""
    lacking = identifier_outcomes.lacking(label).height
    rows = identifier_outcomes.outcomes(label)
    if not lacking and rows.is_empty():
        return
    st.subheader("ISRCs from MusicBrainz", anchor=False)
    tracks = f"{lacking:,} released track{'' if lacking == 1 else 's'}"
    st.caption(
        f"{tracks} without an ISRC. A catalogue sheet of your own brings them surely."
        if lacking
        else "Every released track has an ISRC."
    )
    given = permission.accepted(label, MUSICBRAINZ.name)
    if given is None:
        looking_up.note(label, MUSICBRAINZ)
    else:
        contact = bool(settings().contact)
        if not contact:
            st.info(
                "MusicBrainz wants to know whom to write to: set WORKBENCH_CONTACT to an e-mail or "
                "web address, then start the workbench again.",
                icon=":material/mail:",
            )
        looking_up.asking(
            label, MUSICBRAINZ, given, COMMAND, JOB, words="Look up the ISRCs",
            waiting=identifier_outcomes.waiting(label).height, requests=1, ready=contact,
        )  # fmt: skip
    looking_up.decisions(
        page, label, rows, identifier_outcomes, MUSICBRAINZ, columns=COLUMNS,
        wrong="Take the chosen ISRCs back",
        decided=lambda chosen, same: _decide(label, chosen, same=same),
    )  # fmt: skip


def _decide(label: Dataset, tracks: list[str], *, same: bool) -> None:
    if looking_up.done(lambda: identifier_outcomes.decide(label, tracks, same=same)):
        st.session_state[f"{MUSICBRAINZ.name}-decided"] += 1
        st.rerun()
