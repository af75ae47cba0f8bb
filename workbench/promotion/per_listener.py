"""How many streams a listener of a song plays: what turns streams into listeners.

Listeners are never added up over days; the ratio is of one stretch of days, and so is the answer.
"""

import datetime
from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.listening.streams import WORLDWIDE, is_stream

DAYS, RUNS = 28, 6
FEWEST = 3  # runs whose spread says something


@dataclass(frozen=True)
class PerListener:
    """Streams of one listener of a song in a run of days.

    Attributes
    ----------
    streams : None where nothing says how many. days : of the run. spread : sd of its log.
    source : window_totals, plays (the panel) or daily_streams. of : track, artist or label, whose
    songs it was counted on. runs : how many song-runs.
    """

    streams: float | None
    days: int
    spread: float
    source: str
    of: str
    runs: int


def known(each: PerListener | None) -> bool:
    """Tell whether streams can be turned into listeners."""
    return each is not None and each.streams is not None


@analysis(optional="tracks window_totals plays daily_streams")
def per_listener(
    label, *, track_id: str | None = None, artist_id: str | None = None, min_group: int = 10
) -> PerListener:
    """Return streams a listener of a song plays, from the song's own past if it has one.

    Totals of 28 days by a store come first, then runs of 28 days of the panel of plays, then single
    days of a store. A song without enough of them is told by its artist's songs, else by all.
    Runs with fewer than `min_group` listeners do not count.
    """
    for source, days, of in (
        ("window_totals", DAYS, _windows),
        ("plays", DAYS, _panel),
        ("daily_streams", 1, _daily),
    ):
        if not label.has(source):
            continue
        runs = of(label).filter(pl.col("listeners") >= min_group, pl.col("streams") > 0)
        if runs.height:
            return _pooled(label, runs, track_id, artist_id, days, source)
    return PerListener(None, DAYS, 0.0, "", "", 0)


def _pooled(label, runs: pl.DataFrame, track_id, artist_id, days: int, source: str) -> PerListener:
    artists = label.table("tracks").select("track_id", "artist_id")
    runs = runs.join(artists, on="track_id", how="left")
    own = runs.filter(pl.col("track_id") == pl.lit(track_id, pl.String))
    if track_id is not None and artist_id is None:
        named = artists.filter(pl.col("track_id") == pl.lit(track_id, pl.String))["artist_id"]
        artist_id = named[0] if len(named) else None
    theirs = runs.filter(pl.col("artist_id") == pl.lit(artist_id, pl.String))
    told = (("track", own), ("artist", theirs), ("label", runs))
    of, found = next((name, rows) for name, rows in told if rows.height)
    log = (pl.col("streams") / pl.col("listeners")).log()
    wide = found if found.height >= FEWEST else runs
    spread = wide.select(log.std()).item() if wide.height >= FEWEST else None
    ratio = found["streams"].sum() / found["listeners"].sum()
    return PerListener(float(ratio), days, float(spread or 0.0), source, of, found.height)


def _windows(label) -> pl.DataFrame:
    """Return track_id | streams | listeners of totals of 28 days, worldwide and of one store."""
    length = (pl.col("window_end") - pl.col("window_start")).dt.total_days() + 1
    by = ("entity_id", "window_start", "window_end", "store")
    both = [
        pl.col("value").filter(pl.col("metric") == name).sum().alias(name)
        for name in ("streams", "listeners")
    ]
    return (
        label.scan("window_totals")
        .filter(
            pl.col("entity") == "track", length == DAYS, pl.col("territory") == WORLDWIDE,
            pl.col("metric").is_in(["streams", "listeners"]),
        )
        .group_by(by)
        .agg(both)
        .sort(by)
        .select(pl.col("entity_id").alias("track_id"), "streams", "listeners")
        .collect()
    )  # fmt: skip


def _panel(label) -> pl.DataFrame:
    """Return track_id | streams | listeners of runs of 28 days of the panel, counted back."""
    plays = label.scan("plays").filter(is_stream())
    last = plays.select(pl.col("played_at").max()).collect().item()
    if last is None:
        return pl.DataFrame(
            schema={"track_id": pl.String, "streams": pl.Int64, "listeners": pl.Int64}
        )
    midnight = datetime.datetime.combine(last.date(), datetime.time(), datetime.UTC)
    until = midnight + datetime.timedelta(days=1)
    since = until - datetime.timedelta(days=DAYS * RUNS)
    run = ((until - pl.col("played_at")).dt.total_seconds() - 1) // (86_400 * DAYS)
    return (
        plays.filter(pl.col("played_at") >= since)
        .group_by("track_id", run.alias("run"))
        .agg(
            pl.len().cast(pl.Int64).alias("streams"),
            pl.col("listener_id").n_unique().cast(pl.Int64).alias("listeners"),
        )
        .sort("track_id", "run")
        .collect()
    )


def _daily(label) -> pl.DataFrame:
    """Return track_id | streams | listeners of single days of a store, by territory."""
    return (
        label.scan("daily_streams")
        .filter(pl.col("entity") == "track", pl.col("listeners").is_not_null())
        .select(pl.col("entity_id").alias("track_id"), "streams", "listeners")
        .collect()
    )
