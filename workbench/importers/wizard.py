"""Guessing what the columns of an unknown file mean; a mapping of what a person chose."""

from dataclasses import dataclass

from workbench.importers import catalogue_sheet
from workbench.importers.mapping import (
    KEEP,
    RECORDING,
    REFERENCE,
    ColumnRule,
    Mapping,
    TableRule,
    checked,
    needed,
)
from workbench.importers.own_tables import spelt
from workbench.importers.sheet import Sheet
from workbench.tables import TABLES, Table, table

# Other names for our columns, as spelt() has them. The first column of a file that fits is taken.
ALIASES = {
    "track_id": ("trackid", "track_uri", "spotify_track_uri", "uri", "recording_id", "song_id",
                 "isrc", "track", "song", "track_name"),
    "entity_id": ("track_id", "trackid", "track_uri", "isrc", "track", "song", "artist_id"),
    "title": ("track", "track_name", "song", "song_title", "track_title", "name"),
    "artist_id": ("artist", "artist_name", "track_artist", "main_artist", "primary_artist"),
    "name": ("artist", "artist_name", "title"),
    "listener_id": ("user", "user_id", "userid", "username", "listener", "email", "customer"),
    "played_at": ("ts", "timestamp", "listened_at", "end_time", "endtime", "time"),
    "ms_played": ("msplayed", "duration_played"),
    "day": ("date", "reporting_date", "reporting_starts", "week", "date_week", "datum",
            "tag", "woche", "jour", "semaine", "fecha", "día", "semana"),
    "window_start": ("from", "start", "start_date", "week", "date_week"),
    "window_end": ("to", "end", "end_date", "until"),
    "territory": ("country", "country_code", "market", "region", "land", "pays", "país"),
    "country": ("country_code", "territory", "market"),
    "store": ("dsp", "service", "platform", "source"),
    "streams": ("plays", "listens", "total_streams", "count", "abrufe", "wiedergaben", "écoutes",
                "reproducciones"),
    "plays": ("weight", "count", "playcount", "play_count", "listens"),
    "spend": ("cost", "amount_spent", "amount_spent_(eur)", "amount_spent_(usd)", "budget"),
    "channel": ("platform", "network", "source", "medium"),
    "campaign_id": ("campaign", "campaign_name"),
    "impressions": ("impr.", "impr"),
    "release_date": ("released", "date", "track_album_release_date", "street_date"),
    "album": ("release", "album_name", "release_title", "track_album_name"),
    "genre": ("style", "playlist_genre", "main_genre"),
    "text": ("lyrics", "lyric", "words"),
    "value": ("streams", "count", "total"),
    "playlist": ("playlist_name",),
    "added_at": ("added", "date_added"), "removed_at": ("removed", "date_removed"),
    "order_id": ("order", "order_number", "bandcamp_transaction_id"),
    "amount": ("total", "item_total", "net_amount", "price"),
    "purchased_at": ("date", "order_date", "created_at"),
    "unit": ("user", "listener_id", "territory"),
    "arm": ("group", "variant", "segment", "treatment"),
    "track_title": ("title", "track", "song", "song_title", "track_name"),
    "track_artist": ("artist", "artist_name", "main_artist", "primary_artist"),
    "sale_start": ("sale_date", "sales_date", "transaction_date", "date", "day"),
    "statement_period": ("period", "reporting_period", "reporting_month", "sales_period", "month"),
    "quantity": ("units", "units_sold", "streams", "plays", "count"),
    "net": ("net_revenue", "net_amount", "earnings", "royalty", "royalties", "payable"),
    "gross": ("gross_revenue", "gross_amount", "revenue"),
    "audio_valence": ("valence",), "audio_energy": ("energy",),
}  # fmt: skip
# What most files mean where they say nothing; offered, never taken in silence.
USUAL = {
    ("daily_streams", "entity"): "track", ("daily_streams", "territory"): "WW",
    ("daily_streams", "store"): "spotify", ("window_totals", "entity"): "track",
    ("window_totals", "territory"): "WW", ("window_totals", "metric"): "streams",
    ("listening_counts", "entity"): "artist", ("campaigns", "territory"): "WW",
    ("campaigns", "days"): "1", ("plays", "source"): "unknown", ("tracks", "status"): "released",
    ("lyrics", "source"): "label", ("purchases", "line"): "1", ("purchases", "quantity"): "1",
}  # fmt: skip
TRACK_OF = REFERENCE | {"tracks": "track_id"}
DATE_FORMS = {
    "As written, where that is certain": (),
    "Day first: 31/12/2026": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d.%m.%y"),
    "Month first: 12/31/2026": ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y"),
    "Year first: 2026/12/31": ("%Y/%m/%d", "%Y-%m-%d", "%Y%m%d"),
}
DECIMALS = {
    "As written, where that is certain": None,
    "Comma: 1.234,56": ",",
    "Point: 1,234.56": ".",
}


@dataclass(frozen=True)
class Choice:
    """What a person chose for one column: a column of the file, or one value for all rows."""

    column: str | None = None
    constant: str | None = None


def guessed_column(target: str, columns: list[str]) -> str | None:
    """Return the column of a file that most likely holds a column of ours."""
    here = {spelt(name): name for name in reversed(columns)}
    names = (target, *ALIASES.get(target, ()), *catalogue_sheet.ALIASES.get(target, ()))
    return next((here[name] for name in names if name in here), None)


