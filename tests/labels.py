"""Small labels that tests open: full, catalogue only, lyrics only, streams only.

Two artists, four tracks, thirty listeners: small enough to compute by hand, with every table that a
page may ask for. Numbers follow simple rules so that a test can state the answer.
"""

import atexit
import datetime
import shutil
import tempfile
from functools import cache
from pathlib import Path

import polars as pl

from workbench.dataset import Dataset, open_dataset
from workbench.store.change import Change, change

FIRST, DAYS = datetime.date(2026, 7, 3), 112  # a Friday, sixteen whole weeks
LYRIC = (
    "[Verse 1]\nThe train pulls out and I am crying\nEvery window shows me you\n\n"
    "[Chorus]\nI miss you more than words can say\nI miss you more than words can say\n\n"
    "[Verse 2]\nNow the morning finds me smiling\nHappy that the night is through\n\n"
    "[Chorus]\nI miss you more than words can say\nI miss you more than words can say\n"
)
KINDS = ("full", "catalogue", "lyrics", "streams")
# Labels that nothing can be told of, song by song; every page opens on them all the same.
BARE = ("empty", "streams without tracks")


def day(number: int) -> datetime.date:
    """Return the day that many days after the first."""
    return FIRST + datetime.timedelta(days=number)


def moment(number: int, hour: int = 12) -> datetime.datetime:
    """Return an hour of a day, UTC."""
    return datetime.datetime.combine(day(number), datetime.time(hour), datetime.UTC)


def artists() -> pl.DataFrame:
    """Two artists, one signed."""
    return pl.DataFrame(
        {
            "artist_id": ["ar-ada", "ar-bo"],
            "name": ["Ada *Star*", "Bo & the Bees"],
            "country": ["US", "DE"],
            "genres": [["pop"], ["folk", "pop"]],
            "signed": [True, False],
        }
    )


def tracks() -> pl.DataFrame:
    """Four tracks: two of each artist, the last one planned."""
    return pl.DataFrame(
        {
            "track_id": ["tr-1", "tr-2", "tr-3", "tr-4"],
            "title": ["Leaving", "=Arriving", "Home <b>", "Not yet"],
            "artist_id": ["ar-ada", "ar-ada", "ar-bo", "ar-bo"],
            "genre": ["pop", "pop", "folk", "folk"],
            "release_date": [day(-400), day(28), day(0), day(DAYS + 28)],
            "duration_ms": [200_000] * 4,
            "status": ["released", "released", "released", "planned"],
        }
    )


def daily_streams() -> pl.DataFrame:
    """Streams by track, day and territory: tr-1 level, tr-2 rising from day 28, tr-3 falling."""
    levels = {
        "tr-1": lambda n: 1000,
        "tr-2": lambda n: 10 * (n - 27) if n >= 28 else 0,
        "tr-3": lambda n: 2000 - 15 * n,
    }
    rows = [
        {
            "entity": "track",
            "entity_id": track,
            "day": day(n),
            "territory": territory,
            "store": "spotify",
            # a fixed ripple, so that noise is neither zero nor random
            "streams": int(level(n) * share * (1 + 0.1 * ((n * 7919) % 11 - 5) / 5)),
            "saves": int(level(n) * share * 0.02),
        }
        for track, level in levels.items()
        for n in range(DAYS)
        if level(n) > 0
        for territory, share in (("US", 0.7), ("DE", 0.3))
    ]
    return pl.DataFrame(rows)


def listeners() -> pl.DataFrame:
    """Thirty listeners, twenty in the US and ten in Germany."""
    return pl.DataFrame(
        {
            "listener_id": [f"{n:08x}" for n in range(30)],
            "country": ["US"] * 20 + ["DE"] * 10,
            "consent": [n % 3 == 0 for n in range(30)],
        }
    )


def plays() -> pl.DataFrame:
    """Plays: the first fifteen listeners favour Ada, the rest Bo; one play in ten is short."""
    rows = []
    for person in range(30):
        for n in range(0, DAYS, 2 + person % 5):
            ada = (person < 15) == ((n + person) % 5 != 0)
            track = ("tr-1" if n < 28 or n % 3 else "tr-2") if ada else "tr-3"
            rows.append(
                {
                    "listener_id": f"{person:08x}",
                    "track_id": track,
                    "played_at": moment(n, hour=8 + person % 12),
                    "ms_played": 12_000 if n % 10 == 4 else 180_000,
                    "source": ("library", "editorial", "search", "radio")[person % 4],
                    "skipped": n % 10 == 4,
                    "saved": n % 28 == 0,
                }
            )
    return pl.DataFrame(rows)


def lyrics() -> pl.DataFrame:
    """Lyrics of two tracks, one of them planned."""
    return pl.DataFrame(
        {"track_id": ["tr-1", "tr-4"], "source": ["label"] * 2, "text": [LYRIC, LYRIC]}
    )


