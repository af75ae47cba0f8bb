"""Changes and momentum: what intervals cover, what the score tells: python -m benchmarks.momentum.

Coverage is measured on simulated streams that do not change. What comes next is measured on the
sample label and on the Philippine Top 200 of 2017 to 2021 (public, without a licence for more than
tests): rank correlation of momentum with the change of the 28 days after it, beside what the
change of the 28 days before alone tells. The later half of the chart settled the weights.
"""

import datetime
import math
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.report import Figure, measured, options, show
from workbench.dataset import Dataset, open_dataset
from workbench.listening.catalogue import catalogue
from workbench.listening.change import WINDOWS, changes
from workbench.listening.roster import roster
from workbench.settings import settings
from workbench.store.change import change

CHARTS = "promotion/spotify_daily_ph/daily_charts.parquet"
LEVEL = 0.9
SLACK = 0.05  # how far below its level an interval may cover
SIMULATED = ((0.0, 0.1), (0.92, 0.1), (0.97, 0.1), (0.99, 0.2))  # daily memory, sd of the log
DAYS = 730
STEP = 28
SETTLED = 30  # windows of the chart, counted back, on which the weights were settled
LEAST_ARTISTS = 8


def still(tracks: int, memory: float, sd: float, seed: int) -> pl.DataFrame:
    """Return counts of tracks whose level stays: autocorrelated wobble and counting noise."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((tracks, DAYS))
    for day in range(1, DAYS):
        noise[:, day] = memory * noise[:, day - 1] + math.sqrt(1 - memory**2) * noise[:, day]
    first = datetime.date(2024, 11, 1)
    days = pl.date_range(first, first + datetime.timedelta(days=DAYS - 1), eager=True)
    return pl.DataFrame(
        {
            "id": np.repeat([f"t{n:04d}" for n in range(tracks)], DAYS),
            "day": pl.concat([days] * tracks),
            "days": 1,
            "streams": rng.poisson(1000 * np.exp(sd * noise)).ravel(),
        }
    )


def coverage(tracks: int) -> list[Figure]:
    """Return how often the interval of an unchanged track holds zero, by window."""
    inside: dict[int, list[float]] = {days: [] for days in WINDOWS}
    for place, (memory, sd) in enumerate(SIMULATED):
        counts = still(tracks, memory, sd, seed=place)
        for days in WINDOWS:
            found = changes(counts, as_of=counts["day"].max(), days=days)
            inside[days].append(float(((found["low"] <= 0) & (found["high"] >= 0)).mean()))
    return [
        measured(
            f"90 % interval of {days} days covers no change", shares, "",
            anchor=LEVEL, goal=LEVEL - SLACK, more_is_better=True,
        )
        for days, shares in inside.items()
    ]  # fmt: skip


def foresight(label: Dataset, windows: range) -> tuple[list[float], list[float]]:
    """Return rank correlations with the next 28 days: of momentum, of the change before alone."""
    last = roster(label).as_of
    rows = {
        back: roster(label, until=last - datetime.timedelta(days=STEP * back)).artists.select(
            "artist_id", "momentum", "change_28"
        )
        for back in range(windows.start, windows.stop + 1)
    }
    scores: tuple[list[float], list[float]] = ([], [])
    for back in windows:
        later = rows[back].select("artist_id", pl.col("change_28").alias("next"))
        both = rows[back + 1].join(later, on="artist_id").drop_nulls()
        if both.height >= LEAST_ARTISTS:
            for score, column in zip(scores, ("momentum", "change_28"), strict=True):
                score.append(both.select(pl.corr(column, "next", method="spearman")).item())
    return scores


def charts(folder: Path) -> Dataset:
    """Return the public charts as a label; days outside of the chart are not known."""
    rows = pl.read_parquet(settings().public_data / CHARTS).drop_nulls(["track_name", "artist"])
    tracks = rows.group_by("track_id").agg(
        pl.col("track_name").first().alias("title"), pl.col("artist").first().alias("artist_id")
    )
    daily = rows.select(
        pl.lit("track").alias("entity"), pl.col("track_id").alias("entity_id"),
        pl.col("date").alias("day"), pl.lit("PH").alias("territory"),
        pl.lit("spotify").alias("store"), "streams",
    )  # fmt: skip
    with change(folder) as writing:
        writing.put("tracks", tracks.with_columns(status=pl.lit("released")), source="charts")
        writing.put("daily_streams", daily.unique(["entity_id", "day"]), source="charts")
    return open_dataset(str(folder))


def told(name: str, scores: tuple[list[float], list[float]]) -> Figure:
    """Return the mean correlation of momentum beside that of the change alone."""
    momentum, alone = (float(np.mean(score)) for score in scores)
    spread = (min(scores[0]), max(scores[0]))
    return Figure(name, momentum, "", anchor=alone, more_is_better=True, spread=spread)


def main() -> None:
    """Print the figures."""
    quick = options(__doc__.splitlines()[0]).quick
    figures = coverage(100 if quick else 400)
    sample = open_dataset("sample")
    figures.append(told("momentum against the next 28 days, sample", foresight(sample, range(16))))
    if (settings().public_data / CHARTS).exists():
        with tempfile.TemporaryDirectory() as folder:
            label = charts(Path(folder) / "charts")
            for name, windows in (
                ("charts, where the weights were settled", range(SETTLED)),
                ("charts before that", range(SETTLED, 54)),
            ):
                figures.append(told(f"momentum, {name}", foresight(label, windows)))
    else:
        print(f"The public charts are not there ({CHARTS}); their figures are left out.")
    seconds = []
    for _ in range(3 if quick else 7):
        start = time.perf_counter()
        catalogue(sample)
        seconds.append(time.perf_counter() - start)
    figures.append(measured("catalogue of the sample, first call", seconds, goal=1.0))
    show("Changes and momentum", figures)


if __name__ == "__main__":
    main()
