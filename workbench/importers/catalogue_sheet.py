"""A catalogue sheet or release schedule: one row a recording, known by other names of its columns.

Its recordings are held against the catalogue as those of statements are, and what is in doubt is
refused. The newest sheet counts: what it says of a recording that is known takes the place of what
was known, and where it says nothing that stays.
"""

import datetime
import json
import re
from dataclasses import replace

import polars as pl

from workbench.catalogue import names
from workbench.importers import changed_cells, dates
from workbench.importers.incoming import Incoming, Understood
from workbench.importers.mapping import COMPLETE, ColumnRule, Mapping, TableRule, checked
from workbench.importers.own_tables import spelt
from workbench.importers.recorded import recorded
from workbench.importers.recordings_named import MADE, OURS, TRACK
from workbench.importers.records import VALID
from workbench.importers.sheet import ROW, Sheet
from workbench.tables.tracks import STATUS

SOURCE = "catalogue-sheet"
# As spelt() has them; the first that the file has is taken.
ALIASES = {
    "title": ("track_title", "track_name", "song_title", "song_name", "recording_title", "title",
              "song", "track", "titel", "lied", "songtitel", "titre", "morceau", "título",
              "canción"),
    "artist": ("track_artist", "artist", "artist_name", "primary_artist", "main_artist", "artists",
               "artist(s)", "artist_name(s)", "künstler", "interpret", "band",
               "artiste", "artista"),
    "features": ("featured", "features", "featured_artist", "featured_artists", "featuring", "feat",
                 "feat.", "ft", "ft.", "featured_artist(s)", "gast", "gäste", "invités", "invité",
                 "invitados"),
    "isrc": ("isrc", "isrc_code", "code_isrc"),
    "upc": ("upc", "ean", "upc/ean", "ean/upc", "barcode", "upc_code", "ean_code", "gtin", "icpn",
            "code_barres", "código_de_barras"),
    "version": ("version", "mix", "mix/version", "mix_version", "track_version", "mix_name",
                "versión"),
    "album": ("album", "album_title", "album_name", "release_title", "release_name", "release"),
    "label": ("label", "label_name", "record_label", "imprint", "plattenlabel", "sello"),
    "release_date": ("release_date", "released", "street_date", "digital_release_date",
                     "original_release_date", "date", "vö", "vö_datum", "vö_date",
                     "veröffentlichung", "veröffentlichungsdatum", "erscheinungsdatum",
                     "date_de_sortie", "sortie", "fecha_de_lanzamiento", "lanzamiento"),
    "genre": ("genre", "main_genre", "primary_genre", "style", "género"),
    "language": ("language", "sprache", "langue", "idioma"),
    "writers": ("writers", "writer", "songwriters", "songwriter", "composers", "composer",
                "autoren", "komponist", "komponisten", "auteurs", "compositeurs", "autores",
                "compositores"),
    "duration_ms": ("duration_ms", "duration", "length", "running_time", "track_time", "dauer",
                    "länge", "laufzeit", "durée", "duración"),
    "status": ("status",),
}  # fmt: skip
# A sheet that has one of these counts, pays, plays or lists something: it is no mere catalogue.
COUNTS = re.compile(
    r"\b(streams?|plays?|listens?|listeners?|playcount|count|saves|views|quantity|units|amount|net|"
    r"gross|revenue|royalt\w+|earnings?|spend|impressions|user\w*|email|customer|played|listened|"
    r"timestamp|ts|uts|(?<!release )(?<!running )(?<!track )time|lyrics?|words|text|playlists?|"
    r"added|rank|(?<!track )position|(?<!pre )order|sales?|"
    r"track id|trackid|(track|spotify) uri|uri|"
    r"anzahl|menge|betrag|erlöse?|umsatz|wiedergaben|abrufe|hörer|verkäufe|nutzer|écoutes?|quantité|"
    r"montant|revenus?|auditeurs|ventes|reproducciones|oyentes|cantidad|importe|ingresos)\b"
)
NAMING = ("title", "isrc", "version", "album", "upc", "label")
PLAIN = ("release_date", "genre", "language", "writers", "duration_ms")
# What is known of a recording, where the sheet names one.
KNOWN, HELD = f"{OURS}known ", ("title", "version", "isrc", "artist_id", "status")
# A release has a day; what has an hour and a minute other than midnight was heard or sold then.
CLOCK = r"\d[T ]+(0?[1-9]|1\d|2[0-3]):\d\d|\d[T ]+00?:(0[1-9]|[1-5]\d)"
SECONDS = 10_000  # fewer are seconds, more are milliseconds: songs last neither 10 s nor 3 hours


