"""What the panel of listeners shows of a track or artist in a window: people, saves, sources."""

import datetime

import polars as pl

from workbench.analysis import Filters
from workbench.listening.streams import is_stream
from workbench.store.privacy import suppressed
from workbench.tables.plays import INTENTIONAL, SOURCES

# Sources as people call them, in the order in which they are stacked: chosen first.
SOURCE_TITLES = {
    "library": "Own library",
    "artist_page": "Artist page",
    "listener_playlist": "Listeners' playlists",
    "search": "Search",
    "editorial": "Editorial playlists",
    "algorithmic": "Algorithmic playlists",
    "radio": "Radio",
    "unknown": "Not known",
}


def window_plays(
    label, filters: Filters, *, as_of: datetime.date, days: int, per: str
) -> pl.LazyFrame:
    """Return the streams of the panel in a window.

    Returns
    -------
    id (track, or artist with `per="artist"`) | listener_id | country | source | saved | age (days
    before `as_of`)
    """
    age = (pl.lit(as_of) - pl.col("played_at").dt.date()).dt.total_days()
    plays = label.scan("plays").filter(is_stream() & (age >= 0) & (age < days))
    people = label.scan("listeners").select("listener_id", "country")
    plays = plays.join(people, on="listener_id", how="left")
    if filters.countries:
        plays = plays.filter(pl.col("country").is_in(list(filters.countries)))
    entity = pl.col("track_id")
    if per == "artist":
        owners = label.scan("tracks").select("track_id", "artist_id")
        plays, entity = plays.join(owners, on="track_id"), pl.col("artist_id")
    return plays.select(
        entity.alias("id"), "listener_id", "country", "source", "saved", age.alias("age")
    )


def people(plays: pl.LazyFrame, *, min_group: int) -> pl.DataFrame:
    """Return how many people listened and saved.

    Parameters
    ----------
    plays : from `window_plays`. min_group : entities with fewer listeners are emptied.

    Returns
    -------
    id | listeners | saves_per_listener (share of them that saved, null
    under `min_group` savers) | panel_streams | intentional |
    sought_out (share of streams that listeners chose) | mix (shares in the order of SOURCE_TITLES)
    | hidden
    """
    source = pl.col("source")
    shares = [(source == name).mean() for name in SOURCE_TITLES]
    saved = pl.col("saved").fill_null(False)
    few = (pl.col("savers") < min_group) if min_group > 1 else pl.lit(False)
    rows = (
        plays.group_by("id")
        .agg(
            pl.col("listener_id").n_unique().cast(pl.Int64).alias("listeners"),
            pl.col("listener_id").filter(saved).n_unique().alias("savers"),
            pl.col("saved").count().alias("asked"),
            pl.len().cast(pl.Int64).alias("panel_streams"),
            source.is_in(INTENTIONAL).sum().cast(pl.Int64).alias("intentional"),
            (source != "unknown").any().alias("sourced"),
            pl.concat_list(shares).alias("mix"),
        )
        .with_columns(
            pl.when(pl.col("asked") > 0)
            .then(pl.col("savers") / pl.col("listeners"))
            .alias("saves_per_listener"),
            few.alias("few_savers"),
            pl.when("sourced")
            .then(pl.col("intentional") / pl.col("panel_streams"))
            .alias("sought_out"),
            pl.when("sourced").then("mix"),
        )
        .with_columns(pl.when(~pl.col("few_savers")).then("saves_per_listener"))
        .drop("savers", "asked", "sourced", "few_savers")
        .sort("id")
        .collect()
    )
    # Listeners of two songs overlap, so no total gives a hidden one away.
    also = ("saves_per_listener", "panel_streams", "intentional", "sought_out", "mix")
    return suppressed(rows, "listeners", min_group, also=also, margins=())[0]


def markets(plays: pl.LazyFrame, *, min_group: int) -> pl.DataFrame:
    """Return listeners by country; small cells, and those that would give them away, are null.

    Returns
    -------
    id | country (“not known” where nobody said) | listeners | hidden
    """
    rows = (
        plays.group_by("id", pl.col("country").fill_null("not known"))
        .agg(pl.col("listener_id").n_unique().cast(pl.Int64).alias("listeners"))
        .sort("id", "country")
        .collect()
    )
    return suppressed(rows, "listeners", min_group, margins=(("id",),))[0]


def source_steps(plays: pl.LazyFrame, *, step: int, min_group: int) -> pl.DataFrame:
    """Return the mix of sources by steps of some days.

    Parameters
    ----------
    plays : from `window_plays`, of one entity. step : days.

    Returns
    -------
    step (0 is the newest) | source | share (of the step's streams) | listeners (of the step) |
    hidden; null where a step has too few listeners.
    """
    steps = plays.with_columns((pl.col("age") // step).alias("step"))
    whole = steps.group_by("step").agg(
        pl.col("listener_id").n_unique().cast(pl.Int64).alias("listeners"),
        pl.len().alias("all"),
    )
    counted = steps.group_by("step", "source").agg(pl.len().cast(pl.Int64).alias("streams"))
    every = whole.join(pl.LazyFrame({"source": list(SOURCES)}), how="cross")
    rows = (
        every.join(counted, on=["step", "source"], how="left")
        .with_columns(pl.col("streams").fill_null(0))
        .with_columns((pl.col("streams") / pl.col("all")).alias("share"))
        .select("step", "source", "share", "listeners")
        .sort("step", "source")
        .collect()
    )
    return suppressed(rows, "listeners", min_group, also=("share",), margins=())[0]
