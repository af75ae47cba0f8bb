"""What a long import says of itself while it is read, to whoever listens.

A listener that raises ends the reading: nothing is written before all of a file is settled, so a
person who stops it leaves no trace.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Progress = Callable[[int, int, str], None]
_listener: ContextVar[Progress | None] = ContextVar("listener", default=None)


@contextmanager
def told(listener: Progress) -> Iterator[None]:
    """Let a function be told of each step: what is done, of how many, and in words."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def step(done: int, total: int, text: str) -> None:
    """Say what comes next; nothing where nobody listens."""
    if (listener := _listener.get()) is not None:
        listener(done, total, text)