def recognised(incoming: Incoming) -> Understood | None:
    """Return a sheet of titles and artists, without counts, as recordings."""
    sheet = incoming.sheet
    here = columns_of(sheet) if sheet is not None else {}
    if not here:
        return None
    source = incoming.stored_as(SOURCE)
    made, rules = recorded(sheet, _naming(here), incoming.label, source)
    made, tracks = _tracks(made, here, incoming)
    artists = tuple(rule for rule in rules if rule.name == "artists")
    mapping = Mapping(
        name="catalogue_sheet",
        title="Catalogue sheet",
        source=SOURCE,
        header=tuple(here.values()),
        tables=(tracks, *artists),
        also=tuple(here.values()),
    )
    return Understood(made, checked(mapping))


def columns_of(sheet: Sheet) -> dict[str, str]:
    """Return what stands in which column of a mere list of recordings; of other sheets nothing."""
    spelled = {spelt(name): name for name in reversed(sheet.columns)}
    words = [re.sub(r"[\W_]+", " ", name) for name in spelled]
    # a header without letters is a week or a day, with counts below it
    if any(COUNTS.search(name) or not re.search(r"[^\W\d]", name) for name in words):
        return {}
    here = {
        ours: next((spelled[name] for name in names if name in spelled), None)
        for ours, names in ALIASES.items()
    }
    here = {ours: name for ours, name in here.items() if name}
    if not {"title", "artist"} <= here.keys():
        return {}
    if "release_date" in here and sheet.frame[here["release_date"]].str.contains(CLOCK).any():
        return {}
    return here


def _naming(here: dict[str, str]) -> dict[str, pl.Expr]:
    """Return what the rows say of recordings; featured artists stand in the credit."""
    rows = {name: pl.col(here[name]) for name in NAMING if name in here}
    artist = pl.col(here["artist"])
    if "features" in here:
        guests = pl.col(here["features"]).str.strip_chars().replace("", None)
        artist = pl.coalesce(pl.format("{} feat. {}", artist, guests), artist)
    if "duration_ms" in here:
        rows["duration_ms"] = milliseconds(_cell(here["duration_ms"]))
    return rows | {"artist": artist}


def _tracks(sheet: Sheet, here: dict[str, str], incoming: Incoming) -> tuple[Sheet, TableRule]:
    """Return the sheet with what each row's track is, the same in all rows of one track."""
    label, source = incoming.label, incoming.stored_as(SOURCE)
    known = label.stored("tracks", but=source).select("track_id", *HELD).collect()
    known = changed_cells.as_they_were(label, source, known)
    known = known.select(pl.col("track_id").alias(TRACK), pl.col(HELD).name.prefix(KNOWN))
    frame = sheet.frame.join(known, on=TRACK, how="left", maintain_order="left")
    said = {name: pl.col(f"{OURS}new {name}") for name in MADE if name != "track_id"}
    cells = {name: _cell(here[name]) for name in NAMING if name in here}
    # whatever a person said is the same keeps its name, by which the next file will know it
    same = pl.col(ROW).is_in(sheet.decided.filter(~pl.col("made"))[ROW].implode())
    for name in cells.keys() & {"title", "version"}:
        cells[name] = pl.when(~same).then(cells[name])
    if "isrc" in cells:
        cells["isrc"] = pl.when(~same | pl.col(f"{KNOWN}isrc").is_null()).then(cells["isrc"])
    for name, cell in cells.items():
        said[name] = pl.coalesce(said[name], VALID[name](cell) if name in VALID else cell)
    # a version that is known may stand in the title here, and must not be said twice
    told = cells.get("version", pl.lit(None, pl.String)).is_not_null()
    said["title"] = pl.when(told | pl.col(f"{KNOWN}version").is_null()).then(said["title"])
    said["title"] = pl.coalesce(said["title"].drop_nulls().first().over(TRACK), f"{KNOWN}title")
    said["artist_id"] = pl.coalesce(said["artist_id"].first().over(TRACK), f"{KNOWN}artist_id")
    if "features" in here:
        said["featured"] = pl.coalesce(said["featured"], _guests(here))
    for name in PLAIN:
        if name in here:
            said[name] = _cell(here[name])
    if "duration_ms" in said:
        said["duration_ms"] = milliseconds(said["duration_ms"])
    if "release_date" in said:  # a day that can be read goes before one that cannot
        day = said["release_date"]
        sure = day.filter(dates.day(day).value.is_not_null()).first().over(TRACK)
        said["release_date"] = pl.coalesce(sure, day)
    codes = _codes(cells, said)
    said |= codes
    whole = [
        (expr if name in {"title", "artist_id", *codes} else expr.drop_nulls().first().over(TRACK))
        .alias(f"{OURS}sheet {name}")
        for name, expr in said.items()
    ]  # fmt: skip
    frame = frame.with_columns(whole)
    frame = frame.with_columns(_status(here).first().over(TRACK).alias(f"{OURS}sheet status"))
    frame = frame.drop(KNOWN + name for name in HELD)
    said["status"] = pl.col(f"{OURS}sheet status")
    rules = {name: ColumnRule(column=(f"{OURS}sheet {name}",)) for name in said}
    for name in ("release_date", "duration_ms", *VALID):
        if name in rules:
            rules[name] = replace(rules[name], else_empty=True)
    if "writers" in here:
        rules["writers"] = replace(rules["writers"], split=_parting(frame[here["writers"]]))
    columns = (("track_id", ColumnRule(column=(TRACK,))), *rules.items())
    sheet = replace(
        sheet,
        frame=frame,
        added=(*sheet.added, *(f"{OURS}sheet {name}" for name in said)),
    )
    return sheet, TableRule("tracks", columns, existing=COMPLETE)


