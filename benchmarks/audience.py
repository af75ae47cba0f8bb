"""Taste clusters against planted truth and public data: python -m benchmarks.audience .

On the sample label the groups are known: recovery is held against what sorting listeners by the
true probabilities of the planted mixture reaches. On HetRec 2011 Last.fm 2K (public, research only)
the stability of the fit is held against a reference run of k-means on SVD features.
"""

import argparse
import time

import numpy as np
import polars as pl

from benchmarks.report import Figure, measured, options, show
from workbench.audience.clusters import (
    CLEAR,
    FEWEST_STREAMS,
    OFFERED,
    agreement,
    best_count,
    features,
    fit,
)
from workbench.audience.profiles import Profiles, discounted, profile_matrix
from workbench.dataset import open_dataset
from workbench.listening.streams import is_stream
from workbench.settings import PROJECT, settings

TRUTH = PROJECT / "sample_data" / "truth"
HETREC = "audience/hetrec-lastfm-2k/user_artists.dat"
REFERENCE_COUNT = 6
REFERENCE_STABILITY = 0.88  # log plays x idf, SVD 50, k-means 6, ARI of 80 % subsamples
SUBSAMPLE = 0.8
ENOUGH = 20
WITH_GOAL = ("20 streams or more", "pure taste, 20 streams or more")


def oracle(plays: pl.LazyFrame) -> pl.DataFrame:
    """Return listener_id | group | mixed | streams | found: sorted by the true probabilities.

    The score of a group is the sum over tracks of log(1 + streams) x log probability of the track
    in that group, the best of the three weightings that the planted truth was checked with.
    """
    heard = pl.read_parquet(TRUTH / "heard_by_group.parquet")
    names = heard["group"].unique().sort().to_list()
    wide = heard.pivot("group", index="track_id", values="probability").fill_null(1e-12)
    score = (
        plays.filter(is_stream())
        .group_by("listener_id", "track_id")
        .agg(pl.len().alias("n"))
        .collect()
        .join(wide, on="track_id")
        .group_by("listener_id")
        .agg(
            pl.col("n").sum().alias("streams"),
            *[(pl.col("n").log1p() * pl.col(name).log()).sum().alias(name) for name in names],
        )
        .join(pl.read_parquet(TRUTH / "taste.parquet"), on="listener_id")
        .sort("listener_id")
    )
    best = np.array(names)[score.select(names).to_numpy().argmax(axis=1)]
    kept = score.select("listener_id", "group", "mixed", "streams")
    return kept.with_columns(pl.Series("found", best))


def rand(first, second) -> float:
    """Return the adjusted Rand index."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(first, second))


def recovery(repeats: int) -> list[Figure]:
    """Return how much of the planted groups comes back, beside what the truth itself reaches."""
    label = open_dataset("sample", rows=True)
    plays, tracks = label.scan("plays"), label.scan("tracks")
    truth = oracle(plays)
    people = discounted(plays, tracks)
    values = features(people)
    enough = people.streams >= FEWEST_STREAMS
    rows = []
    for count in OFFERED:
        same = agreement(values[enough], count)
        rows.append((count, same.mean(), same.std(ddof=1) / np.sqrt(len(same))))
        print(f"  sample, {count:2} clusters: two halves agree {same.mean():.3f}", flush=True)
    stability = pl.DataFrame(rows, schema=["count", "agreement", "error"], orient="row")
    chosen = best_count(stability)
    planted = truth["group"].n_unique()
    figures = [
        Figure("clusters chosen on the sample (planted)", chosen, "clusters", planted),
        Figure(
            "agreement of two halves, sample",
            stability.filter(count=chosen)["agreement"].item(),
            more_is_better=True,
        ),
    ]
    numbers = {chosen: "chosen number", planted: "planted number"}
    if chosen == planted:
        numbers = {planted: "chosen number, the planted one"}
    for count, name in numbers.items():
        scores: dict[str, list[float]] = {}
        for seed in range(repeats):
            found = _labelled(people, features(people, seed=seed), count, seed)
            for part, (ours, best) in _scores(truth.join(found, on="listener_id")).items():
                scores.setdefault(part, []).append(ours)
                scores.setdefault(f"{part} oracle", []).append(best)
        figures += [
            measured(
                f"recovery (ARI), {part}, {name}", scores[part], "",
                anchor=scores[f"{part} oracle"][0], more_is_better=True,
                goal=0.9 * scores[f"{part} oracle"][0] if part in WITH_GOAL else None,
            )
            for part in (*WITH_GOAL, "assigned only")
        ]  # fmt: skip
        print(f"  sample, {name}: {count}", flush=True)
    return figures


def _labelled(people: Profiles, values: np.ndarray, count: int, seed: int) -> pl.DataFrame:
    enough = people.streams >= FEWEST_STREAMS
    found = fit(values[enough], count, seed=seed)
    return pl.DataFrame(
        {
            "listener_id": people.listeners.filter(pl.Series(enough)),
            "cluster": found.labels,
            "clear": found.margin >= CLEAR,
        }
    )


def _scores(rows: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """Return ours and the oracle's index for three sets of listeners."""
    parts = {
        "20 streams or more": pl.col("streams") >= ENOUGH,
        "pure taste, 20 streams or more": (pl.col("streams") >= ENOUGH) & ~pl.col("mixed"),
        "assigned only": pl.col("clear"),
    }
    scores = {}
    for name, wanted in parts.items():
        kept = rows.filter(wanted)
        scores[name] = rand(kept["group"], kept["cluster"]), rand(kept["group"], kept["found"])
    return scores