def campaigns() -> pl.DataFrame:
    """Two channels on tr-2, daily from its release, Meta by territory and radio without one."""
    rows = [
        {
            "campaign_id": f"c-{channel}",
            "channel": channel,
            "day": day(n),
            "territory": territory,
            "track_id": "tr-2",
            "spend": 20.0 + 10 * (n % 7 == 0),
            "currency": "EUR",
            "days": 1,
        }
        for channel, territory in (("meta", "US"), ("meta", "DE"), ("radio", "WW"))
        for n in range(28, 84)
    ]
    return pl.DataFrame(rows)


def playlist_spells() -> pl.DataFrame:
    """One editorial stay of tr-2 that ended, one algorithmic that goes on."""
    return pl.DataFrame(
        {
            "track_id": ["tr-2", "tr-2"],
            "playlist": ["New Pop", "Radar"],
            "added_at": [moment(30), moment(60)],
            "removed_at": [moment(58), None],
            "followers": [50_000, 8_000],
            "kind": ["editorial", "algorithmic"],
        }
    )


def purchases(writing: Change) -> None:
    """One shirt, bought by each third listener."""
    writing.put(
        "products",
        pl.DataFrame(
            {"product_id": ["p-1"], "artist_id": ["ar-ada"], "kind": ["t-shirt"],
             "name": ["Shirt"], "price": [25.0], "currency": ["EUR"]}
        ),
        source="test",
    )  # fmt: skip
    people = range(0, 30, 3)
    writing.put(
        "purchases",
        pl.DataFrame(
            {
                "order_id": [f"o-{n}" for n in people],
                "line": [1] * len(people),
                "listener_id": [f"{n:08x}" for n in people],
                "product_id": ["p-1"] * len(people),
                "quantity": [1] * len(people),
                "amount": [25.0] * len(people),
                "currency": ["EUR"] * len(people),
                "purchased_at": [moment(40)] * len(people),
            }
        ),
        source="test",
    )


def written(folder: Path, kind: str) -> Path:
    """Write one of the kinds of labels into a folder and return the folder."""
    return Path(shutil.copytree(_kept(kind), folder, dirs_exist_ok=True))


@cache
def _kept(kind: str) -> Path:
    """Write one of the kinds of labels, once a process, where `written` copies it from."""
    folder = Path(tempfile.mkdtemp(prefix="label-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    frames = {
        "artists": artists,
        "tracks": tracks,
        "lyrics": lyrics,
        "daily_streams": daily_streams,
        "listeners": listeners,
        "plays": plays,
        "campaigns": campaigns,
        "playlist_spells": playlist_spells,
    }
    held = {
        "full": list(frames),
        "catalogue": ["artists", "tracks"],
        "lyrics": ["tracks", "lyrics"],
        "streams": ["tracks", "daily_streams"],
        "empty": [],
        "streams without tracks": ["daily_streams"],
    }[kind]
    with change(folder) as writing:
        writing.describe(title=f"Test {kind}")
        for name in held:
            writing.put(name, frames[name](), source="test")
        if kind == "full":
            purchases(writing)
    return folder


def opened(folder: Path, kind: str = "full") -> Dataset:
    """Write a label and open it."""
    return open_dataset(str(written(folder, kind)))


def opened_in_dollars(folder: Path) -> Dataset:
    """Write the full label with a dollar for each euro, and open it: published costs then count."""
    written(folder, "full")
    rates = pl.DataFrame({"currency": ["EUR", "USD"], "day": [FIRST] * 2, "rate": [1.0] * 2,
                          "source": ["test"] * 2})  # fmt: skip
    with change(folder) as writing:
        writing.put("fx_rates", rates, source="test")
    return open_dataset(str(folder))


def window_totals() -> pl.DataFrame:
    """The streams of `daily_streams` as totals of the sixteen weeks, Friday to Thursday."""
    start = pl.lit(FIRST) + pl.duration(days=(pl.col("day") - FIRST).dt.total_days() // 7 * 7)
    by = ("entity", "entity_id", "window_start", "window_end", "territory", "store", "metric")
    return (
        daily_streams()
        .with_columns(window_start=start, metric=pl.lit("streams"))
        .with_columns(window_end=pl.col("window_start") + pl.duration(days=6))
        .group_by(by)
        .agg(pl.col("streams").sum().cast(pl.Float64).alias("value"))
    )


def weekly(folder: Path) -> Path:
    """Write a label whose streams are known by the week only, and return the folder."""
    frames = {"artists": artists, "tracks": tracks, "lyrics": lyrics}
    with change(folder) as writing:
        for name, frame in {**frames, "window_totals": window_totals}.items():
            writing.put(name, frame(), source="test")
    return folder
