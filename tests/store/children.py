"""Processes that write to a label: started once, forked for each task, so that many are cheap.

The parent sends a line `function argument ...`; each child answers with lines `pid text`.
"""

import datetime
import os
import signal
import sys
import traceback
from pathlib import Path

import polars as pl
from sqlalchemy import func, insert, select

from workbench.dataset import Dataset
from workbench.store import state
from workbench.store.change import change
from workbench.store.jobs import job
from workbench.store.lyric_rows import LYRIC_LINES
from workbench.store.pseudonyms import pseudonym_key
from workbench.store.views import Making

DAY = datetime.date(2026, 1, 1)
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def say(text: object) -> None:
    os.write(1, f"{os.getpid()} {text}\n".encode())


def rate(currency: str, value: float) -> pl.DataFrame:
    return pl.DataFrame({"currency": [currency], "day": [DAY], "rate": [value]})


def currency_of(writer: int) -> str:
    return f"W{chr(ord('A') + writer)}X"


def generations(folder: str) -> None:
    """Write one generation after the other; in each, every value is the generation's number."""
    while True:
        with change(Path(folder)) as writing:
            number = writing.manifest.generation + 1
            days = pl.date_range(DAY, DAY + datetime.timedelta(60), eager=True)
            rates = {"currency": "EUR", "day": days, "rate": float(number)}
            writing.put("fx_rates", pl.DataFrame(rates), source="rates")
            plays = {
                "listener_id": "a",
                "track_id": ["t1", "t2"],
                "played_at": [START, START + datetime.timedelta(days=40)],
                "ms_played": number,
                "source": "search",
            }
            writing.put("plays", pl.DataFrame(plays), source="plays")
        say(number)


def distinct_rows(folder: str, writer: str, rounds: str) -> None:
    """Put rows that nobody else puts: a source of its own each, and plays of a shared month."""
    for n in range(int(rounds)):
        played = START + datetime.timedelta(minutes=n)
        play = {"listener_id": [f"{writer}"], "track_id": ["t"], "played_at": [played],
                "source": ["search"]}  # fmt: skip
        with change(Path(folder)) as writing:
            day = DAY + datetime.timedelta(days=n)
            own = {"currency": [currency_of(int(writer))], "day": [day], "rate": [1.0 + n]}
            writing.put("fx_rates", pl.DataFrame(own), source=f"{writer}-{n}")
            writing.put("plays", pl.DataFrame(play), source=f"writer-{writer}")


def wait(gate: str) -> None:
    """Block until somebody opens the other end of a named pipe, so that all begin at once."""
    os.close(os.open(gate, os.O_RDONLY))


def access_lines(gate: str, home: str, writer: str, rounds: str) -> None:
    """Add lines that each say how many there were before: read, then written, as one act."""
    wait(gate)
    for _ in range(int(rounds)):
        with state.engine(Path(home)).begin() as connection:
            held = connection.execute(select(func.count()).select_from(state.Access)).scalar()
            line = {"user": f"writer {writer}", "act": "rows opened", "subject": str(held)}
            connection.execute(insert(state.Access).values(**line))


def keys(gate: str, home: str) -> None:
    wait(gate)
    say(pseudonym_key(Path(home)).hex())


def lyric_rows(folder: str, batches: str) -> None:
    """Make a row artifact batch by batch as a job, going on from what is there."""
    artifact = "lyric_lines"
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    label = Dataset("test", Path(folder), Path(folder))
    making = Making(label, artifact)
    with job(label.home, artifact) as progress:
        there = set(making.row_keys(artifact))
        for n in range(int(batches)):
            names = [f"{n:03d}-{k}" for k in range(10)]
            if not there.issuperset(names):
                rows = pl.DataFrame({"lyric_hash": names, "outcome": f"batch {n}"})
                others = [pl.lit(None, kind).alias(c) for c, kind in LYRIC_LINES if c not in rows]
                making.append_rows(artifact, rows.with_columns(others))
            progress(n + 1, int(batches), f"batch {n}")
            say(n)


def held_job(home: str, artifact: str, fifo: str) -> None:
    """Hold a job until something is written into a named pipe."""
    with job(Path(home), artifact):
        say("holding")
        Path(fifo).read_text()


def serve() -> None:
    for line in sys.stdin:
        name, *arguments = line.rstrip("\n").split("\t")
        if name == "reap":
            _, status = os.waitpid(int(arguments[0]), 0)
            os.write(1, f"{arguments[0]} ended {os.waitstatus_to_exitcode(status)}\n".encode())
            continue
        child = os.fork()
        if child == 0:
            code = 1
            try:
                say("started")
                globals()[name](*arguments)
                code = 0
            finally:
                if code:
                    traceback.print_exc()
                os._exit(code)


if __name__ == "__main__":
    serve()
