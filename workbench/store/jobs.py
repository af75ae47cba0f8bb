"""Jobs: one process an artifact, its progress as JSON lines that anyone may read."""

import datetime
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import filelock
import polars as pl

from workbench.errors import Busy, WorkbenchError
from workbench.store.files import writable
from workbench.store.pseudonyms import mention

FOLDER = "jobs"
START_SECONDS = 2


@dataclass(frozen=True)
class Progress:
    """The last word of a job.

    Attributes
    ----------
    artifact : what is made. state : running, done, failed or stopped. done, total : steps.
    text : what is being done, or what went wrong. started : seconds since 1970, of its first step.
    pid : its process.
    """

    artifact: str
    state: str
    done: int
    total: int
    text: str
    started: float
    now: float
    pid: int

    @property
    def share(self) -> float:
        """Share that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds that remain at the pace so far; None before anything is done."""
        return (self.now - self.started) * (1 / self.share - 1) if self.share > 0 else None


def in_words(seconds: float) -> str:
    """Return a time left as people say it: 90 s, 25 min, 3 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3_600:.0f} h"


def _now() -> float:
    return datetime.datetime.now(datetime.UTC).timestamp()


@contextmanager
def job(home: Path, artifact: str) -> Iterator[Callable[[int, int, str], None]]:
    """Hold the artifact's lock and give the function that records progress.

    Raises
    ------
    Busy
        Another process makes this artifact already.
    """
    folder = home / FOLDER
    lock = filelock.FileLock(folder / f"{artifact}.lock")
    with writable(folder):
        try:
            # Not given up at once: whoever looks at the jobs holds the lock for a blink.
            lock.acquire(timeout=START_SECONDS)
        except filelock.Timeout:
            raise Busy(f"“{artifact}” is being made by another process already.") from None
    path, started = folder / f"{artifact}.jsonl", [_now()]

    def say(state: str, done: int, total: int, text: str) -> None:
        line = Progress(artifact, state, done, total, text, *started, _now(), os.getpid())
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line.__dict__) + "\n")

    path.unlink(missing_ok=True)
    last = [0, 1]

    def progress(done: int, total: int, text: str) -> None:
        last[:] = done, total
        if not done:  # what is loaded before the first step says nothing of the pace
            started[:] = [_now()]
        say("running", done, total, text)

    try:
        progress(0, 1, "starting")
        yield progress
        say("done", last[1], last[1], "done")
    except KeyboardInterrupt:
        say("stopped", *last, "stopped; it goes on from here when started again")
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        kind = "" if isinstance(error, WorkbenchError) else f"{type(error).__name__}: "
        with suppress(OSError):  # a full disk is told by the first error
            say("failed", *last, f"{kind}{error}")
        raise
    finally:
        lock.release()


def jobs(home: Path) -> list[Progress]:
    """Return the last word of every job, by name; one whose process is gone counts as stopped."""
    found = []
    for path in sorted((home / FOLDER).glob("*.jsonl")):
        word = next((word for line in reversed(_lines(path)) if (word := _parsed(line))), None)
        if word is None:
            continue
        if word.state == "running" and not _held(path.with_suffix(".lock")):
            word = Progress(**{**word.__dict__, "state": "stopped", "text": "its process ended"})
        found.append(word)
    return found


def erase(home: Path, listener_id: str) -> None:
    """Remove the records of jobs that name a listener, as the text of an error may."""
    for path in (home / FOLDER).glob("*.jsonl"):
        if any(mention(listener_id).search(line) for line in _lines(path)):
            path.unlink(missing_ok=True)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:  # a new run of the job has just removed it
        return []


def _parsed(line: str) -> Progress | None:
    try:
        return Progress(**json.loads(line))
    except (ValueError, TypeError):  # the last line may be half written
        return None


def _held(path: Path) -> bool:
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return True
    except OSError:  # nobody can hold a lock in a folder that cannot be written to
        return False
    lock.release()
    return False
