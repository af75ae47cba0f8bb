"""What services tell artists: Spotify for Artists, YouTube Studio, Apple Music for Artists."""

import datetime
import random

from benchmarks.generated.files import (
    Made,
    Song,
    count,
    day,
    days,
    grouped,
    maybe,
    recordings,
    songs,
    table,
    without_nothing,
)

OWNER = "Nora Vale"
FROM, TO = day(random.Random(1)), day(random.Random(1)).replace(year=2026)
ANSWERS = {"artist": OWNER, "whose": OWNER, "song": f"{OWNER} - Slow Tide", "territory": "WW",
           "from": FROM.isoformat(), "to": TO.isoformat()}  # fmt: skip
SLOW_TIDE = Song("Slow Tide", OWNER, "", "", "", "")
WINDOW = {"window_start": FROM, "window_end": TO, "territory": "WW"}
DAILY = ("listeners", "monthly listeners", "monthly active listeners", "super listeners",
         "streams", "playlist adds", "saves", "followers")  # fmt: skip
LISTS = (("Quiet Friday", "Spotify", "editorial"), ("Discover Weekly", "Spotify", "algorithmic"),
         ("Release Radar", "spotify", "algorithmic"), ("Walks, long", "ann", "listener"),
         ('The "Best"', "ben", "listener"), ("夜", "carl", "listener"),
         ("=Sum", "dora", "listener"))  # fmt: skip


def spotify_artists(chance: random.Random) -> Made:
    """Audience timeline, songs, playlists of a song, timeline of a song."""
    return chance.choice((_audience, _songs, _playlists, _timeline))(chance)


def _audience(chance: random.Random) -> Made:
    names = DAILY if chance.random() < 0.5 else ("listeners", "streams", "followers")
    rows = [{n: maybe(chance, count(chance)) for n in names} | {"date": d} for d in days(chance)]
    cells = [["date", *names], *([row["date"], *(row[n] for n in names)] for row in rows)]
    kept = [
        {"entity": "artist", "artist": OWNER, "day": row["date"], "territory": "WW",
         "store": "spotify"} | {n.replace(" ", "_"): row[n] for n in names}
        for row in rows
    ]  # fmt: skip
    file, data = table(chance, cells)
    kept = [without_nothing(row) for row in kept]
    return Made(file, data, {"daily_streams": kept, "artists": [{"name": OWNER}]}, ANSWERS)


def _timeline(chance: random.Random) -> Made:
    plays = {d: maybe(chance, count(chance)) for d in days(chance)}
    file, data = table(chance, [["date", "streams"], *([d, n] for d, n in plays.items())])
    of = {"entity": "track", "track": (SLOW_TIDE.title, OWNER), "territory": "WW",
          "store": "spotify"}  # fmt: skip
    rows = [without_nothing(of | {"day": d, "streams": n}) for d, n in plays.items()]
    return Made(file, data, {"daily_streams": rows} | recordings([SLOW_TIDE]), ANSWERS)


def _playlists(chance: random.Random) -> Made:
    chosen = chance.sample(LISTS, chance.randint(1, len(LISTS)))
    rows = [(title, author, kind, day(chance)) for title, author, kind in chosen]
    cells = [["title", "author", "listeners", "streams", "date_added"]]
    cells += [[title, author, 1, 2, at] for title, author, _, at in rows]
    file, data = table(chance, cells)
    kept = [
        {"track": (SLOW_TIDE.title, OWNER), "playlist": title, "kind": kind,
         "added_at": datetime.datetime.combine(at, datetime.time(), datetime.UTC)}
        for title, _, kind, at in rows
    ]  # fmt: skip
    return Made(file, data, {"playlist_spells": kept} | recordings([SLOW_TIDE]), ANSWERS)


def _owned(chance: random.Random, most: int = 5) -> list[Song]:
    """Return songs that are all of one artist."""
    return [Song(s.title, OWNER, s.album, "", "", "") for s in songs(chance, most)]


def _songs(chance: random.Random) -> Made:
    named, names = _owned(chance), ("listeners", "streams", "saves")
    rows = [(song, [count(chance) for _ in names], maybe(chance, day(chance))) for song in named]
    cells = [["song", *names, "release_date"]]
    cells += [[song.title, *counts, out] for song, counts, out in rows]
    file, data = table(chance, cells)
    totals = [
        _total(song, name, number, "spotify")
        for song, counts, _ in rows
        for name, number in zip(names, counts, strict=True)
    ]
    made = recordings(named)
    for track, (_, _, out) in zip(made["tracks"], rows, strict=True):
        track |= {"release_date": out} if out else {}
    return Made(file, data, {"window_totals": totals} | made, ANSWERS)


def _total(song: Song, metric: str, value: float, store: str, **more: object) -> dict:
    return {
        "entity": "track", "track": (song.title, song.artist), "metric": metric,
        "value": float(value), "store": store,
    } | WINDOW | more  # fmt: skip


LANGUAGES = {
    "en": {"sign": ".", "video": "Content", "title": "Video title", "date": "Date",
           "views": "Views", "watch_hours": "Watch time (hours)", "subscribers": "Subscribers",
           "impressions": "Impressions", "average_view_seconds": "Average view duration",
           "click_through_percent": "Impressions click-through rate (%)",
           "kind": " (Official Video)"},
    "de": {"sign": ",", "video": "Videos", "title": "Videotitel", "date": "Datum",
           "views": "Aufrufe", "watch_hours": "Wiedergabezeit (Stunden)",
           "subscribers": "Abonnenten", "impressions": "Impressionen",
           "average_view_seconds": "Durchschnittliche Wiedergabedauer",
           "click_through_percent": "Klickrate der Impressionen (%)",
           "kind": " (Offizielles Video)"},
    "fr": {"sign": ",", "video": "Contenu", "title": "Titre de la vidéo", "date": "Date",
           "views": "Vues", "watch_hours": "Durée de visionnage (heures)",
           "subscribers": "Abonnés", "impressions": "Impressions",
           "average_view_seconds": "Durée moyenne de visionnage",
           "click_through_percent": "Taux de clics par impression (%)",
           "kind": " (Clip officiel)"},
}  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


