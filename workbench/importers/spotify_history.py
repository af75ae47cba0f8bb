"""Spotify's privacy export: the extended history (audio and video, old and new) and the short one.

Addresses, agents and countries of connections are not even read.
"""

from dataclasses import replace

import polars as pl

from workbench.importers import play_history
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.json_rows import Shape
from workbench.importers.mapping import ColumnRule
from workbench.importers.play_history import STARTED, History, whole
from workbench.importers.sheet import ROW, Sheet

TITLE, ARTIST = "master_metadata_track_name", "master_metadata_album_artist_name"
ALBUM, USER = "master_metadata_album_album_name", "username"
OTHERS = ("episode_name", "audiobook_title")
EXTENDED = Shape(
    needed=frozenset(("ts", "ms_played", TITLE, ARTIST)),
    marker="ts",
    cells=("ts", "ms_played", TITLE, ARTIST, ALBUM, "skipped", USER, *OTHERS),
)
SHORT = Shape(
    needed=frozenset(("endTime", "msPlayed", "trackName", "artistName")),
    marker="endTime",
    cells=("endTime", "artistName", "trackName", "msPlayed"),
)
# The export repeats plays: the same song for the same time, noted again some seconds later.
AGAIN_MS = 30_000
BEGAN = ColumnRule(column=(STARTED,), epoch="ms")


def recognised(incoming: Incoming) -> Understood | None:
    """Return a listening history of Spotify: JSON files, or the zip with them."""
    sheet = play_history.read_json(incoming, EXTENDED)
    if sheet is not None:
        return _extended(incoming, sheet)
    sheet = play_history.read_json(incoming, SHORT)
    return None if sheet is None else _short(incoming, sheet)


def _extended(incoming: Incoming, sheet: Sheet) -> Understood:
    spoken = pl.any_horizontal(pl.col(OTHERS).is_not_null())
    sheet = play_history.begun(sheet, "ts", "ms_played", "%Y-%m-%dT%H:%M:%SZ")
    sheet = play_history.refused(
        sheet, pl.col(TITLE).is_null() & spoken, "is a podcast or an audiobook, no song"
    )
    named = sheet.frame[USER].null_count() == 0
    history = History(
        name="spotify_history",
        title="Spotify: extended listening history",
        started=BEGAN,
        played=ColumnRule(column=("ms_played",)),
        skipped=ColumnRule(column=("skipped",)),
        listener=USER if named else None,
        about="A play begins when it ended less the time it was heard. Podcasts, audiobooks and "
        "what the export says twice are refused.",
    )
    sheet = replace(_once(sheet, TITLE, ARTIST, "ms_played"), taken=(*sheet.taken, *OTHERS, USER))
    names = {"title": pl.col(TITLE), "artist": pl.col(ARTIST), "album": pl.col(ALBUM)}
    return play_history.understood(incoming, sheet, history, names)


def _short(incoming: Incoming, sheet: Sheet) -> Understood:
    sheet = play_history.begun(sheet, "endTime", "msPlayed", "%Y-%m-%d %H:%M")
    history = History(
        name="spotify_short_history",
        title="Spotify: short listening history",
        started=BEGAN,
        played=ColumnRule(column=("msPlayed",)),
        about="It says the minute in which a play ended; the play began that much earlier.",
    )
    names = {"title": pl.col("trackName"), "artist": pl.col("artistName")}
    return play_history.understood(incoming, sheet, history, names)


def _once(sheet: Sheet, title: str, artist: str, played: str) -> Sheet:
    """Refuse plays that the export says again: one song cannot play twice at the same time."""
    frame = sheet.frame.select(
        ROW,
        song=pl.struct(title, artist, USER).hash(),
        ms=whole(played),
        start=pl.col(STARTED).cast(pl.Int64, strict=False),
    )
    # sorted and held against the row before: a window over a million songs takes many times longer
    often = pl.struct("song", "ms").hash().is_duplicated()
    frame = frame.filter((pl.col("ms") > 0) & often).sort("song", "ms", "start", ROW)
    same = (pl.col("song") == pl.col("song").shift()) & (pl.col("ms") == pl.col("ms").shift())
    after = pl.col("start").diff()
    again = frame.filter(same & (after > 0) & (after < pl.min_horizontal("ms", AGAIN_MS)))
    return play_history.refused(
        sheet,
        pl.col(ROW).is_in(again[ROW].implode()),
        "says again a play that began less than 30 seconds before",
    )
