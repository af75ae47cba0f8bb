"""A big label: what pages and Taste clusters take with 28,000 tracks and 200,000 listeners.

20 million generated plays in two years (2 million by 20,000 listeners with `--quick`). Listeners
belong to eight planted taste groups, a fifth of them to two. Anchors are bare Polars passes over
the same files in the same run, or the fit on everybody.

    python -m benchmarks.scale [--quick]
"""

import argparse
import datetime
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.report import Figure, measured, options, show

TRACKS, ARTISTS, GROUPS = 28_000, 2_000, 8
MONTHS = 24
FIRST = datetime.date(2024, 11, 1)
COUNTRIES = ("US", "GB", "DE", "FR", "ES", "MX", "BR", "NL", "SE", "JP", "TW", "AU")
SOURCES = {
    "library": 0.29, "algorithmic": 0.21, "listener_playlist": 0.15, "radio": 0.11,
    "artist_page": 0.10, "editorial": 0.07, "search": 0.05, "unknown": 0.02,
}  # fmt: skip
AT_HOME = 6.0  # how much more a group plays an artist of its own


def generate(folder: Path, plays: int, listeners: int) -> pl.DataFrame:
    """Write the label; return listener_id | group | mixed as planted."""
    from workbench.store.change import change

    rng = np.random.default_rng(21)
    artists = pl.Series([f"ar-{n:04d}" for n in range(ARTISTS)])
    home = rng.integers(0, GROUPS, ARTISTS)
    by = np.sort(np.concatenate([np.arange(ARTISTS), rng.integers(0, ARTISTS, TRACKS - ARTISTS)]))
    tracks = pl.Series([f"tr-{n:05d}" for n in range(TRACKS)])
    ids = pl.Series([f"{n:032x}" for n in rng.permutation(listeners)])
    group, other = rng.integers(0, GROUPS, (2, listeners))
    mixed = rng.random(listeners) < 0.2
    released = np.datetime64("2018-01-01") + rng.integers(0, 2_400, TRACKS)
    genres = [f"genre {n}" for n in home]
    names = pl.DataFrame({"artist_id": artists, "name": artists, "genres": [[g] for g in genres]})
    catalogue = {
        "track_id": tracks, "title": tracks, "artist_id": artists.gather(by),
        "genre": pl.Series(genres).gather(by), "release_date": released, "language": "en",
        "status": "released",
    }  # fmt: skip
    with change(folder) as writing:
        writing.put("artists", names, source="b")
        writing.put("tracks", pl.DataFrame(catalogue), source="b")
        people = {"listener_id": ids, "country": rng.choice(COUNTRIES, listeners), "consent": False}
        writing.put("listeners", pl.DataFrame(people), source="b")
    popular = (rng.permutation(TRACKS) + 20.0) ** -0.8
    ends = [np.cumsum(popular * np.where(home[by] == g, AT_HOME, 1.0)) for g in range(GROUPS)]
    busy = np.cumsum(rng.lognormal(0, 1, listeners))
    for month in range(MONTHS):
        start = np.datetime64(FIRST, "M") + month
        begin, end = (np.datetime64(m, "ms").astype(np.int64) for m in (start, start + 1))
        rows = plays // MONTHS
        who = _drawn(rng, busy, rows)
        taste = np.where(mixed[who] & (rng.random(rows) < 0.5), other[who], group[who])
        what = np.empty(rows, np.int64)
        for g in range(GROUPS):
            own = np.flatnonzero(taste == g)
            what[own] = _drawn(rng, ends[g], len(own))
        frame = pl.DataFrame(
            {
                "listener_id": ids.gather(who),
                "track_id": tracks.gather(what),
                "played_at": pl.Series(rng.integers(begin, end, rows).astype("datetime64[ms]"))
                .dt.replace_time_zone("UTC"),
                "ms_played": rng.integers(1_000, 240_000, rows),
                "source": rng.choice(list(SOURCES), rows, p=list(SOURCES.values())),
                "skipped": rng.random(rows) < 0.2,
                "saved": rng.random(rows) < 0.02,
            }
        ).unique(["listener_id", "track_id", "played_at"])  # fmt: skip
        with change(folder) as writing:
            writing.put("plays", frame, source=f"month {month}")
    return pl.DataFrame({"listener_id": ids, "group": group, "mixed": mixed})


