"""What listeners have in common: favourites, genre, mood, market, tier, own columns.

An artist is a favourite when it is among the five that a listener streams most; genre and mood are
the one most streamed. Shares of people have honest intervals; shares of streams belong to the
heaviest few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from polars import selectors as cs

from workbench.audience import tier_rules
from workbench.audience.numbered import numbered
from workbench.audience.profiles import added, counted, source, streamed
from workbench.listening.own_columns import MOST_VALUES
from workbench.listening.streams import is_stream
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.families import CARRIED
from workbench.store.annotations import LISTENERS as OWN

if TYPE_CHECKING:
    from workbench.dataset import View

FAVOURITES = 5
FEWEST_SONGS = 3
LYRICS = ("lyrics", "lyric_lines", "line_moods")
ARTIST, GENRE, MOOD, COUNTRY, TIER = "artist", "genre", "mood", "country", "tier"
_WORDS = cs.by_dtype(pl.String, pl.Boolean, pl.Categorical, pl.Enum)


def learnt(label: View) -> pl.DataFrame:
    """Return listener_id | kind | key of what follows from listening alone: artist, genre, tier.

    It reads every play, so it is kept beside the clusters that are learnt from the same plays.
    """
    if source(label) == "plays":
        favourites = _most(label, "artist_id", FAVOURITES, ARTIST)
        return pl.concat([favourites, _most(label, "genre", 1, GENRE), _tiers(label)])
    heard = counted(label).collect()
    first = label.scan("artists").select("artist_id", pl.col("genres").list.first())
    genres = _summed(heard.join(first.collect(), on="artist_id"), "genres")
    favourites = _top(_summed(heard, "artist_id"), FAVOURITES, ARTIST)
    return pl.concat([favourites, _top(genres, 1, GENRE)])


def properties(label: View, listening: pl.DataFrame) -> pl.DataFrame:
    """Return listener_id | kind | key: `listening` (from `learnt`), and moods and markets with it.

    Moods stand beside because lyrics are scored again without a play having changed.
    """
    countries = label.scan("listeners").select("listener_id", pl.col("country").alias("key"))
    found = [listening, _of_kind(countries.drop_nulls().collect(), COUNTRY)]
    if all(label.has(name) for name in (*LYRICS, "plays")):
        found.append(heard_most_of_mood(label))
    return pl.concat(found)


def heard_most_of_mood(label: View) -> pl.DataFrame:
    """Return listener_id | kind | key: the mood each listener streams most, lyrics scored."""
    heard = _heard(label).join(_lead_moods(label), on="track_id")
    return _top(_summed(heard, "mood"), 1, MOOD)


def own_properties(label: View) -> pl.DataFrame:
    """Return listener_id | kind | key of an analyst's own columns, their names the kinds.

    Text and truth values of two to fifty different values; null is unknown. Numbers and days are
    left out: where to cut them is the analyst's to say, and a cut would show somebody's value.
    """
    found = [pl.DataFrame(schema={"listener_id": pl.String, "kind": pl.String, "key": pl.String})]
    if label.has(OWN):
        own = label.table(OWN)
        for column in own.select(_WORDS - cs.by_name("listener_id")).columns:
            values = own.select("listener_id", pl.col(column).cast(pl.String).alias("key"))
            values = values.drop_nulls()
            if 2 <= values["key"].n_unique() <= MOST_VALUES:
                found.append(_of_kind(values, column))
    return pl.concat(found)


def _heard(label: View) -> pl.DataFrame:
    """Return listener_id | track_id | streams."""
    per_track = label.scan("plays").filter(is_stream()).group_by("listener_id", "track_id")
    return per_track.agg(pl.len().cast(pl.Int64).alias("streams")).collect(engine="streaming")


def _lead_moods(label: View) -> pl.DataFrame:
    """Return track_id | mood of the songs that have one."""
    songs = catalogue_moods(label).tracks.select("track_id", pl.col("lead").alias("mood"))
    # A mood that one or two songs lead is those songs, not a taste.
    many = pl.len().over("mood") >= FEWEST_SONGS
    return songs.filter(pl.col("mood").is_in(CARRIED)).filter(many)


def _tiers(label: View) -> pl.DataFrame:
    plays = label.scan("plays")
    newest = plays.select(tier_rules.day_of().max()).collect().item()
    counts, ids = tier_rules.listener_steps(plays, newest, steps=1)
    return _of_kind(tier_rules.listener_tiers(counts, ids).rename({"tier": "key"}), TIER)


def _most(label: View, column: str, count: int, kind: str) -> pl.DataFrame:
    """Return what `_top` does of streams by a column of tracks, without a row for each pair."""
    rows, names = streamed(label.scan("plays"), label.scan("tracks"), column)
    row, listeners = numbered(rows["listener_id"])
    once = np.ones(len(row), dtype=np.int64)
    cells = added(row, rows["key"].to_numpy(), once, (len(listeners), len(names)))
    starts = cells.indptr[:-1].astype(np.int64)
    # More streams win; of equals the first by name, which has the smaller number.
    rank = cells.data * len(names) + (len(names) - 1 - cells.indices)
    owner = np.repeat(np.arange(len(listeners)), np.diff(cells.indptr))
    found = []
    for _ in range(min(count, len(names)) if len(listeners) else 0):
        best = np.maximum.reduceat(rank, starts)
        held = np.flatnonzero((rank == best[owner]) & (rank >= 0))
        found.append(np.stack([owner[held], cells.indices[held]]))
        rank[held] = -1
    who, what = np.concatenate([*found, np.empty((2, 0), np.int64)], axis=1)
    frame = pl.DataFrame({"listener_id": listeners.gather(who), "key": names.gather(what)})
    return _of_kind(frame, kind)


def _summed(heard: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return listener_id | key | streams; what has no key is left out."""
    named = heard.drop_nulls(key).rename({key: "key"})
    return named.group_by("listener_id", "key").agg(pl.col("streams").sum())


def _top(frame: pl.DataFrame, count: int, kind: str) -> pl.DataFrame:
    """Return the `count` keys that each listener streams most; ties go by key."""
    ranked = frame.sort("listener_id", "streams", "key", descending=[False, True, False])
    return _of_kind(ranked.group_by("listener_id", maintain_order=True).head(count), kind)


def _of_kind(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    return frame.select("listener_id", pl.lit(kind).alias("kind"), "key")
