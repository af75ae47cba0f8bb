"""Processes that write to a label, for tests of the store."""

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


@pytest.fixture(scope="module")
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
        yield Children(process)
        process.stdin.close()
