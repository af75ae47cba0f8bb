"""Writing a file so that a crash leaves the old one or the new one, never half of either."""

import contextlib
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from workbench.errors import SetUpError

CHUNK = 1 << 20
UNFINISHED = ".tmp-"
GRACE_SECONDS = 3600
_PAUSES = (0.01, 0.05, 0.2, 1.0)
_CHECKSUM = "checksum"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; at the end it is synced and takes its place.

    An error inside the block leaves `path` as it was and removes the temporary file.

    Raises
    ------
    SetUpError
        The disk is full or the folder cannot be written to.
    """
    with _temporary(path.parent, path.suffix) as temporary:
        yield temporary
        sync(temporary)
        _take_place(temporary, path)


def hashed(
    folder: Path, suffix: str, write: Callable[[Path], None], *, prefix: str = ""
) -> tuple[str, int]:
    """Write a file that is named by its SHA-256; return the hash and the size in bytes.

    Parameters
    ----------
    folder : where it lies. suffix, prefix : what follows the hash in its name, and what precedes
        it. write : writes to the path that it is given.
    """
    with _temporary(folder, suffix) as temporary:
        write(temporary)
        sync(temporary)
        digest, size = sha256(temporary), temporary.stat().st_size
        _take_place(temporary, folder / f"{prefix}{digest}{suffix}")
    return digest, size


def write_text(path: Path, text: str) -> None:
    """Write a small text file whole."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sealed(facts: dict) -> str:
    """Return facts as JSON text that carries its own checksum."""
    seal = {_CHECKSUM: _checksum(facts)}
    return json.dumps({**facts, **seal}, indent=1, ensure_ascii=False)


def unsealed(text: str) -> dict:
    """Return the facts of a sealed text; raises ValueError when they are not those written."""
    facts = json.loads(text)
    if not isinstance(facts, dict) or facts.pop(_CHECKSUM, None) != _checksum(facts):
        raise ValueError("the checksum differs")
    return facts


def remove_unfinished(folder: Path, grace_seconds: float = GRACE_SECONDS) -> None:
    """Remove what killed processes left half written in a folder and those under it."""
    oldest = time.time() - grace_seconds
    for path in list(folder.rglob(f"{UNFINISHED}*")):
        with contextlib.suppress(OSError):  # in use (Windows), or gone with its folder already
            if path.stat().st_mtime <= oldest:
                remove(path)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it; what is not there is fine."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Tell people, instead of a programmer, that a folder cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except (OSError, pl.exceptions.ComputeError) as error:  # Polars has no error of its own for it
        raise SetUpError(
            f"{folder} could not be written to: {getattr(error, 'strerror', None) or error}. "
            "What stood there before still stands. Free space or grant access, and try again."
        ) from error


@contextlib.contextmanager
def _temporary(folder: Path, suffix: str) -> Iterator[Path]:
    with writable(folder):
        path = folder / f"{UNFINISHED}{uuid.uuid4().hex}{suffix}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


def _checksum(facts: dict) -> str:
    # Over the content, not the bytes: line ends that a tool changed are no damage.
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _take_place(temporary: Path, path: Path) -> None:
    for pause in _PAUSES if os.name == "nt" else ():
        with contextlib.suppress(PermissionError):  # a reader has the old file open for a moment
            temporary.replace(path)
            return
        time.sleep(pause)
    temporary.replace(path)
    _sync_folder(path.parent)


def sync(path: Path) -> None:
    """Wait until a file's bytes are on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; there the rename itself is journalled.
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
