"""Lyrics from Genius on the Import page: the note, fetching as a job, what is to be confirmed."""

import time

import polars as pl
import streamlit as st
from streamlit import column_config as column

from workbench.dataset import Dataset
from workbench.errors import WorkbenchError
from workbench.importers import lyric_outcomes, permission
from workbench.importers.genius import DOUBTFUL, FOUND
from workbench.importers.lyric_fetch import JOB
from workbench.importers.lyric_outcomes import MEANING
from workbench.importers.services import GENIUS
from workbench.store.jobs import Progress, jobs
from workbench.ui import jobs as running
from workbench.ui.page import Page
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import escaped

# Seconds within which a process that was started says its first word.
STARTING = 20.0
REQUESTS = 2  # of one track: a search and a page
SHOWN = {
    "title": column.TextColumn("Track", pinned=True),
    "artist": column.TextColumn("Artist"),
    "outcome": column.TextColumn("Outcome"),
    "found": column.TextColumn("Genius has"),
    "score": column.NumberColumn(
        "Likeness", format=PERCENT, help="Of titles and artists; 95 % is the most without lengths"
    ),
    "doubt": column.TextColumn("Why", width="medium"),
    "url": column.LinkColumn("Page", display_text="Open"),
    "at": column.DatetimeColumn("When (UTC)", format="YYYY-MM-DD HH:mm"),
}
TOLD = {
    "title": column.TextColumn("Outcome"),
    "tracks": column.NumberColumn("Tracks", format="localized"),
    "advice": column.TextColumn("What to do", width="large"),
}


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
        _note(label)
    else:
        _fetching(label, given)
    _decisions(page, label, rows)


def _note(label: Dataset) -> None:
    with st.expander("Read this before anything is asked of Genius", icon=":material/gavel:"):
        st.markdown(permission.NOTES[GENIUS.name])
        read = st.checkbox("I have read this and answer for it", key="genius-read")
        pressed = st.button(
            f"Accept for {escaped(label.title)}", key="genius-accept", disabled=not read
        )
    if pressed and read and _done(lambda: permission.accept(label, GENIUS.name)):
        st.rerun()


def _fetching(label: Dataset, given: permission.Given) -> None:
    try:
        token = permission.token() is not None
    except WorkbenchError as error:
        st.error(escaped(error), icon=":material/key:")
        token = None
    if token is False:
        st.info(f"There is no token of Genius. {permission.HOW_TO_GET_ONE}", icon=":material/key:")
    last = next((job for job in jobs(label.home) if job.artifact == JOB), None)
    if _under_way(last):
        _watch(label)
        return
    if last is not None and last.state == "failed":
        st.error(f"The last run ended early: {escaped(last.text)}", icon=":material/error:")
    elif last is not None and last.state == "stopped":
        st.caption("The last run was stopped; what it had found is kept.")
    waiting = lyric_outcomes.waiting(label).height
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            f"Fetch the lyrics of {waiting:,} track{'' if waiting == 1 else 's'}",
            key="genius-fetch", type="primary", icon=":material/lyrics:",
            disabled=not (token and waiting),
        ):  # fmt: skip
            _start(label)
        with st.popover("Withdraw", icon=":material/block:"):
            st.markdown(
                f"Accepted by {escaped(given.user)} on {given.at:%d %B %Y}. Without it nothing is "
                "asked any more; a run under way ends. What was fetched stays."
            )
            if st.button("Withdraw the acceptance", key="genius-withdraw"):
                if _done(lambda: permission.withdraw(label, GENIUS.name)):
                    st.rerun()
        if waiting:
            minutes = waiting * REQUESTS * GENIUS.seconds / 60
            st.caption(f"About {max(minutes, 1):.0f} min: one request a second, two a track.")
        elif token:
            st.caption("Nothing waits: what Genius did not have is asked again after 30 days.")


def _under_way(last: Progress | None) -> bool:
    begun = st.session_state.get("genius-begun", 0.0)
    if last is not None and last.started >= begun:
        st.session_state["genius-begun"] = 0.0
        return last.state == "running"
    return time.time() - begun < STARTING


def _watch(label: Dataset) -> None:
    @st.fragment(run_every=running.REFRESH, key="genius-job")
    def watch() -> None:
        last = next((job for job in jobs(label.home) if job.artifact == JOB), None)
        if not _under_way(last):
            st.rerun()
        if last is not None and last.state == "running":
            running.show(last)
        else:
            st.progress(0.0, text="Lyrics from Genius: starting")

    watch()


def _start(label: Dataset, *words: str) -> None:
    st.session_state["genius-begun"] = time.time()
    running.run(label, "lyrics", "fetch", *words)
    st.rerun()


def _decisions(page: Page, label: Dataset, rows: pl.DataFrame) -> None:
    doubtful = rows.filter(pl.col("outcome") == DOUBTFUL)
    # A decision changes the rows, so what is selected must not outlive it.
    turn = st.session_state.setdefault("genius-decided", 0)
    if not doubtful.is_empty():
        st.markdown("**Is this the song?** Choose rows, then say so for all of them.")
        columns = ("title", "artist", "found", "score", "doubt", "url")
        chosen = _table(page, doubtful, columns, f"genius-doubtful-{turn}")
        with st.container(horizontal=True):
            for same, words, icon in ((True, "It is", "check"), (False, "It is not", "close")):
                if st.button(
                    words, key=f"genius-same-{same}", icon=f":material/{icon}:",
                    disabled=not chosen,
                ):  # fmt: skip
                    _decide(label, chosen, same=same)
    if rows.is_empty():
        return
    page.table(lyric_outcomes.by_outcome(rows), key="genius-outcomes", columns=TOLD)
    with st.expander("Track by track"):
        columns = ("title", "artist", "outcome", "found", "score", "doubt", "url", "at")
        chosen = _table(page, rows, columns, f"genius-tracks-{turn}")
        wrong = rows.filter(pl.col("track_id").is_in(chosen), pl.col("outcome") == FOUND)
        if st.button(
            "Throw the chosen lyrics out: they are of another song", key="genius-wrong",
            icon=":material/delete:", disabled=wrong.is_empty(),
        ):  # fmt: skip
            _decide(label, wrong["track_id"].to_list(), same=False)


def _table(page: Page, rows: pl.DataFrame, columns: tuple[str, ...], key: str) -> list[str]:
    """Show rows and return the tracks of those that are chosen."""
    titles = {outcome: title for outcome, (title, _) in MEANING.items()}
    told = rows.select(*columns).with_columns(pl.col("^outcome$").replace(titles))
    picked = page.table(readable(told, SHOWN), key=key, columns=SHOWN, select="multi-row")
    return [rows["track_id"][number] for number in picked if number < rows.height]


def _decide(label: Dataset, tracks: list[str], *, same: bool) -> None:
    if not _done(lambda: lyric_outcomes.decide(label, tracks, same=same)):
        return
    st.session_state["genius-decided"] += 1
    allowed = permission.accepted(label, GENIUS.name) and permission.token()
    last = next((job for job in jobs(label.home) if job.artifact == JOB), None)
    if same and allowed and not _under_way(last):
        # Confirmed pages come first, and only they were asked for; a run under way takes them too.
        confirmed = lyric_outcomes.waiting(label)["url"].drop_nulls().len()
        _start(label, "--limit", str(confirmed))
    st.rerun()


def _done(act) -> bool:
    try:
        act()
    except WorkbenchError as error:
        st.error(escaped(error), icon=":material/error:")
        return False
    return True
