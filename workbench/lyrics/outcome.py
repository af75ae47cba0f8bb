"""What became of a track's lyric: scored, or the reason why not. Never folded into a mood."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.lyrics.language import NO_WORDS
from workbench.lyrics.vocables import vocable_share
from workbench.settings import settings

SCORED = "scored"
INSTRUMENTAL = "instrumental"
NO_TEXT = "no_text"
TOO_SHORT = "too_short"
VOCABLES = "vocables"
UNSUPPORTED = "unsupported_language"
WAITING = "waiting"
OUTCOMES = (SCORED, INSTRUMENTAL, NO_TEXT, TOO_SHORT, VOCABLES, UNSUPPORTED, WAITING)

# Words that label people use, and what can be done about it.
MEANING = {
    SCORED: "Scored",
    INSTRUMENTAL: "Instrumental: the text or the catalogue says that nobody sings",
    NO_TEXT: "No lyric on file: import one",
    TOO_SHORT: "Too short: fewer than three different lines or eighty letters of words",
    VOCABLES: "Vocables only (la la, ooh): nothing is said",
    UNSUPPORTED: "Language not supported: the model does not read it",
    WAITING: "Not scored yet: make the line moods",
}
# The same in a column of a table of tracks.
STATE = {
    SCORED: "scored",
    INSTRUMENTAL: "instrumental",
    NO_TEXT: "none",
    TOO_SHORT: "too short",
    VOCABLES: "vocables only",
    UNSUPPORTED: "other language",
    WAITING: "not scored yet",
}
# Nothing is sung, as far as anybody knows; in all other outcomes a lyric is on file.
WITHOUT_LYRIC = (INSTRUMENTAL, NO_TEXT)

# Letters, not words: a song in ideographs has few "words". An ideograph weighs three letters.
LEAST_LETTERS = 80
LEAST_LINES = 3
VOCABLE_LIMIT = 0.85
# With less than this share of its words in a supported language a song would be judged by a rest.
LEAST_COVERAGE = 0.3


@dataclass(frozen=True)
class Reading:
    """What a lyric can be used for.

    Attributes
    ----------
    outcome : one of OUTCOMES. language : of most letters, zxx without words.
    coverage : share (0-1) of the letters, each distinct line once, that the model can read.
    letters : of the distinct lines, an ideograph as three.
    """

    outcome: str
    language: str
    coverage: float
    letters: int


def supported() -> frozenset[str]:
    """Return the languages that the emotion model in force reads."""
    return frozenset(settings().lyric_languages)


def letters(text: str) -> int:
    """Return how many letters a text has, an ideograph or syllable sign as three."""
    return sum(3 if ord(c) >= 0x2E80 else 1 for c in text if c.isalpha())


def reading(
    lines: Sequence[tuple[str, str]], read: frozenset[str], *, says_instrumental: bool = False
) -> Reading:
    """Return the outcome for the (text, language) lines of a parsed lyric, by the languages read.

    The order of the questions matters: a song of la la is neither short nor foreign.
    """
    distinct = dict(lines)
    if not distinct:
        return Reading(INSTRUMENTAL if says_instrumental else NO_TEXT, NO_WORDS, 0.0, 0)
    size = {text: letters(text) for text in distinct}
    total = sum(size.values())
    sung = sum(size[text] * vocable_share(text) for text in distinct)
    if total and sung / total >= VOCABLE_LIMIT:
        return Reading(VOCABLES, NO_WORDS, 0.0, total)
    worded = {text: code for text, code in distinct.items() if code != NO_WORDS}
    said = sum(size[text] for text in worded)
    by_language: dict[str, int] = {}
    for text, code in worded.items():
        by_language[code] = by_language.get(code, 0) + size[text]
    language = max(by_language, key=lambda code: (by_language[code], code), default=NO_WORDS)
    if len(worded) < LEAST_LINES or said < LEAST_LETTERS:
        return Reading(TOO_SHORT, language, 0.0, total)
    coverage = sum(n for code, n in by_language.items() if code in read) / said
    readable = sum(code in read for code in worded.values())
    if coverage < LEAST_COVERAGE or readable < LEAST_LINES:
        return Reading(UNSUPPORTED, language, coverage, total)
    return Reading(SCORED, language, coverage, total)
