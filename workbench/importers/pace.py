"""One request rate for all processes that share a home folder: a file with the next moment."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import filelock

from workbench.settings import settings
from workbench.store.files import writable

FOLDER = "requests"
# A moment further ahead than that was not written by this clock.
LONGEST_HOLD = 24 * 3600.0
# Waits that are worth a word.
LONG = 3.0


def turn(
    name: str, seconds: float, patience: float,
    tell: Callable[[float], None] = lambda seconds: None,
) -> float:  # fmt: skip
    """Wait until a service may be asked again, and claim that moment for one request.

    Parameters
    ----------
    name : of the service. seconds : between two requests. patience : seconds that are waited at
        most. tell : called with the seconds of a longer wait before it begins.

    Returns
    -------
    Zero, or the seconds that are left where they are more than the patience: nothing was claimed.
    """
    path = _path(name)
    with writable(path.parent), filelock.FileLock(path.with_suffix(".lock")):
        wait = _next(path) - time.time()
        if wait > patience:
            return wait
        if wait >= LONG:
            tell(wait)
        if wait > 0:
            time.sleep(wait)
        _write(path, time.time() + seconds)
    return 0.0


def hold(name: str, seconds: float) -> None:
    """Let no process ask a service before so many seconds have passed."""
    path = _path(name)
    with writable(path.parent), filelock.FileLock(path.with_suffix(".lock")):
        until = time.time() + min(max(seconds, 0.0), LONGEST_HOLD)
        _write(path, max(until, _next(path)))


def _path(name: str) -> Path:
    return settings().home / FOLDER / f"{name}.json"


def _next(path: Path) -> float:
    try:
        moment = float(json.loads(path.read_text(encoding="utf-8"))["next"])
    except (OSError, ValueError, TypeError, KeyError):  # never written, or cut off
        return 0.0
    return moment if moment <= time.time() + LONGEST_HOLD + 1 else 0.0


def _write(path: Path, moment: float) -> None:
    path.write_text(json.dumps({"next": moment}), encoding="utf-8")
