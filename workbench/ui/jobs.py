"""Jobs as a page shows them: make it now, progress with the time left, stop."""

import os
import signal
import subprocess
import sys
import threading

import streamlit as st

from workbench.dataset import Dataset
from workbench.errors import NotMade
from workbench.settings import PROJECT
from workbench.store.artifacts import ARTIFACTS, declared
from workbench.store.jobs import Progress, in_words, jobs
from workbench.ui.text import escaped

REFRESH = "1s"
# Jobs that make no artifact.
OTHERS = {"lyrics_fetch": "Lyrics from Genius", "identifiers_fetch": "ISRCs from MusicBrainz"}


def start(label: Dataset, *artifacts: str) -> None:
    """Make artifacts in a process of their own; one that is being made already is left alone."""
    run(label, "make", *artifacts)


def run(label: Dataset, *words: str) -> None:
    """Run a command of `python -m workbench` on a label in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", *words, "--label", label.name],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Somebody must take note of its end, or it stays in the list of processes for ever.
    threading.Thread(target=process.wait, daemon=True).start()


def stop(job: Progress) -> None:
    """Ask a job's process to end; what it has made so far stays."""
    os.kill(job.pid, signal.SIGTERM)


def running(label: Dataset) -> list[Progress]:
    """Return the jobs of a label that run now."""
    return [job for job in jobs(label.home) if job.state == "running"]


def offer(label: Dataset, error: NotMade) -> None:
    """Show that an artifact is missing: its progress while it is made, else the button for it."""
    artifact = declared(error.artifact)

    @st.fragment(run_every=REFRESH, key=f"job-{artifact.name}")
    def watch() -> None:
        if label.artifacts.made(artifact.name):
            st.rerun()
        mine = [job for job in jobs(label.home) if job.artifact == artifact.name]
        if mine and mine[0].state == "running":
            show(mine[0])
            return
        with st.container(border=True):
            st.markdown(f"**{artifact.title}** has not been made for this version of the data.")
            if mine and mine[0].state == "failed":
                words = f"The last try failed: {escaped(mine[0].text)}"
                st.error(f"{words}\n\nOnce that is put right, try again.", icon=":material/error:")
            elif mine and mine[0].state == "stopped":
                st.caption("The last try was stopped; what it had made is kept.")
            if st.button("Make it now", type="primary", key=f"make-{artifact.name}"):
                start(label, artifact.name)
                st.rerun(scope="fragment")

    watch()


def show(job: Progress) -> None:
    """Show one running job with its progress and the time left."""
    name = job.artifact
    title = declared(name).title if name in ARTIFACTS else OTHERS.get(name, name)
    rest = "" if job.seconds_left is None else f", about {in_words(job.seconds_left)} left"
    st.progress(job.share, text=f"{title}: {escaped(job.text)}{rest}")
    if st.button("Stop", key=f"stop-{job.artifact}", icon=":material/stop:"):
        stop(job)


def panel(label: Dataset) -> None:
    """Show the jobs of a label that run; nothing where none does."""

    @st.fragment(run_every=REFRESH, key="jobs")
    def watch() -> None:
        now = running(label)
        if not now and st.session_state.get("jobs_seen"):
            st.session_state["jobs_seen"] = False
            st.rerun()
        for job in now:
            st.session_state["jobs_seen"] = True
            show(job)

    watch()
