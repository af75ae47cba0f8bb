"""A label whose first group of listeners wants glad songs, of which each artist has one in six."""

import datetime
from pathlib import Path

import numpy as np
import polars as pl

from tests.songs import ANGRY, SAD
from workbench.audience import clusters as clustering
from workbench.dataset import Dataset, make, open_dataset
from workbench.store.artifacts import in_order
from workbench.store.change import change

GLAD = (
    "[Verse]\nI am so happy that I could dance all night\nWhat a wonderful feeling, what a joy\n"
    "So glad and so excited for this day\n\n[Chorus]\nHappy, happy, I am overjoyed\n"
    "I am thrilled, this is so exciting\nThank you, thank you for this lovely day\n"
)
LAST = datetime.date(2026, 10, 30)
GROUPS, ARTISTS, SONGS, PEOPLE = 3, 4, 6, 80
TEXTS = (SAD, ANGRY, SAD, ANGRY, SAD, GLAD)
MOODS = ("sadness", "anger", "sadness", "anger", "sadness", "joy")
GLAD_SONG = 5
PLANNED = 6


def wanting(*, wish: float = 6.0, seed: int = 3) -> dict[str, pl.DataFrame]:
    """Return tables; the first group plays glad songs `wish` times as often as others.

    Glad songs of all artists are skipped in one play of ten, others in four; their weekly streams
    fall by 2 %, others by 6 %. Six songs are planned, none of them glad.
    """
    draw = np.random.default_rng(seed)
    artists = [f"a{n:02d}" for n in range(GROUPS * ARTISTS)]
    names = [f"{artist}-{n}" for artist in artists for n in range(SONGS)]
    glad = np.array([n % SONGS == GLAD_SONG for n in range(len(names))])
    age = draw.integers(210, 360, len(names))
    released = [LAST - datetime.timedelta(days=int(days)) for days in age]
    known = np.exp(draw.normal(0, 0.25, len(names)))
    group_of = np.repeat(np.arange(GROUPS), ARTISTS * SONGS)
    rows = []
    for person in range(GROUPS * PEOPLE):
        group = person % GROUPS
        odds = known * np.where(group_of == group, 0.9, 0.05)
        odds = odds * np.where(glad & (group == 0), wish, 1.0)
        heard = draw.choice(len(names), 50, p=odds / odds.sum())
        ago = draw.integers(0, age[heard])
        rows += [(person, song, days) for song, days in zip(heard, ago, strict=True)]
    midnight = datetime.datetime.combine(LAST, datetime.time(), datetime.UTC)
    plays = pl.DataFrame(
        {
            "listener_id": [f"l{person:03d}" for person, _, _ in rows],
            "track_id": [names[song] for _, song, _ in rows],
            "played_at": [
                midnight - datetime.timedelta(days=int(days)) + datetime.timedelta(seconds=n)
                for n, (_, _, days) in enumerate(rows)
            ],
            "ms_played": [180_000] * len(rows),
            "source": ["library"] * len(rows),
            "skipped": draw.random(len(rows)) < np.where(glad[[s for _, s, _ in rows]], 0.1, 0.4),
            "saved": draw.random(len(rows)) < 0.2,
        },
        schema_overrides={"played_at": pl.Datetime("ms", "UTC"), "ms_played": pl.Int64},
    )
    # once a listener and song, so that what is played more is not saved more for that alone
    first = pl.struct("listener_id", "track_id").is_first_distinct()
    plays = plays.with_columns(pl.col("saved") & first)
    planned = [f"p-{n}" for n in range(PLANNED)]
    return {
        "artists": pl.DataFrame({"artist_id": artists, "name": [a.title() for a in artists]}),
        "tracks": pl.DataFrame(
            {
                "track_id": names + planned,
                "title": names + planned,
                "artist_id": [name.partition("-")[0] for name in names] + artists[:PLANNED],
                "genre": [f"genre{group}" for group in group_of] + ["genre0"] * PLANNED,
                "release_date": released + [LAST + datetime.timedelta(days=60)] * PLANNED,
                "status": ["released"] * len(names) + ["planned"] * PLANNED,
            }
        ),
        "lyrics": pl.DataFrame(
            {
                "track_id": names + planned,
                "source": ["label"] * (len(names) + PLANNED),
                "text": [TEXTS[n % SONGS] for n in range(len(names))] + [SAD, ANGRY] * 3,
            }
        ),
        "plays": plays,
        "daily_streams": _streams(names, glad, released),
    }


def _streams(names: list[str], glad: np.ndarray, released: list[datetime.date]) -> pl.DataFrame:
    """Return thirty weeks of streams that fall by the same share every week of a song's life."""
    return pl.DataFrame(
        [
            {
                "entity": "track",
                "entity_id": name,
                "day": day + datetime.timedelta(days=n),
                "territory": "US",
                "store": "spotify",
                "streams": round(1e6 * (0.98 if sunny else 0.94) ** (n / 7)),
            }
            for name, sunny, day in zip(names, glad, released, strict=True)
            for n in range(30 * 7)
        ]
    )


def made(folder: Path, tables: dict[str, pl.DataFrame], patch) -> Dataset:
    """Write a label, make moods and three clusters, and open it."""
    patch.setattr(clustering, "OFFERED", (3,))
    patch.setattr(clustering, "RESAMPLES", 3)
    with change(folder) as writing:
        for name, frame in tables.items():
            writing.put(name, frame, source="test")
    label = open_dataset(str(folder))
    for name in (*in_order(["line_moods"]), "segments"):
        make(label, name, lambda *_: None)
    return label
