"""Progress on a terminal."""

import sys
import time
from collections.abc import Callable


def on_terminal(done: int, total: int, text: str) -> None:
    """Show progress on one line of a terminal; say nothing where no one looks."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{text}: {done:,}/{total:,}\033[K", end=end, file=sys.stderr, flush=True)


def timed_on_terminal() -> Callable[[int, int, str], None]:
    """Return `on_terminal` that also says how long the rest takes at the pace since this call."""
    begun = time.monotonic()

    def say(done: int, total: int, text: str) -> None:
        if 0 < done < total:
            left = (time.monotonic() - begun) * (total - done) / done
            text = f"{text} (about {_span(left)} left)"
        on_terminal(done, total, text)

    return say


def _span(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3_600:.0f} h"
