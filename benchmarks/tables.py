"""Aggregating plays to daily facts: through the workbench against the bare Polars query.

20 million generated plays (2 million with `--quick`) of 28,000 tracks by 200,000 listeners in a
year, written as a label's own files. Each try runs in a fresh process, the two ways in turn, and
reports its own peak memory. Both must give the same answer.

    python -m benchmarks.tables [--quick]
"""

import datetime
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.report import Figure, measured, options, peak_bytes, show

TRACKS, LISTENERS = 28_000, 200_000
COUNTRIES = np.array(["US", "GB", "DE", "FR", "ES", "MX", "BR", "NL", "SE", "JP", "TW", "AU"])
FIRST = datetime.date(2025, 11, 1)
AGAIN = 3


def generate(folder: Path, plays: int) -> None:
    """Write a label: plays follow a Zipf law over tracks and a log-normal one over listeners."""
    from workbench.store.change import change

    rng = np.random.default_rng(20)
    tracks = pl.Series([f"tr-{n:05d}" for n in range(TRACKS)])
    listeners = pl.Series([f"{n:032x}" for n in rng.permutation(LISTENERS)])
    catalogue = pl.DataFrame(
        {"track_id": tracks, "title": tracks, "artist_id": "ar-1", "status": "released"}
    )
    people = pl.DataFrame(
        {"listener_id": listeners, "country": rng.choice(COUNTRIES, LISTENERS), "consent": False}
    )
    popular = 1 / np.arange(1, TRACKS + 1)
    busy = rng.lognormal(0, 1, LISTENERS)
    with change(folder) as writing:
        writing.put("artists", pl.DataFrame({"artist_id": ["ar-1"], "name": ["A"]}), source="b")
        writing.put("tracks", catalogue, source="b")
        writing.put("listeners", people, source="b")
    for month in range(12):
        start = np.datetime64(FIRST, "M") + month
        rows = plays // 12
        begin, end = (np.datetime64(month, "ms").astype(np.int64) for month in (start, start + 1))
        moments = rng.integers(begin, end, rows).astype("datetime64[ms]")
        frame = pl.DataFrame(
            {
                "listener_id": listeners.gather(_drawn(rng, busy, rows)),
                "track_id": tracks.gather(_drawn(rng, popular, rows)),
                "played_at": pl.Series(moments).dt.replace_time_zone("UTC"),
                "ms_played": rng.integers(1_000, 240_000, rows),
                "source": "library",
                "skipped": rng.random(rows) < 0.2,
                "saved": rng.random(rows) < 0.02,
            }
        ).unique(["listener_id", "track_id", "played_at"])
        with change(folder) as writing:
            writing.put("plays", frame, source=f"month {month}")
        print(f"  wrote {frame.height:,} plays of {start}", flush=True)


def _drawn(rng: np.random.Generator, weights: np.ndarray, count: int) -> np.ndarray:
    ends = np.cumsum(weights)
    return np.searchsorted(ends, rng.random(count) * ends[-1]).clip(0, len(weights) - 1)


def workbench_daily(folder: Path) -> pl.LazyFrame:
    """Return daily facts as every page gets them: opened, verified, by the rule of what counts."""
    from workbench import open_dataset
    from workbench.listening import streams

    view = open_dataset(str(folder)).view(streams.SOURCES.split())
    return streams.daily(view)


def bare_daily(folder: Path) -> pl.LazyFrame:
    """Return the same facts as somebody who knows Polars and nothing else would write it."""
    plays = pl.scan_parquet(folder / "slices" / "plays" / "*.parquet")
    people = pl.scan_parquet(folder / "slices" / "listeners" / "*.parquet")
    return (
        plays.filter(pl.col("ms_played") >= 30_000)
        .join(people.select("listener_id", "country"), on="listener_id", how="left")
        .group_by("track_id", pl.col("played_at").dt.date().alias("day"), territory="country")
        .agg(streams=pl.len(), saves=pl.col("saved").sum())
    )


WAYS = {"workbench": workbench_daily, "bare": bare_daily}


def once(way: str, folder: Path) -> dict:
    """Run one way here, again and again: seconds of each try, peak bytes of the first, answer."""
    from workbench.listening import streams  # noqa: F401 - importing is no part of either way

    seconds, peaks = [], []
    for _ in range(1 + AGAIN):
        began = time.perf_counter()
        facts = WAYS[way](folder).collect(engine="streaming")
        seconds.append(time.perf_counter() - began)
        peaks.append(peak_bytes())
        answer = [facts.height, int(facts["streams"].sum()), int(facts["saves"].sum())]
        del facts  # or the next try would hold two of them
    return {"seconds": seconds, "peak": peaks[0], "answer": answer}


def in_a_process(way: str, folder: Path) -> dict:
    """Run one way in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.tables", "--once", way, str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def main() -> None:
    if sys.argv[1:2] == ["--once"]:
        print(json.dumps(once(sys.argv[2], Path(sys.argv[3]))))
        return
    quick = options(__doc__.splitlines()[0]).quick
    plays, repeats = (2_000_000, 3) if quick else (20_000_000, 5)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "label"
        began = time.perf_counter()
        generate(folder, plays)
        written = time.perf_counter() - began
        tries = [{way: in_a_process(way, folder) for way in WAYS} for _ in range(repeats)]
    answers = {tuple(one[way]["answer"]) for one in tries for way in WAYS}
    if len(answers) != 1:
        raise SystemExit(f"The two ways disagree (rows, streams, saves): {answers}")
    print(f"\n{plays:,} plays become {answers.pop()[0]:,} daily facts")
    first = {way: [one[way]["seconds"][0] for one in tries] for way in WAYS}
    again = {way: [s for one in tries for s in one[way]["seconds"][1:]] for way in WAYS}
    peak = {way: [one[way]["peak"] / 1e6 for one in tries] for way in WAYS}
    figures = []
    for name, times in (("first in a process, files verified", first), ("again", again)):
        anchor = statistics.median(times["bare"])
        figures.append(
            measured(f"daily facts, {name}", times["workbench"], anchor=anchor, goal=1.3 * anchor)
        )
    figures += [
        measured("peak memory", peak["workbench"], "MB", anchor=max(peak["bare"]), goal=2_000),
        Figure("writing those plays as an import does", written, "s"),
    ]
    show(f"Tables: {plays:,} plays to daily facts, in seconds; anchor: the bare query", figures)


if __name__ == "__main__":
    main()
