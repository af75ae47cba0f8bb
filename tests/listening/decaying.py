"""A label of songs that rise for two weeks, then fall by a tenth a week to a lasting share."""

import datetime
from pathlib import Path

import numpy as np
import polars as pl

from workbench.store.change import change

START = datetime.date(2025, 1, 3)  # a Friday


def decays(series: int, weeks: int, noise: float, seed: int = 0) -> np.ndarray:
    """Return weekly streams (series, weeks), NaN before a release."""
    draw = np.random.default_rng(seed)
    found = np.full((series, weeks), np.nan)
    for row in found:
        begin = int(draw.integers(0, weeks - 20))
        age = np.arange(weeks - begin)
        curve = np.minimum((age + 1) / 3, 1) * (0.85 * 0.9**age + 0.15)
        row[begin:] = draw.uniform(2e3, 2e5) * curve * np.exp(noise * draw.normal(size=len(age)))
    return found


def written(place: Path) -> Path:
    """Write sixty songs of five artists over ninety weeks into a folder and return it."""
    streams = decays(60, 90, 0.05).round()
    rows = [
        {"entity": "track", "entity_id": f"t{i}", "day": START + datetime.timedelta(7 * w + d),
         "territory": "WW", "store": "all", "streams": int(streams[i, w] // 7)}
        for i, w in np.argwhere(np.isfinite(streams)).tolist() for d in range(7)
    ]  # fmt: skip
    tracks = {
        "track_id": [f"t{i}" for i in range(60)], "title": ["A"] * 60,
        "artist_id": [f"a{i % 5}" for i in range(60)], "status": ["released"] * 60,
    }  # fmt: skip
    artists = {"artist_id": [f"a{i}" for i in range(5)], "name": [f"Artist {i}" for i in range(5)]}
    with change(place) as writing:
        writing.put("artists", pl.DataFrame(artists), source="test")
        writing.put("tracks", pl.DataFrame(tracks), source="test")
        writing.put("daily_streams", pl.DataFrame(rows), source="test")
    return place
