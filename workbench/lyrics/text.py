"""Raw lyric text to clean lines: one normal form of characters, no page furniture, a log of it all.

The traps are those that users of lyric sites and of open lyric tools report: page furniture of
Genius ("12 Contributors", "You might also like", "34Embed"), look-alike Cyrillic letters inside
English words, thin and zero-width spaces, text decoded twice, HTML, and several line endings.
"""

import html
import re
import unicodedata
from dataclasses import dataclass

# Cyrillic and Greek letters that print like a Latin one; mapped only inside Latin text.
_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABESIJKMHOPCTYXaeopcyxijsdhqwABEZHIKMNOPTYXo",
)
_QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "´": "'", "`": "'", "′": "'"}
    | {"“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "–": "-", "―": "-", "‐": "-", "‑": "-"}
)
# Zero-width space, word joiner, soft hyphen, marks of direction, byte-order mark, controls.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[\x00-\x08\x0e-\x1f\x7f]"
)
# A joiner between two Latin letters does nothing; in Persian, Hindi or an emoji it does.
_JOINER = re.compile("(?<![^\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u024f])")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\u2028]")
_SPACES = re.compile(r"[^\S\n]+")
# Bounded, as each opening that is never closed would else be sought to the end of its line.
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>|<!--[^\n]{0,1000}?-->")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li)\b[^<>\n]{0,100}>", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_TWICE_DECODED = re.compile("[ÂÃâ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

_HEAD = re.compile(r"\A\s*\d+ ?Contributors?[^\n]{0,600}?\bLyrics(?=[\[\n]|[^\s,.;!?]|\Z)")
_HEAD_LOOSE = re.compile(r"\A\s*\d+ ?Contributors?[^\n]{0,600}?\bLyrics")
_BLURB = re.compile(r"\A.{0,2000}?\.\.\.\s*Read More[^\S\n]*\n?", re.DOTALL)
_TICKETS = re.compile(r"(?:See [^\n]{1,80}? Live\s*)?Get tickets as low as \$\d+")
_ALSO = re.compile(
    r"^You might also like(?:\n|\Z|(?=[\[A-Z\"'(]))|"
    r"(?<=\S)You might also like(?=\n|\Z|[\[A-Z\"'(])",
    re.MULTILINE,
)
_EMBED = re.compile(r"(?P<number>\d[\d.]*K?)?Embed(?:Share\s*URLCopyEmbedCopy)?\s*\Z")
# Letters at the end of a text in which that footer is sought: a song of digits must not hang.
_FOOTER = 120


@dataclass(frozen=True)
class Change:
    """One thing that cleaning did: what kind, the text concerned, how often."""

    kind: str
    text: str
    count: int = 1


@dataclass(frozen=True)
class CleanText:
    """Clean text and the log of what was removed or rewritten."""

    text: str
    changes: tuple[Change, ...]


def clean_text(raw: str) -> CleanText:
    """Return `raw` in one normal form, without page furniture, and what was changed.

    Line breaks, section headers and time stamps stay: `workbench.lyrics.structure` reads them.
    Letters of any script survive; characters are composed as Unicode NFKC has it.
    """
    log: list[Change] = []
    raw = raw.encode("utf-8", "replace").decode("utf-8")  # half a letter fits no table
    text = _BREAKS.sub("\n", raw).replace("\u2029", "\n\n")
    text = "\n".join(_decoded_once(line, log) for line in text.split("\n"))
    text = text.replace("\x85", "\n")  # next line; before the repair it may be half a letter
    text = _without_html(text, log)
    text = _replaced(_INVISIBLE, "", text, "invisible characters", log)
    text = _replaced(_JOINER, "", text, "invisible characters", log)
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = "\n".join(_without_twins(line, log) for line in text.split("\n"))
    text = _without_furniture(text, log)
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return CleanText(text=text, changes=tuple(log))


def _replaced(pattern: re.Pattern, by: str, text: str, kind: str, log: list[Change]) -> str:
    result, count = pattern.subn(by, text)
    if count:
        log.append(Change(kind, "", count))
    return result


def _decoded_once(line: str, log: list[Change]) -> str:
    """Undo UTF-8 that was read as Windows-1252, where that gives a valid line."""
    if not _TWICE_DECODED.search(line):
        return line
    try:
        # Bytes that Windows-1252 leaves undefined come through as the control of the same number.
        raw = b"".join(c.encode("latin-1" if 0x80 <= ord(c) <= 0x9F else "cp1252") for c in line)
        repaired = raw.decode("utf-8")
    except UnicodeError:
        return line
    log.append(Change("text decoded twice", line))
    return repaired


def _without_html(text: str, log: list[Change]) -> str:
    if "<" in text:
        text = _BREAK.sub("\n", text)
        log.extend(Change("html", tag) for tag in _TAG.findall(text))
        text = _TAG.sub("", text)
    if "&" in text:
        unescaped = html.unescape(text)
        if unescaped != text:
            log.append(Change("html", "character references"))
            text = unescaped
    return text


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", 1)[0]


def _without_twins(line: str, log: list[Change]) -> str:
    """Map look-alike letters in words that mix scripts, or that stand alone in a Latin line."""
    if line.isascii() or line.translate(_TWINS) == line:
        return line
    words = _WORD.findall(line)
    hidden = {w for w in words if not w.isascii() and w.translate(_TWINS).isascii()}
    if not hidden:
        return line
    mixed = {w for w in hidden if any(_script(c) == "LATIN" for c in w)}
    # A whole look-alike word ("сор") is one only if all that is not a look-alike is Latin.
    others = [c for w in words if w not in hidden for c in w]
    if others and all(_script(c) == "LATIN" for c in others):
        mixed = hidden
    log.extend(Change("look-alike letters", word) for word in sorted(mixed))
    return _WORD.sub(lambda m: m[0].translate(_TWINS) if m[0] in mixed else m[0], line)


def _without_furniture(text: str, log: list[Change]) -> str:
    """Drop what a lyric page prints around and between the lines."""
    head = _HEAD.match(text) or _HEAD_LOOSE.match(text)
    if head:
        log.append(Change("page header", head[0].strip()))
        text = text[head.end() :]
        blurb = _BLURB.match(text)
        if blurb:
            log.append(Change("about text", blurb[0].strip()))
            text = text[blurb.end() :]
    for pattern, kind in ((_TICKETS, "advertisement"), (_ALSO, "advertisement")):
        log.extend(Change(kind, found.strip()) for found in pattern.findall(text))
        text = pattern.sub(_line_break, text)
    return _without_embed(text, log)


def _line_break(found: re.Match) -> str:
    """Keep apart what the removed text stood between on one line."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    inside = before and not before.endswith("\n") and after and not after.startswith("\n")
    return "\n" if inside else ""


def _without_embed(text: str, log: list[Change]) -> str:
    """Drop the trailing "34Embed", never a letter or a year of the last line."""
    found = _EMBED.search(text, max(0, len(text.rstrip()) - _FOOTER))
    if not found:
        return text
    before = text[: found.start()]
    number = found["number"] or ""
    glued = bool(before) and not before[-1].isspace()
    own_line = not before or before.endswith("\n")
    if not (glued or own_line or number):
        return text  # "... the memories Embed": a word of the line
    # "back in 1999Embed": a number that is a word of its own belongs to the lyric.
    keep = number if number and not (glued or own_line) else ""
    log.append(Change("page footer", text[found.start() + len(keep) :].strip()))
    return before + keep
