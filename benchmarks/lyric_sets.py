"""Songs that people, or those who wrote them, gave a mood: read for measuring, never to ship."""

import tomllib
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

# Moods of NJU-MusicMood and MusicMood whose valence is high.
GLAD = ("happy", "relaxed")
QUICK_SONGS = 60


@dataclass(frozen=True, eq=False)
class Songs:
    """Texts of songs, their moods, and which are meant to be learnt from."""

    name: str
    texts: list[str]
    moods: np.ndarray
    train: np.ndarray


def nju(quick: bool) -> Songs:
    """Read NJU-MusicMood: four moods, 400 and 377 songs."""
    from workbench.lyrics.training.data import public_file

    rows = pl.read_csv(public_file("lyrics", "nju_musicmood", "nju_musicmood.csv"))
    rows = rows.select("lyrics", "mood", train=pl.col("split") == "train")
    return _songs("NJU-MusicMood", rows, quick)


def musicmood(quick: bool) -> Songs:
    """Read MusicMood: happy or sad, 1,000 and 200 songs."""
    from workbench.lyrics.training.data import public_file

    parts = [
        pl.read_csv(public_file("lyrics", "musicmood", name)).select(
            "lyrics", "mood", train=pl.lit("train" in name)
        )
        for name in ("train_lyrics_1000.csv", "valid_lyrics_200.csv")
    ]
    return _songs("MusicMood", pl.concat(parts), quick)


def _songs(name: str, rows: pl.DataFrame, quick: bool) -> Songs:
    rows = rows.sample(QUICK_SONGS, seed=0) if quick else rows
    texts = rows["lyrics"].fill_null("").to_list()
    return Songs(name, texts, rows["mood"].to_numpy(), rows["train"].to_numpy())


@cache
def sample_plan() -> pl.DataFrame:
    """Return what the songs of the sample label were written to.

    Returns
    -------
    track_id | mood | theme | moves (its plan has an arc) | start | end (moods of its ends)
    """
    from workbench.settings import PROJECT

    plans = [
        track
        for path in sorted((PROJECT / "sample_data" / "source" / "roster").glob("*.toml"))
        for artist in tomllib.loads(path.read_text(encoding="utf-8"))["artists"]
        for track in artist.get("tracks", [])
    ]
    ends = [plan.get("mood_arc", "").split(" to ") for plan in plans]
    return pl.DataFrame(
        {
            "track_id": [plan["id"] for plan in plans],
            "mood": [plan.get("mood") for plan in plans],
            "theme": [plan["theme"] for plan in plans],
            "moves": [bool(end[0]) for end in ends],
            "start": [end[0] or None for end in ends],
            "end": [end[-1] or None for end in ends],
        }
    ).with_columns(pl.coalesce(name, "mood") for name in ("start", "end"))


def sample(*artifacts: str):
    """Return the sample label with artifacts made."""
    import workbench
    from workbench.dataset import make
    from workbench.store.artifacts import in_order

    label = workbench.open_dataset("sample")
    for name in in_order(list(artifacts)):
        make(label, name, lambda done, total, text: None)
    return label
