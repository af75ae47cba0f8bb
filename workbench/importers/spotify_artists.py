"""Spotify for Artists: audience timeline, songs, playlists, and the timeline of one song.

The files say neither whose numbers they are nor, for tables, over which window; that is asked.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import polars as pl

from workbench.importers import asked
from workbench.importers import window_metrics as windows
from workbench.importers.beneath import rows_without
from workbench.importers.casting import MISSING
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import (
    ARTIST,
    SONG,
    ColumnRule,
    Mapping,
    Question,
    TableRule,
)
from workbench.importers.one_song import song_asked
from workbench.importers.own_tables import spelt
from workbench.importers.recorded import recorded
from workbench.importers.recordings_named import TRACK
from workbench.importers.sheet import Sheet

SONGS, PLAYLISTS = {"song", "listeners", "streams", "saves"}, {"title", "author", "date_added"}
AUDIENCE, TIMELINE = {"date", "listeners", "streams", "followers"}, {"date", "streams"}
# A timeline with a column of these is of several songs, markets or stores, and none of Spotify's.
NAMES = {"song", "track", "title", "artist", "isrc", "country", "territory", "market", "store"}
DAILY = ("streams", "listeners", "saves", "followers", "monthly_listeners",
         "monthly_active_listeners", "super_listeners", "playlist_adds")  # fmt: skip
TOTALS = tuple(windows.Metric(name, (name,)) for name in ("listeners", "streams", "saves"))
KIND, PLAYLIST = "→ kind", "→ playlist"
# Playlists that Spotify fills for each listener by itself.
ALGORITHMIC = (
    r"(?i)^(discover weekly|release radar|radio|.* radio|daily ?mix.*|.* mix|mixes|on repeat|"
    r"repeat rewind|smart shuffle|autoplay|daylist|dj|your (daily drive|top songs).*|blend.*)$"
)
WHOSE = Question("artist", "Whose numbers are these? The artist's name or id.", ARTIST)
WHICH = Question("song", "Which song is this? Its title or id, or “Artist - Title” if new.", SONG)
STORE = ColumnRule(constant="spotify")
EVERYWHERE = (("territory", ColumnRule(constant="WW")), ("store", STORE))

Here = dict[str, str]
Rules = Callable[[Incoming, Sheet, Here, dict[str, str]], tuple[Sheet, tuple[TableRule, ...]]]


def recognised(incoming: Incoming) -> Understood | None:
    """Return an export of Spotify for Artists by its columns."""
    sheet = incoming.sheet
    if sheet is None:
        return None
    here = {spelt(name): name for name in sheet.columns}
    if here.keys() >= SONGS:
        return _understood(
            incoming, here, "songs", "songs", (WHOSE, windows.FROM, windows.TO), _songs
        )
    if here.keys() >= PLAYLISTS:
        return _understood(incoming, here, "playlists", "playlists of a song", (WHICH,), _playlists)
    if here.keys() >= AUDIENCE and not here.keys() & NAMES:
        return _understood(incoming, here, "audience", "audience timeline", (WHOSE,), _audience)
    if here.keys() == TIMELINE:
        return _understood(incoming, here, "timeline", "timeline of one song", (WHICH,), _timeline)
    return None


def _understood(
    incoming: Incoming, here: Here, name: str, title: str, questions: tuple[Question, ...],
    rules: Rules,
) -> Understood:  # fmt: skip
    sheet = replace(incoming.sheet, notes=(*incoming.sheet.notes, *_holes(incoming.sheet, here)))
    mapping = Mapping(
        name=f"spotify_artists_{name}",
        title=f"Spotify for Artists: {title}",
        source=f"spotify-artists-{name}",
        header=tuple(here.values()),
        tables=(),
        questions=questions,
    )
    return Understood(sheet, mapping, completed=partial(_completed, incoming, sheet, here, mapping,
                                                        rules))  # fmt: skip


def _completed(
    incoming: Incoming, sheet: Sheet, here: Here, mapping: Mapping, rules: Rules,
    answers: dict[str, str],
) -> Understood:  # fmt: skip
    made, tables = rules(incoming, sheet, here, answers)
    return Understood(made, replace(mapping, tables=tables))


def _holes(sheet: Sheet, here: Here) -> tuple[str, ...]:
    """Return a note of days that are missing between the first and the last."""
    if "date" not in here:
        return ()
    written = sheet.frame[here["date"]]  # a year of other than four digits is no day of a calendar
    written = written.filter(written.str.contains(r"^\d{4}-"))
    days = written.str.to_date("%Y-%m-%d", strict=False).drop_nulls().unique()
    missing = (days.max() - days.min()).days + 1 - days.len() if days.len() else 0
    absent = "1 day is" if missing == 1 else f"{missing:,} days are"
    return (f"{absent} missing between {days.min()} and {days.max()}",) if missing else ()


def _daily(here: Here, entity: str, who: ColumnRule) -> TableRule:
    columns = [(name, ColumnRule(column=(here[name],))) for name in DAILY if name in here]
    return TableRule(
        "daily_streams",
        (("entity", ColumnRule(constant=entity)), ("entity_id", who),
         ("day", ColumnRule(column=(here["date"],))), *EVERYWHERE, *columns),
    )  # fmt: skip


def _audience(
    incoming: Incoming, sheet: Sheet, here: Here, answers: dict[str, str]
) -> tuple[Sheet, tuple[TableRule, ...]]:
    artist = asked.artist(answers[WHOSE.name], incoming.label)
    who = ColumnRule(constant=artist.artist_id)
    return sheet, (_daily(here, "artist", who), *artist.rules)


def _timeline(
    incoming: Incoming, sheet: Sheet, here: Here, answers: dict[str, str]
) -> tuple[Sheet, tuple[TableRule, ...]]:
    sheet, who, rules = _song(incoming, sheet, answers)
    return sheet, (_daily(here, "track", who), *rules)


def _playlists(
    incoming: Incoming, sheet: Sheet, here: Here, answers: dict[str, str]
) -> tuple[Sheet, tuple[TableRule, ...]]:
    sheet = _dated(sheet, here["date_added"])
    title, author = (pl.col(here[name]).str.strip_chars() for name in ("title", "author"))
    own = author.str.to_lowercase() == "spotify"
    several = (author.n_unique() > 1).over(title)
    frame = sheet.frame.with_columns(
        pl.when(author.is_null()).then(None)
        .when(~own).then(pl.lit("listener"))
        .when(title.str.contains(ALGORITHMIC)).then(pl.lit("algorithmic"))
        .otherwise(pl.lit("editorial")).alias(KIND),
        pl.when(several).then(pl.concat_str(title, pl.lit(" · "), author.fill_null("?")))
        .otherwise(title).alias(PLAYLIST),
    )  # fmt: skip
    taken = (here["title"], here["author"])
    sheet = replace(sheet, frame=frame, added=(KIND, PLAYLIST), taken=taken)
    sheet, who, rules = _song(incoming, sheet, answers)
    columns = {
        "track_id": who,
        "playlist": ColumnRule(column=(PLAYLIST,)),
        "added_at": ColumnRule(column=(here["date_added"],), dates=("%Y-%m-%d",)),
        "kind": ColumnRule(column=(KIND,)),
    }
    return sheet, (TableRule("playlist_spells", tuple(columns.items())), *rules)


def _dated(sheet: Sheet, added: str) -> Sheet:
    """Pass over playlists without a day, as those have that Spotify fills for each listener."""
    said = pl.col(added).str.strip_chars().str.to_lowercase().fill_null("")
    sheet, gone = rows_without(sheet, said.is_in(MISSING))
    if gone.is_empty():
        return sheet
    many = "1 playlist says" if gone.height == 1 else f"{gone.height:,} playlists say"
    note = f"{many} no day of adding, so that there is no stay to keep; passed over"
    return replace(sheet, notes=(*sheet.notes, note))


def _songs(
    incoming: Incoming, sheet: Sheet, here: Here, answers: dict[str, str]
) -> tuple[Sheet, tuple[TableRule, ...]]:
    window = windows.window(answers)
    artist = asked.artist(answers[WHOSE.name], incoming.label)
    rows = {"title": pl.col(here["song"]), "artist": pl.lit(artist.name)}
    source = incoming.stored_as("spotify-artists-songs")
    sheet, rules = recorded(sheet, rows, incoming.label, source)
    if "release_date" in here:
        day = ("release_date", ColumnRule(column=(here["release_date"],), else_empty=True))
        rules = tuple(
            replace(rule, columns=(*rule.columns, day)) if rule.name == "tracks" else rule
            for rule in rules
        )
    what = (("entity", ColumnRule(constant="track")), ("entity_id", ColumnRule(column=(TRACK,))))
    sheet = windows.prepared(sheet, here, TOTALS)
    return sheet, (windows.totals(sheet, TOTALS, (*what, *window), "WW", STORE), *rules)


def _song(
    incoming: Incoming, sheet: Sheet, answers: dict[str, str]
) -> tuple[Sheet, ColumnRule, tuple[TableRule, ...]]:
    """Return the sheet, where the track of its rows stands, and what makes it if it is new."""
    source = incoming.stored_as("spotify-artists-song")
    return song_asked(sheet, answers[WHICH.name], incoming.label, source)
