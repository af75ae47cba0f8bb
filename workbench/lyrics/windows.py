"""Lines packed into windows that the encoder can read whole: no line is split, no tail dropped."""

from collections.abc import Callable, Sequence

# The encoder was trained on texts of at most 128 word pieces, two of which are its own marks.
WINDOW_TOKENS = 126

Counter = Callable[[str], int]


def packed_windows(
    tokens: Sequence[int], stanzas: Sequence[int], limit: int = WINDOW_TOKENS
) -> list[int]:
    """Return the window number (from 0) of each line.

    A stanza stays together where it fits a window; a window never holds more than `limit` tokens
    unless one line alone does (`pieces` breaks that one up for the encoder).

    Parameters
    ----------
    tokens : word pieces of each line. stanzas : stanza of each line, not decreasing.
    """
    windows: list[int] = []
    window, used, at = 0, 0, 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and stanzas[end] == stanzas[at]:
            end += 1
        whole = sum(tokens[at:end])
        if used and used + whole > limit >= whole:
            window, used = window + 1, 0
        for count in tokens[at:end]:
            if used and used + count > limit:
                window, used = window + 1, 0
            windows.append(window)
            used += count
        at = end
    return windows


def pieces(text: str, count: Counter, limit: int = WINDOW_TOKENS) -> list[str]:
    """Return `text` in parts of at most `limit` tokens, broken between words; nothing is lost.

    A single word beyond the limit is broken between letters.
    """
    if count(text) <= limit:
        return [text]
    parts: list[str] = []
    held: list[str] = []
    for word in text.split():
        if held and count(" ".join([*held, word])) > limit:
            parts.append(" ".join(held))
            held = []
        if count(word) > limit:
            half = len(word) // 2
            parts += [p for side in (word[:half], word[half:]) for p in pieces(side, count, limit)]
        else:
            held.append(word)
    return [*parts, " ".join(held)] if held else parts
