"""MusicBrainz and ListenBrainz: which recording is a track, and which ISRCs it bears.

MusicBrainz is searched; where it has nothing alike, ListenBrainz, which knows many misspellings,
is asked for the recording, and MusicBrainz for its ISRCs.
"""

import uuid
from dataclasses import dataclass

import polars as pl

from workbench.catalogue import identifiers, matching, titles
from workbench.catalogue.artists import NEW, SURE
from workbench.importers.services import LISTENBRAINZ, MUSICBRAINZ, NOT_FOUND, UNREADABLE, Failed
from workbench.importers.web import Client

FOUND, DOUBTFUL, SEVERAL, WITHOUT = "found", "doubtful", "several ISRCs", "no ISRC there"
PAGE = "https://musicbrainz.org/recording/"
MOST = 25
_COMPARED = {
    "title": pl.String, "version": pl.String, "artist": pl.String,
    "featured": pl.List(pl.String), "duration_ms": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Track:
    """A track as it is looked for; `duration_ms` may be unknown."""

    title: str
    version: str | None
    artist: str
    featured: tuple[str, ...] = ()
    duration_ms: int | None = None


@dataclass(frozen=True)
class Recording:
    """A recording of MusicBrainz; `note` tells it from others of its name."""

    mbid: str
    title: str
    note: str
    artist: str
    duration_ms: int | None
    isrcs: tuple[str, ...]

    @property
    def name(self) -> str:
        """What MusicBrainz calls it."""
        return f"{self.title}{f' ({self.note})' if self.note else ''} – {self.artist}"


@dataclass(frozen=True)
class Answer:
    """What was found for a track.

    Attributes
    ----------
    outcome : one of the words above, or “not found”. isrc : where there is one. recording : the
    best. score : its likeness, 0 to 1. doubt : what speaks against it.
    """

    outcome: str
    isrc: str = ""
    recording: Recording | None = None
    score: float | None = None
    doubt: str = ""


class MetaBrainz:
    """Asks both services, each at its own rate."""

    def __init__(self, musicbrainz: Client, listenbrainz: Client) -> None:
        self._musicbrainz, self._listenbrainz = musicbrainz, listenbrainz

    def answer(self, track: Track, not_these: set[str]) -> Answer:
        """Return what both know of a track; `not_these` are pages that a person declined."""
        found = judged(track, [r for r in self.search(track) if PAGE + r.mbid not in not_these])
        if found.outcome != NOT_FOUND:
            return found
        mapped = self.mapped(track)
        if mapped is None or PAGE + mapped.mbid in not_these:
            return found
        return judged(track, [mapped])

    def search(self, track: Track) -> list[Recording]:
        """Return the recordings that MusicBrainz lists for title and artist."""
        core = titles.split(track.title)["core"]
        query = f"recording:{_quoted(core)} AND artist:{_quoted(track.artist)}"
        said = self._musicbrainz.json(
            MUSICBRAINZ.hosts[0], "ws/2/recording", query=query, fmt="json", limit=MOST
        )
        try:
            return [_recording(one) for one in said["recordings"]]
        except (KeyError, TypeError, AttributeError):
            raise self._musicbrainz.failed(UNREADABLE, "answered in a form of its own") from None

    def mapped(self, track: Track) -> Recording | None:
        """Return the recording that ListenBrainz takes title and artist for."""
        try:
            said = self._listenbrainz.json(
                LISTENBRAINZ.hosts[0], "1/metadata/lookup/",
                artist_name=track.artist, recording_name=track.title,
            )  # fmt: skip
            mbid = said.get("recording_mbid") if isinstance(said, dict) else None
            if not mbid:
                return None
            path = f"ws/2/recording/{_uuid(mbid)}"
            found = self._musicbrainz.json(
                MUSICBRAINZ.hosts[0], path, inc="artist-credits+isrcs", fmt="json"
            )
            return _recording(found)
        except Failed as failed:
            if failed.outcome == NOT_FOUND:
                return None
            raise
        except (KeyError, TypeError, AttributeError, ValueError):
            raise self._listenbrainz.failed(UNREADABLE, "answered in a form of its own") from None


def judged(track: Track, recordings: list[Recording]) -> Answer:
    """Return which of these recordings is the track, and its ISRC where there is just one."""
    if not recordings:
        return Answer(NOT_FOUND, doubt="no hits")
    own = pl.DataFrame(
        [{"title": track.title, "version": track.version, "artist": track.artist,
          "featured": list(track.featured), "duration_ms": track.duration_ms}],
        schema=_COMPARED,
    ).with_columns(track_id=pl.lit("own"))  # fmt: skip
    given = pl.DataFrame(
        [{"title": r.title, "version": r.note or None, "artist": r.artist, "featured": [],
          "duration_ms": r.duration_ms} for r in recordings],
        schema=_COMPARED,
    )  # fmt: skip
    rows = matching.matches(given, own).rows.filter(pl.col("outcome") != NEW)
    best = rows.sort(pl.col("outcome") == SURE, "score", "row", descending=[True, True, False])
    if best.is_empty():
        return Answer(NOT_FOUND, doubt=f"none of {len(recordings)} hits is like it")
    first = best.row(0, named=True)
    alike = best.filter(pl.col("outcome") == first["outcome"])["row"].to_list()
    codes = sorted({code for row in alike for code in recordings[row].isrcs})
    found = {"recording": recordings[first["row"]], "score": first["score"]}
    if not codes:
        return Answer(WITHOUT, **found, doubt="listed, without an ISRC")
    if len(codes) > 1:
        return Answer(SEVERAL, **found, doubt=", ".join(codes[:5]))
    # the recording that bears the code, which need not be the first of those alike
    bearer = next(recordings[row] for row in alike if codes[0] in recordings[row].isrcs)
    found["recording"] = bearer
    if first["outcome"] == SURE:
        return Answer(FOUND, codes[0], **found)
    return Answer(DOUBTFUL, codes[0], **found, doubt=first["doubt"])


def _recording(said: dict) -> Recording:
    credit = said.get("artist-credit") or []
    codes = pl.DataFrame({"code": [str(code) for code in said.get("isrcs") or ()]}, schema=["code"])
    valid = codes.cast(pl.String).select(identifiers.isrc(pl.col("code"))).to_series()
    length = said.get("length")
    return Recording(
        mbid=_uuid(said["id"]),
        title=str(said["title"]),
        note=str(said.get("disambiguation") or ""),
        artist="".join(f"{one['name']}{one.get('joinphrase') or ''}" for one in credit),
        duration_ms=int(length) if isinstance(length, int | float) and length >= 1 else None,
        isrcs=tuple(valid.drop_nulls().unique(maintain_order=True)),
    )


def _uuid(text: object) -> str:
    """Return an id that may stand in an address."""
    try:
        return str(uuid.UUID(str(text)))
    except ValueError:
        raise KeyError("id") from None


def _quoted(text: str) -> str:
    """Return a phrase in the language of the search."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
