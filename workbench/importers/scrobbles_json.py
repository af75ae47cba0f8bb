"""Scrobbles as JSON: Last.fm (pages of recent tracks), Maloja, Pano Scrobbler."""

import json
from collections.abc import Callable

import polars as pl

from workbench.importers import play_history
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.json_rows import Shape
from workbench.importers.mapping import ColumnRule
from workbench.importers.play_history import History
from workbench.importers.sheet import Sheet

CREDIT = "→ credit"
LAST_FM = Shape(
    needed=frozenset(("name", "artist", "date", "uts")),
    marker="name",
    cells=("name", "artist.#text", "artist.name", "album.#text", "date.uts"),
)
MALOJA = Shape(
    needed=frozenset(("scrobbles", "time", "track", "artists", "title")),
    marker="time",
    cells=("time", "track.title", "track.artists", "track.album.albumtitle", "track.album.name",
           "duration"),
)  # fmt: skip
PANO = Shape(
    needed=frozenset(("timeMs", "artist", "track")),
    marker="timeMs",
    cells=("timeMs", "artist", "track", "album", "event"),
)


def recognised(incoming: Incoming) -> Understood | None:
    """Return scrobbles by the keys of their JSON."""
    forms: tuple[tuple[Shape, Callable[[Incoming, Sheet], Understood]], ...] = (
        (LAST_FM, _last_fm), (MALOJA, _maloja), (PANO, _pano),
    )  # fmt: skip
    for shape, understood in forms:
        sheet = play_history.read_json(incoming, shape)
        if sheet is not None:
            return understood(incoming, sheet)
    return None


def _last_fm(incoming: Incoming, sheet: Sheet) -> Understood:
    history = History(
        name="lastfm_json",
        title="Last.fm: scrobbles (JSON)",
        started=ColumnRule(column=("date.uts",), epoch="s"),
        about="A track that was playing while the file was made has no time and is refused.",
    )
    artist = pl.coalesce("artist.#text", "artist.name")
    named = {"title": pl.col("name"), "artist": artist, "album": pl.col("album.#text")}
    return play_history.understood(incoming, sheet, history, named)


def _maloja(incoming: Incoming, sheet: Sheet) -> Understood:
    sheet = play_history.derived(sheet, CREDIT, "track.artists", _credit)
    history = History(
        name="maloja",
        title="Maloja: scrobbles",
        started=ColumnRule(column=("time",), epoch="s"),
        played=ColumnRule(column=("duration",), multiply=1000.0, else_empty=True),
    )
    album = pl.coalesce("track.album.albumtitle", "track.album.name")
    named = {"title": pl.col("track.title"), "artist": pl.col(CREDIT), "album": album}
    return play_history.understood(incoming, sheet, history, named)


def _pano(incoming: Incoming, sheet: Sheet) -> Understood:
    other = pl.col("event").str.to_lowercase() != "scrobble"
    sheet = play_history.refused(sheet, other.fill_null(value=False), "is no play (see event)")
    history = History(
        name="pano_scrobbler",
        title="Pano Scrobbler: scrobbles",
        started=ColumnRule(column=("timeMs",), epoch="ms"),
    )
    named = {name: pl.col(column) for name, column in
             (("title", "track"), ("artist", "artist"), ("album", "album"))}  # fmt: skip
    return play_history.understood(incoming, play_history.taking(sheet, "event"), history, named)


def _credit(text: str) -> str | None:
    """Return several artists as one credit; a single one stays as it is."""
    try:
        names = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return "; ".join(name.strip() for name in names if name.strip()) or None
