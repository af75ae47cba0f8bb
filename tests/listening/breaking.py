"""A label of forty songs that stay as they are, but for two that break out."""

import datetime
from pathlib import Path

import numpy as np
import polars as pl

from tests.listening.decaying import START
from workbench.store.change import change

WEEKS = 104
BROKEN = WEEKS - 10  # week in which the planted break-out begins


def quiet_songs(count: int, seed: int) -> np.ndarray:
    """Return weekly streams (songs, 104) that wander by five percent around a slow decay."""
    draw = np.random.default_rng(seed)
    level = draw.uniform(8, 11, count)[:, None] - 0.004 * np.arange(WEEKS)
    return np.exp(level + 0.05 * draw.normal(size=(count, WEEKS)))


def written(folder: Path) -> Path:
    """Write the label: “t4” and “t9” grow in the last ten weeks, “t9” on a playlist since."""
    streams = quiet_songs(40, 3)
    streams[[4, 9], BROKEN:] *= np.exp(0.5 * np.arange(1, 11))
    rows = pl.DataFrame(
        {
            "entity_id": np.repeat([f"t{i}" for i in range(40)], WEEKS),
            "window_start": [START + datetime.timedelta(weeks=w) for w in range(WEEKS)] * 40,
            "value": streams.ravel().round(),
        }
    ).with_columns(
        window_end=pl.col("window_start") + pl.duration(days=6), entity=pl.lit("track"),
        territory=pl.lit("WW"), store=pl.lit("all"), metric=pl.lit("streams"),
    )  # fmt: skip
    added = datetime.datetime.combine(
        START + datetime.timedelta(weeks=BROKEN), datetime.time(9), datetime.UTC
    )
    spell = {
        "track_id": ["t9"],
        "playlist": ["New <b>"],
        "added_at": [added],
        "kind": ["editorial"],
    }
    tracks = {
        "track_id": [f"t{i}" for i in range(40)], "title": [f"Song {i}" for i in range(40)],
        "artist_id": [f"a{i % 4}" for i in range(40)], "status": ["released"] * 40,
    }  # fmt: skip
    with change(folder) as writing:
        writing.put("tracks", pl.DataFrame(tracks), source="test")
        writing.put("window_totals", rows, source="test")
        writing.put("playlist_spells", pl.DataFrame(spell), source="test")
    return folder
