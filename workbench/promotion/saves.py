"""Saves and followers that a stream brings: what a plan's streams are counted on in.

A track's saves per stream, and an artist's new followers per stream, over their last half year,
drawn towards the label's (empirical Bayes: who was heard little says little). Both come in
proportion to streams, whatever brought these: an assumption, as no source says which stream led to
a save.
"""

import zlib

import numpy as np
import polars as pl

from workbench.promotion.plan import Plan
from workbench.store.artifacts import Fit

RECENT = 26  # weeks
FEWEST = 4  # tracks or artists that say what is usual
RATIOS = pl.Schema({"id": pl.String(), "mean": pl.Float64(), "sd": pl.Float64()})


def save_ratios(weekly: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    """Return what is known of saves per stream, as logarithms.

    Parameters
    ----------
    weekly : track_id, week, streams, saves (null where the source has none).
    tracks : track_id, release_date.

    Returns
    -------
    id (a track; null: a release to come, by the first half year of past ones) | mean | sd
    """
    told = (
        weekly.drop_nulls(["streams", "saves"])
        .group_by("track_id", "week")
        .agg(pl.col("streams").sum(), pl.col("saves").sum())
        .join(tracks.select("track_id", "release_date"), on="track_id")
        .sort("track_id", "week")
    )
    age = (pl.col("week") - pl.col("release_date")).dt.total_days() / 7
    young = told.filter(age.is_between(-1, RECENT))
    last = pl.col("week").max().over("track_id") - pl.duration(weeks=RECENT)
    now = _pooled(_log_ratio(told.filter(pl.col("week") > last)), "track_id")
    if now.is_empty():
        return now
    launched = _pooled(_log_ratio(young), "track_id").filter(pl.col("id").is_null())
    usual = launched if launched.height else now.filter(pl.col("id").is_null())
    return pl.concat([now.filter(pl.col("id").is_not_null()), usual]).sort("id", nulls_last=True)


def _log_ratio(told: pl.DataFrame) -> pl.DataFrame:
    """Return track_id, value, error of the log of saves per stream; weeks scatter beyond chance."""
    week = ((pl.col("saves") + 0.5) / (pl.col("streams") + 1)).log()
    return (
        told.filter(pl.col("streams") > 0)
        .group_by("track_id")
        .agg(
            value=((pl.col("saves").sum() + 0.5) / (pl.col("streams").sum() + 1)).log(),
            error=(1 / (pl.col("saves").sum() + 0.5) + week.var().fill_null(1.0) / pl.len()).sqrt(),
        )
        .sort("track_id")
    )


def follower_ratios(
    followers: pl.DataFrame, weekly: pl.DataFrame, tracks: pl.DataFrame
) -> pl.DataFrame:
    """Return what is known of net new followers per stream.

    Parameters
    ----------
    followers : artist_id, day, followers. weekly : track_id, week, streams.
    tracks : track_id, artist_id.

    Returns
    -------
    id (an artist; null: one of whom nothing is known) | mean | sd; fewer where more leave than come
    """
    own = weekly.join(tracks.select("track_id", "artist_id"), on="track_id")
    streams = own.group_by("artist_id", "week").agg(pl.col("streams").sum())
    week = pl.col("week")
    held = followers.drop_nulls().select("artist_id", week="day", held="followers")
    after = held.select("artist_id", pl.col("week") - pl.duration(days=7), after="held")
    won = (
        streams.join(held, on=["artist_id", "week"])
        .join(after, on=["artist_id", "week"])
        .filter(week > week.max().over("artist_id") - pl.duration(weeks=RECENT))
        .with_columns(won=pl.col("after") - pl.col("held"))
        .filter(pl.col("streams").sum().over("artist_id") > 0)
    )
    ratio = pl.col("won").sum() / pl.col("streams").sum()
    left = pl.col("won") - ratio * pl.col("streams")
    of_artist = (
        won.group_by("artist_id")
        .agg(
            value=ratio,
            error=(left.pow(2).sum().sqrt() + 1) / pl.col("streams").sum(),
        )
        .sort("artist_id")
    )
    return _pooled(of_artist, "artist_id")


def _pooled(told: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return id, mean, sd of each, drawn towards all; a null id stands for one to come."""
    if told.height < FEWEST:
        return RATIOS.to_frame()
    value, error = told["value"].to_numpy(), np.maximum(told["error"].to_numpy(), 1e-12)
    between = max(float(value.var(ddof=1) - np.mean(error**2)), 0.04 * float(value.var(ddof=1)))
    weight = 1 / (error**2 + between)
    centre = float((weight * value).sum() / weight.sum())
    sure = between / (between + error**2)
    mean = np.append(sure * value + (1 - sure) * centre, centre)
    sd = np.append(np.sqrt(sure) * error, np.sqrt(between + 1 / weight.sum()))
    return pl.DataFrame({"id": [*told[name], None], "mean": mean, "sd": sd}, schema=RATIOS)


def saves_per_stream(fit: Fit, plan: Plan) -> np.ndarray | None:
    """Return saves per stream of a dated plan's release on the draws (S,); None without saves."""
    drawn = _drawn(fit, "save_ratios", plan.track_id, plan)
    return None if drawn is None else np.exp(drawn)


def followers_per_stream(fit: Fit, plan: Plan) -> np.ndarray | None:
    """Return net new followers of a dated plan's artist per stream on the draws (S,), or None."""
    return _drawn(fit, "follower_ratios", plan.artist_id, plan)


def _drawn(fit: Fit, name: str, one: str | None, plan: Plan) -> np.ndarray | None:
    known = fit.frames[name]
    if known.is_empty():
        return None
    row = known.filter(pl.col("id") == pl.lit(one, pl.String))
    mean, sd = (row if row.height else known.filter(pl.col("id").is_null())).row(0)[1:]
    # of the release only, so that two plans for it are compared on the same draws
    seed = zlib.crc32(f"{name}|{plan.track_id}|{plan.artist_id}|{plan.artist}".encode())
    draws = np.random.default_rng(seed).standard_normal(len(fit.arrays["draws"]))
    return mean + sd * draws
