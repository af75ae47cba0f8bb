"""Lyrics of a file together with the tracks that they belong to.

A row names its track by id, by ISRC, by title and artist, or only by the name of a file. The
catalogue's matching decides; what is in doubt is refused and becomes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

import polars as pl

from workbench.catalogue.names import folded, plain
from workbench.dataset import Dataset
from workbench.importers import asked
from workbench.importers.catalogue_sheet import milliseconds
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import ColumnRule, Mapping, TableRule, checked
from workbench.importers.recorded import recorded
from workbench.importers.recordings_named import OURS, TRACK
from workbench.importers.sheet import REFUSED, ROW, Sheet
from workbench.lyrics.structure import parsed_lyric

OWN, GENIUS = "label", "genius"
FILE, TEXT = "lyric file", "text"
# What a row may say of its recording, and what a track that is new takes from it besides.
NAMING = ("isrc", "title", "version", "artist", "album", "upc", "label")
FRESH = ("release_date", "genre", "duration_ms")
WORDLESS = "has no words"
SHORT = 400
SOURCE, LENGTH = f"{OURS}source", f"{OURS}duration"
NUMBERED = re.compile(r"^\d{1,3}\s*[.)_-]?\s+(?=\S)|^\d{1,3}\s*[.)_-]\s*(?=\D)")


@dataclass(frozen=True, eq=False)
class Lyrics:
    """Lyrics as rows, before it is known whose they are.

    Attributes
    ----------
    name, title : of the mapping. source : of the import. sheet : the rows.
    here : columns of the file by what they hold: text, and what there is of lyric file, track_id,
    features, language, source, fetched_at, and of NAMING and FRESH. about : what to know.
    """

    name: str
    title: str
    source: str
    sheet: Sheet
    here: dict[str, str]
    about: str = ""


def understood(incoming: Incoming, lyrics: Lyrics) -> Understood:
    """Return lyrics as rows of our table, with the recordings that are new."""
    here, sheet = lyrics.here, lyrics.sheet
    sheet = _refused(sheet, _without_words(sheet.frame, here["text"]))
    added = (*sheet.added, SOURCE)
    sheet = replace(sheet, frame=sheet.frame.with_columns(_source(here)), added=added)
    sheet, rules = _tracked(sheet, here, incoming.label, incoming.stored_as(lyrics.source))
    columns = {
        "track_id": ColumnRule(column=(TRACK,)),
        "source": ColumnRule(column=(SOURCE,)),
        "text": ColumnRule(column=(here["text"],)),
    }
    if "language" in here:
        columns["language"] = ColumnRule(column=(here["language"],))
    if "fetched_at" in here:
        columns["fetched_at"] = ColumnRule(column=(here["fetched_at"],), else_empty=True)
    mapping = Mapping(
        name=lyrics.name,
        title=lyrics.title,
        source=lyrics.source,
        header=tuple(here.values()),
        tables=(TableRule("lyrics", tuple(columns.items())), *rules),
        about=lyrics.about,
        also=tuple(here.values()),
    )
    return Understood(sheet, checked(mapping))


def _source(here: dict[str, str]) -> pl.Expr:
    """Return whose text it is: the label's own unless the row says otherwise."""
    if "source" not in here:
        return pl.lit(OWN).alias(SOURCE)
    said = pl.col(here["source"]).str.strip_chars().replace("", None)
    # however it is written: what is known to be from Genius must not win over the label's own
    genius = said.str.contains("(?i)genius")
    named = pl.when(genius).then(pl.lit(GENIUS)).otherwise(said.str.slice(0, 200))
    return pl.coalesce(named, pl.lit(OWN)).alias(SOURCE)


def wordless(text: str | None) -> str | None:
    """Return why a text is no lyric; None where it is one, also where it says that nobody sings."""
    if not (text or "").strip():
        return WORDLESS
    lyric = parsed_lyric(text)
    if lyric.placeholder:
        return "only says that there are no lyrics yet"
    return None if lyric.lines or lyric.says_instrumental else WORDLESS


