"""Processes that write to a label, for tests of the store."""

import contextlib
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from select import select

import pytest

from tests.sources import PROJECT


class Children:
    """Processes that run the functions of tests/store/children.py, and what they say."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process
        self._rest = b""
        self._heard: dict[int, list[str]] = defaultdict(list)
        self._order: list[int] = []
        self._ended: set[int] = set()

    @property
    def alive(self) -> list[int]:
        """Processes whose end nobody has waited for."""
        return [pid for pid in self._order if pid not in self._ended]

    def start(self, function: str, *arguments: object) -> int:
        """Fork a process that runs a function; return its id."""
        known = set(self._heard)
        self._send(function, *arguments)
        while not (new := [pid for pid in self._order if pid not in known]):
            self._listen(None)
        return new[0]

    def said(self, pid: int, *, seconds: float | None = None) -> str | None:
        """Wait for the next line of a process; None when it says nothing for so long."""
        while not self._heard[pid]:
            if not self._listen(seconds):
                return None
        return self._heard[pid].pop(0)

    def kill(self, pid: int, number: int = signal.SIGKILL) -> list[str]:
        """Send a signal, wait for the end, and return what was said until then."""
        os.kill(pid, number)
        return self.end(pid)[0]

    def end(self, pid: int) -> tuple[list[str], int]:
        """Wait for the end of a process; return what it still said, and its exit code."""
        self._send("reap", pid)
        lines = []
        while (line := self.said(pid)) and not line.startswith("ended "):
            lines.append(line)
        self._ended.add(pid)
        return lines, int(line.removeprefix("ended "))

    def _send(self, *words: object) -> None:
        self._process.stdin.write(("\t".join(map(str, words)) + "\n").encode())
        self._process.stdin.flush()

    def _listen(self, seconds: float | None) -> bool:
        out = self._process.stdout.fileno()
        if not select([out], [], [], seconds)[0]:
            return False
        read = os.read(out, 65536)
        assert read, "the processes' parent has ended"
        *lines, self._rest = (self._rest + read).split(b"\n")
        for line in lines:
            pid, _, text = line.decode().partition(" ")
            if text == "started":
                self._heard[int(pid)] = []
                self._order.append(int(pid))
            else:
                self._heard[int(pid)].append(text)
        return True


@contextlib.contextmanager
def opened_gate(gate: Path) -> Iterator[None]:
    """Let every process go on that waits at a named pipe, and those that come later."""
    descriptor = os.open(gate, os.O_RDWR)
    try:
        yield
    finally:
        os.close(descriptor)


@pytest.fixture
def together(children, tmp_path):
    """Return a function that runs one function in several processes, all at the same moment."""

    def run(function: str, *each: tuple[object, ...]) -> list[tuple[list[str], int]]:
        gate = tmp_path / f"gate-{function}"
        os.mkfifo(gate)
        started = [children.start(function, gate, *arguments) for arguments in each]
        with opened_gate(gate):
            return [children.end(pid) for pid in started]

    return run


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    if not hasattr(os, "fork"):
        pytest.skip("processes are forked here, which this system cannot do")
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("children.py"))],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "POLARS_MAX_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    with process:
        started = Children(process)
        yield started
        for pid in started.alive:  # a test that failed left them
            started.kill(pid)
        process.stdin.close()
