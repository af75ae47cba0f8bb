"""Apple Music for Artists: songs over a window, and plays or listeners by day.

The files say neither whose numbers they are nor, for songs, over which window; that is asked. A
play is counted after thirty seconds, so plays are streams; listeners by day are not of one file
with plays, so they are kept as totals of a day.
"""

from dataclasses import replace
from functools import partial

import polars as pl

from workbench.errors import BadInput
from workbench.importers import asked
from workbench.importers import window_metrics as windows
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import (
    ARTIST,
    ColumnRule,
    Mapping,
    Question,
    TableRule,
    checked,
)
from workbench.importers.recorded import recorded
from workbench.importers.recordings_named import OURS, TRACK
from workbench.importers.sheet import Sheet
from workbench.importers.window_metrics import AMOUNT, Metric

SOURCE, STORE = "apple-music", "apple_music"
WHAT = {
    "song": ("song", "song title", "song name", "morceau", "titre", "titre du morceau",
             "nom du morceau", "titel", "songtitel", "song-titel"),
    "artist": ("artist", "artist name", "artiste", "künstler", "künstler:in", "interpret"),
    "album": ("album", "album name", "album title", "nom de l'album", "albumtitel", "albumname"),
    "date": ("date", "day", "jour", "datum", "tag"),
}  # fmt: skip
STREAMS = Metric("streams", ("plays", "play count", "écoutes", "nombre d'écoutes", "lectures",
                             "wiedergaben", "anzahl der wiedergaben"))  # fmt: skip
LISTENERS = Metric(
    "average_daily_listeners",
    ("average daily listeners", "avg. daily listeners", "avg daily listeners",
     "daily average listeners", "listeners", "moy. d'auditeurs journalière",
     "moy. d'auditeurs journaliers", "moy. d'auditeurs", "moyenne d'auditeurs",
     "moyenne d'auditeurs par jour", "moyenne quotidienne d'auditeurs", "auditeurs",
     "durchschn. tägliche hörer", "durchschn. tägliche hörer:innen",
     "durchschnittliche tägliche hörer", "durchschnittliche tägliche hörer:innen",
     "ø tägliche hörer", "tägliche hörer", "hörer", "hörer:innen"),
    AMOUNT,
)  # fmt: skip
METRICS = (
    STREAMS,
    LISTENERS,
    Metric("shazams", ("shazams", "shazam", "shazam count", "nombre de shazam",
                       "nombre de shazams", "anzahl der shazams", "shazam-anzahl")),
    Metric("radio_spins", ("radio spins", "spins", "diffusions radio", "passages radio",
                           "radiowiedergaben", "radio-einsätze", "radioeinsätze")),
    Metric("purchases", ("purchases", "song purchases", "achats", "achats de morceaux", "käufe",
                         "songkäufe", "titelkäufe")),
    Metric("album_purchases", ("album purchases", "achats d'albums", "albumkäufe")),
    Metric("video_views", ("video views", "vues de vidéos", "vues de la vidéo", "videoaufrufe")),
)  # fmt: skip
# Others count plays, listeners and purchases, too; nobody else counts these.
APPLES = {"shazams", "radio_spins"}
ANYBODYS = ("listeners", "auditeurs", "horer", "horer:innen")
DAILY = {STREAMS.name, LISTENERS.name, "shazams"}
OWNER = Question("artist", "Whose songs are these? The artist's name or id.", ARTIST)

Here = dict[str, str]


def recognised(incoming: Incoming) -> Understood | None:
    """Return an export of Apple Music for Artists by its columns.

    Raises
    ------
    BadInput
        It counts something else than songs and days.
    """
    sheet = incoming.sheet
    if sheet is None:
        return None
    here = windows.found(sheet.columns, WHAT | {one.name: one.headers for one in METRICS})
    metrics = tuple(one for one in METRICS if one.name in here)
    shaped = _shaped(incoming, here)
    if shaped is None:
        return None
    name, title, questions = shaped
    mapping = Mapping(
        name=f"apple_music_{name}",
        title=f"Apple Music for Artists: {title}",
        source=SOURCE,
        header=tuple(here.values()),
        tables=(),
        questions=questions,
    )
    sheet = windows.prepared(sheet, here, metrics)
    rules = partial(_completed, incoming, sheet, here, metrics, mapping)
    return Understood(sheet, mapping, completed=rules)


