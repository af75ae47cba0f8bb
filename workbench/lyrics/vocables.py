"""Vocables: sung syllables without meaning (la la, ooh, na na na, hey)."""

import re

# Spelled with every run of one letter reduced to one: "woooah" is woah, "ooh" is oh, "mmm" is m.
_SYLLABLE = (
    "la|lai|na|nai|da|ba|ra|pa|ta|do|du|di|dum|bum|bom|bop|dop|wop|lo|li|lu|yo|ya|ye|yah|yeah|he|hey|hay|ha|ho|heya|"
    "hm|mhm|m|um|oh|oah|uh|ah|eh|ay|ey|aye|ayo|oy|o|a|e|ow|wo|woh|woah|who|whoa|wah|wa|sha|shop|tra|ru|tu"
)
_VOCABLE = re.compile(
    rf"(?:({_SYLLABLE})\1*|(?:sha|tra|fa|u|o)(?:la)+|(?:tu|du|pa)?(?:ru)+|(?:do|sho)(?:b[iey]do?|wop|wa)+|"
    r"(?:bad|lad)[aiu](?:da)*|(?:[wu]?oh?){2,}|(?:ya|he|a)(?:la)+y|(?:oy|ay)a(?:oy|ay)?)\Z"
)
# Words of several languages that the same letters spell; alone they are words.
_SPELLED = (
    "a o e u do to so he who no da du de di la le lo li lu ha ho ye ya day die dad ow ra pa ta wo "
    "papa dada nana lulu yoyo dodo baba tata hay shop bop fala ola"
)
_WORDS = frozenset(_SPELLED.split())
_RUN = re.compile(r"([^\W\d_])\1+")
_LETTERS = re.compile(r"[^\W\d_]+")


def vocable_share(text: str) -> float:
    """Return the share (0-1) of the words of `text` that are vocables; 0 for text without words.

    A vocable that also spells a word ("la", "da", "do") counts only beside itself or where every
    other word is a vocable too: "la la la" is sung, "la luna" is not.
    """
    words = [w.lower() for w in _LETTERS.findall(text)]
    if not words:
        return 0.0
    may = [bool(_VOCABLE.match(_RUN.sub(r"\1", w))) for w in words]
    sure = [m and w not in _WORDS for m, w in zip(may, words, strict=True)]
    if all(may) and (any(sure) or len(words) > 2):
        return 1.0
    for i, word in enumerate(words):
        beside = words[max(0, i - 1) : i] + words[i + 1 : i + 2]
        sure[i] = sure[i] or (may[i] and word in beside)
    return sum(sure) / len(words)