def hetrec(repeats: int) -> list[Figure]:
    """Return the stability of clusters of 1,892 Last.fm listeners, and what is chosen."""
    path = settings().public_data / HETREC
    if not path.exists():
        print(f"  HetRec is not at {path}; its figures are left out.")
        return []
    counts = pl.read_csv(path, separator="\t", quote_char=None)
    people = profile_matrix(
        counts.select(
            pl.col("userID").cast(pl.String).alias("listener_id"),
            pl.col("artistID").cast(pl.String).alias("artist_id"),
            pl.col("weight").cast(pl.Int64).alias("streams"),
            pl.col("weight").cast(pl.Float64),
        )
    )
    values = features(people)
    values = values[np.abs(values).sum(1) > 0]
    rows, subsampled = [], {}
    for count in OFFERED:
        same = agreement(values, count)
        rows.append((count, same.mean(), same.std(ddof=1) / np.sqrt(len(same))))
        subsampled[count] = subsample_agreement(values, count, repeats)
        print(
            f"  HetRec, {count:2} clusters: two halves agree {same.mean():.3f}, 80 % subsamples "
            f"{np.mean(subsampled[count]):.3f}",
            flush=True,
        )
    stability = pl.DataFrame(rows, schema=["count", "agreement", "error"], orient="row")
    chosen = best_count(stability)
    return [
        Figure("clusters chosen on HetRec (reference)", chosen, "clusters", REFERENCE_COUNT),
        Figure(
            "agreement of two halves, HetRec",
            stability.filter(count=chosen)["agreement"].item(),
            more_is_better=True,
        ),
        measured(
            "ARI of 80 % subsamples, HetRec, 6 clusters",
            subsampled[REFERENCE_COUNT],
            "",
            anchor=REFERENCE_STABILITY,
            goal=REFERENCE_STABILITY,
            more_is_better=True,
        ),
    ]


def subsample_agreement(values: np.ndarray, count: int, repeats: int) -> list[float]:
    """Return the adjusted Rand index of fits on 80 % of the listeners with the fit on all."""
    draw = np.random.default_rng([7, count])
    everyone = fit(values, count).labels
    found = []
    for seed in range(repeats):
        some = np.sort(draw.choice(len(values), int(SUBSAMPLE * len(values)), replace=False))
        found.append(rand(everyone[some], fit(values[some], count, seed=seed + 1).labels))
    return found


def speed(repeats: int) -> list[Figure]:
    """Return what the pages wait for on the sample: first calls, artifacts present."""
    from workbench.audience.platform_tiers import platform_tiers
    from workbench.audience.segments import clusters, compare
    from workbench.audience.tiers import tiers
    from workbench.dataset import make

    label = open_dataset("sample")
    if not label.view(["segments"]).has("segments"):
        make(label, "segments", lambda *_: None)
    asked = {
        "clusters": lambda: clusters(label),
        "compare": lambda: compare(label, first=0, second=1),
        "tiers": lambda: tiers(label),
        "platform_tiers": lambda: platform_tiers(label),
    }
    figures = []
    for name, ask in asked.items():
        ask()
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            ask()
            times.append(time.perf_counter() - start)
        figures.append(measured(f"first call of {name}, sample", times, "s", goal=1.0))
    return figures


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    repeats = 3 if asked.quick else 10
    show(
        "Audience: Taste clusters and tiers",
        [*recovery(repeats), *hetrec(10), *speed(3 if asked.quick else 7)],
    )


if __name__ == "__main__":
    main(options(__doc__))
