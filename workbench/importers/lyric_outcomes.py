"""What came of looking up lyrics, track by track, and what people decided about it."""

import datetime

import polars as pl

from workbench.dataset import Dataset
from workbench.importers import services as web
from workbench.importers.genius import DOUBTFUL, FOUND, INSTRUMENTAL, NO_TEXT, WRONG_PAGE
from workbench.importers.look_up_log import events, note
from workbench.importers.services import GENIUS
from workbench.lyrics.language import NO_WORDS
from workbench.store.change import change
from workbench.store.slices import scan
from workbench.tables import table

ACCEPTED, DECLINED = "accepted", "declined"
# What each is called, and what to do about it.
MEANING = {
    FOUND: ("Fetched", "Nothing. A wrong one can be thrown out on the Import page"),
    DOUBTFUL: ("To be confirmed", "Say on the Import page whether it is the song"),
    ACCEPTED: ("Confirmed", "Fetch again: its words come first"),
    DECLINED: ("Not the song", "Fetch again: the next likely hit is looked for"),
    web.NOT_FOUND: ("Not at Genius", "Import your own text; asked again after 30 days"),
    INSTRUMENTAL: ("Instrumental", "If that is right, give the track the language zxx"),
    NO_TEXT: ("Listed without words", "Import your own text; asked again after 30 days"),
    WRONG_PAGE: ("Wrong page", "Import your own text; asked again after 30 days"),
    web.BLOCKED: (
        "Blocked",
        "Genius refuses this machine, as it does most servers: fetch from an office or home line",
    ),
    web.TOKEN: ("Token refused", "Make a new token at genius.com/api-clients, then start again"),
    web.LIMITED: ("Asked too often", "Wait, then fetch again; the waiting time is kept"),
    web.TIMED_OUT: ("Timed out", "Fetch again later"),
    web.NO_CONNECTION: ("No connection", "Check this machine's way to the internet (no proxy)"),
    web.TROUBLE: ("Genius has trouble", "Fetch again later"),
    web.UNREADABLE: ("Answer not readable", "Fetch again later; if it stays, import your own text"),
    web.CUT_OFF: ("Answer cut off", "Fetch again later"),
    web.REFUSED: ("Led elsewhere", "Genius sent us to another host, which is never asked"),
}
# Answers that hold for a while; all others but decisions are asked for again by the next run.
LASTING = (web.NOT_FOUND, INSTRUMENTAL, NO_TEXT, WRONG_PAGE)
STANDING = (*LASTING, FOUND, DOUBTFUL, ACCEPTED, DECLINED)
DAYS = 30
SOURCE, ROWS = "genius", "Genius look-up"


def lacking(label: Dataset) -> pl.DataFrame:
    """Return the released tracks that are sung and have no lyric from anywhere.

    Returns
    -------
    track_id | title | version | artist | featured, the newest release first
    """
    texts = label.scan("lyrics").filter(pl.col("text").str.strip_chars() != "")
    artists = label.scan("artists").select("artist_id", artist="name")
    return (
        label.scan("tracks")
        .filter(
            pl.col("status").fill_null("released") == "released",
            pl.col("language").fill_null("") != NO_WORDS,
        )
        .join(texts, on="track_id", how="anti")
        .join(artists, on="artist_id", how="left")
        .sort("release_date", "track_id", descending=[True, False], nulls_last=True)
        .select("track_id", "title", "version", "artist", "featured")
        .collect()
    )


def waiting(label: Dataset, *, again: bool = False) -> pl.DataFrame:
    """Return the tracks that a run would ask for, those first whose page a person accepted.

    Parameters
    ----------
    again : also those whose last answer would hold for 30 days.

    Returns
    -------
    the columns of `lacking` | found | url | score (of an accepted page; null: to be searched)
    """
    last = (
        events(label, GENIUS)
        .filter(pl.col("outcome").is_in(STANDING))
        .unique("track_id", keep="last")
    )
    fresh = pl.col("at") > datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=DAYS)
    held = pl.col("outcome").is_in(LASTING) & fresh & (not again)
    settled = last.filter(held | (pl.col("outcome") == DOUBTFUL))
    accepted = last.filter(pl.col("outcome") == ACCEPTED)
    chosen = accepted.select("track_id", "found", "url", "score")
    rows = lacking(label).join(settled, on="track_id", how="anti", maintain_order="left")
    rows = rows.join(chosen, on="track_id", how="left", maintain_order="left")
    return rows.sort(pl.col("url").is_null(), maintain_order=True)


def outcomes(label: Dataset) -> pl.DataFrame:
    """Return the last that was said of each track, the newest first.

    A track that has got a lyric from elsewhere is no longer told of.

    Returns
    -------
    track_id | title | artist | outcome | found | score | doubt | url | at
    """
    last = events(label, GENIUS).unique("track_id", keep="last", maintain_order=True)
    artists = label.scan("artists").select("artist_id", artist="name")
    tracks = label.scan("tracks").join(artists, on="artist_id", how="left")
    texts = label.scan("lyrics").select("track_id", "source").collect()
    own = texts.filter(pl.col("source") != SOURCE)
    fetched = texts.filter(pl.col("source") == SOURCE)
    open_ = last.join(own, on="track_id", how="anti", maintain_order="left")
    gone = (pl.col("outcome") == FOUND) & ~pl.col("track_id").is_in(fetched["track_id"].implode())
    names = tracks.select("track_id", "title", "artist").collect()
    return (
        open_.filter(~gone)
        .join(names, on="track_id", how="inner", maintain_order="left")
        .sort("id", descending=True)
        .select("track_id", "title", "artist", "outcome", "found", "score", "doubt", "url", "at")
    )


def declined(label: Dataset) -> dict[str, set[str]]:
    """Return the pages that a person declined, by track."""
    rows = events(label, GENIUS).filter(pl.col("outcome") == DECLINED)
    grouped = rows.group_by("track_id").agg("url")
    return {track: set(urls) for track, urls in grouped.iter_rows()}


def decide(label: Dataset, tracks: list[str], *, same: bool) -> None:
    """Note that what was last found for these tracks is the song, or is not.

    Words that were fetched from a page which is not the song's go at once.
    """
    last = outcomes(label).filter(pl.col("track_id").is_in(tracks))
    last = last.filter(pl.col("url") != "")
    if not same:
        _take_out(label, last["track_id"].to_list())
    for row in last.iter_rows(named=True):
        note(
            label, GENIUS, row["track_id"], ACCEPTED if same else DECLINED,
            found=row["found"], url=row["url"], score=row["score"], doubt=row["doubt"],
        )  # fmt: skip


def _take_out(label: Dataset, tracks: list[str]) -> None:
    with change(label.folder, home=label.home) as writing:
        for entry in writing.manifest.of("lyrics"):
            if not entry.source.startswith(ROWS):
                continue
            rows = scan(writing.folder, table("lyrics"), [entry]).collect()
            kept = rows.filter(~pl.col("track_id").is_in(tracks))
            if kept.height < rows.height:
                writing.put("lyrics", kept, source=entry.source)
