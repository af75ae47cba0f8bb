"""Overlap against chance: audiences without ties, and the planted tastes of the sample label.

Without ties an index has to be 100 and a test to reject at its level; beside it stands the plain
lift (people shared over the product of the sizes). On the sample label the true group profiles of
artists say how near two are; ranks of the index are held against ranks of the plain lift.

    python -m benchmarks.overlap [--quick]
"""

import argparse
import time

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix
from scipy.stats import spearmanr

from benchmarks.report import Figure, measured, options, show
from workbench.audience.co_listening import shared_by_chance
from workbench.audience.migration import migration
from workbench.audience.overlap import audiences, incidence, overlap
from workbench.audience.persistence import persistence
from workbench.audience.rfv import rfv
from workbench.audience.spill_over import spill_over
from workbench.dataset import open_dataset
from workbench.parameters import Filters
from workbench.settings import PROJECT

TRUTH = PROJECT / "sample_data" / "truth"
LEVEL = 1.96  # two-sided 5 %
SUPPORT = 10
AUDIENCES = {"36 artists": (3000, 36), "200 artists": (3000, 200)}


def without_ties(people: int, artists: int, seed: int) -> csr_matrix:
    """Return who hears whom: breadth and size differ widely, no two artists go together."""
    draw = np.random.default_rng(seed)
    size = np.exp(draw.normal(0, 1, artists))
    who = np.zeros((people, artists), np.int64)
    for row in who:
        breadth = min(1 + draw.negative_binomial(2, 0.15), artists - 6)
        row[draw.choice(artists, breadth, replace=False, p=size / size.sum())] = 1
    return csr_matrix(who[:, who.sum(0) > 0])


def compared(who: csr_matrix) -> tuple[np.ndarray, ...]:
    """Return index, plain lift and z of all pairs with support by chance, and which they are."""
    size = np.asarray(who.sum(0)).ravel()
    both = np.asarray((who.T @ who).todense()).astype(float)
    found = [shared_by_chance(who, artist) for artist in range(who.shape[1])]
    expected, sd = (np.stack(part) for part in zip(*found, strict=True))
    held = (expected >= SUPPORT) & (sd > 0) & ~np.eye(len(size), dtype=bool)
    lift = both * who.shape[0] / np.outer(size, size)
    z = (both[held] - expected[held]) / sd[held]
    return both[held] / expected[held], lift[held], z, held


def chance(repeats: int) -> list[Figure]:
    """Return how near to chance audiences without ties are found."""
    figures = []
    for name, (people, artists) in AUDIENCES.items():
        index, lift, rejected = [], [], []
        for seed in range(repeats):
            ours, plain, z, _ = compared(without_ties(people, artists, seed))
            index.append(100 * ours.mean())
            lift.append(100 * plain.mean())
            rejected.append(float((np.abs(z) > LEVEL).mean()))
        figures += [
            measured(f"mean index without ties (anchor: plain lift), {name}", index, "",
                     anchor=float(np.mean(lift))),
            measured(f"pairs called different without ties, {name}", rejected, "", anchor=0.05),
        ]  # fmt: skip
    return figures


def planted() -> list[Figure]:
    """Return how well the order of pairs follows the planted tastes of the sample's artists."""
    label = open_dataset("sample", rows=True)
    who, artists = incidence(label, "listening", 3, Filters())
    index, lift, _, held = compared(who)
    heard = pl.read_parquet(TRUTH / "heard_by_group.parquet")
    owner = label.table("tracks").select("track_id", "artist_id")
    by_group = heard.join(owner, on="track_id").group_by("artist_id", "group")
    wide = by_group.agg(pl.col("probability").sum()).pivot("group", index="artist_id")
    wide = (
        artists.alias("artist_id")
        .to_frame()
        .join(wide, on="artist_id", how="left", maintain_order="left")
    )
    profile = wide.drop("artist_id").fill_null(0.0).to_numpy()
    profile /= np.maximum(np.linalg.norm(profile, axis=1, keepdims=True), 1e-12)
    near = (profile @ profile.T)[held]
    ours, plain = (float(spearmanr(value, near).statistic) for value in (index, lift))
    name = "rank correlation with planted nearness, sample (anchor: plain lift)"
    return [Figure(name, ours, anchor=plain, more_is_better=True)]


def speed(repeats: int) -> list[Figure]:
    """Return what the pages wait for on the sample: first calls, artifacts present."""
    label = open_dataset("sample")
    artist = audiences(label)["artist_id"][0]
    asked = {
        "overlap": lambda: overlap(label, artist_id=artist, least=3),
        "spill_over": lambda: spill_over(label, artist_id=artist),
        "migration": lambda: migration(label, artist_id=artist),
    }
    if label.view(["segments"]).has("segments"):
        asked |= {"rfv": lambda: rfv(label), "persistence": lambda: persistence(label)}
    figures = []
    for name, ask in asked.items():
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            ask()
            times.append(time.perf_counter() - start)
        figures.append(measured(f"first call of {name}, sample", times, "s", goal=1.0))
    return figures


def main(asked: argparse.Namespace) -> None:
    """Measure and print."""
    repeats = 2 if asked.quick else 5
    show("Overlap: shared audiences", [*chance(repeats), *planted(), *speed(repeats + 1)])


if __name__ == "__main__":
    main(options(__doc__))
