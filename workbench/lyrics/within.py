"""Comparison of songs within their artists: fixed effects and age taken off, one mood at a time."""

from __future__ import annotations

import numpy as np
import polars as pl

FEWEST_SONGS = 5
FEWEST_ARTISTS = 3
FEWEST_FREE = 10
LEVEL = 0.9
FALSE_DISCOVERIES = 0.05
SCHEMA = pl.Schema(
    {
        "mood": pl.String(),
        "songs": pl.Int64(),
        "artists": pl.Int64(),
        "usual": pl.Float64(),
        "effect": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "q": pl.Float64(),
        "apart": pl.Boolean(),
    }
)


def within_artist(rows: pl.DataFrame, moods: tuple[str, ...]) -> pl.DataFrame:
    """Return how songs of each mood differ from others of the same artists.

    value = artist + effect x (led by the mood) + slope x age + rest, by least squares: all three
    are taken from their artist's mean, then value and mood from what age explains (Frisch and Waugh
    1933). Artists with a single song say nothing and are left out. Intervals are Student's t with
    songs - artists - 2 degrees of freedom.

    Parameters
    ----------
    rows : artist_id | mood | age | value, one row a song. moods : those to ask for.

    Returns
    -------
    mood | songs (of the mood, of artists who have others, too) | artists (of these) | usual (mean
    value of all songs compared) | effect | low | high (90 %) | q (false-discovery rate over the
    moods) | apart (q <= 0.05). With fewer than 5 such songs, 3 such artists or 10 degrees of
    freedom nothing follows the counts.
    """
    rows = rows.filter(pl.len().over("artist_id") > 1)
    artist = rows["artist_id"].rank("dense").cast(pl.Int64).to_numpy() - 1
    value, age = (
        _from_mean(rows[name].cast(pl.Float64).to_numpy(), artist) for name in ("value", "age")
    )
    free = rows.height - len(np.unique(artist)) - 2
    found = []
    for mood in moods:
        led = (rows["mood"] == mood).to_numpy().astype(np.float64)
        contrast = _from_mean(led, artist)
        told = (led > 0) & (np.abs(contrast) > 1e-12)
        songs, artists = int(told.sum()), len(np.unique(artist[told]))
        row = {"mood": mood, "songs": songs, "artists": artists, "usual": rows["value"].mean()}
        if songs >= FEWEST_SONGS and artists >= FEWEST_ARTISTS and free >= FEWEST_FREE:
            row |= _effect(value, contrast, age, free)
        found.append(row)
    frame = pl.DataFrame(found, schema=SCHEMA | {"p": pl.Float64()})
    q = pl.Series("q", _false_discovery_rate(frame["p"].to_numpy())).fill_nan(None)
    apart = (pl.col("q") <= FALSE_DISCOVERIES).fill_null(False)
    return frame.with_columns(q).with_columns(apart=apart).select(SCHEMA.names())


def _from_mean(values: np.ndarray, artist: np.ndarray) -> np.ndarray:
    if not len(values):
        return values
    return values - (np.bincount(artist, values) / np.bincount(artist))[artist]


def _effect(value: np.ndarray, contrast: np.ndarray, age: np.ndarray, free: int) -> dict:
    """Return effect, 90 % interval and p of one mood, all arguments taken from artists' means."""
    from scipy.special import stdtr, stdtrit

    spread = age @ age
    if spread > 1e-12:
        contrast = contrast - age * (age @ contrast) / spread
        value = value - age * (age @ value) / spread
    room = contrast @ contrast
    if room <= 1e-9:  # age alone tells which songs have the mood
        return {}
    effect = contrast @ value / room
    rest = value - effect * contrast
    error = np.sqrt(rest @ rest / free / room)
    half = stdtrit(free, (1 + LEVEL) / 2) * error
    p = 2 * stdtr(free, -abs(effect) / error) if error > 0 else float(effect == 0)
    return {"effect": effect, "low": effect - half, "high": effect + half, "p": p}


def _false_discovery_rate(p: np.ndarray) -> np.ndarray:
    """Return the Benjamini-Hochberg q of the known ones: the smallest p x n / rank above each."""
    p = p.astype(np.float64)
    q = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(-p[known], kind="stable")]
    ranks = np.arange(len(known), 0, -1)
    q[order] = np.minimum.accumulate(np.minimum(p[order] * len(known) / ranks, 1.0))
    return q
