"""What happened to an artist's songs, as marks on a line: releases, playlist stays, campaigns."""

import datetime

import polars as pl

RELEASES, PLAYLISTS, CAMPAIGNS = "Releases", "Playlists", "Campaigns"
LANES = (RELEASES, PLAYLISTS, CAMPAIGNS)
READS = "tracks playlist_spells campaigns"
MOST = 30

MARKS = {
    "lane": pl.String,
    "start": pl.Date,
    "end": pl.Date,
    "open": pl.Boolean,
    "what": pl.String,
    "track": pl.String,
    "weight": pl.Float64,
    "detail": pl.String,
}


def marks(
    label, artist_id: str, *, since: datetime.date, until: datetime.date, most: int = MOST
) -> pl.DataFrame:
    """Return the marks of an artist that touch a period.

    Parameters
    ----------
    label : a view with READS. most : marks kept of each lane, the heaviest.

    Returns
    -------
    lane (one of LANES) | start | end (both inclusive, within the period) | open (goes on) | what
    (title, playlist or channel) | track | weight (playlist followers; spend) | detail (in words)
    """
    tracks = (
        label.scan("tracks")
        .filter(pl.col("artist_id") == artist_id)
        .select("track_id", "status", "release_date", pl.col("title").alias("track"))
        .collect()
    )
    lanes = [_releases(tracks), _playlists(label, tracks), _campaigns(label, tracks)]
    found = pl.concat([lane.select(MARKS.keys()).cast(MARKS) for lane in lanes])
    end = pl.coalesce("end", pl.lit(until))
    inside = (pl.col("start") <= until) & (end >= since)
    kept = found.filter(inside).with_columns(
        pl.max_horizontal("start", pl.lit(since)).alias("start"),
        pl.min_horizontal(end, pl.lit(until)).alias("end"),
    )
    order = ["lane", "start", "end", "what", "track"]
    rank = pl.col("weight").rank("ordinal", descending=True).over("lane")
    return kept.sort(order).filter(rank.fill_null(0) <= most)


def _releases(tracks: pl.DataFrame) -> pl.DataFrame:
    planned = pl.col("status") != "released"
    return tracks.filter(pl.col("release_date").is_not_null()).select(
        pl.lit(RELEASES).alias("lane"),
        pl.col("release_date").alias("start"),
        pl.col("release_date").alias("end"),
        pl.lit(False).alias("open"),
        pl.col("track").alias("what"),
        "track",
        pl.col("release_date").to_physical().alias("weight"),
        pl.when(planned).then(pl.lit("planned")).otherwise(pl.lit("released")).alias("detail"),
    )


def _playlists(label, tracks: pl.DataFrame) -> pl.DataFrame:
    kind = pl.col("kind").fill_null("playlist of unknown kind")
    followers = pl.format(", {} followers", pl.col("followers")).fill_null("")
    return (
        label.scan("playlist_spells")
        .join(tracks.lazy().select("track_id", "track"), on="track_id")
        .select(
            pl.lit(PLAYLISTS).alias("lane"),
            pl.col("added_at").dt.date().alias("start"),
            pl.col("removed_at").dt.date().alias("end"),
            pl.col("removed_at").is_null().alias("open"),
            pl.col("playlist").alias("what"),
            "track",
            pl.col("followers").fill_null(0).alias("weight"),
            (kind + followers).alias("detail"),
        )
        .collect()
    )


def _campaigns(label, tracks: pl.DataFrame) -> pl.DataFrame:
    last = pl.col("day") + pl.duration(days=pl.col("days") - 1)
    spend = pl.col("spend").cast(pl.Float64).sum()
    return (
        label.scan("campaigns")
        .join(tracks.lazy().select("track_id", "track"), on="track_id")
        .group_by("campaign_id", "channel", "track", "currency")
        .agg(
            pl.col("day").min().alias("start"),
            last.max().alias("end"),
            spend.alias("weight"),
        )
        .with_columns(
            pl.lit(CAMPAIGNS).alias("lane"),
            pl.lit(False).alias("open"),
            pl.col("channel").alias("what"),
            pl.format("{} {} spent", pl.col("weight").round(0).cast(pl.Int64), "currency")
            .alias("detail"),
        )
        .collect()
    )  # fmt: skip