def _codes(cells: dict[str, pl.Expr], said: dict[str, pl.Expr]) -> dict[str, pl.Expr]:
    """Return codes as a track has them, and in rows where one is none as it is written there."""
    valid = {name: said[name].drop_nulls().first().over(TRACK) for name in VALID if name in cells}
    none = {n: pl.when(VALID[n](cells[n]).is_null()).then(cells[n]) for n in valid}
    return {name: pl.coalesce(none[name], valid[name]) for name in valid}


def _guests(here: dict[str, str]) -> pl.Expr:
    """Return the featured artists of a column as a JSON list."""
    credited = pl.format("{} feat. {}", _cell(here["artist"]), _cell(here["features"]))
    return credited.map_elements(
        lambda text: json.dumps(names.credit(text).featured), return_dtype=pl.String
    )


def _cell(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().replace("", None)


def _status(here: dict[str, str]) -> pl.Expr:
    """Return the status that is stated; else planned or released by the day; else as it was."""
    status = pl.coalesce(f"{KNOWN}status", pl.lit("released"))
    if "release_date" in here:
        today = datetime.datetime.now(datetime.UTC).date()
        said = pl.col(f"{OURS}sheet release_date")
        day = dates.day(said).value
        year = said.str.extract(r"\b(\d{4})\b").cast(pl.Int32, strict=False)
        open_ = said.str.to_lowercase().str.strip_chars(" .?").is_in(["tba", "tbc", "tbd"])
        by_day = (
            pl.when(day > today).then(pl.lit("planned")).when(day <= today).then(pl.lit("released"))
            # no day yet, but surely none that is past: a schedule is often that vague
            .when(open_ | (year > today.year)).then(pl.lit("planned"))
        )  # fmt: skip
        status = pl.coalesce(by_day, status)
    if "status" in here:
        stated = pl.col(here["status"]).str.strip_chars().str.to_lowercase()
        stated = stated.filter(stated.is_in(STATUS)).first().over(TRACK)  # in whichever row
        status = pl.coalesce(stated, status)
    return status


def milliseconds(text: pl.Expr) -> pl.Expr:
    """Return 3:45, 1:02:03, 225 and 225000 as milliseconds; other text as it stands.

    Of a spreadsheet 3:45 comes as a quarter to four on the day that its calendar begins with.
    """
    text = text.str.replace(r"^1899-12-3[01][ T](\d\d:\d\d(?::\d\d)??)(?::00)?$", "$1")
    parts = text.str.extract_groups(r"^(?:(\d{1,2}):)?(\d{1,3}):(\d{2})$").struct
    hours, minutes, seconds = (
        parts.field(str(n)).cast(pl.Int64, strict=False).fill_null(0) for n in (1, 2, 3)
    )
    clock = (((hours * 60 + minutes) * 60 + seconds) * 1000).cast(pl.String)
    count = pl.when(text.str.contains(r"^\d{1,12}$")).then(text).cast(pl.Int64, strict=False)
    few = pl.when(count < SECONDS).then(count * 1000).otherwise(count).cast(pl.String)
    return pl.when(text.str.contains(":")).then(
        pl.when(text.str.contains(r"^(\d{1,2}:)?\d{1,3}:\d{2}$")).then(clock).otherwise(text)
    ).otherwise(pl.coalesce(few, text))  # fmt: skip


def _parting(cells: pl.Series) -> str:
    """Return what parts names in a column: a semicolon or slash where one stands, else a comma."""
    marks = (mark for mark in (";", "|", "/") if cells.str.contains(mark, literal=True).any())
    return next(marks, ",")
