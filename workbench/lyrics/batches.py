"""Texts in batches of like length and so many tokens, in halves where memory is short for one."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from workbench.errors import SetUpError

Found = TypeVar("Found")

# How torch and the library of multiplications below it tell that memory is short.
_SHORT = ("memory", "could not create a primitive")


def batches(ids: Sequence[list[int]], batch_tokens: int) -> Iterator[list[int]]:
    """Yield positions of token ids, shortest first, at most `batch_tokens` or one text a batch."""
    group: list[int] = []
    held = 0
    for i in sorted(range(len(ids)), key=lambda i: (len(ids[i]), ids[i])):
        if group and held + len(ids[i]) > batch_tokens:
            yield group
            group, held = [], 0
        group.append(i)
        held += len(ids[i])
    if group:
        yield group


def spared(
    forward: Callable[[list[list[int]]], Found], group: list[int], ids: Sequence[list[int]]
) -> Iterator[tuple[list[int], Found]]:
    """Yield (positions, what `forward` gives for their ids) of a batch, halved as memory demands.

    Raises
    ------
    SetUpError
        Memory is short for one text alone.
    """
    try:
        found = forward([ids[i] for i in group])
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not any(word in str(error) for word in _SHORT):
            raise
        if len(group) == 1:
            raise SetUpError(
                "There is not enough free memory to read one line of a lyric. Close other "
                "programs or stop other jobs, then start this again: it goes on where it stopped."
            ) from None
    else:
        yield group, found
        return
    half = len(group) // 2
    for part in (group[:half], group[half:]):
        yield from spared(forward, part, ids)
