"""Genius, by lyricsgenius: search by its API, words from its pages, and what the library hides.

The library swallows why a page has no words, and puts whole answers into its errors. So it gets
our session (web.py), and what it returns is judged here: the hit by title and artists, the page by
where it led and what it calls itself, the text by the cleaner.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import polars as pl
import requests

from workbench.catalogue import matching, titles
from workbench.catalogue.artists import NEW, SURE
from workbench.importers.services import CUT_OFF, UNREADABLE
from workbench.importers.web import Client
from workbench.lyrics.structure import parsed_lyric
from workbench.lyrics.text import clean_text

FOUND, DOUBTFUL, INSTRUMENTAL = "found", "doubtful", "instrumental"
NO_TEXT, WRONG_PAGE = "no words there", "wrong page"
LONGEST_QUERY = 200
SITE = "https://genius.com/"
_CONTAINER = re.compile(r'<div\b[^>]*\bdata-lyrics-container="true"[^>]*>')
_META = re.compile(r"<meta\b[^>]{1,2000}>")
_CONTENT = re.compile(r'\bcontent="([^"]*)"')
_SAYS_INSTRUMENTAL = "This song is an instrumental"
_FLAG = re.compile(r'\\*"instrumental\\*":\s*(true|false)')
_SONG_PAGE = re.compile(r'\\?"songPage\\?"|\bLyrics__')
_COMPARED = {"title": pl.String, "artist": pl.String, "featured": pl.List(pl.String)}


@dataclass(frozen=True)
class Song:
    """A track as it is looked for."""

    title: str
    version: str | None
    artist: str | None
    featured: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A song that Genius lists; `sung` false: instrumental; `written` false: without words yet."""

    title: str
    artist: str
    featured: tuple[str, ...]
    url: str
    sung: bool
    written: bool

    @property
    def name(self) -> str:
        """What Genius calls it."""
        return f"{self.title} – {self.artist}"


@dataclass(frozen=True)
class Likeness:
    """The best hit for a track; `doubt` is empty where it is surely the one."""

    hit: Hit
    score: float
    doubt: str


@dataclass(frozen=True)
class Words:
    """What a page holds: an outcome, the clean text where it is found, and a remark."""

    outcome: str
    text: str = ""
    remark: str = ""


class Genius:
    """Searches and reads; every request goes through `client`."""

    def __init__(self, client: Client, access: str) -> None:
        import lyricsgenius

        self._client = client
        self._library = lyricsgenius.Genius(access, sleep_time=0, retries=0)
        # Its own session would follow any redirect and wait for ever; the version is pinned.
        self._library._session = client.session
        self._library.API_ROOT = client.root("api.genius.com")
        self._library.PUBLIC_API_ROOT = client.root("genius.com") + "api/"
        self._library.WEB_ROOT = client.root("genius.com")
        client.session.hooks["response"].append(_lines_apart)

    def __repr__(self) -> str:
        return "Genius()"

    def hits(self, song: Song) -> list[Hit]:
        """Return what Genius lists for a song, in its order."""
        query = f"{titles.split(song.title)['core']} {song.artist or ''}".strip()[:LONGEST_QUERY]
        with self._client.told():
            try:
                found = self._library.search_songs(query)["hits"]
                return [hit for one in found if (hit := _hit(one)) is not None]
            except (AssertionError, KeyError, TypeError, AttributeError):
                raise self._client.failed(UNREADABLE, "answered in a form of its own") from None

    def words(self, hit_url: str, title: str | None) -> Words:
        """Return the words of a page.

        Parameters
        ----------
        hit_url : of the page. title : what the song is called, to be told from another page; None:
            a person has seen the page.
        """
        with self._client.told():
            try:
                text = self._library.lyrics(song_url=hit_url)
            except (AssertionError, KeyError, TypeError, AttributeError):
                raise self._client.failed(UNREADABLE, "sent a page of another form") from None
        page = self._client.last
        if "</html>" not in page.text[-2000:].lower():
            raise self._client.failed(CUT_OFF, "broke off in the middle of its answer")
        if not _same_place(page.url, hit_url):
            return Words(WRONG_PAGE, remark="the address led to another page")
        if title is not None and (other := _other_title(page.text, title)):
            return Words(DOUBTFUL, remark=f"the page is titled “{other[:100]}”")
        return _judged(text, page.text)