def guessed_table(columns: list[str]) -> str:
    """Return the table that takes most columns of the file, and leaves fewest of its own open."""

    def fit(kind: Table) -> tuple[int, float]:
        taken = {guessed_column(name, columns) for name in kind.polars_schema} - {None}
        filled = [
            name
            for name in needed(kind)
            if guessed_column(name, columns) or (kind.name, name) in USUAL
        ]
        return len(taken), len(filled) / len(needed(kind))

    here = {spelt(name) for name in columns}
    # beside a title and an artist a day reads as a release date, and the streams would be lost
    if here & {"date", "day"} and here & {"streams", "total_streams"} and "spend" not in here:
        return "daily_streams"
    paid = guessed_column("net", columns) or guessed_column("gross", columns)
    kinds = [kind for kind in TABLES.values() if kind.name != "statements" or paid]
    return max(kinds, key=fit).name


def guessed_choice(kind: Table, target: str, columns: list[str]) -> Choice:
    """Return what is offered first for a column of ours."""
    column = guessed_column(target, columns)
    if target == TRACK_OF.get(kind.name) and column in (
        guessed_column("title", columns),
        guessed_column("isrc", columns),
    ):  # a title is no identifier
        column = None
    if column is None and (kind.name, target) in USUAL:
        return Choice(constant=USUAL[kind.name, target])
    return Choice(column=column)


def mapping(
    name: str, kind: Table, choices: dict[str, Choice], header: list[str], *,
    date_forms: tuple[str, ...] = (), decimal: str | None = None,
    named: dict[str, str | None] | None = None,
) -> Mapping:  # fmt: skip
    """Return the mapping that a person's choices make.

    Parameters
    ----------
    name : of the mapping. kind : the table that is filled. choices : by column of ours.
    header : columns of the file. date_forms, decimal : how dates and numbers are written.
    named : columns of the file by what they say of the recordings of the rows (title, artist,
    isrc, version).

    Raises
    ------
    BadInput
        A column that every row needs is open.
    """
    said = recording(kind, choices, named or {})
    open_ = {TRACK_OF[kind.name], "entity"} if said else set()
    rules = tuple(
        (target, _rule(kind, target, choice, date_forms, decimal))
        for target, choice in choices.items()
        if (choice.column or choice.constant) and target not in open_
    )
    tables = [TableRule(kind.name, rules)]
    artist = (named or {}).get("artist")
    if kind.name == "tracks" and artist and not said:
        who = {"artist_id": ColumnRule(column=(artist,), prefix="name:"),
               "name": ColumnRule(column=(artist,))}  # fmt: skip
        tables.append(TableRule("artists", tuple(who.items()), existing=KEEP))
    return checked(
        Mapping(
            name=name,
            title=f"{name} (own mapping to {kind.name.replace('_', ' ')})",
            source="_".join(spelt(name).split("/")) or "own",
            header=tuple(header),
            tables=tuple(tables),
            recording=tuple((what, ColumnRule(column=(column,))) for what, column in said.items()),
        )
    )


def recording(
    kind: Table, choices: dict[str, Choice], named: dict[str, str | None]
) -> dict[str, str]:
    """Return the columns that name the recordings of the rows; none where ids alone do.

    Parameters
    ----------
    kind : the table that is filled. choices : by column of ours. named : columns by title, artist,
    isrc and version.
    """
    target = TRACK_OF.get(kind.name)
    track, entity = choices.get(target, Choice()), choices.get("entity", Choice())
    if target is None or track.constant or (target == "entity_id" and entity.constant != "track"):
        return {}
    if kind.name == "tracks":
        own = {name: choices.get(name, Choice()).column for name in ("title", "isrc", "version")}
        named = own | {"artist": named.get("artist")}
    said = {name: named[name] for name in RECORDING if named.get(name)}
    if not ({"title", "artist"} <= said.keys() or "isrc" in said):
        return {}
    if track.column and track.column not in said.values():
        return {} if kind.name == "tracks" else said | {"track_id": track.column}
    return said


def taken_for_ids(
    kind: Table, choices: dict[str, Choice], named: dict[str, str | None], sheet: Sheet
) -> str | None:
    """Return the column that is chosen as ids of tracks and yet reads like titles."""
    track, entity = choices.get(TRACK_OF.get(kind.name), Choice()), choices.get("entity", Choice())
    if not track.column or entity.constant == "artist" or recording(kind, choices, named):
        return None
    cells = sheet.frame[track.column].drop_nulls().unique()
    ours = cells.str.contains("^(name|book):")
    return track.column if (cells.str.contains(r"\S \S") & ~ours).any() else None


def still_needed(
    kind: Table, choices: dict[str, Choice], named: dict[str, str | None]
) -> list[str]:
    """Return the columns that every row needs and nobody has chosen anything for."""
    filled = {name for name, choice in choices.items() if choice.column or choice.constant}
    if recording(kind, choices, named):
        filled.add(TRACK_OF[kind.name])
    open_ = [name for name in needed(kind) if name not in filled]
    # rows of nothing but a key say nothing, where all else that a table has is numbers
    beside = [name for name in kind.polars_schema if name not in kind.key]
    numbers = all(kind.polars_schema[name].is_numeric() for name in beside)
    return [*open_, *(beside[:1] if numbers and not filled & set(beside) else ())]


def _rule(
    kind: Table, target: str, choice: Choice, forms: tuple[str, ...], decimal: str | None
) -> ColumnRule:
    if not choice.column:
        return ColumnRule(constant=choice.constant)
    dtype = table(kind.name).polars_schema[target]
    prefix = "name:" if target == "artist_id" and _names_artists(choice.column) else ""
    return ColumnRule(
        column=(choice.column,),
        prefix=prefix,
        dates=forms if dtype.is_temporal() else (),
        decimal=decimal if dtype.is_numeric() else None,
    )


def _names_artists(column: str) -> bool:
    """Tell a column of names from one of identifiers, so that ids of both kinds never meet."""
    return not spelt(column).endswith(("id", "uri", "mbid"))