def _drawn(rng: np.random.Generator, ends: np.ndarray, count: int) -> np.ndarray:
    """Return indices drawn by weights whose cumulative sums are `ends`."""
    return np.searchsorted(ends, rng.random(count) * ends[-1]).clip(0, len(ends) - 1)


def seconds(ask: Callable[[], object], repeats: int, before: Callable[[], object]) -> list[float]:
    """Return how long each of the calls took; what is kept in memory is forgotten by `before`."""
    found = []
    for _ in range(repeats):
        before()
        began = time.perf_counter()
        ask()
        found.append(time.perf_counter() - began)
    return found


def bare_steps(folder: Path) -> pl.DataFrame:
    """Return streams by listener and 28 days as somebody who knows only Polars would count them."""
    age = (datetime.date(2026, 10, 31) - pl.col("played_at").dt.date()).dt.total_days()
    return (
        pl.scan_parquet(folder / "slices" / "plays" / "*.parquet")
        .filter(pl.col("ms_played") >= 30_000)
        .group_by("listener_id", (age // 28).alias("step"))
        .agg(pl.len(), pl.col("source").is_in(["radio", "editorial", "algorithmic"]).sum())
        .collect(engine="streaming")
    )


def pages(folder: Path, repeats: int) -> list[Figure]:
    """Return what first calls of analyses take, the artifacts not asked for."""
    from benchmarks.tables import bare_daily
    from workbench.audience.tiers import tiers
    from workbench.dataset import open_dataset
    from workbench.listening.catalogue import catalogue
    from workbench.store.memory import memory

    label = open_dataset(str(folder))
    tiers(label)  # files are verified once in a process

    def counts_forgotten() -> None:
        memory.forget("tiers:")

    def nothing() -> None:
        pass

    bare = seconds(lambda: bare_steps(folder), repeats, nothing)
    steps = float(np.median(bare))
    daily = seconds(lambda: bare_daily(folder).collect(engine="streaming"), repeats, nothing)
    days = float(np.median(daily))
    first = seconds(lambda: tiers(label), repeats, counts_forgotten)
    other = seconds(lambda: tiers(label, super_from=15), repeats, nothing)
    tracks = seconds(lambda: catalogue(label, limit=800), repeats, nothing)
    return [
        measured(
            "tiers, first call (anchor: bare counts by listener)", first, anchor=steps, goal=2
        ),
        measured("tiers, another threshold", other, anchor=steps, goal=2),
        measured("catalogue, first call (anchor: bare daily facts)", tracks, anchor=days, goal=2),
    ]


def clusters(folder: Path, planted: pl.DataFrame) -> list[Figure]:
    """Return what making Taste clusters takes, and what learning from a part costs."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    from workbench.audience.clusters import features, fit
    from workbench.audience.profiles import profiles
    from workbench.dataset import make, open_dataset

    label = open_dataset(str(folder), rows=True)
    began = time.perf_counter()
    make(label, "segments", lambda done, _, text: print(f"  {done} {text}", flush=True))
    took = time.perf_counter() - began
    chosen = label.fit("segments").meta["chosen"]
    people = profiles(label)
    values = features(people)
    known = pl.DataFrame({"listener_id": people.listeners}).join(
        planted, on="listener_id", how="left", maintain_order="left"
    )
    pure = (~known["mixed"]).to_numpy()
    truth = known["group"].to_numpy()[pure]
    everybody = KMeans(GROUPS, n_init=10, random_state=0).fit(values).labels_[pure]
    part = fit(values, GROUPS).labels[pure]
    return [
        Figure("Taste clusters made", took, "s", goal=90),
        Figure("clusters chosen (planted)", chosen, "clusters", GROUPS),
        Figure(
            "planted groups recovered (ARI; anchor: k-means of everybody)",
            adjusted_rand_score(truth, part), "", adjusted_rand_score(truth, everybody),
            more_is_better=True,
        ),
    ]  # fmt: skip


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    plays, listeners = (2_000_000, 20_000) if asked.quick else (20_000_000, 200_000)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "label"
        planted = generate(folder, plays, listeners)
        figures = [*pages(folder, 3 if asked.quick else 5), *clusters(folder, planted)]
    show(f"Scale: {TRACKS:,} tracks, {listeners:,} listeners, {plays:,} plays", figures)


if __name__ == "__main__":
    main(options(__doc__.splitlines()[0]))
