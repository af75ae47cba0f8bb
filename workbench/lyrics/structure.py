"""A clean lyric to lines: section, stanza, performers, time stamp, how often each is heard."""

import re
from dataclasses import dataclass, replace

from workbench.lyrics.headers import (
    REPEAT,
    Header,
    bare_header,
    bracketed_header,
    opens_header,
    times,
)
from workbench.lyrics.text import Change, clean_text

_STAMPS = re.compile(r"\A((?:\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\]\s*)+)(.*)\Z")
_STAMP = re.compile(r"\[(\d{1,3}):(\d{2})(?:[.:](\d{1,3}))?\]")
_WORD_STAMP = re.compile(r"<\d{1,3}:\d{2}(?:\.\d{1,3})?>\s?")
_META = re.compile(
    r"\A\[(ar|ti|al|au|by|length|offset|re|ve|tool|lang|la|#)\s*:(.*)\]\Z", re.IGNORECASE
)
_WIDE_HEADER = re.compile(r"\[([^\[\]]{1,200})\]")
_DIRECTION = re.compile(
    r"\A[(*\[]*\s*(?:(?:\w+ )?(?:instrumental|solo)(?: break| interlude| outro| intro)?|"
    r"applause|laughter)\s*[)*\]]*\Z",
    re.IGNORECASE,
)
_SAYS_INSTRUMENTAL = re.compile(
    r"\A[\[(]?\s*(?:(?:this|the) (?:song|track) is )?(?:an? )?instrumental\s*"
    r"(?:track|piece|song)?[\])]?\W*\Z",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\A\s*(?:lyrics (?:for this song )?(?:have yet to be|will be) (?:released|available|added)|"
    r"no lyrics|lyrics not available|we do not have the lyrics)\b",
    re.IGNORECASE,
)
_SUNG_AGAIN = ("chorus", "pre-chorus", "post-chorus")
# Beyond so many lines no section is heard again, and no line more often: that is no song any more.
MOST_LINES, MOST_HEARD = 3_000, 1_000


@dataclass(frozen=True)
class Line:
    """One line of a lyric.

    Attributes
    ----------
    text : the words. section : number of its section from 0. label : the header as written, or "".
    kind : verse, chorus, pre-chorus, post-chorus, bridge, intro, outro, interlude, instrumental,
        spoken, other, or "" without a header.
    performers : who sings it, as the header says.  stanza : number of its stanza from 0.
    at_ms : when it is sung, where the file has time stamps.
    heard : how often it is sung here.  written : False where only a bare header stands for it.
    """

    text: str
    section: int
    label: str
    kind: str
    performers: tuple[str, ...]
    stanza: int
    at_ms: int | None = None
    heard: int = 1
    written: bool = True


@dataclass(frozen=True)
class Lyric:
    """A parsed lyric: lines in the order heard, what was changed, what the text says of itself."""

    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    says_instrumental: bool = False
    placeholder: bool = False


def parsed_lyric(raw: str) -> Lyric:
    """Return the lines of a raw lyric text; never raises, whatever the text holds.

    "(x2)" after a line or in a header counts the line twice; alone on a line it repeats the stanza
    above. A header such as [Chorus] without lines stands for the earlier section of that kind.
    """
    clean = clean_text(raw)
    log = list(clean.changes)
    if _PLACEHOLDER.match(clean.text):
        return Lyric((), (*log, Change("placeholder", clean.text[:80])), placeholder=True)
    if _SAYS_INSTRUMENTAL.match(clean.text):
        return Lyric((), tuple(log), says_instrumental=True)
    text = _headers_on_own_lines(clean.text)
    stamped = _without_stamps(text, log)
    reader = _Reader(log)
    for at_ms, line in stamped:
        reader.read(line, at_ms)
    reader.close_section()
    silent = reader.instrumental and not reader.lines
    return Lyric(tuple(reader.lines), tuple(log), says_instrumental=silent)


def _headers_on_own_lines(text: str) -> str:
    """Put "...yeah[Outro]" and "[Intro]Hey" on two lines and a header over two lines on one."""
    text = text.translate({ord("【"): "[", ord("】"): "]", ord("〔"): "[", ord("〕"): "]"})

    def apart(found: re.Match) -> str:
        if _STAMP.fullmatch(found[0]) or not opens_header(found[1]):
            return found[0]
        return "\n[" + " ".join(found[1].split()) + "]\n"

    split = _WIDE_HEADER.sub(apart, text)
    return re.sub(r"\n\n(?=\[)|(?<=\])\n\n", "\n", split) if split != text else text


def _without_stamps(text: str, log: list[Change]) -> list[tuple[int | None, str]]:
    """Return (milliseconds, line) pairs; in a time-stamped file in the order of time."""
    rows: list[tuple[int | None, str]] = []
    offset, stamps = 0, 0
    timed = bool(re.search(r"^\[\d{1,3}:\d{2}", text, re.MULTILINE))
    for line in text.split("\n"):
        meta = _META.match(line) if timed else None
        if meta:
            log.append(Change("time-stamp file header", line))
            if meta[1].lower() == "offset":
                digits = re.search(r"[-+]?\d{1,7}", meta[2])
                offset = int(digits[0]) if digits else 0
            continue
        found = _STAMPS.match(line)
        words = _WORD_STAMP.sub("", found[2] if found else line).strip()
        if not found:
            rows.append((None, words))
            continue
        for minutes, seconds, part in _STAMP.findall(found[1]):
            stamps += 1
            at_ms = int(minutes) * 60_000 + int(seconds) * 1_000 + int((part + "000")[:3])
            rows.append((at_ms, words))
    if not stamps:
        return rows
    log.append(Change("time stamps", "", stamps))
    # A positive offset shows lines earlier. Lines without a stamp stay with the one before them.
    clock, keyed = 0, []
    for at_ms, words in rows:
        clock = clock if at_ms is None else at_ms
        keyed.append((clock, None if at_ms is None else max(0, at_ms - offset), words))
    return [(at_ms, words) for _, at_ms, words in sorted(keyed, key=lambda row: row[0])]


class _Reader:
    """Walks the lines once and keeps track of section and stanza."""

    def __init__(self, log: list[Change]) -> None:
        self.log, self.lines, self.instrumental = log, [], False
        self._header = Header("", "")
        self._section, self._stanza = -1, -1
        self._new_section = self._new_stanza = True
        self._opened = False

    def read(self, line: str, at_ms: int | None) -> None:
        line = line.strip(" ♪♫♬*#_~|")
        if _DIRECTION.match(line):
            self.instrumental = True
            self.log.append(Change("stage direction", line))
            self._new_stanza = True
            return
        header = self._header_of(line)
        if header:
            self.close_section()
            self._header, self._opened = header, True
            self._new_section = self._new_stanza = True
            self.instrumental = self.instrumental or header.kind == "instrumental"
        elif not any(c.isalnum() for c in line):
            self._new_stanza = True
            if line:
                self.log.append(Change("line without letters", line))
        else:
            self._take(line, at_ms)

    def _header_of(self, line: str) -> Header | None:
        if line.startswith("[") and line.endswith("]") and line.count("[") == 1:
            whole = REPEAT.match(line)
            return None if whole else bracketed_header(line[1:-1])
        return bare_header(line, after_blank=self._new_stanza)

    def _take(self, line: str, at_ms: int | None) -> None:
        mark = REPEAT.search(line)
        count = times(mark)
        if count > 1:
            self.log.append(Change("repeat mark", mark[0].strip(), count))
            line = line[: mark.start()].rstrip(" ,-(")
            if not line:
                self._repeat_stanza(count)
                return
        notes = re.findall(r"\[[^\[\]]{1,60}\]", line)
        for note in notes:
            self.log.append(Change("note inside a line", note))
            line = " ".join(line.replace(note, " ").split())
        if not any(c.isalnum() for c in line):
            return
        self._section += self._new_section
        self._stanza += self._new_stanza
        self._new_section = self._new_stanza = self._opened = False
        head, stanza, heard = self._header, self._stanza, count * self._header.times
        place = (self._section, head.label, head.kind, head.performers)
        self.lines.append(Line(line, *place, stanza, at_ms, heard))

    def _repeat_stanza(self, count: int) -> None:
        for i, line in enumerate(self.lines):
            # One that is heard as often as may be stays: thousands of marks must not hang.
            if line.stanza == self._stanza and line.heard < MOST_HEARD:
                self.lines[i] = replace(line, heard=min(line.heard * count, MOST_HEARD))

    def close_section(self) -> None:
        """Let a header without lines stand for the earlier section of its kind."""
        if not self._opened or self._header.kind not in _SUNG_AGAIN:
            return
        alike = [line for line in self.lines if line.kind == self._header.kind]
        if not alike:
            return
        last = [line for line in alike if line.section == alike[-1].section]
        if len(self.lines) + len(last) > MOST_LINES:
            self.log.append(Change("section not heard again: too many lines", self._header.label))
            return
        self._section, self._stanza = self._section + 1, self._stanza + 1
        head = self._header
        for line in last:
            self.lines.append(
                replace(
                    line,
                    section=self._section,
                    stanza=self._stanza,
                    label=head.label,
                    at_ms=None,
                    heard=head.times,
                    written=False,
                    performers=head.performers or line.performers,
                )
            )
        self.log.append(Change("section heard again", head.label, len(last)))
        self._opened = False
        self._new_section = self._new_stanza = True
