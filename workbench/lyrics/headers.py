"""Section headers of lyric sheets: what kind of section, who sings it, how often."""

import re
from dataclasses import dataclass

# Every spelling that is read as a section, by kind; longer ones are tried first.
_WORDS = {
    "pre-chorus": "pre-chorus|prechorus|pre chorus|pre-hook|build|pre-coro|precoro|pré-refrain|"
    "pre-refrain|pré-refrão|pre-estribillo|pre-ritornello|导歌|導歌|預副歌|预副歌",
    "post-chorus": "post-chorus|postchorus|post chorus|post-hook|drop|post-coro|"
    "post-estribillo|post-refrain",
    "chorus": "chorus|hook|refrain|coro|estribillo|refrão|refrao|ritornello|refrein|refräng|"
    "kehrreim|副歌|サビ|후렴",
    "bridge": "bridge|middle eight|middle 8|puente|pont|ponte|brücke|bruecke|"
    "桥段|橋段|c-part|c-teil|brygga",
    "verse": "verse|vers|strophe|couplet|verso|estrofa|strofa|strofe|part|parte|teil|stanza|"
    "主歌|절",
    "intro": "introduction|introducción|introdução|intro|前奏",
    "outro": "outro|coda|ending|end|out|final|salida|cierre|sortie|fin|schluss|尾声|尾聲|尾奏",
    "interlude": "interlude|interludio|intermezzo|skit|间奏|間奏",
    "instrumental": "instrumental|guitar solo|piano solo|sax solo|drum solo|solo|break|breakdown",
    "spoken": "spoken word|spoken|rede|hablado|parlé",
}
_KIND = {word: kind for kind, words in _WORDS.items() for word in words.split("|")}
_ANY = "|".join(re.escape(word) for word in sorted(_KIND, key=len, reverse=True))
# A word of a header ends there: "Parting" is no part, while "主歌1" and "Verse1" are verses.
_NAME = re.compile(
    rf"(?:(?:last|final|first|second|half|double) (?=\w))?(?P<word>{_ANY})(?![^\W\d_])",
    re.IGNORECASE,
)
_TIMES = r"(?:[x×]\s?(?P<after>\d{1,2})|(?P<before>\d{1,2})\s?[x×])"
REPEAT = re.compile(rf"[(\[]?\s*(?:repeat\s*)?{_TIMES}\s*[)\]]?\s*$", re.IGNORECASE)
_NUMBER = r"(?:\s*(?:\d{1,2}|[IVX]{1,4}|[a-d]))?"
_BARE = re.compile(
    rf"(?P<word>{_ANY}){_NUMBER}\s*(?P<colon>:)?\s*(?:\(?{_TIMES}\)?)?\Z", re.IGNORECASE
)
_COUNTED = re.compile(r"(?:\d{1,2}|[IVX]{1,5})[.)]?\Z")
_ORDINALS = "one two three four five six uno dos tres cuatro un deux trois eins zwei drei"
_AND = re.compile(r"\s*(?:[,;/+&]|\b(?:feat|ft|with|and|y|et|und)\b\.?)\s*", re.IGNORECASE)
# Bare words that are as likely a line of the song as a heading.
_RISKY = (
    "drop break solo hook bridge part final ending end out fin build coda skit rede pont ponte "
    "coro verso parte vers"
)
MOST_REPEATS = 16


@dataclass(frozen=True)
class Header:
    """A section's name as written, its kind, its performers and how often it is sung."""

    label: str
    kind: str
    performers: tuple[str, ...] = ()
    times: int = 1


def times(found: re.Match | None) -> int:
    """Return how often a repeat mark asks for, 1 where it asks for nothing sensible."""
    if found is None:
        return 1
    count = int(found["after"] or found["before"] or 1)
    return count if 2 <= count <= MOST_REPEATS else 1


def bracketed_header(inner: str) -> Header:
    """Return the header that stands in square brackets; an unknown one has the kind "other"."""
    inner = " ".join(inner.split())
    repeat = REPEAT.search(inner)
    if repeat and times(repeat) > 1:
        inner = inner[: repeat.start()].rstrip(" (-,:")
    name, _, people = inner.partition(":")
    if not people and re.search(r"\s-\s", inner):
        name, people = re.split(r"\s-\s", inner, maxsplit=1)
    found = _NAME.match(name.strip())
    kind = _KIND[found["word"].lower()] if found else "other"
    if _COUNTED.match(name.strip()) or name.strip().lower() in _ORDINALS.split():
        kind = "verse"
    performers = tuple(p for p in _AND.split(people.strip()) if p)
    if kind == "other" and not people and inner[:1].isupper() and len(inner) > 2:
        performers = tuple(p for p in _AND.split(inner) if p)
    return Header(inner, kind, performers, times(repeat))


def bare_header(line: str, after_blank: bool) -> Header | None:
    """Return the header that `line` is without brackets ("Chorus:", "VERSE 2"), or None."""
    if after_blank and _COUNTED.match(line):
        return Header(line, "verse")
    inner = line[1:-1].strip() if line.startswith("(") and line.endswith(")") else line
    found = _BARE.match(inner)
    if not found:
        return None
    word = found["word"].lower()
    numbered = any(c.isdigit() for c in inner)
    marked = found["colon"] or numbered or inner.isupper() or inner != line
    if not marked and (word in _RISKY.split() or not after_blank):
        return None
    return Header(inner.rstrip(": "), _KIND[word], (), times(found))


def opens_header(text: str) -> bool:
    """Tell whether `text`, what follows a "[", begins with a section word."""
    return bool(_NAME.match(text.lstrip()))
