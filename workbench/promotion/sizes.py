"""How large an artist is: what the ceiling of a channel grows with."""

import numpy as np
import polars as pl

from workbench.promotion.priors import PRIORS

SPREAD, PRIOR_ARTISTS = 1.0, 6.0  # sd of log sizes, worth so many artists; assumption


def ceilings(weekly: pl.DataFrame, chosen: pl.DataFrame, tracks: pl.DataFrame) -> np.ndarray:
    """Return how large each track's artist is against the usual one, to the power of the prior."""
    sizes = artist_sizes(weekly, tracks)
    size = chosen.join(sizes, on="artist_id", how="left", maintain_order="left")["size"]
    return size.fill_null(1.0).to_numpy().astype(float) ** PRIORS["size"].mean


def artist_sizes(weekly: pl.DataFrame, tracks: pl.DataFrame) -> pl.DataFrame:
    """Return artist_id, size: weekly streams against the geometric mean of the label's artists."""
    per_week = (
        weekly.join(tracks.select("track_id", "artist_id"), on="track_id")
        .group_by("artist_id")
        .agg(size=(pl.col("streams").sum() / pl.col("week").n_unique() + 1).cast(pl.Float64))
    )
    return per_week.with_columns(pl.col("size") / pl.col("size").log().mean().exp()).sort(
        "artist_id"
    )


def roster_spread(sizes: pl.DataFrame) -> float:
    """Return the sd of the label's log sizes, drawn towards 1 where there are few artists.

    What is known of an artist who has no streams here: one of those that the label works with.
    """
    logs = sizes["size"].log().to_numpy()
    return float(
        np.sqrt((PRIOR_ARTISTS * SPREAD**2 + (logs**2).sum()) / (PRIOR_ARTISTS + len(logs)))
    )
