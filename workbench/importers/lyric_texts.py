"""Lyrics as text files, one a song; the file's name says which track it is."""

import json

from workbench.errors import BadInput
from workbench.importers import catalogue_sheet, delimited, lrc, reading
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.lyrics_named import FILE, TEXT, Lyrics, understood
from workbench.importers.own_tables import spelt
from workbench.importers.reading import Source

LONGEST = 100_000
# Words of a header; those of several words, or that no lyric begins with, tell it alone.
HEADERS = {name for names in catalogue_sheet.ALIASES.values() for name in names}
ALONE = {name for name in HEADERS if "_" in name} | {"title", "artist", "artists", "isrc", "upc"}
ABOUT = "The name of a file is the id or the title of its track, or “Artist - Title”."


def is_prose(source: Source) -> bool:
    """Tell whether a file is running text: mostly letters, in lines, and no table."""
    try:
        if reading.kind(source) != "text" or len(source.unpacked) > LONGEST:
            return False
        text, _ = delimited.decoded(source.unpacked, None, source.name)
    except BadInput:
        return False
    if lrc.is_timed(text):
        return False
    if "\0" in text or sum(letter.isalpha() for letter in text) < 0.5 * len(text.strip()):
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    width = max((line.count(mark) for mark in "\t;|^" for line in lines[:1]), default=0)
    if len(lines) < 2 or width or _headed(lines[0]):
        return False
    return not _table(source) and not _table_beneath(lines)


def _headed(line: str) -> bool:
    """Tell a header by its words: that of one column, or two names that recordings go by."""
    cells = [spelt(cell.strip('" ')) for cell in line.split(",")]
    return cells[0] in ALONE if len(cells) == 1 else sum(cell in HEADERS for cell in cells) > 1


def _table(source: Source) -> bool:
    """Tell a table with commas: most of its rows have the header's number of cells."""
    try:
        sheet = reading.sheet(source)
    except BadInput:  # the first row may be no header: an album that is named like its artist
        lines = [line for line in source.unpacked.splitlines() if line.strip()]
        commas = lines[0].count(b",")
        return commas > 1 and sum(line.count(b",") == commas for line in lines) > 0.8 * len(lines)
    return sheet.delimiter is not None and sheet.malformed.height < sheet.frame.height


def _table_beneath(lines: list[str]) -> bool:
    """Tell a table below a title or remarks: half of the lines or more have several cells."""
    lines = [line for line in lines if not line.startswith("#")]
    most = max(sum(line.count(mark) > 2 for line in lines) for mark in "\t;|^,")
    return 2 * most > len(lines) or (most > 1 and 2 * most == len(lines))


def combined(sources: list[Source]) -> Source:
    """Return lyric files as one source, so that an album is one import and not twelve."""
    rows = [
        {FILE: source.name, TEXT: delimited.decoded(source.unpacked, None, source.name)[0]}
        for source in sorted(sources, key=lambda source: source.name)
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    name = sources[0].name if len(sources) == 1 else f"{len(sources)} lyric files"
    return Source(name, lines.encode())


def as_brought(source: Source) -> Source:
    """Return the file that a single lyric came in, which may be a table after all."""
    try:
        row = json.loads(source.unpacked)
    except ValueError:  # several lyrics
        return source
    return Source(row[FILE], row[TEXT].encode())


def recognised(incoming: Incoming) -> Understood | None:
    """Return lyric files with the tracks that their names mean."""
    if incoming.sheet is None or set(incoming.sheet.columns) != {FILE, TEXT}:
        return None
    title, here = "Lyrics, one text file a song", {FILE: FILE, TEXT: TEXT}
    lyrics = Lyrics("lyric_texts", title, "lyric-texts", incoming.sheet, here, ABOUT)
    return understood(incoming, lyrics)
