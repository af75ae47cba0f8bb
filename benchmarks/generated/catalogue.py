"""Catalogue sheets, our own tables as they are downloaded here, and tables that were mapped."""

import datetime
import random
from collections.abc import Callable
from decimal import Decimal

from benchmarks.generated.files import (
    TERRITORIES,
    Made,
    count,
    day,
    days,
    maybe,
    moment,
    recordings,
    songs,
    table,
    without_nothing,
)

HEADERS = (
    ("Track Title", "Artist", "ISRC", "UPC", "Album", "Label", "Release Date", "Genre",
     "Duration", "Writers"),
    ("song_title", "primary artist", "isrc code", "barcode", "release title", "imprint",
     "street date", "main genre", "length", "composers"),
)  # fmt: skip
GENRES, WRITERS = ("folk", "hip hop", "R&B"), ("Ann Ode", "Ben Ríos", "Zoë O'Hara")
STATUS = ("released", "planned", "demo")


def catalogue_sheet(chance: random.Random) -> Made:
    """A sheet of recordings, released and still to come."""
    known, tracks, cells = songs(chance, 8), [], [list(chance.choice(HEADERS))]
    made = recordings(known, "isrc", "upc", "album", "label")
    today = datetime.datetime.now(datetime.UTC).date()
    for song, track in zip(known, made["tracks"], strict=True):
        out = day(chance) if chance.random() < 0.8 else datetime.date(2090, 1, 5)
        seconds, genre = chance.randint(61, 3599), maybe(chance, chance.choice(GENRES))
        writers = chance.sample(WRITERS, chance.randint(1, 2))
        length = chance.choice((f"{seconds // 60}:{seconds % 60:02d}", seconds, seconds * 1000))
        cells.append([song.title, song.artist, song.isrc, song.upc, song.album, song.label, out,
                      genre, length, "; ".join(writers)])  # fmt: skip
        tracks.append(without_nothing(track | {
            "release_date": out, "genre": genre, "duration_ms": seconds * 1000, "writers": writers,
            "status": "planned" if out > today else "released",
        }))  # fmt: skip
    name, data = table(chance, cells, chance.choice(",;\t"))
    return Made(name, data, made | {"tracks": tracks})


def own_tables(chance: random.Random) -> Made:
    """One of our tables with all its columns, and a row for each key."""
    name = chance.choice(list(TABLES))
    rows = [TABLES[name](chance, number) for number in range(chance.randint(1, 10))]
    cells = [list(rows[0]), *([_written(cell) for cell in row.values()] for row in rows)]
    file, data = table(chance, cells, chance.choice(",;\t"))
    return Made(file, data, {name: [_named(without_nothing(row), name) for row in rows]})


def _written(cell: object) -> object:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%dT%H:%M:%SZ")
    return "; ".join(cell) if isinstance(cell, list) else cell


def _named(row: dict, name: str) -> dict:
    """Return a row with its recording and artist as those are told apart from other columns."""
    if "track_id" in row and name != "tracks":
        row["track"] = row["track_id"]
    if "artist_id" in row:
        row["artist"] = row["artist_id"]
    if row.get("entity") == "track":
        row["track"] = row.pop("entity_id")
    return {key: value for key, value in row.items() if key not in ("track_id", "artist_id")}


def _daily(chance: random.Random, number: int) -> dict:
    return {
        "entity": "track", "entity_id": f"t{number}", "day": day(chance),
        "territory": chance.choice(list(TERRITORIES)), "store": "spotify",
        "streams": count(chance), "listeners": maybe(chance, count(chance)),
        "saves": maybe(chance, count(chance)), "followers": None, "monthly_listeners": None,
        "monthly_active_listeners": None, "super_listeners": None,
        "playlist_adds": maybe(chance, count(chance)),
    }  # fmt: skip


def _total(chance: random.Random, number: int) -> dict:
    start = day(chance)
    return {
        "entity": "track", "entity_id": f"t{number}", "window_start": start,
        "window_end": start + datetime.timedelta(days=chance.randrange(90)), "territory": "WW",
        "store": "spotify", "metric": chance.choice(("streams", "views")),
        "value": chance.randrange(10**9) / 8,
    }  # fmt: skip


def _spell(chance: random.Random, number: int) -> dict:
    added = moment(chance)
    return {
        "track_id": f"t{number}", "playlist": f"Quiet, Friday {number}", "added_at": added,
        "removed_at": maybe(chance, added + datetime.timedelta(days=chance.randint(1, 90))),
        "followers": maybe(chance, count(chance)),
        "kind": chance.choice(("editorial", "algorithmic", "listener")),
    }  # fmt: skip


def _campaign(chance: random.Random, number: int) -> dict:
    return {
        "campaign_id": f"c{number}", "channel": chance.choice(("meta", "google")),
        "day": day(chance), "territory": chance.choice(list(TERRITORIES)),
        "track_id": maybe(chance, f"t{number}"), "targeting": maybe(chance, 'Fans, "warm"'),
        "spend": Decimal(chance.randrange(10**9)).scaleb(-4), "currency": "EUR",
        "impressions": maybe(chance, count(chance)), "clicks": maybe(chance, count(chance)),
        "results": None, "result_kind": None, "days": chance.choice((1, 7)),
    }  # fmt: skip


