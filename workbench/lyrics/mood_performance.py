"""Mood against performance: songs of one mood against others of the same artists.

An association, never a cause: what else sets a song apart (its tempo, its single, its campaign) is
not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from workbench.analysis import analysis
from workbench.listening import streams
from workbench.lyrics.catalogue import catalogue_moods
from workbench.lyrics.families import CARRIED
from workbench.lyrics.within import within_artist

if TYPE_CHECKING:
    from workbench.dataset import View

SAVES, SKIPS, DECAY = "saves", "skips", "decay"
OUTCOMES = (SAVES, SKIPS, DECAY)
FEWEST_LISTENERS = 50
FEWEST_WEEKS = 8
# Weeks after the release from which and to which a song's decay is told.
WEEKS = (1, 26)
FEWEST_STREAMS = 10


@dataclass(frozen=True, eq=False)
class MoodPerformance:
    """How songs of each mood do against others of the same artists and age.

    Attributes
    ----------
    effects : outcome (saves, skips, decay) | mood | songs (of the mood that are compared) |
        artists (who have such songs and others) | usual (mean of the songs compared) | effect
        (difference, in the outcome's unit) | low | high (90 %) | q | apart; effect and what follows
        are null where too few songs can be compared.
    outcomes : outcome | songs | artists | mean, of songs with a mood or none.
    """

    effects: pl.DataFrame
    outcomes: pl.DataFrame


@analysis(reads="tracks lyrics line_moods lyric_lines", optional=f"artists {streams.SOURCES}")
def mood_performance(label, *, min_group: int = 10) -> MoodPerformance:
    """Return saves per listener, skip rate and decay by lead mood, within artist and for age.

    saves : listeners who saved the song over listeners of the panel who played it. skips : share of
    its plays that were skipped. decay : change of its streams from week to week over weeks 2 to 27
    of its life, as a share (least squares on logs; at least 8 weeks of 10 streams). Saves and skips
    need 50 listeners of the song (`min_group`, if larger) and a source that tells them. Only songs
    with a scored lyric and a day of release take part.
    """
    songs = _songs(label)
    people = _people(label, max(min_group, FEWEST_LISTENERS))
    values = {
        SAVES: people.select("track_id", "age", value="saves").drop_nulls(),
        SKIPS: people.select("track_id", "age", value="skips").drop_nulls(),
        DECAY: _decay(label, songs),
    }
    effects, outcomes = [], []
    for outcome in OUTCOMES:
        rows = values[outcome].join(songs, on="track_id").sort("track_id")
        effects.append(within_artist(rows, CARRIED).select(pl.lit(outcome).alias("outcome"), "*"))
        outcomes.append(
            rows.select(
                pl.lit(outcome).alias("outcome"),
                pl.len().cast(pl.Int64).alias("songs"),
                pl.col("artist_id").n_unique().cast(pl.Int64).alias("artists"),
                pl.col("value").mean().alias("mean"),
            )
        )
    return MoodPerformance(pl.concat(effects), pl.concat(outcomes))


def _songs(label: View) -> pl.DataFrame:
    """Return track_id | artist_id | mood | release_date of scored songs with a day of release."""
    leads = catalogue_moods(label).tracks.select(
        "track_id", "artist_id", pl.col("lead").alias("mood")
    )
    dates = label.scan("tracks").select("track_id", "release_date").collect()
    return leads.join(dates, on="track_id").drop_nulls()


def _people(label: View, least: int) -> pl.DataFrame:
    """Return track_id | saves | skips | age (log of the days since release) of songs with people.

    Age is that of the newest play; null where the source does not tell saves or skips.
    """
    none = {"track_id": pl.String, "saves": pl.Float64, "skips": pl.Float64, "age": pl.Float64}
    if not label.has("plays"):
        return pl.DataFrame(schema=none)
    plays = label.scan("plays")
    newest = plays.select(pl.col("played_at").max().dt.date()).collect().item()
    days = (pl.lit(newest) - pl.col("release_date")).dt.total_days()
    saved = pl.col("listener_id").filter("saved").n_unique()
    return (
        plays.group_by("track_id")
        .agg(
            pl.col("listener_id").n_unique().alias("listeners"),
            pl.when(pl.col("saved").count() > 0).then(saved).alias("saved"),
            pl.col("skipped").mean().alias("skips"),
        )
        .filter(pl.col("listeners") >= least)
        .join(label.scan("tracks").select("track_id", "release_date"), on="track_id")
        .select(
            "track_id", (pl.col("saved") / pl.col("listeners")).alias("saves"), "skips",
            age=days.clip(lower_bound=1).cast(pl.Float64).log(),
        )
        .collect(engine="streaming")
    )  # fmt: skip


def _decay(label: View, songs: pl.DataFrame) -> pl.DataFrame:
    """Return track_id | age | value (change of streams a week) of songs with enough weeks."""
    if streams.source(label) is None:
        return pl.DataFrame(schema={"track_id": pl.String, "age": pl.Float64, "value": pl.Float64})
    weeks = (
        streams.weekly(label)
        .group_by("track_id", "week")
        .agg(pl.col("streams").sum())
        .collect()
        .join(songs, on="track_id")
    )
    lived = (pl.col("week") - pl.col("release_date")).dt.total_days() // 7
    weeks = weeks.with_columns(lived=lived).filter(
        pl.col("lived").is_between(*WEEKS) & (pl.col("streams") >= FEWEST_STREAMS)
    )
    logs = pl.col("streams").cast(pl.Float64).log()
    lived = pl.col("lived").cast(pl.Float64)
    slope = pl.cov(lived, logs) / lived.var()
    return (
        weeks.group_by("track_id")
        .agg(pl.len().alias("weeks"), slope.exp().sub(1).alias("value"), age=lived.mean().log())
        .filter(pl.col("weeks") >= FEWEST_WEEKS)
        .select("track_id", "age", "value")
        .drop_nulls()
    )