def _without_words(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the rows without words; of a long text it is not looked for."""
    short = frame.filter(pl.col(column).str.len_chars().fill_null(0) <= SHORT)
    reasons = pl.Series("reason", [wordless(text) for text in short[column]], pl.String)
    return short.select(ROW, pl.lit("").alias("column"), reasons).drop_nulls()


def _refused(sheet: Sheet, rows: pl.DataFrame) -> Sheet:
    """Refuse rows (file_row | column | reason), unless they are refused already."""
    fresh = rows.filter(~pl.col(ROW).is_in(sheet.refused[ROW].implode()))
    return replace(sheet, refused=pl.concat([sheet.refused, fresh.cast(REFUSED)]))


def _tracked(
    sheet: Sheet, here: dict[str, str], label: Dataset, source: str
) -> tuple[Sheet, tuple[TableRule, ...]]:
    """Return the sheet with each row's track, and the rules that make those that are new."""
    cells = [here.get(name) for name in ("track_id", FILE, "isrc", "title", "artist")]
    said = sheet.frame.select(
        (pl.col(name).str.strip_chars() if name else pl.lit(None, pl.String)).alias(str(place))
        for place, name in enumerate(cells)
    )
    said = said.with_columns(key=folded(pl.col("3")))
    known, refused = _Known(label), set(sheet.refused[ROW])
    tracks, named = [], []
    for row, (track, file, isrc, title, artist, key) in zip(
        sheet.frame[ROW], said.iter_rows(), strict=True
    ):
        found = known.by_id(track, file)
        whole = bool(isrc or (title and artist))
        if found is None and not whole:
            found = known.by_title(key) if title else known.by_file(file)
        tracks.append(found)
        named.append(whole and found is None and row not in refused)
    frame = sheet.frame.with_columns(pl.Series(TRACK, tracks, pl.String))
    named = pl.Series(named, dtype=pl.Boolean)
    saying = ("title", FILE, "track_id", "isrc")
    called = pl.coalesce(pl.col(here[name]) for name in saying if name in here)
    nobodys = pl.format("no single track has the id or title “{}”", called.fill_null(""))
    lost = frame.filter(pl.col(TRACK).is_null() & ~named)
    sheet = replace(sheet, frame=frame, added=(*sheet.added, TRACK))
    sheet = _refused(sheet, lost.select(ROW, column=pl.lit(""), reason=nobodys))
    if not named.any():
        return sheet, ()
    made, rules = recorded(
        replace(sheet, frame=frame.filter(named).drop(TRACK)), _naming(here), label, source
    )
    whole = pl.concat([frame.filter(~named), made.frame], how="diagonal").sort(ROW)
    return _fresh(replace(made, frame=whole), rules, here)


def _naming(here: dict[str, str]) -> dict[str, pl.Expr]:
    """Return what the rows say of recordings; featured artists stand in the credit."""
    rows = {name: pl.col(here[name]) for name in NAMING if name in here}
    rows = {"title": pl.lit(None, pl.String), "artist": pl.lit(None, pl.String)} | rows
    if "features" in here:
        guests = pl.col(here["features"]).str.replace_all(r'[{}"\[\]\\]', "").str.strip_chars()
        with_guests = pl.format("{} feat. {}", rows["artist"], guests.replace("", None))
        rows["artist"] = pl.coalesce(with_guests, rows["artist"])
    if "duration_ms" in here:
        rows["duration_ms"] = _length(here)
    return rows


def _length(here: dict[str, str]) -> pl.Expr:
    return milliseconds(pl.col(here["duration_ms"]).str.strip_chars())


def _fresh(
    sheet: Sheet, rules: tuple[TableRule, ...], here: dict[str, str]
) -> tuple[Sheet, tuple[TableRule, ...]]:
    """Let tracks that are new take their day, genre and length from the file."""
    more = {name: here[name] for name in FRESH if name in here}
    if "duration_ms" in more:
        more["duration_ms"] = LENGTH
        timed = sheet.frame.with_columns(_length(here).alias(LENGTH))
        sheet = replace(sheet, frame=timed, added=(*sheet.added, LENGTH))

    def filled(rule: TableRule) -> TableRule:
        said = dict(rule.columns)
        columns = {name: ColumnRule(column=(column,), else_empty=True)
                   for name, column in more.items() if name not in said}  # fmt: skip
        return replace(rule, columns=(*rule.columns, *columns.items()))

    return sheet, tuple(filled(rule) if rule.name == "tracks" else rule for rule in rules)


class _Known:
    """The label's tracks by id, by title, and by title and artist."""

    def __init__(self, label: Dataset) -> None:
        self._ids: set[str] = set()
        self._titles: dict[str, set[str]] = defaultdict(set)
        self._credits: dict[tuple[str, str], set[str]] = defaultdict(set)
        songs = asked.songs(label).with_columns(_keys("title"), _keys("artist"))
        for track, title, artist in songs.iter_rows():
            self._ids.add(track)
            self._titles[title].add(track)
            self._credits[title, artist].add(track)

    def by_id(self, track: str | None, file: str | None) -> str | None:
        """Return the track of this id, or whose id is the name of the file."""
        return next((name for name in (track, _stem(file)) if name in self._ids), None)

    def by_title(self, key: str) -> str | None:
        """Return the only track of a folded title; None where none or several have it."""
        return _only(self._titles.get(key, set()))

    def by_file(self, file: str | None) -> str | None:
        """Return the track that a file's name means: its title, or “Artist - Title”."""
        names = _names(_stem(file) or "")
        return next(filter(None, (found for name in names for found in self._called(name))), None)

    def _called(self, name: str) -> Iterator[str | None]:
        yield self.by_title(plain(name))
        for dash in (dash for dash in asked.DASHES if dash in name):
            artist, _, title = name.partition(dash)
            yield _only(self._credits.get((plain(title), plain(artist)), set()))


def _stem(file: str | None) -> str | None:
    return PurePath(file.removesuffix(".gz")).stem if file else None


def _names(stem: str) -> list[str]:
    """Return a file's name as it may be meant: as it stands, and without the number in front."""
    name = " ".join(stem.replace("_", " ").split())
    return list(dict.fromkeys((name, NUMBERED.sub("", name, count=1))))


def _only(tracks: set[str]) -> str | None:
    return next(iter(tracks)) if len(tracks) == 1 else None


def _keys(name: str) -> pl.Expr:
    """Return what spellings of a name share: files lose accents and marks on their way."""
    return folded(pl.col(name)).alias(name)
