"""Progress on a terminal."""

import sys


def on_terminal(done: int, total: int, text: str) -> None:
    """Show progress on one line of a terminal; say nothing where no one looks."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{text}: {done}/{total}\033[K", end=end, file=sys.stderr, flush=True)
