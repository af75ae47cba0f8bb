"""Scrobbles as tables: Last.fm exporters with and without a header, Libre.fm, .scrobbler.log."""

import re
from collections.abc import Callable

import polars as pl

from workbench.errors import BadInput
from workbench.importers import archive, delimited, play_history, reading
from workbench.importers.beneath import table_beneath
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import ColumnRule
from workbench.importers.own_tables import spelt
from workbench.importers.play_history import History
from workbench.importers.reading import LIMITS
from workbench.importers.sheet import ROW, Reading, Sheet

LAST_FM = {"uts", "artist", "album", "track"}
BARE = ("artist", "album", "track", "date")
BARE_TIMES = ("%d %b %Y %H:%M", "%d %b %Y, %H:%M")
BARE_TIME = r"\d{1,2} [A-Z][a-z]{2} \d{4},? \d{2}:\d{2}"
BARE_LINE = re.compile(rf'^[^\n]*,"?{BARE_TIME}"?\s*$')
LIBRE_FM = {"time", "artist", "track", "album"}
LOG = ("artist_name", "release_name", "track_name", "tracknumber", "duration", "rating",
       "timestamp", "track_mbid")  # fmt: skip
LOG_MARK, ZONE_MARK = "#AUDIOSCROBBLER/", "#TZ/"
Form = Callable[[Incoming, Sheet, dict[str, str]], Understood | None]
SKIPPED = (("L", "false"), ("S", "true"), ("l", "false"), ("s", "true"))


def recognised(incoming: Incoming) -> Understood | None:
    """Return scrobbles by the header of their table, or by what stands instead of one."""
    head = _text(incoming, archive.HEAD)
    if head is not None and head.startswith(LOG_MARK):
        text = _text(incoming)
        return _log(incoming, _headed(incoming, _uncommented(text), LOG, "\t", quotes=False), text)
    if head is not None and _is_bare(head):
        sheet = _headed(incoming, _text(incoming), BARE, ",", quotes=True)
        return _last_fm(incoming, sheet, dict(zip(BARE, BARE, strict=True)))
    found = table_beneath(incoming, _form)
    if found is None:
        return None
    here = {spelt(name): name for name in found.sheet.columns}
    return found.form(incoming, found.sheet, here)


def _form(columns: list[str]) -> Form | None:
    """Return what a header is of; our own rejected rows have the header that we gave them."""
    here = {spelt(name) for name in columns}
    if here >= LAST_FM or here >= set(BARE):
        return _last_fm
    if here >= set(LOG):
        return lambda incoming, sheet, here: _log(incoming, sheet, "")
    return _libre_fm if here >= LIBRE_FM else None


def _is_bare(head: str) -> bool:
    """Tell rows of a Last.fm exporter that writes no header; a damaged first one is passed over."""
    lines = [line for line in head.split("\n")[:5] if line.strip()]
    cells = {spelt(cell) for cell in lines[0].split(",")} if lines else set()
    return any(BARE_LINE.match(line) for line in lines) and not cells & {*BARE, *LAST_FM}


def _text(incoming: Incoming, most: int | None = None) -> str | None:
    source = incoming.source
    try:
        if reading.kind(source) != "text":
            return None
        data = source.unpacked[:most]
        text, _ = delimited.decoded(data, incoming.how.encoding, source.name)
    except BadInput:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")


def _headed(
    incoming: Incoming, text: str, names: tuple[str, ...], delimiter: str, *, quotes: bool
) -> Sheet:
    """Return a table that has no header as if it had one; rows keep their own numbers."""
    header = delimiter.join(names) + "\n"
    how = Reading(delimiter=delimiter, quotes=quotes)
    sheet = delimited.read(header + text, how, incoming.source.name, LIMITS)
    own = (pl.col(ROW) - 1).alias(ROW)
    return Sheet(
        sheet.frame.with_columns(own), sheet.malformed.with_columns(own), delimiter, sheet.notes
    )


def _last_fm(incoming: Incoming, sheet: Sheet, here: dict[str, str]) -> Understood | None:
    if "uts" in here:
        started = ColumnRule(column=(here["uts"],), epoch="s")
    elif _mostly(sheet, here["date"], BARE_TIME):
        started = ColumnRule(column=(here["date"],), dates=BARE_TIMES)
    else:  # a list of releases has these columns too
        return None
    history = History(name="lastfm", title="Last.fm: scrobbles", started=started)
    return play_history.understood(incoming, sheet, history, _named(here, "track"))


def _libre_fm(incoming: Incoming, sheet: Sheet, here: dict[str, str]) -> Understood | None:
    counted = _mostly(sheet, here["time"], r"^\s*\d{9,11}(\.\d+)?\s*$")
    if not counted and not _mostly(sheet, here["time"], r"^\s*\d{4}-\d{2}-\d{2}[T ]\d{2}:"):
        return None  # the time may be the length of a track
    started = ColumnRule(column=(here["time"],), epoch="s" if counted else None)
    history = History(name="librefm", title="Libre.fm: scrobbles", started=started)
    return play_history.understood(incoming, sheet, history, _named(here, "track"))


def _mostly(sheet: Sheet, column: str, pattern: str) -> bool:
    """Tell whether half of the cells look so."""
    return 2 * (sheet.frame[column].str.contains(pattern).sum() or 0) >= max(1, sheet.frame.height)


def _log(incoming: Incoming, sheet: Sheet, text: str) -> Understood:
    """Return the log of a portable player; whether its clock ran in UTC stands in the header."""
    zones = {line[len(ZONE_MARK) :].strip().upper() for line in _comments(text, ZONE_MARK)}
    history = History(
        name="scrobbler_log",
        title="Log of a player (.scrobbler.log)",
        started=ColumnRule(column=("timestamp",), epoch="s"),
        skipped=ColumnRule(column=("rating",), values=SKIPPED),
        zoned=zones != {"UTC"},
        about="What is rated S was skipped before it was half over.",
    )
    here = {"artist": "artist_name", "album": "release_name", "track": "track_name"}
    return play_history.understood(incoming, sheet, history, _named(here, "track"))


def _named(here: dict[str, str], title: str) -> dict[str, pl.Expr]:
    return {
        "title": pl.col(here[title]),
        "artist": pl.col(here["artist"]),
        "album": pl.col(here["album"]),
    }


def _comments(text: str, mark: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith(mark)]


def _uncommented(text: str) -> str:
    """Return a log without its comments, line for line, and short lines filled up."""
    lines = ("" if line.startswith("#") else line for line in text.split("\n"))
    short = len(LOG) - 2
    return "\n".join(f"{line}\t" if line.count("\t") == short else line for line in lines)
