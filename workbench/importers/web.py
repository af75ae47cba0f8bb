"""The one way out: a polite client for look-ups, with few hosts and tight limits.

Only hosts that a service names, only https, only public addresses (redirects as well), at most so
many bytes and seconds, one request rate for all processes, Retry-After honoured, back-off with
jitter, and an outcome that says what to do instead of an exception from somewhere below.
"""

import contextlib
import datetime
import email.utils
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError
from urllib3.poolmanager import PoolManager

from workbench.importers import pace
from workbench.importers.addresses import NotPublic, pools
from workbench.importers.services import (
    BLOCKED,
    CUT_OFF,
    LIMITED,
    LIMITS,
    NO_CONNECTION,
    NOT_FOUND,
    PASSING,
    REFUSED,
    TIMED_OUT,
    TOKEN,
    TROUBLE,
    UNREADABLE,
    Failed,
    Limits,
    Service,
)
from workbench.settings import settings

AGENT = "ar-workbench/0.1.0"
CHUNK = 1 << 16


class Client:
    """Asks one service; `session` is a requests.Session that cannot do anything else.

    Attributes
    ----------
    last : the last answer, for those who need to see what a library makes nothing of.
    """

    def __init__(
        self, service: Service, *, limits: Limits = LIMITS,
        tell: Callable[[float], None] = lambda seconds: None, contact: str = "",
    ) -> None:  # fmt: skip
        self.service, self.limits, self.tell = service, limits, tell
        self.last: requests.Response | None = None
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy, and no .netrc in the place of our token
        self.session.max_redirects = 3
        self.session.headers["User-Agent"] = f"{AGENT} ( {contact} )" if contact else AGENT
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, _Adapter(self))

    def root(self, host: str) -> str:
        """Return where a host answers: itself, or the stand-in that tests put in its place."""
        stand_in = settings().lookups
        return f"{stand_in}/{host}/" if stand_in else f"https://{host}/"

    def json(self, host: str, path: str, **parameters: object) -> dict | list:
        """Return what a host says as JSON."""
        with self.told():
            response = self.session.get(self.root(host) + path, params=parameters)
            return response.json()

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Turn what a library raises into an outcome; its text may hold what was sent."""
        try:
            yield
        except requests.TooManyRedirects:
            raise self.failed(UNREADABLE, "sends from address to address") from None
        except RecursionError:
            raise self.failed(UNREADABLE, "sent an answer that is nested too deep") from None
        except requests.JSONDecodeError:
            raise self.failed(UNREADABLE, "answered with a page where data was due") from None
        except requests.RequestException as error:
            raise self.failed(UNREADABLE, f"gave no answer ({type(error).__name__})") from None

    def failed(self, outcome: str, what: str, wait: float | None = None) -> Failed:
        """Return a failure of this service in words."""
        return Failed(outcome, f"{self.service.title} {what}.", wait)


class _Adapter(HTTPAdapter):
    """Sends one request after all checks, again where that helps; redirects come through here."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.opened: list[socket.socket] = []
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections, maxsize, block=False, **options) -> None:
        """Make the pools whose connections check where they lead."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block)
        loopback = bool(settings().lookups)
        self.poolmanager.pool_classes_by_scheme = pools(self.opened, loopback=loopback)

    def send(self, request, **_options) -> requests.Response:
        """Send a request that is allowed; return its whole answer or raise Failed."""
        self._check(request.url)
        service, limits = self.client.service, self.client.limits
        for tried in range(1, limits.tries + 1):
            left = pace.turn(service.name, service.seconds, limits.patience, self.client.tell)
            if left:
                raise self._later(left)
            try:
                return self._answer(request)
            except Failed as failed:
                if failed.outcome not in PASSING:
                    raise
                wait = failed.wait
                if wait is None:
                    wait = limits.pause * 2 ** (tried - 1) * random.uniform(0.5, 1.5)
                pace.hold(service.name, wait)
                if wait > limits.patience:
                    raise self._later(wait) from None
                if tried == limits.tries:
                    raise
        raise AssertionError("unreachable")

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        stand_in = urlsplit(settings().lookups)
        if stand_in.netloc:
            allowed = (parts.scheme, parts.netloc) == (stand_in.scheme, stand_in.netloc)
        else:
            known = parts.hostname in self.client.service.hosts
            allowed = known and parts.scheme == "https" and parts.port in (None, 443)
        if not allowed or parts.username is not None:
            place = f"{parts.scheme}://{parts.hostname}"
            raise self.client.failed(REFUSED, f"sent us to {place}, which is never asked")

    def _later(self, seconds: float) -> Failed:
        until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
        words = f"asks to wait until {until:%Y-%m-%d %H:%M} UTC; start again after that"
        return self.client.failed(LIMITED, words, seconds)

    def _answer(self, request) -> requests.Response:
        """Send once and read the answer whole, within the limits."""
        limits, failed = self.client.limits, self.client.failed
        end = time.monotonic() + limits.whole
        self.opened[:] = [one for one in self.opened if one.fileno() >= 0]  # kept alive
        watch = threading.Timer(limits.whole, self._cut)
        watch.daemon = True
        watch.start()
        try:
            response = super().send(
                request, stream=True, timeout=(limits.connect, limits.read), verify=True
            )
            with contextlib.closing(response):
                body = self._body(response)
        except NotPublic as error:
            raise Failed(REFUSED, str(error)) from None
        except (requests.RequestException, HTTPError, OSError) as error:
            raise self._told(error, late=time.monotonic() >= end) from None
        finally:
            watch.cancel()
        if time.monotonic() >= end:  # closed by the watch, which may look like the end
            raise failed(TIMED_OUT, "took too long to answer")
        response._content, response._content_consumed = body, True
        self.client.last = response
        self._judge(response)
        return response

    def _told(self, error: Exception, *, late: bool) -> Failed:
        failed = self.client.failed
        if late or isinstance(error, requests.Timeout | ReadTimeoutError | TimeoutError):
            return failed(TIMED_OUT, "took too long to answer")
        if isinstance(error, requests.exceptions.SSLError):
            return failed(NO_CONNECTION, "does not show a valid certificate")
        inner = error.args[0] if error.args else None
        if isinstance(error, ProtocolError) or isinstance(inner, ProtocolError):
            return failed(CUT_OFF, "broke off in the middle of its answer")
        if isinstance(error, HTTPError):
            return failed(UNREADABLE, "sent an answer that cannot be unpacked")
        return failed(NO_CONNECTION, "cannot be reached from this machine")

    def _cut(self) -> None:
        for connection in self.opened:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _body(self, response: requests.Response) -> bytes:
        most, pieces, size = self.client.limits.most, [], 0
        for piece in response.raw.stream(CHUNK, decode_content=True):
            size += len(piece)
            if size > most:
                raise self.client.failed(UNREADABLE, f"sent more than {most:,} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def _judge(self, response: requests.Response) -> None:
        """Raise for an answer that is none; note when the service wants to be left alone."""
        status, failed, headers = response.status_code, self.client.failed, response.headers
        if headers.get("X-RateLimit-Remaining") == "0":
            pace.hold(self.client.service.name, _seconds(headers.get("X-RateLimit-Reset-In")) or 0)
        if status < 400:
            return
        wait = _seconds(headers.get("Retry-After"))
        if status in (404, 410):
            raise failed(NOT_FOUND, "has no such page")
        if status == 401:
            raise failed(TOKEN, "does not accept the token")
        if status == 403:
            raise failed(BLOCKED, "refuses requests from this machine (403)")
        if status == 429 or (status == 503 and wait is not None):
            raise failed(LIMITED, f"says that it was asked too often ({status})", wait)
        if status >= 500:
            raise failed(TROUBLE, f"has trouble of its own ({status})", wait)
        raise failed(UNREADABLE, f"did not understand the request ({status})")


def _seconds(header: str | None) -> float | None:
    """Return the seconds that a header asks to wait: a number, or a date; None without one."""
    if not header:
        return None
    if header.strip().isascii() and header.strip().isdecimal():
        return float(header)
    try:
        until = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    zoned = until if until.tzinfo else until.replace(tzinfo=datetime.UTC)
    return max(0.0, (zoned - datetime.datetime.now(datetime.UTC)).total_seconds())
