"""Events as a plain sheet: what else moved streams, or will, one row an event.

Known by columns for its name, its kind and its first day, where all others are ours, too. Whom it
touches is said by id or by name, and must be one of the label; nothing said is everybody.
"""

from collections import defaultdict
from dataclasses import replace

import polars as pl

from workbench.catalogue.identifiers import isrc
from workbench.catalogue.names import folded, name_key
from workbench.dataset import Dataset
from workbench.importers import territories
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import ColumnRule, Mapping, TableRule, checked
from workbench.importers.own_tables import spelt
from workbench.importers.recordings_named import OURS
from workbench.importers.sheet import REFUSED, ROW, Sheet

SOURCE = "events"
# As spelt() has them; the first that the file has is taken.
ALIASES = {
    "name": ("name", "event", "event_name", "veranstaltung", "evento", "événement"),
    "kind": ("kind", "type", "category", "event_type", "event_kind", "art", "typ", "tipo"),
    "first_day": ("first_day", "start", "start_date", "starts", "first", "from", "day", "date",
                  "beginn", "von", "datum", "fecha"),
    "last_day": ("last_day", "end", "end_date", "ends", "last", "to", "until", "ende", "bis"),
    "value": ("value", "strength", "intensity", "wert", "valor"),
    "artist": ("artist_id", "artist", "artist_name", "künstler", "artiste", "artista"),
    "track": ("track_id", "isrc", "track", "song", "title", "song_title", "track_title"),
    "territory": ("territory", "country", "country_code", "market", "land", "pays", "país"),
}  # fmt: skip
NEEDED = ("name", "kind", "first_day")
REMARKS = ("note", "notes", "comment", "comments", "remark", "remarks", "description", "link",
           "url", "source")  # fmt: skip
WHOM = ("artist", "track", "territory")
MADE = {name: f"{OURS}{name}" for name in ("event", *WHOM)}
LONGEST = 200


def recognised(incoming: Incoming) -> Understood | None:
    """Return a sheet of events, with whom they touch as the label calls them."""
    sheet = incoming.sheet
    here = columns_of(sheet) if sheet is not None else {}
    if not here:
        return None
    columns = {name: ColumnRule(column=(here[name],)) for name in (*NEEDED, "last_day", "value")
               if name in here}  # fmt: skip
    columns["event"] = ColumnRule(column=(MADE["event"],))
    for ours, name in (("artist_id", "artist"), ("track_id", "track"), ("territory", "territory")):
        if name in here:
            columns[ours] = ColumnRule(column=(MADE[name],))
    mapping = Mapping(
        name="events",
        title="Events: what else moves streams",
        source=SOURCE,
        header=tuple(here.values()),
        tables=(TableRule("events", tuple(columns.items())),),
        about="Whom an event touches is an artist, song or country of the label; nothing is all.",
    )
    return Understood(_named(sheet, here, incoming.label), checked(mapping))


def columns_of(sheet: Sheet) -> dict[str, str]:
    """Return what stands in which column of a sheet of events; of other sheets nothing."""
    spelled = {spelt(name): name for name in reversed(sheet.columns)}
    here = {
        ours: next((spelled[name] for name in names if name in spelled), None)
        for ours, names in ALIASES.items()
    }
    here = {ours: name for ours, name in here.items() if name}
    known = {name for names in (*ALIASES.values(), REMARKS) for name in names}
    ours = all(name in here for name in NEEDED) and set(spelled) <= known
    return here if ours else {}


def _named(sheet: Sheet, here: dict[str, str], label: Dataset) -> Sheet:
    """Return the sheet with ids of whom its events touch, and rows that name nobody refused."""
    cells = {name: sheet.frame[here[name]].str.strip_chars().replace("", None)
             for name in WHOM if name in here}  # fmt: skip
    rows = pl.DataFrame([one.alias(name) for name, one in cells.items()])
    found = _ids(rows, label)
    refused = []
    for name, words in (
        ("artist", "no single artist of the label has this id or name"),
        ("track", "no single song of the label has this id, ISRC or title"),
        ("territory", "is no country that we know"),
    ):
        if name in cells:
            lost = sheet.frame.filter(cells[name].is_not_null() & found[name].is_null())
            refused.append(lost.select(
                ROW, pl.lit(here[name]).alias("column"), pl.lit(words).alias("reason")
            ))  # fmt: skip
    if {"artist", "track"} <= cells.keys():  # who sings it says which song is meant, no more
        found["artist"] = found["artist"].set(found["track"].is_not_null(), None)
    said = [here[name] for name in (*NEEDED, *WHOM) if name in here and name != "kind"]
    event = pl.concat_str(
        [pl.col(name).str.strip_chars().replace("", None) for name in said],
        separator=" · ", ignore_nulls=True,
    )  # fmt: skip
    frame = sheet.frame.with_columns(
        event.str.slice(0, LONGEST).alias(MADE["event"]),
        *(found[name].alias(MADE[name]) for name in cells),
    )
    remarks = [name for name in sheet.columns if spelt(name) in REMARKS]
    return replace(
        sheet,
        frame=frame,
        refused=pl.concat([sheet.refused, *(rows.cast(REFUSED) for rows in refused)]),
        notes=(*sheet.notes, *([f"not taken: {', '.join(remarks)}"] if remarks else [])),
        added=(*sheet.added, MADE["event"], *(MADE[name] for name in cells)),
        taken=(*sheet.taken, *(here[name] for name in cells)),
    )


def _ids(rows: pl.DataFrame, label: Dataset) -> dict[str, pl.Series]:
    """Return the label's ids of what cells say; null where they say nothing, or nobody's name."""
    found: dict[str, pl.Series] = {}
    if "territory" in rows:
        found["territory"] = territories.alpha2(rows["territory"])
    if "artist" in rows:
        people = label.scan("artists").select("artist_id", "name").collect()
        known = _known(people.with_columns(key=name_key(pl.col("name"))), "artist_id", ["key"])
        said = rows.select("artist", key=name_key(pl.col("artist"))).rows()
        found["artist"] = _series(known.get(one) or known.get(key) for one, key in said)
    if "track" in rows:
        songs = label.scan("tracks").select("track_id", "isrc", "title", "artist_id").collect()
        songs = songs.with_columns(key=folded(pl.col("title")))
        known = _known(songs, "track_id", ["isrc", "key"])
        own = songs.with_columns(key=pl.concat_list("artist_id", "key"))
        of_artist = _known(own, "track_id", ["key"])
        said = rows.select("track", key=folded(pl.col("track")), code=isrc(pl.col("track"))).rows()
        artist = found.get("artist", _series([None] * rows.height))
        found["track"] = _series(
            known.get(one) or known.get(code) or of_artist.get((who, key)) or known.get(key)
            for (one, key, code), who in zip(said, artist, strict=True)
        )
    return found


def _known(frame: pl.DataFrame, own: str, names: list[str]) -> dict:
    """Return ids by themselves and by each name that only one of them has."""
    called = defaultdict(set)
    for name in names:
        for one, key in frame.select(own, name).drop_nulls().iter_rows():
            called[tuple(key) if isinstance(key, list) else key].add(one)
    only = {key: next(iter(ids)) for key, ids in called.items() if len(ids) == 1}
    return only | {one: one for one in frame[own]}


def _series(values) -> pl.Series:
    return pl.Series(list(values), dtype=pl.String)
