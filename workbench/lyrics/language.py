"""The language of each line: by script where the script says it, else by a detector in context.

A line of a song is short and its words are names, slang and sounds, so a detector alone is often
wrong. Its evidence for a line is therefore weighed with what the stanza and the song speak, so that
one Spanish line stays Spanish and "oh no" in an English song stays English.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.lyrics.vocables import vocable_share
from workbench.store.memory import memory

# Languages in Latin script that the detector tells apart.
DETECTED = ("en", "es", "fr", "de", "pt", "it", "nl", "sv", "tr", "id")
NO_WORDS = "zxx"  # ISO 639-2: no linguistic content
_BY_SCRIPT = {
    "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "GREEK": "el", "HEBREW": "he",
    "THAI": "th", "CYRILLIC": "und-Cyrl", "ARABIC": "und-Arab", "DEVANAGARI": "und-Deva",
}  # fmt: skip
_SAYS_ENOUGH = 15
# No song has lines as long, or so many different ones: of each line that much is looked at, and
# lines beyond speak what the song speaks. The time of the detector grows with a word's square.
MOST_LETTERS, MOST_LINES = 1_000, 3_000
_DETECTOR_BYTES = 250_000_000


@dataclass(frozen=True)
class LineLanguage:
    """BCP 47 code of a line, zxx where it has no words, and how sure that is (0-1)."""

    code: str
    sure: float


def script_language(text: str) -> str | None:
    """Return the language that the script of `text` names, "latin", or None without letters.

    Ideographs count double: a word of one or two of them stands against five Latin letters.
    """
    weights: Counter[str] = Counter()
    for letter in filter(str.isalpha, text):
        if letter.isascii():
            weights["LATIN"] += 1
            continue
        script = unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0].split("-")[0]
        weights[script] += 2 if script in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL") else 1
    if not weights:
        return None
    kana = weights["HIRAGANA"] + weights["KATAKANA"]
    if kana and kana + weights["CJK"] > weights["LATIN"]:
        return "ja"
    script = max(weights, key=lambda s: (weights[s], s))
    return "latin" if script == "LATIN" else _BY_SCRIPT.get(script, "und")


def line_languages(lines: Sequence[tuple[str, int]]) -> list[LineLanguage]:
    """Return the language of each (text, stanza) of one song.

    For Latin script: posterior = detector(line)^s x sqrt(.45 stanza + .45 song + .1 flat), where
    stanza and song are means of the detector over their distinct lines, weighted by letters, and s
    is the line's letters over 15, at most 1: "One umbrella" says little by itself.
    """
    texts = list(dict.fromkeys(text for text, _ in lines))
    script = {text: _scripted(text) for text in texts}
    latin = [text for text in texts if script[text] == "latin"]
    votes = {text: _votes(text[:MOST_LETTERS]) for text in latin[:MOST_LINES]}
    song = _mean(list(votes.items()))
    votes |= dict.fromkeys(latin[MOST_LINES:], song)
    stanzas: dict[int, dict[str, dict[str, float]]] = {}
    for text, stanza in lines:
        if text in votes:
            stanzas.setdefault(stanza, {})[text] = votes[text]
    means = {stanza: _mean(list(held.items())) for stanza, held in stanzas.items()}
    result = []
    for text, stanza in lines:
        if text in votes:
            says = min(1.0, len(text) / _SAYS_ENOUGH)
            result.append(_weighed(votes[text], says, means[stanza], song))
        else:
            result.append(LineLanguage(script[text], 1.0))
    return result


def _scripted(text: str) -> str:
    if vocable_share(text) == 1.0:
        return NO_WORDS
    return script_language(text) or NO_WORDS


def _votes(text: str) -> dict[str, float]:
    values = detector().compute_language_confidence_values(text)
    return {value.language.iso_code_639_1.name.lower(): value.value for value in values}


def _mean(held: list[tuple[str, dict[str, float]]]) -> dict[str, float]:
    weight = sum(len(text) for text, _ in held) or 1
    return {code: sum(len(t) * v.get(code, 0.0) for t, v in held) / weight for code in DETECTED}


def _weighed(
    line: dict[str, float], says: float, stanza: dict[str, float], song: dict[str, float]
) -> LineLanguage:
    flat = 0.1 / len(DETECTED)
    posterior = {
        code: line.get(code, 0.0) ** says * (0.45 * stanza[code] + 0.45 * song[code] + flat) ** 0.5
        for code in DETECTED
    }
    total = sum(posterior.values())
    if total <= 0:
        return LineLanguage("und", 0.0)
    code = max(DETECTED, key=lambda c: posterior[c])
    return LineLanguage(code, posterior[code] / total)


def detector():
    """Return the language detector, loaded once in the store of models."""

    def loaded():
        from lingua import Language, LanguageDetectorBuilder

        names = "ENGLISH SPANISH FRENCH GERMAN PORTUGUESE ITALIAN DUTCH SWEDISH TURKISH INDONESIAN"
        languages = [getattr(Language, name) for name in names.split()]
        return LanguageDetectorBuilder.from_languages(*languages).build()

    return memory.load("language detector", loaded, lambda _: _DETECTOR_BYTES)
