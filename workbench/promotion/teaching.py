"""Which weeks and songs teach the promotion model: of songs that are out, the latest first."""

import datetime

import numpy as np
import polars as pl

from workbench.errors import BadInput, NotEnoughEvidence

MAX_TRACKS, MAX_WEEKS = 240, 208


def checked_streams(weekly: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with streams once they can teach anything.

    Raises
    ------
    NotEnoughEvidence
        Fewer than eight weeks of streams, or streams that never change.
    BadInput
        Streams below zero.
    """
    weekly = weekly.filter(pl.col("streams").is_not_null())
    if weekly.is_empty() or weekly["week"].n_unique() < 8:
        raise NotEnoughEvidence("The response model needs at least eight weeks of streams.")
    bad = weekly.filter(~(pl.col("streams").is_between(0, 1e15))).sort("week", "track_id")
    if bad.height:
        row = bad.row(0, named=True)
        raise BadInput(
            f"Weekly streams must be zero or more, and {bad.height:,} are not: the first is "
            f"{row['streams']} of {row['track_id']} in the week of {row['week']}. Correct the file "
            "and import it again."
        )
    changes = weekly.group_by("track_id", "territory").agg(pl.col("streams").n_unique() > 1)
    if not changes["streams"].any():
        raise NotEnoughEvidence(
            "Weekly streams never change, so that nothing can be told of what changes them. Look "
            "at the column that was imported as streams."
        )
    return weekly


def weeks_of(weekly: pl.DataFrame) -> np.ndarray:
    """Return the first days of all weeks to the last, at most `MAX_WEEKS` (T,)."""
    last, first = weekly["week"].max(), weekly["week"].min()
    first = max(first, last - datetime.timedelta(weeks=MAX_WEEKS - 1))
    return np.arange(first, last + datetime.timedelta(days=1), 7, dtype="datetime64[D]")


def since_release(weekly: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of weeks in which their song was out; of no known date, all of them.

    Parameters
    ----------
    weekly : track_id, week (its first day) and more. tracks : track_id, release_date.
    """
    out = tracks.select("track_id", _out="release_date")
    return (
        weekly.join(out, on="track_id", how="left", maintain_order="left")
        .filter((pl.col("week") + pl.duration(days=6) >= pl.col("_out")) | pl.col("_out").is_null())
        .drop("_out")
    )


def chosen_tracks(weekly: pl.DataFrame, spend: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    """Keep every track with spend and, of the others, the latest: they teach the release curve."""
    known = tracks.join(weekly.select("track_id").unique(), on="track_id", how="semi")
    funded = pl.col("track_id").is_in(spend["track_id"].drop_nulls().unique().to_list())
    return (
        known.with_columns(funded=funded)
        .sort(
            ["funded", "release_date", "track_id"],
            descending=[True, True, False],
            nulls_last=True,
        )
        .head(MAX_TRACKS)
        .sort("track_id")
    )