def closest(song: Song, hits: list[Hit]) -> Likeness | None:
    """Return the hit that is this song, or may be; None where none is like it.

    Where Genius has the song but not the version that the track is, that is a question.
    """
    if not hits:
        return None
    split = titles.split(song.title)
    # Whom our catalogue does not name cannot speak against a hit.
    named = bool(song.featured or split["featured"])
    given = pl.DataFrame(
        {
            "title": [hit.title for hit in hits],
            "artist": [hit.artist for hit in hits],
            "featured": [list(hit.featured) * named for hit in hits],
        },
        schema=_COMPARED,
    )
    for title, version, doubt in (
        (song.title, song.version, ""),
        (split["core"], None, "Genius has the song, but not this version"),
    ):
        track = {"title": title, "artist": song.artist, "featured": list(song.featured)}
        own = pl.DataFrame([track], schema=_COMPARED).with_columns(
            track_id=pl.lit("own"), version=pl.lit(version, pl.String)
        )
        found = matching.matches(given, own).rows.filter(pl.col("outcome") != NEW)
        if found.is_empty():
            continue
        best = found.sort(pl.col("outcome") == SURE, "score", "row", descending=[True, True, False])
        row = best.row(0, named=True)
        doubts = "; ".join(said for said in (row["doubt"], doubt) if said)
        return Likeness(hits[row["row"]], row["score"], doubts)
    return None


def _hit(found: dict) -> Hit | None:
    song = found["result"]
    if found.get("type", "song") != "song" or not str(song["url"]).startswith(SITE):
        return None
    return Hit(
        title=str(song["title"]),
        artist=str(song["primary_artist"]["name"]),
        featured=tuple(str(one["name"]) for one in song.get("featured_artists") or ()),
        url=str(song["url"]),
        sung=not song.get("instrumental"),
        written=song.get("lyrics_state", "complete") == "complete",
    )


def _lines_apart(page: requests.Response, **_options: object) -> None:
    """Begin a line with each part of the words: the library joins parts without a break."""
    kind = page.headers.get("Content-Type", "")
    if "html" in kind and page.status_code == 200:
        if "charset" not in kind:
            page.encoding = "utf-8"  # not latin-1, which HTTP/1.1 once said
        page._content = _CONTAINER.sub(r"\g<0><br/>", page.text).encode(page.encoding or "utf-8")


def _same_place(one: str, other: str) -> bool:
    last = [unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2] for url in (one, other)]
    return last[0].casefold() == last[1].casefold()


def _other_title(page: str, title: str) -> str | None:
    """Return what a page calls itself where that is another song; None where it is the one."""
    tag = next((found[0] for found in _META.finditer(page) if "og:title" in found[0]), "")
    content = _CONTENT.search(tag)
    if not content:
        return None
    said = clean_text(content[1]).text
    both = pl.DataFrame({"text": [said, titles.split(title)["core"]]})
    whole, part = both.select(titles.core_key(pl.col("text"))).to_series()
    return None if part in whole else said


def _judged(text: str | None, page: str) -> Words:
    """Return what the words are once they are clean."""
    if not (text or "").strip():
        # A page tells of other songs as well: only where all flags agree they speak of this one.
        if _SAYS_INSTRUMENTAL in page or set(_FLAG.findall(page)) == {"true"}:
            return Words(INSTRUMENTAL, remark="the page says so")
        if _SONG_PAGE.search(page):
            return Words(NO_TEXT, remark="the page has no words")
        return Words(WRONG_PAGE, remark="this is not the page of a song")
    clean = clean_text(text)
    lyric = parsed_lyric(clean.text)
    if lyric.says_instrumental:
        return Words(INSTRUMENTAL, remark="the words say so")
    if not lyric.lines:
        return Words(NO_TEXT, remark="the page has only a notice")
    removed = sorted({change.kind for change in clean.changes})
    return Words(FOUND, clean.text, f"cleaned of: {', '.join(removed)}" if removed else "")
