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
    """Return `on_terminal` that also says how long the rest takes at the pace so far."""
    from workbench.store.jobs import in_words

    begun = [time.monotonic()]

    def say(done: int, total: int, text: str) -> None:
        if not done:
            begun[:] = [time.monotonic()]
        if 0 < done < total:
            left = (time.monotonic() - begun[0]) * (total - done) / done
            text = f"{text} (about {in_words(left)} left)"
        on_terminal(done, total, text)

    return say
