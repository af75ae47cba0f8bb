"""What lyricsgenius saves: a song, an artist with songs, an album with tracks, or lists of them.

The text is kept as Genius gave it. What its pages print around a lyric is left out when the lyric
is read, by `workbench.lyrics.text`.
"""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from workbench.errors import BadInput
from workbench.importers import delimited, json_rows
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.json_rows import Shape
from workbench.importers.lyrics_named import (
    FILE,
    GENIUS,
    TEXT,
    Lyrics,
    understood,
    wordless,
)
from workbench.importers.reading import Source
from workbench.importers.sheet import REFUSED, ROW, Sheet
from workbench.lyrics.structure import parsed_lyric

LYRICS = "lyrics"
# Keys that only what comes from Genius has, and one that it has beside its lyrics.
MARKS = (b'"lyrics_state"', b'"lyrics_owner_id"', b'"pyongs_count"', b'"annotation_count"')
BESIDE = (b'"primary_artist"', *MARKS)
SHAPE = Shape(
    needed=frozenset({LYRICS}),
    marker=LYRICS,
    cells=(FILE, "title", "artist", "primary_artist.name", "featured_artists", "album.name",
           "language", "release_date", "instrumental", LYRICS),
)  # fmt: skip
SPACES, UNSEEN = r"[\p{Zs}\s]+", r"[\x{200b}-\x{200f}\x{2060}\x{feff}]"
# Pages that hold the words of somebody else's song, in another language or script.
TRANSLATION = (
    r"(?i)^genius .*(translation|traducc|traduç|traduct|traduzion|überset|перевод|çevir|romaniz)"
)
DEPTH = 8
SILENT = "Genius has it as an instrumental: there are no words"
NESTED = r'^\s*(\{\s*"|\{\s*\}|\[\s*["{\[\]])'


def is_genius(source: Source) -> bool:
    """Tell JSON of Genius: by its lyrics and what stands beside them, or by its keys alone."""
    try:
        data = source.unpacked
    except BadInput:
        return False
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return False
    if _has_lyrics(data):
        return any(mark in data for mark in BESIDE)
    return sum(mark in data for mark in MARKS) > 1


def _has_lyrics(data: bytes) -> bool:
    return f'"{LYRICS}"'.encode() in data


def combined(sources: list[Source]) -> list[Source]:
    """Return files of Genius as one source; what is damaged stays apart, to be told of."""
    whole = {}
    for source in sources:
        with contextlib.suppress(BadInput):  # said when it is read
            if songs := _songs(source):
                whole[source] = songs
    if len(whole) < 2:
        return sources
    rows = [{FILE: source.name} | song for source, songs in whole.items() for song in songs]
    damaged = [source for source in sources if source not in whole]
    return [*damaged, Source(f"{len(whole)} files of lyricsgenius", _lines(rows))]


def recognised(incoming: Incoming) -> Understood | None:
    """Return the songs of a file that lyricsgenius saved."""
    source = incoming.source
    if not is_genius(source):
        return None
    if not _has_lyrics(source.unpacked):
        raise BadInput(
            f"{source.name} comes from Genius and holds no lyrics: it is cut off, or was saved "
            "without them. Save it again."
        )
    if (songs := _songs(source)) == []:
        return None
    if songs is not None:
        source = Source(source.name, _lines(songs))
    sheet = json_rows.sheet(source, [source.name], SHAPE)
    here = {FILE: FILE, "title": "title", "artist": "artist", "features": "features",
            "album": "album", "language": "language", "release_date": "release_date",
            "source": "source", TEXT: LYRICS}  # fmt: skip
    lyrics = Lyrics("genius_json", "Lyrics from Genius", "genius-json", _named(sheet), here)
    return understood(incoming, lyrics)


def _songs(source: Source) -> list[dict] | None:
    """Return the songs of a file, from wherever in it they stand; None where it is damaged.

    Raises
    ------
    BadInput
        It is nested too deep.
    """
    text, _ = delimited.decoded(source.unpacked, None, source.name)
    decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode
    found, position = [], len(text) - len(text.lstrip())
    try:
        while position < len(text):
            value, position = decode(text, position)
            found += _within(value, 0)
            position = len(text) - len(text[position:].lstrip())
    except ValueError:
        return None
    except RecursionError as error:
        raise BadInput(f"{source.name} is nested too deep for anything of Genius.") from error
    return found


def _within(value: object, depth: int, listed: bool = False) -> Iterator[dict]:
    """Give the songs in a value: what has lyrics, and what stands where a song should."""
    if isinstance(value, list) and depth < DEPTH:
        for item in value:
            yield from _within(item, depth + 1, listed)
    elif not isinstance(value, dict):
        if listed:
            yield {LYRICS: None}
    elif (listed or _is_song(value)) and not isinstance(value.get("song"), dict):
        yield {LYRICS: None} | value
    elif depth < DEPTH:
        for key, item in value.items():
            yield from _within(item, depth + 1, listed=key in ("song", "songs"))


def _is_song(value: dict) -> bool:
    return LYRICS in value and isinstance(value[LYRICS], str | None)


def _lines(songs: list[dict]) -> bytes:
    return "\n".join(json.dumps(song) for song in songs).encode()


def _named(sheet: Sheet) -> Sheet:
    """Return the rows with plain names, and those refused that are no words of their song."""
    names = [pl.col(name).str.replace_all(UNSEEN, "").str.replace_all(SPACES, " ").alias(name)
             for name in ("title", "artist", "primary_artist.name", "album.name")]  # fmt: skip
    frame = sheet.frame.with_columns(names)
    guests = [_people(cell) for cell in frame["featured_artists"]]
    frame = frame.select(
        ROW, FILE, "title",
        pl.coalesce(pl.when(~pl.col("artist").str.contains(NESTED)).then("artist"),
                    "primary_artist.name").alias("artist"),
        pl.Series("features", guests, pl.String), pl.col("album.name").alias("album"), "language",
        "release_date", pl.lit(GENIUS).alias("source"), LYRICS,
    )  # fmt: skip
    instrumental = sheet.frame["instrumental"] == "true"
    reasons = [
        _reason(text, silent) for text, silent in zip(frame[LYRICS], instrumental, strict=True)
    ]
    said = pl.DataFrame(
        {ROW: frame[ROW], "column": LYRICS, "reason": pl.Series(reasons, dtype=pl.String)}
    )
    other = pl.col("artist").str.contains(TRANSLATION).fill_null(False)
    whose = frame.filter(other).select(
        ROW, column=pl.lit("artist"), reason=pl.lit("is a translation on Genius, not the song")
    )
    refused = pl.concat([said.drop_nulls("reason").cast(REFUSED), whose.cast(REFUSED)])
    return replace(sheet, frame=frame, refused=refused.unique(ROW, keep="first").sort(ROW))


def _people(cell: str | None) -> str | None:
    """Return the names in a list of artists."""
    try:
        items = json.loads(cell or "[]")
    except (ValueError, RecursionError):
        return None
    names = [item.get("name") for item in items if isinstance(item, dict)]
    return ", ".join(name for name in names if isinstance(name, str)) or None


def _reason(text: str | None, instrumental: bool | None) -> str | None:
    """Return why a text is no lyric; None where it is one."""
    if instrumental and not (text or "").strip():
        return SILENT
    if re.match(NESTED, text or ""):
        return "is no text, but a list or an object"
    if (reason := wordless(text)) is None and parsed_lyric(text).says_instrumental:
        return SILENT
    return reason
