"""Services that look-ups ask: their hosts, what one request may take, and what can come of it."""

from dataclasses import dataclass

from workbench.errors import WorkbenchError

BLOCKED, TOKEN, NOT_FOUND, LIMITED = "blocked", "token refused", "not found", "limited"
TIMED_OUT, NO_CONNECTION, TROUBLE = "timed out", "no connection", "service in trouble"
UNREADABLE, CUT_OFF, REFUSED = "not readable", "cut off", "refused by us"
# Worth a second try after a pause.
PASSING = (LIMITED, TIMED_OUT, NO_CONNECTION, TROUBLE, CUT_OFF)


@dataclass(frozen=True)
class Service:
    """What may be asked: its hosts, and the seconds between two requests to it."""

    name: str
    title: str
    hosts: tuple[str, ...]
    seconds: float = 1.0


GENIUS = Service("genius", "Genius", ("api.genius.com", "genius.com"))
MUSICBRAINZ = Service("musicbrainz", "MusicBrainz", ("musicbrainz.org",))
LISTENBRAINZ = Service("listenbrainz", "ListenBrainz", ("api.listenbrainz.org",))


@dataclass(frozen=True)
class Limits:
    """What one request may take.

    Attributes
    ----------
    tries : of a request that may succeed later. connect, read : seconds for a connection and for
    each piece. whole : seconds for one try. most : bytes of an answer, unpacked. pause : seconds
    before the second try, doubled each time. patience : seconds that are waited at most.
    """

    tries: int = 3
    connect: float = 5.0
    read: float = 10.0
    whole: float = 30.0
    most: int = 4_000_000
    pause: float = 2.0
    patience: float = 120.0


LIMITS = Limits()


class Failed(WorkbenchError):
    """A look-up that gave nothing.

    Parameters
    ----------
    outcome : one of the words above. message : what happened; never what was sent or answered.
    wait : seconds that the service asked for.
    """

    def __init__(self, outcome: str, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.wait = wait
