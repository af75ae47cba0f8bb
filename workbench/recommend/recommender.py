"""The label's own recommender: fitted, weighed and judged once, kept as the artifact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.profiles import source
from workbench.errors import NotEnoughEvidence, NotMade
from workbench.recommend.blend import Blended
from workbench.recommend.content import Likeness
from workbench.recommend.factors import Factors
from workbench.recommend.interactions import Interactions, interactions
from workbench.recommend.learnt_marks import as_listeners, make_feedback
from workbench.recommend.model import ItemWeights, listeners_of
from workbench.recommend.prior import WithPrior, stand_ins
from workbench.recommend.profile import by_place
from workbench.recommend.signals import Heed, Signals, signals, worth
from workbench.recommend.song_features import song_features
from workbench.recommend.trial import trial
from workbench.store.memory import memory

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.dataset import Dataset, Making, View
    from workbench.store.artifacts import Fit

SMALL = 5_000  # songs up to which all weights between songs are solved and kept: 100 MB
FEWEST_LISTENERS, FEWEST_SONGS = 50, 10


@dataclass(frozen=True, eq=False)
class Recommender:
    """What is needed to make lists.

    Attributes
    ----------
    blend : scores of all songs for any profile. counts : streams, CSR (listeners, songs).
    listeners, tracks : ids of rows and columns. features : CSR (songs, features), length 1.
    """

    blend: Blended
    counts: csr_matrix
    listeners: pl.Series
    tracks: pl.Series
    features: csr_matrix


def make_recommender(
    label: Making, *, progress: Callable[[int, int, str], None], seed: int = 0
) -> None:
    """Fit the blend, choose its weights, judge it, and save it as the artifact "recommender".

    Up to `SMALL` songs the linear model is solved and blended with ALS and content; above, ALS and
    content alone are. Frames: `listeners`, `tracks`, `judged` (see `trial`). Meta: parameters,
    weights, how it was judged, and `why` not where there is too little.

    Raises
    ------
    MissingTable
        No listening by listener.
    """
    progress(0, 4, "Reading who played what")
    make_feedback(label, progress=lambda *_: None)
    people = interactions(label)
    if too_few := _too_few(people):
        label.save_fit("recommender", arrays={}, frames={}, meta={"why": too_few})
        progress(4, 4, too_few)
        return
    features = song_features(label, people.tracks)
    owner = _owners(label, people.tracks)
    small = int((listeners_of(people.counts) > 0).sum()) <= SMALL
    progress(1, 4, "Trying the models on what listeners heard next")
    told = signals(label, people)
    found = trial(people, features, owner, linear=small, told=told, seed=seed)
    progress(2, 4, "Fitting what was chosen on everything")
    values = _with_marks(label, people, told, found.heed)
    arrays = (
        csr_arrays("counts", people.counts) | csr_arrays("features", features) | {"owner": owner}
    )
    arrays["factors"] = found.als.fit(values).items
    if small:
        weights = found.linear.fit(values)
        arrays["weights"] = weights.scores(_each(len(people.tracks)))
    progress(3, 4, "Keeping it")
    label.save_fit(
        "recommender",
        arrays=arrays,
        frames={
            "listeners": people.listeners.alias("listener_id").to_frame(),
            "tracks": people.tracks.alias("track_id").to_frame(),
            "judged": found.judged,
        },
        meta={
            "why": None,
            "seed": seed,
            "als": asdict(found.als),
            "linear": asdict(found.linear) if small else None,
            "weights": found.weights,
            "heed": asdict(found.heed),
            "split": found.split,
            "learnt_pairs": found.learnt_pairs,
            "asked_pairs": found.asked_pairs,
            "coverage": found.coverage,
        },
    )
    progress(4, 4, f"{len(people.tracks)} songs for {len(people.listeners)} listeners")


def _with_marks(
    label: Making, people: Interactions, told: Signals | None, heed: Heed
) -> csr_matrix:
    """Return what plays are worth, with audiences that people spoke for as further listeners."""
    from scipy.sparse import csr_matrix, vstack

    said = as_listeners(label.table("feedback"), people.tracks, len(people.listeners))
    values = worth(people.counts, told, heed)
    return values if said is None else csr_matrix(vstack([values, by_place(said)]))


def fitted(label: View):
    """Return the artifact.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence
        No listening by listener; not made; too little listening.
    """
    source(label)
    if not label.has("recommender"):
        raise NotMade("recommender")
    fit = label.fit("recommender")
    if fit.meta["why"]:
        raise NotEnoughEvidence(fit.meta["why"])
    return fit


def recommender(label: View) -> Recommender:
    """Return the recommender as it was made, kept in memory; raises as `fitted`."""
    fit = fitted(label)
    return memory.load(
        f"recommender:{label.dataset.artifacts.place('recommender')}",
        lambda: _as_made(fit),
        lambda known: known.counts.data.nbytes + known.features.data.nbytes,
    )


def _as_made(fit: Fit) -> Recommender:
    counts, features = csr_held("counts", fit.arrays), csr_held("features", fit.arrays)
    sources = stand_ins(listeners_of(counts), fit.arrays["owner"])
    als = fit.meta["als"]
    factors = Factors(fit.arrays["factors"], als["confidence"], als["ridge"])
    parts = [WithPrior(factors, sources), Likeness(features)]
    if "weights" in fit.arrays:
        parts.insert(0, WithPrior(ItemWeights(fit.arrays["weights"]), sources))
    return Recommender(
        Blended(tuple(zip(parts, fit.meta["weights"], strict=True))),
        counts,
        fit.frames["listeners"]["listener_id"],
        fit.frames["tracks"]["track_id"],
        features,
    )


def _too_few(people: Interactions) -> str | None:
    several = int((np.diff(people.counts.indptr) >= 2).sum())
    heard = int((listeners_of(people.counts) >= 2).sum())
    if several >= FEWEST_LISTENERS and heard >= FEWEST_SONGS:
        return None
    return (
        f"Recommendations need {FEWEST_LISTENERS} listeners of two songs or more, and "
        f"{FEWEST_SONGS} songs that two of them heard; this label has {several} and {heard}."
    )


def _owners(label: Dataset, tracks: pl.Series) -> np.ndarray:
    known = label.scan("tracks").select("track_id", "artist_id").collect()
    owner = tracks.alias("track_id").to_frame().join(
        known, on="track_id", how="left", maintain_order="left"
    )  # fmt: skip
    place = owner["artist_id"].rank("dense").cast(pl.Int64).fill_null(0)
    return place.to_numpy() - 1


def _each(items: int) -> csr_matrix:
    from scipy.sparse import identity

    return identity(items, dtype=np.float32, format="csr")


def csr_arrays(name: str, matrix: csr_matrix) -> dict[str, np.ndarray]:
    """Return a matrix as named arrays of a fit."""
    parts = ("data", "indices", "indptr")
    return {f"{name}_{part}": getattr(matrix, part) for part in parts} | {
        f"{name}_shape": np.array(matrix.shape)
    }


def csr_held(name: str, arrays: dict[str, np.ndarray]) -> csr_matrix:
    """Return the matrix that `csr_arrays` named."""
    from scipy.sparse import csr_matrix

    parts = tuple(arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
    return csr_matrix(parts, tuple(arrays[f"{name}_shape"].tolist()))
