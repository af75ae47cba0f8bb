"""Damage as disks, networks and careless copies do it."""

import random
from collections.abc import Callable


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return data with one random damage that is sure to change it."""
    start = chance.randrange(len(data))
    length = chance.randint(1, 64)
    end = min(len(data), start + length)
    kinds: list[Callable[[], bytes]] = [
        lambda: _flipped(data, chance),
        lambda: data[:start],
        lambda: data[:start] + bytes(end - start) + data[end:],
        lambda: data[:end] + data[start:],
        lambda: data[:start] + data[end:],
        lambda: data[:start] + chance.randbytes(end - start) + data[end:],
        lambda: data + chance.randbytes(length),
    ]
    while (result := chance.choice(kinds)()) == data:
        start = chance.randrange(len(data))
        end = min(len(data), start + length)
    return result


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)
