"""A real HTTP server on this machine that stands in for the services of look-ups, faults included.

The first part of a path is the host that is meant: /api.genius.com/search.
"""

import contextlib
import json
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

Answer = Callable[["_Handler"], None]


@dataclass
class Asked:
    """One request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Service:
    """The server as a test sees it.

    `plan[path]` holds the answers in order; the last one stays. What has no plan is not found.
    """

    url: str
    plan: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    asked: list[Asked] = field(default_factory=list)
    # Set at the end, and by a test that lets slow answers go.
    released: threading.Event = field(default_factory=threading.Event)

    def on(self, path: str, *answers: Answer) -> None:
        """Answer a path so, one after the other."""
        self.plan[path] = list(answers)

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        self.service.asked.append(Asked(path, dict(parse_qsl(parts.query)), dict(self.headers)))
        answers = self.service.plan.get(path)
        if not answers:
            status(404)(self)
            return
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        with contextlib.suppress(ConnectionError):
            answer(self)

    def log_message(self, *_words: object) -> None:
        """Say nothing on the terminal."""

    def whole(self, code: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(code)
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **own}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def data(value: object) -> Answer:
    """Answer with JSON."""
    return lambda to: to.whole(200, json.dumps(value).encode(), "application/json")


def page(text: str | bytes, code: int = 200, **headers: str) -> Answer:
    """Answer with a page."""
    body = text.encode() if isinstance(text, str) else text
    return lambda to: to.whole(code, body, "text/html; charset=utf-8", **headers)


def status(code: int, **headers: str) -> Answer:
    """Answer with an error whose body repeats all that was sent, as careless servers do."""

    def answer(to: _Handler) -> None:
        to.whole(code, f"{to.path}\n{to.headers}".encode(), "text/html", **headers)

    return answer


def moved(place: str) -> Answer:
    """Send elsewhere."""
    return page("", 302, Location=place)


def silent(to: _Handler) -> None:
    """Take the request and say nothing until the test is over."""
    to.service.released.wait(30)


def dripping(to: _Handler) -> None:
    """Begin an answer and go on a byte at a time, for as long as anybody listens."""
    to.send_response(200)
    to.send_header("Content-Length", "1000000")
    to.end_headers()
    while not to.service.released.wait(0.02):
        to.wfile.write(b" ")
        to.wfile.flush()


def dripping_header(to: _Handler) -> None:
    """Never come to the end of the header."""
    to.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not to.service.released.wait(0.02):
        to.wfile.write(b"a")
        to.wfile.flush()


def cut_off(to: _Handler) -> None:
    """Promise more than is sent."""
    to.send_response(200)
    to.send_header("Content-Type", "text/html")
    to.send_header("Content-Length", "5000")
    to.end_headers()
    to.wfile.write(b"<html><div data-lyrics-container='true'>Half a line")


def hung_up(to: _Handler) -> None:
    """Close without a word."""
    to.connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def service() -> Iterator[Service]:
    """Serve until the block ends."""
    kind = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        server.daemon_threads = True
        made = Service(f"http://127.0.0.1:{server.server_address[1]}")
        kind.service = made
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield made
        finally:
            made.released.set()
            server.shutdown()
            thread.join()
