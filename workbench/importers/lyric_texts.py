"""Lyrics as text files, one a song; the file's name says which track it is."""

import json
from collections import Counter
from pathlib import PurePath

import polars as pl

from workbench.dataset import Dataset
from workbench.errors import BadInput
from workbench.importers import delimited, reading
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import ColumnRule, Mapping, TableRule
from workbench.importers.reading import Source
from workbench.importers.sheet import MALFORMED, ROW, Sheet

NAME, TEXT = "lyric file", "text"
LONGEST = 100_000
MAPPING = Mapping(
    name="lyric_texts",
    title="Lyrics, one text file a song",
    source="lyric-texts",
    header=(NAME, TEXT),
    tables=(
        TableRule(
            "lyrics",
            (
                ("track_id", ColumnRule(column=("track_id",))),
                ("source", ColumnRule(constant="label")),
                ("text", ColumnRule(column=(TEXT,))),
            ),
        ),
    ),
    about="The name of a file is the id or the title of its track.",
)


def is_prose(source: Source) -> bool:
    """Tell whether a file is running text: mostly letters, in lines, and no table."""
    try:
        if reading.kind(source) != "text" or len(source.unpacked) > LONGEST:
            return False
        text, _ = delimited.decoded(source.unpacked, None, source.name)
    except BadInput:
        return False
    if "\0" in text or sum(letter.isalpha() for letter in text) < 0.5 * len(text.strip()):
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    width = max((line.count(mark) for mark in "\t;|" for line in lines[:1]), default=0)
    return len(lines) > 1 and not width and not _table(source) and not _table_beneath(lines)


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
    """Tell a table below a title: most lines have several cells."""
    return any(sum(line.count(mark) > 2 for line in lines) > len(lines) / 2 for mark in "\t;|,")


def combined(sources: list[Source]) -> Source:
    """Return lyric files as one source, so that an album is one import and not twelve."""
    rows = [
        {NAME: source.name, TEXT: delimited.decoded(source.unpacked, None, source.name)[0]}
        for source in sorted(sources, key=lambda source: source.name)
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    name = sources[0].name if len(sources) == 1 else f"{len(sources)} lyric files"
    return Source(name, lines.encode())


def recognised(incoming: Incoming) -> Understood | None:
    """Return lyric files with the tracks that their names mean."""
    if incoming.sheet is None or set(incoming.sheet.columns) != {NAME, TEXT}:
        return None
    frame = incoming.sheet.frame
    found = _tracks(incoming.label, frame[NAME].to_list())
    tracks = pl.Series("track_id", [found.get(name) for name in frame[NAME]], pl.String)
    known = frame.with_columns(tracks)
    lost = known.filter(pl.col("track_id").is_null()).select(
        ROW,
        pl.format("no single track has the id or title “{}”", pl.col(NAME)).alias("reason"),
        pl.col(TEXT).str.head(200).alias("text"),
    )
    malformed = pl.concat([incoming.sheet.malformed, lost.cast(MALFORMED)])
    kept = known.filter(pl.col("track_id").is_not_null())
    return Understood(Sheet(kept, malformed, None, incoming.sheet.notes), MAPPING)


def _tracks(label: Dataset, names: list[str]) -> dict[str, str]:
    """Return the track of each file name: an id, or a title that only one track has."""
    tracks = label.table("tracks").select("track_id", "title").sort("track_id")
    ids = set(tracks["track_id"])
    counts = Counter(title.casefold() for title in tracks["title"])
    titles = {title.casefold(): track for track, title in tracks.iter_rows()}
    found = {}
    for name in names:
        stem = PurePath(name.removesuffix(".gz")).stem
        title = " ".join(stem.replace("_", " ").split()).casefold()
        if stem in ids:
            found[name] = stem
        elif counts[title] == 1:
            found[name] = titles[title]
    return found
