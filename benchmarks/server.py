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
    """The app as a process, stopped with all that it started when the block ends.

    Parameters
    ----------
    environment : variables beyond those of this process, e.g. WORKBENCH_HOME.
    port : by default a free one.
    jobs : start it as `make run` does, so that missing artifacts are made meanwhile.
    folder : where app.py stands. patience : seconds until the server must answer.

    Attributes
    ----------
    url : where it answers. began : when the command was given, by time.perf_counter.
    """

    def __init__(
        self,
        environment: dict[str, str] | None = None,
        *,
        port: int | None = None,
        jobs: bool = False,
        folder: Path = PROJECT,
        patience: float = 90.0,
    ) -> None:
        self.environment = environment or {}
        self.folder = folder
        self.port = port or free_port()
        self.patience = patience
        self.url = f"http://127.0.0.1:{self.port}"
        port_option = "--port" if jobs else "--server.port"
        start = ["workbench", "serve"] if jobs else ["streamlit", "run", "app.py"]
        self._command = [sys.executable, "-m", *start, port_option, str(self.port)]
        self.began = float("nan")

    def __enter__(self) -> "Server":
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            self._command,
            cwd=self.folder,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that all of it can be interrupted, as Ctrl+C does
        )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
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

    def __exit__(self, kind: object = None, error: object = None, _: object = None) -> None:
        if isinstance(error, Exception):
            error.add_note(f"The server said:\n{self.log()[-4000:]}")
        if self._process.poll() is None:
            self._signal(signal.SIGINT)
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGTERM)
                self._process.wait(timeout=10)
        self._log.close()

    def _signal(self, number: signal.Signals) -> None:
        if os.name == "nt":  # no groups there: the process alone is ended
            self._process.terminate()
        else:
            os.killpg(self._process.pid, number)
