"""Scrobbles written as each of the programs writes them, for tests."""

import csv
import datetime
import io
import json
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True)
class Scrobble:
    """A play: when it began (UTC, to the second), what it was, and what else some programs keep."""

    at: datetime.datetime
    title: str
    artist: str
    album: str = "Coast"
    ms_played: int | None = None
    skipped: bool | None = None

    @property
    def epoch(self) -> int:
        """Seconds since 1970."""
        return int(self.at.timestamp())


def _csv(rows: list[list[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _listen(one: Scrobble, *, mapped: bool = False) -> dict:
    info = {"submission_client": "a player", "duration_ms": 200_000}
    if one.ms_played is not None:
        info["ms_played"] = one.ms_played
    known = {
        "recording_name": one.title, "recording_mbid": "x", "artist_mbids": ["y"],
        "artists": [{"artist_credit_name": one.artist, "join_phrase": "", "artist_mbid": "y"}],
    }  # fmt: skip
    names = {"track_name": one.title, "artist_name": one.artist}
    if mapped:
        names = {"track_name": "01 - track", "artist_name": "unknown artist"}
    return {
        "listened_at": one.epoch, "inserted_at": one.epoch + 5.25,
        "track_metadata": names | {
            "release_name": one.album, "additional_info": info,
            "mbid_mapping": known if mapped else None,
        },
    }  # fmt: skip


def listenbrainz_lines(plays: list[Scrobble]) -> bytes:
    """The listens as JSON lines; every second one is mapped to MusicBrainz."""
    listens = [_listen(one, mapped=n % 2 == 1) for n, one in enumerate(plays)]
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in listens).encode()


def listenbrainz_list(plays: list[Scrobble]) -> bytes:
    """The older export: one list."""
    return json.dumps([_listen(one) for one in plays]).encode()


def listenbrainz_zip(plays: list[Scrobble]) -> bytes:
    """The whole export, one file a month, with the user's name and feedback."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("user.json", '{"user_id":1,"username":"ann"}\n')
        half = (len(plays) + 1) // 2
        for name, part in (("listens/2026/6", plays[:half]), ("listens/2026/7", plays[half:])):
            if part:
                archive.writestr(f"{name}.jsonl", listenbrainz_lines(part))
        archive.writestr("feedback.jsonl", '{"recording_msid":"x","score":1,"created":1}\n')
    return out.getvalue()


def lastfm_csv(plays: list[Scrobble]) -> bytes:
    """Last.fm by the exporter that writes a header."""
    header = ["uts", "utc_time", "artist", "artist_mbid", "album", "album_mbid", "track",
              "track_mbid"]  # fmt: skip
    rows = [
        [p.epoch, p.at.strftime("%d %b %Y, %H:%M"), p.artist, "", p.album, "", p.title, ""]
        for p in plays
    ]
    return _csv([header, *rows])


def lastfm_bare(plays: list[Scrobble]) -> bytes:
    """Last.fm by the exporter that writes none; times are of the minute."""
    return _csv([[p.artist, p.album, p.title, p.at.strftime("%d %b %Y %H:%M")] for p in plays])


def lastfm_json(plays: list[Scrobble]) -> bytes:
    """Last.fm as pages of recent tracks."""
    tracks = [
        {"artist": {"mbid": "", "#text": p.artist}, "name": p.title, "mbid": "", "url": "u",
         "album": {"mbid": "", "#text": p.album}, "image": [{"size": "small", "#text": ""}],
         "streamable": "0", "date": {"uts": str(p.epoch), "#text": p.at.isoformat()}}
        for p in plays
    ]  # fmt: skip
    pages = [
        {"track": tracks[n : n + 3], "@attr": {"page": str(n)}} for n in range(0, len(tracks), 3)
    ]
    return json.dumps(pages, ensure_ascii=False).encode()


def librefm(plays: list[Scrobble]) -> bytes:
    """Libre.fm, with the lines that stand above its header."""
    header = ["Time", "Artist", "Track", "Album", "Artist MBID"]
    rows = [[p.epoch, p.artist, p.title, p.album, ""] for p in plays]
    return b"Libre.fm export\n\n" + _csv([header, *rows])


def scrobbler_log(plays: list[Scrobble]) -> bytes:
    """The log of a player whose clock runs in UTC."""
    rating = {None: "", False: "L", True: "S"}
    rows = [
        "\t".join([p.artist, p.album, p.title, "3", "200", rating[p.skipped], str(p.epoch), ""])
        for p in plays
    ]
    head = ["#AUDIOSCROBBLER/1.1", "#TZ/UTC", "#CLIENT/a player 1.0"]
    return ("\n".join([*head, *rows]) + "\n").encode()


def maloja(plays: list[Scrobble]) -> bytes:
    """Maloja's export."""
    scrobbles = [
        {"time": p.epoch, "origin": "client:x",
         "track": {"artists": [p.artist], "title": p.title, "length": 200,
                   "album": {"artists": [p.artist], "albumtitle": p.album}},
         "duration": None if p.ms_played is None else p.ms_played // 1000}
        for p in plays
    ]  # fmt: skip
    whole = {"maloja": {"export_time": 1}, "scrobbles": scrobbles}
    return json.dumps(whole, indent=1, ensure_ascii=False).encode()


def pano(plays: list[Scrobble]) -> bytes:
    """Pano Scrobbler's JSON lines."""
    lines = [
        {"timeMs": p.epoch * 1000, "artist": p.artist, "track": p.title, "album": p.album,
         "albumArtist": p.artist, "durationMs": 200_000, "event": "scrobble"}
        for p in plays
    ]  # fmt: skip
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines).encode()


WRITERS = (
    listenbrainz_lines, listenbrainz_list, listenbrainz_zip, lastfm_csv, lastfm_bare, lastfm_json,
    librefm, scrobbler_log, maloja, pano,
)  # fmt: skip
PLAYED = (listenbrainz_lines, listenbrainz_list, listenbrainz_zip, maloja)
