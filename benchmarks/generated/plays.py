"""Listening histories: Spotify's privacy export, ListenBrainz, and scrobbles of all programs."""

import datetime
import json
import random
from collections.abc import Callable

from benchmarks.generated.files import (
    Made,
    Song,
    maybe,
    moment,
    packed,
    recordings,
    songs,
    without_nothing,
    zipped,
)
from tests import scrobbles
from tests.scrobbles import Scrobble

WHO = {"listener": "ann", "zone": "UTC"}
LISTENS = (scrobbles.listenbrainz_lines, scrobbles.listenbrainz_list, scrobbles.listenbrainz_zip)
PAGES = (scrobbles.lastfm_json, scrobbles.maloja, scrobbles.pano)
TABLES = (scrobbles.lastfm_csv, scrobbles.lastfm_bare, scrobbles.librefm, scrobbles.scrobbler_log)


def spotify_history(chance: random.Random) -> Made:
    """The extended history or the short one, as JSON or in its zip."""
    short = chance.random() < 0.3
    plays = _plays(chance, short=short)
    entries = [_short(p) if short else _extended(p) for p in plays]
    data = json.dumps(entries, indent=chance.choice((None, 2)), ensure_ascii=chance.random() < 0.3)
    rows = [
        {"track": (p.title, p.artist), "ms_played": p.ms_played, "skipped": p.skipped,
         "played_at": p.at - datetime.timedelta(milliseconds=p.ms_played)}
        for p in plays
    ]  # fmt: skip
    name = "Streaming_History_Audio_0.json"
    if chance.random() < 0.1:
        name, whole = "my_spotify_data.zip", zipped({f"Spotify/{name}": data.encode()})
    else:
        name, whole = packed(chance, name, data.encode())
    return _made(name, whole, plays, rows, *(() if short else ("album",)))


def listenbrainz(chance: random.Random) -> Made:
    """Listens of ListenBrainz; its zip says whose they are."""
    return _scrobbled(chance, chance.choice(LISTENS))


def scrobbles_json(chance: random.Random) -> Made:
    """Last.fm as JSON, Maloja, Pano Scrobbler."""
    return _scrobbled(chance, chance.choice(PAGES))


def scrobbles_table(chance: random.Random) -> Made:
    """Last.fm with and without a header, Libre.fm, the log of a player."""
    return _scrobbled(chance, chance.choice(TABLES))


def _scrobbled(chance: random.Random, write: Callable[[list[Scrobble]], bytes]) -> Made:
    # the log knows no quotes
    marks = ("", "'s", "!") if write is scrobbles.scrobbler_log else None
    plays = _plays(chance, minutes=write is scrobbles.lastfm_bare, marks=marks)
    rows = [
        {"track": (p.title, p.artist), "played_at": p.at,
         "ms_played": p.ms_played if write in scrobbles.PLAYED else None,
         "skipped": p.skipped if write is scrobbles.scrobbler_log else None}
        for p in plays
    ]  # fmt: skip
    name, data = "plays", write(plays)
    if write is not scrobbles.listenbrainz_zip:
        name, data = packed(chance, name, data)
    return _made(name, data, plays, rows, "album")


def _plays(
    chance: random.Random, *, short: bool = False, minutes: bool = False,
    marks: tuple[str, ...] | None = None,
) -> list[Scrobble]:  # fmt: skip
    """Return plays that lie further apart than any two of one song could be said again."""
    known = songs(chance) if marks is None else songs(chance, marks=marks)
    found: dict[datetime.datetime, Scrobble] = {}
    for _ in range(chance.randint(1, 10)):
        song, at = chance.choice(known), moment(chance)
        if short or minutes:
            at = at.replace(second=0)
        apart = at.replace(second=0, minute=0)
        milliseconds = 1000 * chance.randrange(3600)
        skipped = None if short else maybe(chance, chance.random() < 0.5)
        found[apart] = Scrobble(at, song.title, song.artist, song.album, milliseconds, skipped)
    return list(found.values())


def _made(name: str, data: bytes, plays: list[Scrobble], rows: list[dict], *said: str) -> Made:
    named = [Song(p.title, p.artist, p.album, "", "", "") for p in plays]
    said_of_all = {"listener": WHO["listener"], "source": "unknown"}
    kept = [without_nothing(row) | said_of_all for row in rows]
    return Made(name, data, {"plays": kept} | recordings(named, *said), WHO,
                (WHO["listener"],))  # fmt: skip


def _extended(play: Scrobble) -> dict:
    return {
        "ts": play.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "platform": "ios",
        "ms_played": play.ms_played, "conn_country": "DE", "ip_addr": "203.0.113.77",
        "master_metadata_track_name": play.title,
        "master_metadata_album_artist_name": play.artist,
        "master_metadata_album_album_name": play.album,
        "spotify_track_uri": "spotify:track:5x0zT0Zx0Zx0Zx0Zx0Zx0Z", "episode_name": None,
        "audiobook_title": None, "reason_start": "trackdone", "reason_end": "trackdone",
        "shuffle": False, "skipped": play.skipped, "offline": False, "incognito_mode": False,
    }  # fmt: skip


def _short(play: Scrobble) -> dict:
    return {"endTime": play.at.strftime("%Y-%m-%d %H:%M"), "artistName": play.artist,
            "trackName": play.title, "msPlayed": play.ms_played}  # fmt: skip
