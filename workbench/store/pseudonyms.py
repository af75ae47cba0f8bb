"""Pseudonyms: keyed hashes of whatever named a person; the key stays apart from the data."""

import hashlib
import hmac
import re
import secrets
from pathlib import Path

import filelock

from workbench.errors import SetUpError
from workbench.store.files import replacing, writable

KEY = "pseudonym.key"
BYTES = 32
LENGTH = 16


def pseudonym_key(folder: Path, *, new: bool = True) -> bytes:
    """Return the label's secret key, readable by its owner only.

    Parameters
    ----------
    folder : of what is derived from the label. new : make the key when there is none.

    Raises
    ------
    SetUpError
        The file is not a key, or is gone though it was used: with another key a person would get
        a second pseudonym, and who was erased would come back.
    """
    path = folder / KEY
    if new and not path.exists():
        with writable(folder), filelock.FileLock(folder / f".{KEY}.lock"):
            if not path.exists():  # another process may have been faster
                with replacing(path) as temporary:
                    temporary.touch(mode=0o600)
                    temporary.write_text(secrets.token_hex(BYTES))
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != BYTES:
        raise SetUpError(
            f"{path} is missing or is not a pseudonym key; put it back from its backup."
        )
    return key


def pseudonym(key: bytes, person: str) -> str:
    """Return the pseudonym of a person: HMAC-SHA-256, 16 hexadecimal digits."""
    return hmac.new(key, person.encode(), hashlib.sha256).hexdigest()[:LENGTH]


def erasure_mark(key: bytes, listener_id: str) -> str:
    """Return what stands for an erased listener: a hash, so that no file holds the pseudonym."""
    return hmac.new(key, b"erased:" + listener_id.encode(), hashlib.sha256).hexdigest()


def mention(listener_id: str) -> re.Pattern[str]:
    """Return what finds a listener in a text; “12” is not mentioned by “budget=1200”."""
    return re.compile(rf"(?<![\w-]){re.escape(listener_id)}(?![\w-])")
