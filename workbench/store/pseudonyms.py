"""Pseudonyms: keyed hashes of whatever named a person; the key stays apart from the data."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from workbench.errors import SetUpError

KEY = "pseudonym.key"
LENGTH = 16


def pseudonym_key(folder: Path) -> bytes:
    """Return the label's secret key, made at the first call, readable by its owner only.

    Raises
    ------
    SetUpError
        The key file is there but is not a key: joining people again would be impossible.
    """
    path = folder / KEY
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process made it between the two lines
            return pseudonym_key(folder)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise SetUpError(f"{path} is not a pseudonym key; put the right one back from its backup.")
    return key


def pseudonym(key: bytes, person: str) -> str:
    """Return the pseudonym of a person: HMAC-SHA-256, 16 hexadecimal digits."""
    return hmac.new(key, person.encode(), hashlib.sha256).hexdigest()[:LENGTH]


def erasure_mark(key: bytes, listener_id: str) -> str:
    """Return what stands for an erased listener: a hash, so that no file holds the pseudonym."""
    return hmac.new(key, b"erased:" + listener_id.encode(), hashlib.sha256).hexdigest()