def _shaped(incoming: Incoming, here: Here) -> tuple[str, str, tuple[Question, ...]] | None:
    """Return name, title and questions of the table; None where it is not Apple's."""
    counted = here.keys() & {one.name for one in METRICS}
    strange = [name for name in incoming.sheet.columns if name not in here.values()]
    average = here.get(LISTENERS.name)
    apples = counted & APPLES or (average and windows.heading(average) not in ANYBODYS)
    if "song" in here and STREAMS.name in here and apples:
        who = () if "artist" in here else (OWNER,)
        if "date" in here:
            return "song_days", "songs by day", (*who, windows.WHERE)
        return "songs", "songs", (*who, windows.FROM, windows.TO, windows.WHERE)
    named = {"song", "album", "artist"} & here.keys()
    if "date" in here and counted & DAILY and not strange and not named:
        return "days", "by day", (windows.WHOSE, windows.WHERE)
    if STREAMS.name in here and apples:
        raise BadInput(
            f"{incoming.source.name} is a table of Apple Music for Artists by "
            f"“{incoming.sheet.columns[0]}”. Songs and days are taken; download one of these."
        )
    return None


def _completed(
    incoming: Incoming, sheet: Sheet, here: Here, metrics: tuple[Metric, ...], mapping: Mapping,
    answers: dict[str, str],
) -> Understood:  # fmt: skip
    territory, source = windows.territory(answers), incoming.stored_as(SOURCE)
    span = windows.ONE_DAY if "date" in here else windows.window(answers)
    if "date" in here:
        sheet = windows.with_days(sheet, here["date"])
    if "song" in here:
        sheet, what, made = _songs(incoming, sheet, here, answers, source)
    else:
        said = answers[windows.WHOSE.name]
        sheet, what, made = windows.of_whom(sheet, said, incoming.label, source)
    store = ColumnRule(constant=STORE)
    daily, rest = _daily(here, metrics, what, territory)
    if rest:
        made = (windows.totals(sheet, rest, (*what, *span), territory, store), *made)
    return Understood(sheet, checked(replace(mapping, tables=(*daily, *made))))


def _daily(
    here: Here, metrics: tuple[Metric, ...], what: tuple[tuple[str, ColumnRule], ...],
    territory: str,
) -> tuple[tuple[TableRule, ...], tuple[Metric, ...]]:  # fmt: skip
    """Return the rule of streams by day, and the metrics that are left for totals of a window.

    A file of listeners by day must not replace the plays of another, so only plays are days.
    """
    if "date" not in here or STREAMS not in metrics:
        return (), metrics
    rest = tuple(one for one in metrics if one is not STREAMS)
    streams = f"{OURS}{STREAMS.name}"
    columns = (
        *what,
        ("day", ColumnRule(column=(windows.DATE,))),
        ("territory", ColumnRule(constant=territory)),
        ("store", ColumnRule(constant=STORE)),
        ("streams", ColumnRule(column=(streams,))),
    )
    return (TableRule("daily_streams", columns, only=streams if rest else ""),), rest


def _songs(
    incoming: Incoming, sheet: Sheet, here: Here, answers: dict[str, str], source: str
) -> tuple[Sheet, tuple[tuple[str, ColumnRule], ...], tuple[TableRule, ...]]:
    rows = {"title": pl.col(here["song"])}
    if "artist" in here:
        rows["artist"] = pl.col(here["artist"])
    else:
        rows["artist"] = pl.lit(asked.artist(answers[OWNER.name], incoming.label).name)
    if "album" in here:
        rows["album"] = pl.col(here["album"])
    sheet, made = recorded(sheet, rows, incoming.label, source)
    what = (("entity", ColumnRule(constant="track")), ("entity_id", ColumnRule(column=(TRACK,))))
    return sheet, what, made
