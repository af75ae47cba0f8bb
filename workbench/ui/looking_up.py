"""What looking something up needs on a page: a note to accept, a job, rows to say yes or no to."""

import time
from collections.abc import Callable
from types import ModuleType

import polars as pl
import streamlit as st
from streamlit import column_config as column

from workbench.dataset import Dataset
from workbench.errors import WorkbenchError
from workbench.importers import permission
from workbench.importers.look_up_log import by_outcome
from workbench.importers.services import Service
from workbench.store.jobs import Progress, jobs
from workbench.ui import jobs as running
from workbench.ui.page import Page
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped

# Seconds within which a process that was started says its first word.
STARTING = 20.0
SHOWN = {
    "title": column.TextColumn("Track", pinned=True),
    "artist": column.TextColumn("Artist"),
    "outcome": column.TextColumn("Outcome"),
    "isrc": column.TextColumn("ISRC"),
    "found": column.TextColumn("Found there"),
    "score": column.NumberColumn("Likeness", format=PERCENT, help="Of titles, artists and lengths"),
    "doubt": column.TextColumn("Why", width="medium"),
    "url": column.LinkColumn("Page", display_text="Open"),
    "at": column.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm"),
}
TOLD = {
    "title": column.TextColumn("Outcome"),
    "tracks": column.NumberColumn("Tracks", format="localized"),
    "advice": column.TextColumn("What to do", width="large"),
}


def note(label: Dataset, service: Service) -> None:
    """Show the note on a service's terms, and take the acceptance of it."""
    name = service.name
    title = f"Read this before anything is asked of {service.title}"
    with st.expander(title, icon=":material/gavel:"):
        st.markdown(permission.NOTES[name])
        read = st.checkbox("I have read this and answer for it", key=f"{name}-read")
        pressed = st.button(
            f"Accept for {escaped(label.title)}", key=f"{name}-accept", disabled=not read
        )
    if pressed and read and done(lambda: permission.accept(label, name)):
        st.rerun()


def asking(
    label: Dataset, service: Service, given: permission.Given, command: str, job: str, *,
    words: str, waiting: int, requests: int, ready: bool,
) -> None:  # fmt: skip
    """Show the job that runs, else the button for it, how the last one ended, and the way out.

    Parameters
    ----------
    command, job : of the command line, and its name as a job. words : on the button. waiting :
    tracks. requests : of one track. ready : whether there is all that the service wants.
    """
    name, last = service.name, _last(label, job)
    if under_way(label, job):
        _watch(label, job)
        return
    if last is not None and last.state == "failed":
        st.error(f"The last run ended early: {escaped(last.text)}", icon=":material/error:")
    elif last is not None and last.state == "stopped":
        st.caption("The last run was stopped; what it had found is kept.")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            f"{words} of {waiting:,} track{'' if waiting == 1 else 's'}", key=f"{name}-fetch",
            type="primary", icon=":material/travel_explore:", disabled=not (ready and waiting),
        ):  # fmt: skip
            start(label, command, job)
        with st.popover("Withdraw", icon=":material/block:"):
            st.markdown(
                f"Accepted by {escaped(given.user)} on {given.at:%d %B %Y}. Without it nothing is "
                "asked any more; a run under way ends. What was found stays."
            )
            if st.button("Withdraw the acceptance", key=f"{name}-withdraw"):
                if done(lambda: permission.withdraw(label, name)):
                    st.rerun()
        if waiting:
            minutes = max(waiting * requests * service.seconds / 60, 1)
            st.caption(f"About {minutes:.0f} min: at most one request a second.")
        else:
            st.caption("Nothing waits: what was not there is asked again after 30 days.")


def start(label: Dataset, command: str, job: str, *words: str) -> None:
    """Start to look up in a process of its own, and show the page anew."""
    st.session_state[f"{job}-begun"] = time.time()
    running.run(label, command, "fetch", *words)
    st.rerun()


def under_way(label: Dataset, job: str) -> bool:
    """Tell whether a job runs, or was started a moment ago and has not said a word yet."""
    last, begun = _last(label, job), st.session_state.get(f"{job}-begun", 0.0)
    if last is not None and last.started >= begun:
        st.session_state[f"{job}-begun"] = 0.0
        return last.state == "running"
    return time.time() - begun < STARTING


def decisions(
    page: Page, label: Dataset, rows: pl.DataFrame, saying: ModuleType, service: Service, *,
    columns: tuple[str, ...], wrong: str, decided: Callable[[list[str], bool], None],
) -> None:  # fmt: skip
    """Show what must be confirmed, what came of all tracks, and a way to take one back.

    Parameters
    ----------
    rows : `outcomes` of the module `saying`. columns : of them to show. wrong : what the button
    that takes back is called. decided : takes tracks and whether they are the same.
    """
    # A decision changes the rows, so what is selected must not outlive it.
    name = service.name
    turn = st.session_state.setdefault(f"{name}-decided", 0)
    doubtful = rows.filter(pl.col("outcome") == saying.DOUBTFUL)
    if not doubtful.is_empty():
        st.markdown("**Is it the same?** Choose rows, then say so for all of them.")
        chosen = _table(page, doubtful, saying, columns, f"{name}-doubtful-{turn}")
        with st.container(horizontal=True):
            for same, words, icon in ((True, "It is", "check"), (False, "It is not", "close")):
                if st.button(
                    words, key=f"{name}-same-{same}", icon=f":material/{icon}:",
                    disabled=not chosen,
                ):  # fmt: skip
                    decided(chosen, same)
    if rows.is_empty():
        return
    page.table(by_outcome(rows, saying.MEANING), key=f"{name}-outcomes", columns=TOLD)
    with st.expander("Track by track"):
        every = (*columns[:2], "outcome", *columns[2:], "at")
        chosen = _table(page, rows, saying, every, f"{name}-tracks-{turn}")
        found = rows.filter(pl.col("track_id").is_in(chosen), pl.col("outcome") == saying.FOUND)
        if st.button(
            wrong, key=f"{name}-wrong", icon=":material/delete:", disabled=found.is_empty()
        ):
            decided(found["track_id"].to_list(), False)


def done(act: Callable[[], None]) -> bool:
    """Do something; say what is wrong where it cannot be done."""
    try:
        act()
    except WorkbenchError as error:
        st.error(escaped(error), icon=":material/error:")
        return False
    return True


def _table(page: Page, rows: pl.DataFrame, saying: ModuleType, columns, key: str) -> list[str]:
    """Show rows and return the tracks of those that are chosen."""
    titles = {outcome: title for outcome, (title, _) in saying.MEANING.items()}
    told = rows.select(*columns).with_columns(pl.col("^outcome$").replace(titles))
    picked = page.table(readable(told, SHOWN), key=key, columns=SHOWN, select="multi-row")
    return [rows["track_id"][number] for number in picked if number < rows.height]


def _last(label: Dataset, job: str) -> Progress | None:
    return next((one for one in jobs(label.home) if one.artifact == job), None)


def _watch(label: Dataset, job: str) -> None:
    @st.fragment(run_every=running.REFRESH, key=f"{job}-watch")
    def watch() -> None:
        last = _last(label, job)
        if not under_way(label, job):
            st.rerun()
        if last is not None and last.state == "running":
            running.show(last)
        else:
            st.progress(0.0, text="Starting")

    watch()
