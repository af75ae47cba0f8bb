"""ISRCs that tracks lack: which, what came of looking them up, filling and taking back."""

import datetime
from collections import Counter

import polars as pl

from workbench.dataset import Dataset
from workbench.importers import services as web
from workbench.importers.look_up_log import events, note
from workbench.importers.metabrainz import DOUBTFUL, FOUND, SEVERAL, WITHOUT
from workbench.importers.services import MUSICBRAINZ, NOT_FOUND
from workbench.store.change import change
from workbench.store.slices import scan
from workbench.tables import table

TAKEN, DECLINED, UNDONE = "taken", "declined", "taken back"
MEANING = {
    FOUND: ("Filled", "Nothing. A wrong one can be taken back on the Import page"),
    DOUBTFUL: ("To be confirmed", "Say on the Import page whether it is the recording"),
    SEVERAL: ("Several ISRCs", "Bring the right one in a catalogue sheet"),
    WITHOUT: ("Listed without ISRC", "Bring it in a catalogue sheet; asked again after 30 days"),
    TAKEN: ("ISRC of another track", "Look whether the two tracks are one recording"),
    NOT_FOUND: ("Not listed", "Bring it in a catalogue sheet; asked again after 30 days"),
    DECLINED: ("Not the recording", "The next likely one is looked for after 30 days"),
    UNDONE: ("Taken back", "The next likely one is looked for after 30 days"),
    web.BLOCKED: ("Blocked", "The service refuses this machine: set WORKBENCH_CONTACT, ask it why"),
    web.TOKEN: ("Wants an account", "ListenBrainz asks for a token, which is not supported"),
    web.LIMITED: ("Asked too often", "Wait, then look up again; the waiting time is kept"),
    web.TIMED_OUT: ("Timed out", "Look up again later"),
    web.NO_CONNECTION: ("No connection", "Check this machine's way to the internet (no proxy)"),
    web.TROUBLE: ("Service in trouble", "Look up again later"),
    web.UNREADABLE: ("Answer not readable", "Look up again later"),
    web.CUT_OFF: ("Answer cut off", "Look up again later"),
    web.REFUSED: ("Led elsewhere", "We were sent to another host, which is never asked"),
}
LASTING = (SEVERAL, WITHOUT, TAKEN, NOT_FOUND, DECLINED, UNDONE)
DAYS = 30


def lacking(label: Dataset) -> pl.DataFrame:
    """Return the released tracks of known artists that have no ISRC, the newest release first.

    Returns
    -------
    track_id | title | version | artist | featured | duration_ms
    """
    artists = label.scan("artists").select("artist_id", artist="name")
    return (
        label.scan("tracks")
        .filter(pl.col("isrc").is_null(), pl.col("status").fill_null("released") == "released")
        .join(artists, on="artist_id", how="inner")
        .sort("release_date", "track_id", descending=[True, False], nulls_last=True)
        .select("track_id", "title", "version", "artist", "featured", "duration_ms")
        .collect()
    )


def waiting(label: Dataset, *, again: bool = False) -> pl.DataFrame:
    """Return those of `lacking` that a run would ask for; `again`: also those asked lately."""
    fresh = pl.col("at") > datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=DAYS)
    last = events(label, MUSICBRAINZ).unique("track_id", keep="last")
    lasting = pl.col("outcome").is_in(LASTING) & fresh & (not again)
    held = last.filter(lasting | (pl.col("outcome") == DOUBTFUL))
    return lacking(label).join(held, on="track_id", how="anti", maintain_order="left")


def outcomes(label: Dataset) -> pl.DataFrame:
    """Return the last that was said of each track, the newest first.

    A track that has got an ISRC from elsewhere is no longer told of.

    Returns
    -------
    track_id | title | artist | outcome | isrc | found | score | doubt | url | at
    """
    last = events(label, MUSICBRAINZ).unique("track_id", keep="last", maintain_order=True)
    artists = label.scan("artists").select("artist_id", artist="name")
    tracks = label.scan("tracks").select("track_id", "title", "artist_id", own="isrc")
    names = tracks.join(artists, on="artist_id", how="left").drop("artist_id").collect()
    told = last.join(names, on="track_id", how="inner", maintain_order="left")
    filled = pl.col("outcome") == FOUND
    same = pl.col("own").eq_missing(pl.col("value"))
    return (
        told.filter((filled & same) | (~filled & pl.col("own").is_null()))
        .sort("id", descending=True)
        .select("track_id", "title", "artist", "outcome", pl.col("value").alias("isrc"), "found",
                "score", "doubt", "url", "at")
    )  # fmt: skip


def decide(label: Dataset, tracks: list[str], *, same: bool) -> None:
    """Note that what was found for these tracks is their recording, or is not.

    Confirmed, its ISRC is filled; declined or taken back, an ISRC that was filled goes.
    """
    last = outcomes(label).filter(
        pl.col("track_id").is_in(tracks), pl.col("outcome").is_in([FOUND, DOUBTFUL])
    )
    rows = last.to_dicts()
    if same:
        wanted = {r["track_id"]: r["isrc"] for r in rows if r["outcome"] == DOUBTFUL}
        done = written(label, wanted)
    else:
        written(label, {r["track_id"]: r["isrc"] for r in rows if r["outcome"] == FOUND}, out=True)
        done = {}
    for row in rows:
        track, was = row["track_id"], row["outcome"]
        if same and was == FOUND:
            continue
        other = FOUND if track in done else TAKEN
        outcome = other if same else (UNDONE if was == FOUND else DECLINED)
        said = {key: row[key] for key in ("found", "url", "score", "doubt")}
        note(label, MUSICBRAINZ, track, outcome, value=row["isrc"], **said)


def written(label: Dataset, codes: dict[str, str], *, out: bool = False) -> set[str]:
    """Fill these ISRCs where there is none and no other track has them, or take them out again.

    Rows stay with the import that brought them. Returns the tracks that changed.
    """
    if not codes:
        return set()
    changed: set[str] = set()
    with change(label.folder, home=label.home) as writing:
        entries = writing.manifest.of("tracks")
        held = scan(writing.folder, table("tracks"), entries).select("isrc").collect()["isrc"]
        counts = Counter(codes.values())
        free = {t: c for t, c in codes.items() if out or (counts[c] == 1 and c not in set(held))}
        for entry in entries:
            rows = scan(writing.folder, table("tracks"), [entry]).collect()
            code = pl.col("track_id").replace_strict(free, default=None, return_dtype=pl.String)
            old = pl.col("isrc").eq_missing(code) if out else pl.col("isrc").is_null()
            mine = rows.filter(old & code.is_not_null())["track_id"].to_list()
            if not mine:
                continue
            new = pl.lit(None, pl.String) if out else code
            here = pl.col("track_id").is_in(mine)
            filled = rows.with_columns(isrc=pl.when(here).then(new).otherwise("isrc"))
            writing.put("tracks", filled, source=entry.source)
            changed |= set(mine)
    return changed


def not_these(label: Dataset) -> dict[str, set[str]]:
    rows = events(label, MUSICBRAINZ).filter(pl.col("outcome").is_in([DECLINED, UNDONE]))
    return {t: set(urls) for t, urls in rows.group_by("track_id").agg("url").iter_rows()}
