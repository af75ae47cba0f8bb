"""A planted audience: groups of listeners with known tastes, as table plays or counts."""

import datetime

import numpy as np
import polars as pl

from tests.audience.conftest import catalogue, plays

ARTISTS = [f"a{i:02d}" for i in range(20)]
GENRES = {a: f"genre{i // 5}" for i, a in enumerate(ARTISTS)}
LAST = datetime.date(2026, 10, 30)


def planted(listeners: int = 320, groups: int = 4, seed: int = 1) -> dict[str, pl.DataFrame]:
    """Return tables of a label whose listener i belongs to group i % groups.

    A group plays the five artists of its genre nine times in ten, in its own proportions; the last
    fifth of the listeners plays two genres alike.
    """
    draw = np.random.default_rng(seed)
    rows = []
    for i in range(listeners):
        group = i % groups
        mixed = i >= listeners * 4 // 5
        taste = np.full(20, 0.1 / 20)
        taste[group * 5 : group * 5 + 5] += (0.45 if mixed else 0.9) / 5
        if mixed:
            other = (group + 1) % groups
            taste[other * 5 : other * 5 + 5] += 0.45 / 5
        for artist in draw.choice(20, 12 + int(draw.integers(30)), p=taste / taste.sum()):
            day = LAST - datetime.timedelta(days=int(draw.integers(300)))
            rows.append((f"l{i:03d}", ARTISTS[artist], day, "library"))
    names = [f"l{i:03d}" for i in range(listeners)]
    home = ["DE", "US", "GB", "FR"]
    return {
        **catalogue(ARTISTS, GENRES),
        "plays": plays(rows),
        "listeners": pl.DataFrame(
            {
                "listener_id": names,
                "country": [home[i % groups] if i % 3 else "US" for i in range(listeners)],
            }
        ),
    }


def as_counts(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the same audience as listening_counts of artists, without plays and tracks."""
    counted = (
        tables["plays"]
        .with_columns(pl.col("track_id").str.strip_prefix("t-").alias("entity_id"))
        .group_by("listener_id", "entity_id")
        .agg(pl.len().cast(pl.Int64).alias("plays"))
        .with_columns(pl.lit("artist").alias("entity"))
    )
    return {"artists": tables["artists"], "listening_counts": counted}