def youtube_studio(chance: random.Random) -> Made:
    """Videos over a window, videos by day, days of a channel; in three languages."""
    said = LANGUAGES[chance.choice(list(LANGUAGES))]
    others = ("subscribers", "impressions", "average_view_seconds", "click_through_percent")
    names = ["views", "watch_hours", *chance.sample(others, 2)]
    kind = chance.choice(("videos", "video days", "days"))
    if kind == "days":
        of = [({"entity": "artist", "artist": OWNER, "store": "youtube"}, [], d)
              for d in days(chance)]  # fmt: skip
        made = {"artists": [{"name": OWNER}]}
    else:
        named = _owned(chance)
        of = [_video(chance, song, said, dated=kind == "video days") for song in named]
        made = recordings(named)
    head = {"videos": ["video", "title"], "video days": ["date", "video", "title"],
            "days": ["date"]}[kind]  # fmt: skip
    cells: list[list[object]] = [[said[name] for name in (*head, *names)]]
    totals = []
    if chance.random() < 0.5:
        cells.append(["Total", *[None] * (len(head) - 1), "99", *[None] * (len(names) - 1)])
    for what, texts, at in of:
        values = {n: _metric(chance, n) for n in names}
        numbers = [_metric_text(values[n], n, said["sign"]) for n in names]
        cells.append([*([at] if at else []), *texts, *numbers])
        span = WINDOW if at is None else {"window_start": at, "window_end": at, "territory": "WW"}
        totals += [
            what | span | {"metric": n, "value": float(v)} for n, v in values.items()
            if v is not None
        ]  # fmt: skip
    file, data = table(chance, cells, "," if said["sign"] == "." else ";")
    return Made(file, data, {"window_totals": totals} | made, ANSWERS)


def _video(chance: random.Random, song: Song, said: dict[str, str], *, dated: bool):
    """Return what a row is of, what it says of that, and its day."""
    number = "".join(chance.choices(LETTERS, k=11))
    title = chance.choice((f"{OWNER} - {song.title}", f"{song.title}{said['kind']}"))
    what = {"entity": "track", "track": (song.title, OWNER), "store": f"youtube:{number}"}
    return what, [number, title], day(chance) if dated else None


def _metric(chance: random.Random, name: str) -> float | None:
    if name == "views":
        return count(chance)
    number = {
        "watch_hours": lambda: chance.randrange(10**8) / 100,
        "subscribers": lambda: chance.randrange(-999, 10**6),
        "impressions": lambda: count(chance),
        "average_view_seconds": lambda: chance.randrange(36_000),
        "click_through_percent": lambda: chance.randrange(10_000) / 100,
    }[name]()
    return maybe(chance, number)


def _metric_text(value: float | None, name: str, sign: str) -> str | None:
    if value is None:
        return None
    if name == "average_view_seconds":
        minutes, seconds = divmod(value, 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return grouped(value, 2 if isinstance(value, float) else 0, sign)


APPLE = {
    "en": (".", "Song", "Date", ["Plays", "Average Daily Listeners", "Shazams", "Radio Spins",
                                 "Purchases"]),
    "fr": (",", "Morceau", "Jour", ["Écoutes", "Moyenne quotidienne d’auditeurs", "Shazam",
                                    "Diffusions radio", "Achats"]),
    "de": (",", "Titel", "Datum", ["Wiedergaben", "Durchschnittliche tägliche Hörer:innen",
                                   "Shazams", "Radioeinsätze", "Käufe"]),
}  # fmt: skip
OURS = ("streams", "average_daily_listeners", "shazams", "radio_spins", "purchases")


def apple_music(chance: random.Random) -> Made:
    """Songs over a window, or plays by day; in three languages."""
    sign, song_title, date, names = APPLE[chance.choice(list(APPLE))]
    mark = "," if sign == "." else ";"
    if chance.random() < 0.3:
        plays = {d: count(chance) for d in days(chance)}
        cells = [[date, names[0]], *([d, grouped(n, 0, sign)] for d, n in plays.items())]
        of = {"entity": "artist", "artist": OWNER, "territory": "WW", "store": "apple_music"}
        file, data = table(chance, cells, mark)
        rows = [of | {"day": d, "streams": n} for d, n in plays.items()]
        return Made(file, data, {"daily_streams": rows, "artists": [{"name": OWNER}]}, ANSWERS)
    named, totals = _owned(chance), []
    cells: list[list[object]] = [[song_title, *names]]
    for song in named:
        values = [count(chance), maybe(chance, chance.randrange(10**8) / 100),
                  *(maybe(chance, count(chance)) for _ in range(3))]  # fmt: skip
        cells.append([song.title, *(_metric_text(v, "", sign) for v in values)])
        totals += [
            _total(song, name, v, "apple_music")
            for name, v in zip(OURS, values, strict=True) if v is not None
        ]  # fmt: skip
    file, data = table(chance, cells, mark)
    return Made(file, data, {"window_totals": totals} | recordings(named), ANSWERS)
