"""What people say of the songs of a list, and the lists that they saw: kept, and taken back.

No analysis reads them: a page passes what was said on as a plain parameter. Making the recommender
takes them in as rows to learn from, which are an artifact of their own. One song has one mark for
an audience, the last one, whoever made it.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from workbench.analysis import analysis
from workbench.errors import BadInput
from workbench.recommend.feedback import Feedback
from workbench.store import state
from workbench.store.shown_lists import ListMark, ShownList, keep_shown

if TYPE_CHECKING:
    from workbench.recommend.lists import Recommendations

LIKE, DISLIKE, NOT_HERE, LESS = "like", "dislike", "not for this audience", "less"
SAYABLE = (LIKE, DISLIKE, NOT_HERE)
SPEAKING = 30  # songs of a profile that stand for it among the rows to learn from
SONG = {
    "track_id": pl.String, "place": pl.Int64, "propensity": pl.Float64,
    "blend_place": pl.Int64, "popular_place": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Audience:
    """Whom a list is for.

    Attributes
    ----------
    name : what the audience is kept under. listener_id : pseudonym, where it is one listener.
    """

    name: str
    listener_id: str = ""


def log_list(
    home: Path, user: str, shown: str, audience: Audience, found: Recommendations, *,
    model: str, choices: str, length: int,
) -> None:  # fmt: skip
    """Put a list on record, once under its name `shown`; kept songs are no part of it.

    Of lists of which nothing was said only the latest stay, see `shown_lists.keep_shown`.
    """
    if state.rows(home, ShownList, shown=shown).height:
        return
    songs = found.songs.filter(~pl.col("kept")).rename({"rank": "place"}).select(*SONG)
    speaks = found.profile["track_id"].unique(maintain_order=True).head(SPEAKING)
    row = {
        "user": user, "shown": shown, "audience": audience.name,
        "listener_id": audience.listener_id, "model": model, "choices": choices, "length": length,
        "candidates": found.candidates, "speaks": json.dumps(speaks.to_list()),
        "songs": json.dumps(songs.rows()),
    }  # fmt: skip
    keep_shown(home, row)


def mark(
    home: Path, user: str, audience: Audience, *, about: str, said: str, shown: str = ""
) -> None:
    """Keep what is said of a song for an audience, in place of what was said of it before.

    Parameters
    ----------
    about : track id; for `LESS` a feature, as `Feedback.less` has them. shown : the list.

    Raises
    ------
    BadInput
        That cannot be said of a song.
    """
    if said not in (*SAYABLE, LESS):
        raise BadInput(f"Of a song one can say {', '.join(SAYABLE)}, not “{said}”.")
    one = {"audience": audience.name, "about": about}
    row = {
        "user": user, "mark": secrets.token_hex(8), "listener_id": audience.listener_id,
        "shown": shown, "said": said, **one,
    }  # fmt: skip
    state.record_instead(home, ListMark, [row], **one)


def take_back(home: Path, mark_id: str) -> None:
    """Drop a mark as if it had never been made."""
    state.remove(home, ListMark, mark=mark_id)


def marks(home: Path, audience: Audience | None = None) -> pl.DataFrame:
    """Return the marks of a label, or of one audience; oldest first.

    Returns
    -------
    id | at | user | mark | audience | listener_id | shown | about | said
    """
    return state.rows(home, ListMark, **({} if audience is None else {"audience": audience.name}))


def feedback(home: Path, audience: Audience) -> Feedback:
    """Return what was said, as a list for this audience heeds it, each in the order of saying."""
    rows = marks(home)
    own = pl.col("audience") == audience.name

    def about(which: pl.Expr) -> tuple[str, ...]:
        return tuple(rows.filter(which)["about"].unique(maintain_order=True))

    return Feedback(
        liked=about(own & (pl.col("said") == LIKE)),
        against=about(own & pl.col("said").is_in([DISLIKE, NOT_HERE])),
        without=about(~own & (pl.col("said") == DISLIKE)),
        less=about(own & (pl.col("said") == LESS)),
    )


@analysis(reads="tracks", optional="artists")
def named(label, *, about: tuple[str, ...]) -> pl.DataFrame:
    """Return what marks are about in words; what the label has no longer is not there.

    Returns
    -------
    about | name: “Title – Artist” of a song, “Less of mood sadness” of a feature; by about
    """
    artists = label.scan("artists").select("artist_id", pl.col("name").alias("artist"))
    songs = (
        label.scan("tracks")
        .join(artists, on="artist_id", how="left")
        .select(
            pl.col("track_id").alias("about"),
            pl.concat_str("title", pl.lit(" – "), pl.col("artist").fill_null("?")).alias("name"),
        )
    )
    less = pl.format("Less of {} {}", "kind", pl.coalesce("artist", "what")).alias("name")
    features = (
        pl.LazyFrame({"about": about}, schema={"about": pl.String})
        .filter(pl.col("about").str.contains(":", literal=True))
        .with_columns(
            pl.col("about").str.extract("^([^:]*)", 1).alias("kind"),
            pl.col("about").str.extract("^[^:]*:(.*)$", 1).alias("what"),
        )
        .join(artists, left_on="what", right_on="artist_id", how="left")
        .select("about", less)
    )
    rows = pl.concat([songs, features]).filter(pl.col("about").is_in(list(about))).collect()
    return rows.unique("about", keep="first", maintain_order=True).sort("about")


def logged(home: Path) -> pl.DataFrame:
    """Return every mark of a song that stood in a list on record, as evidence; who is left out.

    Returns
    -------
    mark | shown | said | length | candidates | track_id | place | propensity | blend_place |
    popular_place, oldest mark first
    """
    said = marks(home).filter(pl.col("said").is_in(SAYABLE)).rename({"about": "track_id"})
    wanted = said.select("shown").unique()
    lists = state.rows(home, ShownList).join(wanted, on="shown", how="semi")
    rows = [
        (shown, length, candidates, *song)
        for shown, length, candidates, songs in lists.select(
            "shown", "length", "candidates", "songs"
        ).iter_rows()
        for song in json.loads(songs)
    ]
    schema = {"shown": pl.String, "length": pl.Int64, "candidates": pl.Int64, **SONG}
    stood = pl.DataFrame(rows, schema=schema, orient="row")
    kept = said.select("id", "mark", "shown", "said", "track_id")
    return kept.join(stood, on=["shown", "track_id"]).sort("id").select(
        "mark", "shown", "said", "length", "candidates", *SONG
    )  # fmt: skip


def to_learn(home: Path) -> pl.DataFrame:
    """Return the marks that a training learns from: of songs, and of no single listener."""
    return marks(home).filter(pl.col("said").is_in(SAYABLE), pl.col("listener_id") == "")


def lists_shown(home: Path) -> int:
    """Return how many lists are on record."""
    return state.rows(home, ShownList).height
