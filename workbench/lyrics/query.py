"""What a search of lyrics asks for: what songs are about, how they feel and where, which words.

Rules that can be read, no model: “songs about leaving home that end hopeful” is about “leaving
home” and wants hope at the end. What was understood is shown with the hits.
"""

import re
from dataclasses import dataclass

from workbench.lyrics.families import MISSING
from workbench.lyrics.text import clean_text

# A brief, not a lyric: more is not read.
LONGEST = 1_000
WHOLE, START, END = "whole", "start", "end"
# Words that ask for a family wherever they stand, and nouns that do only with a place in the song:
# “songs about hope” are about it, “songs that end in hope” feel it.
FEELS = {
    "joy": "happy happily joyful joyous glad cheerful upbeat uplifting euphoric excited grateful "
    "thankful",
    "love": "loving tender affectionate romantic devoted",
    "desire": "sexy sensual seductive lustful",
    "hope": "hopeful hopefully optimistic",
    "pride": "proud proudly triumphant",
    "calm": "calm calmly peaceful serene relieved",
    "longing": "wistful nostalgic yearning homesick longing",
    "sadness": "sad sadly heartbroken heartbreaking melancholy melancholic mournful sorrowful "
    "gloomy regretful tearful",
    "anger": "angry angrily furious bitter resentful outraged",
    "fear": "afraid scared fearful anxious nervous frightened worried",
    "playfulness": "playful funny humorous silly witty",
    "reflection": "reflective thoughtful pensive",
}
NOUNS = {
    "joy": "joy happiness gratitude", "love": "love tenderness", "desire": "desire lust",
    "hope": "hope optimism", "pride": "pride triumph", "calm": "calmness peace relief",
    "sadness": "sadness sorrow grief regret heartbreak despair", "anger": "anger rage fury",
    "fear": "fear anxiety worry", "playfulness": "laughter humour humor",
    "reflection": "reflection",
}  # fmt: skip
_FAMILY = {
    word: family for table in (FEELS, NOUNS) for family in table for word in table[family].split()
}


def _any(*tables: dict[str, str]) -> str:
    words = [word for table in tables for held in table.values() for word in held.split()]
    return "|".join(sorted(words, key=len, reverse=True))


_ALL, _ADJECTIVES = _any(FEELS, NOUNS), _any(FEELS)
_GAP = r"\s+(?:(?!about\b)[\w'-]+\s+){0,3}?"  # “ends on a very hopeful note”
_ENDING = (
    r"end(?:s|ed|ing)?|finish(?:es|ed|ing)?|turn(?:s|ed|ing)?|becom(?:e|es|ing)|resolv(?:e|es|ing)"
)
_STARTING = r"start(?:s|ed|ing)?|begin(?:s|ning)?|open(?:s|ed|ing)?"
_NOT = (
    r"(?:\b(?:(?:do|does|did|is|are|to)\s+(?=not\b|never\b))?"
    r"(?:not|never|without|no|isn't|aren't|don't|doesn't|didn't)\s+(?:too\s+|very\s+|being\s+)?)"
)
_TAIL = r"(?:\s+(?:note|mood|way|place|feeling))?"
_RULES = (
    rf"\bfrom\s+(?P<start>{_ALL})\s+to\s+(?P<end>{_ALL})\b",
    rf"(?P<not>{_NOT})?\b(?:{_ENDING}){_GAP}(?P<end>{_ALL})\b{_TAIL}",
    rf"(?P<not>{_NOT})?\b(?:{_STARTING}){_GAP}(?P<start>{_ALL})\b{_TAIL}",
    rf"\b(?:an?\s+)?(?P<end>{_ALL})\s+(?:ending|end|finish|close|last\s+\w+)\b",
    rf"\b(?:an?\s+)?(?P<start>{_ALL})\s+(?:beginning|start|opening|first\s+\w+)\b",
    rf"(?P<not>{_NOT})?\b(?P<whole>{_ADJECTIVES})\b{_TAIL}",
)
_PREAMBLE = re.compile(
    r"\A(?:(?:please|find|show|give|me|us|i|we|want|need|looking|for|a|an|the|some|any|all|which|"
    r"what|sounds?|feels?|and|but|or|that|is|are|very|really|quite|so|more|less)\s+)*"
    r"(?:songs?|tracks?|lyrics?|tunes?|ballads?|something|anything|one|ones)\b"
    r"(?:\s+(?:that|which|who|is|are|was|were|to|be|all|mostly|fits?|talks?|talking|sings?|singing|"
    r"speaks?|tells?|deals?|and|but|feels?|sounds?))*"
    r"(?:\s+(?:about|on|of|with|for)\b)?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"([^"]+)"')
_LEFT = re.compile(
    r"(?:\s|[,;:.!?&-]|\b(?:that|which|who|and|but|with|yet|then|in|on|to|a|an|is|are|it|they|"
    r"although|though|while|very|really)\b)+\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wish:
    """A mood that is asked for: family, where in the song (whole, start, end), or not wanted."""

    family: str
    where: str
    wanted: bool = True


@dataclass(frozen=True)
class Query:
    """What was understood.

    Attributes
    ----------
    text : what was read. about : what the songs are about; empty where only moods are asked for.
    phrases : quoted words, as written. wishes : moods. unheard : families asked for that no
    emotion label carries; they stay in `about`. cut : whether more was asked than is read.
    """

    text: str
    about: str
    phrases: tuple[str, ...]
    wishes: tuple[Wish, ...]
    unheard: tuple[str, ...]
    cut: bool


def understood(words: str) -> Query:
    """Return what a search asks for; never raises, whatever the text holds."""
    text = " ".join(clean_text(words[:LONGEST]).text.split())
    phrases = tuple(found.strip() for found in _QUOTED.findall(text) if found.strip())
    wishes: list[Wish] = []
    unheard: list[str] = []
    # a quotation stands aside while moods are looked for: its words are nobody's wish
    quoted = iter(_QUOTED.findall(text))
    rest = _QUOTED.sub("\0", text.replace("\0", " "))
    for rule in _RULES:
        rest = re.sub(rule, lambda found: _heard(found, wishes, unheard), rest, flags=re.IGNORECASE)
    rest = " ".join(rest.replace('"', " ").split())
    about = _LEFT.sub("", _inner(_PREAMBLE.sub("", _inner(rest), count=1)))
    about = re.sub("\0", lambda _: f" {next(quoted)} ", about)
    about = " ".join([*dict.fromkeys(unheard), *about.split()])
    order = {START: 0, WHOLE: 1, END: 2}
    distinct = sorted(dict.fromkeys(wishes), key=lambda wish: order[wish.where])
    return Query(
        text, about, phrases, tuple(distinct), tuple(dict.fromkeys(unheard)), len(words) > LONGEST
    )


def _heard(found: re.Match, wishes: list[Wish], unheard: list[str]) -> str:
    """Note the moods of a match and return what of it stays in the text."""
    named = {where: word for where, word in found.groupdict().items() if word and where != "not"}
    families = {where: _FAMILY[word.lower()] for where, word in named.items()}
    if any(family in MISSING for family in families.values()):
        unheard += named.values()
        return " "
    wanted = not found.groupdict().get("not")
    wishes += [Wish(family, where, wanted) for where, family in families.items()]
    return " "


def _inner(text: str) -> str:
    """Drop what a mood taken out leaves behind at the front: “and”, “that”, a comma."""
    return re.sub(r"\A(?:\s|[,;:.!?-]|\b(?:and|but|that|which|about)\b)+", "", text, flags=re.I)
