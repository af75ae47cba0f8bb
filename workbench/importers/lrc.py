"""LRC files: lyrics with a time before each line, one file a song.

The text is kept as the file has it, stamps and all: `workbench.lyrics.structure` reads the words in
the order of time, a line for each of its stamps, and keeps when it is sung.
"""

import json
import re
from dataclasses import replace

import polars as pl

from workbench.errors import BadInput
from workbench.importers import delimited, reading
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.lyrics_named import FILE, TEXT, Lyrics, understood, wordless
from workbench.importers.reading import Source
from workbench.importers.sheet import REFUSED, ROW

LARGEST = 1_000_000
TAGS = {"title": "ti", "artist": "ar", "album": "al", "isrc": "isrc",
        "language": "la lang language", "duration_ms": "length"}  # fmt: skip
TAG = re.compile(r"^[ \t]*\[([A-Za-z]{2,8})[ \t]*:([^\n]*)\][ \t]*$", re.MULTILINE)
KNOWN = {tag for tags in TAGS.values() for tag in tags.split()} | {
    "au", "lr", "by", "offset", "re", "ve", "tool", "id",
}  # fmt: skip
STAMPED = re.compile(r"^[ \t]*\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\]", re.MULTILINE)
# It begins like a stamp and is none: its line stays text.
BROKEN = re.compile(
    r"^[ \t]*(?:\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\][ \t]*)*"
    r"\[(?=\d+[:.])(?!\d{1,3}:\d{2}(?:[.:]\d{1,3})?\])[^\n]*$",
    re.MULTILINE,
)
OFFSET = re.compile(r"^\s*[-+]?\d{1,7}\s*$")
LENGTH = re.compile(r"^\s*(\d{1,3}):(\d{2})(?:[.:]\d{1,3})?\s*$")
COLUMNS = (FILE, *TAGS, TEXT, "note")


def is_timed(text: str) -> bool:
    """Tell a text with time stamps: before a third of its lines, or below a tag of a song.

    Stamps below the header of a table stand in its cells, which have quotes around them.
    """
    text = _in_lines(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    stamps = len(STAMPED.findall(text))
    tags = sum(name.lower() in KNOWN for name, _ in TAG.findall(text))
    if not stamps or not (tags or 3 * stamps >= len(lines)):
        return False
    header = not lines[0].startswith("[") and any(mark in lines[0] for mark in "\t;,|")
    return not (header and '"' in text)


def is_lrc(source: Source) -> bool:
    """Tell an LRC file by its stamps."""
    return _text(source) is not None


def combined(sources: list[Source]) -> Source:
    """Return LRC files as one source, one row a file, so that an album is one import."""
    rows = [_row(source) for source in sorted(sources, key=lambda source: source.name)]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    name = sources[0].name if len(sources) == 1 else f"{len(sources)} LRC files"
    return Source(name, lines.encode("utf-8", "replace"))


def recognised(incoming: Incoming) -> Understood | None:
    """Return LRC files with the tracks that their tags, or else their names, mean."""
    sheet = incoming.sheet
    if sheet is None or set(sheet.columns) != set(COLUMNS):
        if not is_lrc(incoming.source):
            return None
        sheet = reading.sheet(combined([incoming.source]))
    said = sheet.frame["note"].drop_nulls().to_list()
    more = (f"and {len(said) - 5} more files with such places",) if len(said) > 5 else ()
    notes = (*sheet.notes, *said[:5], *more)
    frame = sheet.frame.drop("note")
    why = pl.Series("reason", [wordless(text) for text in frame[TEXT]], pl.String)
    refused = frame.select(ROW, pl.lit("").alias("column"), why).drop_nulls().cast(REFUSED)
    sheet = replace(sheet, frame=frame, refused=refused, notes=notes)
    here = {name: name for name in (FILE, *TAGS, TEXT)}
    title = "Lyrics with times (LRC), one file a song"
    return understood(incoming, Lyrics("lrc", title, "lrc", sheet, here))


def _text(source: Source) -> str | None:
    """Return the text of an LRC file; None where it is none."""
    try:
        if reading.kind(source) != "text" or len(source.unpacked) > LARGEST:
            return None
        text, _ = delimited.decoded(source.unpacked, None, source.name)
    except BadInput:
        return None
    text = _in_lines(text)
    return text if is_timed(text) else None


def _in_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _row(source: Source) -> dict[str, str | None]:
    text = _text(source)
    tags = {name.lower(): value.strip() for name, value in reversed(TAG.findall(text))}
    row = {FILE: source.name}
    for name, spelled in TAGS.items():
        row[name] = next((tags[tag] for tag in spelled.split() if tags.get(tag)), None)
    row["duration_ms"] = _milliseconds(row["duration_ms"])
    notes = []
    if broken := len(BROKEN.findall(text)):
        notes.append(f"{broken} lines whose time stamp is none, kept as text")
    if "offset" in tags and not OFFSET.match(tags["offset"]):
        notes.append(f"the offset “{tags['offset'][:20]}” is no number and counts as none")
    said = f"{source.name}: {'; '.join(notes)}" if notes else None
    return row | {TEXT: text, "note": said}


def _milliseconds(length: str | None) -> str | None:
    found = LENGTH.match(length or "")
    return str((int(found[1]) * 60 + int(found[2])) * 1000) if found else None
