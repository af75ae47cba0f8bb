"""The models on trial: learnt from the past, asked for what listeners heard next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.recommend.blend import Blended
from workbench.recommend.content import Content
from workbench.recommend.evaluation import judged
from workbench.recommend.factors import ALS
from workbench.recommend.linear import Ease
from workbench.recommend.model import Model
from workbench.recommend.neighbours import ItemKNN
from workbench.recommend.popular import MostPopular
from workbench.recommend.prior import OwnCatalogue
from workbench.recommend.profile import by_place
from workbench.recommend.ranking import best
from workbench.recommend.splits import folds, later, split
from workbench.recommend.walks import RP3Beta
from workbench.recommend.weighing import gain, weights

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.recommend.interactions import Interactions

LINEAR = (Ease(120.0, 0.5), Ease(240.0, 0.5), Ease(480.0, 0.66), Ease(1000.0, 0.66))
FACTORS = (ALS(16, 5.0, 10.0), ALS(32, 5.0, 5.0), ALS(64, 10.0, 20.0))
PLACES = 10
CELLS = 40_000_000  # scores of one model held at a time, 160 MB
MOST_ASKED = 5_000
FEWEST_ASKED = 40
BLEND = "Blend"


@dataclass(frozen=True, eq=False)
class Trial:
    """What was chosen on one half of the asked listeners, and what it was worth on the other.

    Attributes
    ----------
    linear, als : with the parameters chosen; linear is None where it was not tried.
    weights : of linear (if tried), ALS and content in the blend.
    judged : listener (row) | model | one column per metric, for the half that chose nothing.
    coverage : model -> share of the songs in any of their lists.
    split : "time" or "folds". learnt_pairs, asked_pairs : played pairs on both sides.
    """

    linear: Ease | None
    als: ALS
    weights: tuple[float, ...]
    judged: pl.DataFrame
    coverage: dict[str, float]
    split: str
    learnt_pairs: int
    asked_pairs: int


def trial(
    people: Interactions, features: csr_matrix, owner: np.ndarray, *, linear: bool, seed: int = 0
) -> Trial:
    """Return models, weights and figures of a label.

    A fifth of the pairs is asked for: those first played last, or, where plays have no times or
    too few listeners have both, drawn by the seed. Songs that nobody has heard are scored as their
    artist's others are.
    """
    kind, known, held = _parts(people, seed)
    values = by_place(known)
    choosing, judging = _halves(known, held, seed)

    def strongest(offers: tuple[Model, ...]) -> tuple[Model, object]:
        fits = [(model, OwnCatalogue(model, owner).fit(values)) for model in offers]
        asked, right = values[choosing], held[choosing]
        return max(fits, key=lambda one: gain(one[1].scores(asked), asked, right))

    chosen = [strongest(LINEAR)] if linear else []
    chosen.append(strongest(FACTORS))
    parts = [fit for _, fit in chosen] + [Content(features).fit(values)]
    scores = [part.scores(values[choosing]) for part in parts]
    found = weights(scores, values[choosing], held[choosing])
    rivals = {
        "Most popular": MostPopular().fit(values),
        "Item kNN": ItemKNN().fit(values),
        "RP3beta": RP3Beta().fit(values),
        **({"EASE": parts[0]} if linear else {}),
        "ALS": parts[-2],
        "Content": parts[-1],
        BLEND: Blended(tuple(zip(parts, found, strict=True))),
    }
    rows, coverage = [], {}
    for name, fit in rivals.items():
        lists = best(fit, values[judging], PLACES)
        one = judged(lists, judging, values, held, features=features)
        coverage[name] = one.coverage
        columns = {metric: pl.Series(one.values[metric]) for metric in one.values}
        rows.append(pl.DataFrame({"listener": one.rows, "model": name, **columns}))
    frame = pl.concat(rows).with_columns(pl.col(pl.Float64).fill_nan(None))
    models = [model for model, _ in chosen]
    return Trial(
        models[0] if linear else None, models[-1], found, frame, coverage, kind, known.nnz, held.nnz
    )


def _parts(people: Interactions, seed: int) -> tuple[str, csr_matrix, csr_matrix]:
    """Return how the pairs were parted, what is learnt from, what is asked."""
    if people.first_day is not None:
        known, held = split(people.counts, later(people.first_day))
        if len(_asked(known, held)) >= FEWEST_ASKED:
            return "time", known, held
    drawn = folds(people.counts.nnz, 5, seed=seed) == 0
    return "folds", *split(people.counts, drawn)


def _asked(known: csr_matrix, held: csr_matrix) -> np.ndarray:
    return np.flatnonzero((np.diff(known.indptr) > 0) & (np.diff(held.indptr) > 0))


def _halves(known: csr_matrix, held: csr_matrix, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the listeners that choose and those that judge, drawn by the seed, in order."""
    asked = np.random.default_rng([seed, 2]).permutation(_asked(known, held))
    asked = asked[: min(MOST_ASKED, max(CELLS // known.shape[1], FEWEST_ASKED))]
    return np.sort(asked[::2]), np.sort(asked[1::2])
