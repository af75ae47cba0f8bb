"""The real app in a process of its own, on a free port of this machine."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`streamlit run app.py` as `make run` starts it, stopped when the block ends.

    Parameters
    ----------
    environment : variables beyond those of this process, e.g. WORKBENCH_HOME.
    port : by default a free one.
    patience : seconds until the server must answer.

    Attributes
    ----------
    url : where it answers. started_in : seconds from the command to the first answer.
    """

    def __init__(
        self,
        environment: dict[str, str] | None = None,
        *,
        port: int | None = None,
        patience: float = 90.0,
    ) -> None:
        self.environment = environment or {}
        self.port = port or free_port()
        self.patience = patience
        self.url = f"http://127.0.0.1:{self.port}"
        self.started_in = float("nan")

    def __enter__(self) -> "Server":
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8")
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [*command, "--server.port", str(self.port), "--server.address", "127.0.0.1"],
            cwd=PROJECT,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        self.started_in = time.perf_counter() - began
        return self

    def _wait(self) -> None:
        until = time.monotonic() + self.patience
        pause = threading.Event()
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise RuntimeError(f"The app stopped while starting:\n{self.log()}")
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1).close()
                return
            pause.wait(0.05)
        raise RuntimeError(f"No answer in {self.patience:.0f} s:\n{self.log()}")

    def log(self) -> str:
        """Return what the server has printed so far."""
        self._log.seek(0)
        return self._log.read()

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