def _track(chance: random.Random, number: int) -> dict:
    return {
        "track_id": f"t{number}", "isrc": maybe(chance, f"GBAYE24{number:05d}"),
        "title": chance.choice(("Slow Tide", "夜の海", 'The "Big", One', "=1+1", "Ölberg")),
        "version": maybe(chance, "Live"), "artist_id": f"a{number % 3}",
        "release_date": maybe(chance, day(chance)), "genre": maybe(chance, chance.choice(GENRES)),
        "language": maybe(chance, "de"), "duration_ms": maybe(chance, chance.randint(1, 10**6)),
        "album": maybe(chance, "Harbour; Coast"), "label": maybe(chance, "L & Co."),
        "explicit": maybe(chance, chance.random() < 0.5), "status": chance.choice(STATUS),
        "tempo": maybe(chance, chance.randint(80, 3200) / 8),
    }  # fmt: skip


def _product(chance: random.Random, number: int) -> dict:
    return {
        "product_id": f"p{number}", "artist_id": maybe(chance, "a1"), "name": "Tour shirt, black",
        "kind": maybe(chance, "Shirt"), "price": Decimal(chance.randrange(10**6)).scaleb(-2),
        "unit_cost": maybe(chance, Decimal(chance.randrange(10**6)).scaleb(-4)),
        "currency": "EUR", "available_from": maybe(chance, day(chance)),
    }  # fmt: skip


def _rate(chance: random.Random, number: int) -> dict:
    return {"currency": chance.choice(("USD", "GBP")),
            "day": day(chance).replace(year=2015 + number),
            "rate": chance.randint(1, 4000) / 1024, "source": "ecb"}  # fmt: skip


TABLES: dict[str, Callable[[random.Random, int], dict]] = {
    "daily_streams": _daily, "window_totals": _total, "playlist_spells": _spell,
    "campaigns": _campaign, "tracks": _track, "products": _product, "fx_rates": _rate,
}  # fmt: skip


def mappings(chance: random.Random) -> Made:
    """A table that a mapping which ships with the project knows by its columns."""
    return chance.choice((_weeks, _charts, _numbered))(chance)


def _weeks(chance: random.Random) -> Made:
    cells: list[list[object]] = [["date_week", "y", "x1", "x2"]]
    spent, totals = [], []
    for monday in days(chance):
        y, of = chance.randrange(10**6) / 4, dict.fromkeys(("x1", "x2"))
        for channel in of:
            of[channel] = Decimal(chance.randrange(10**8)).scaleb(-4)
            spent.append({
                "campaign_id": f"mmm_example:{channel}", "channel": channel, "day": monday,
                "days": 7, "territory": "WW", "track": OUTCOME, "spend": of[channel],
                "currency": "EUR",
            })  # fmt: skip
        cells.append([monday, y, *of.values()])
        totals.append({
            "entity": "track", "track": OUTCOME, "window_start": monday, "territory": "WW",
            "window_end": monday + datetime.timedelta(days=6), "store": "mmm_example",
            "metric": "streams", "value": y,
        })  # fmt: skip
    name, data = table(chance, cells, chance.choice(",;\t"))
    made = {"tracks": [{"title": OUTCOME[0], "artist": OUTCOME[1], "status": "released"}],
            "artists": [{"name": OUTCOME[1]}]}  # fmt: skip
    rows = {"campaigns": spent, "window_totals": totals} | made
    return Made(name, data, rows, {"currency": "EUR"})


OUTCOME = ("Outcome y of mmm_example (simulated)", "mmm_example (simulated)")


def _charts(chance: random.Random) -> Made:
    cells: list[list[object]] = [
        ["date", "position", "track_id", "track_name", "artist", "streams"]
    ]
    known, rows = songs(chance), []
    for song in known:
        for at in days(chance, 4):
            streams = count(chance)
            cells.append([at, len(cells), f"id{known.index(song)}", song.title, song.artist,
                          streams])  # fmt: skip
            rows.append({"entity": "track", "track": (song.title, song.artist), "day": at,
                         "territory": "PH", "store": "spotify", "streams": streams})  # fmt: skip
    name, data = table(chance, cells, chance.choice(",;\t"))
    return Made(name, data, {"daily_streams": rows} | recordings(known))


def _numbered(chance: random.Random) -> Made:
    known = songs(chance, 8)
    header = ["id", "title", "style", "source", "text"]
    cells: list[list[object]] = [
        [n, s.title, "hymn", s.artist, "Line one\nline two, and three"] for n, s in enumerate(known)
    ]
    name, data = table(chance, [header, *cells])
    made = recordings(known)
    made["tracks"] = [track | {"genre": "hymn"} for track in made["tracks"]]
    rows = [{"track": (s.title, s.artist), "source": s.artist, "text": row[-1]}
            for s, row in zip(known, cells, strict=True)]  # fmt: skip
    return Made(name, data, {"lyrics": rows} | made)
