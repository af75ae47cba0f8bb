"""The models on trial: learnt from the past, asked for what listeners heard next."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from workbench.recommend.ranking import best
from workbench.recommend.signals import NEVER, OFFERED, STREAMS_ALONE, Heed, Signals, worth
from workbench.recommend.splits import folds, later, split
from workbench.recommend.walks import RP3Beta
from workbench.recommend.weighing import gain, gains, weights

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from workbench.recommend.interactions import Interactions

LINEAR = (Ease(120.0, 0.5), Ease(240.0, 0.5), Ease(480.0, 0.66), Ease(1000.0, 0.66))
FACTORS = (ALS(16, 5.0, 10.0), ALS(32, 5.0, 5.0), ALS(64, 10.0, 20.0))
PLACES = 10
CELLS = 40_000_000  # scores of one model held at a time, 160 MB
MOST_ASKED = 5_000
FEWEST_ASKED = 40
SURE = 2.0
BLEND, PLAIN = "Blend", "Blend, streams alone"


@dataclass(frozen=True, eq=False)
class Trial:
    """What was chosen on one half of the asked listeners, and what it was worth on the other.

    Attributes
    ----------
    linear, als : with the parameters chosen; linear is None where it was not tried.
    weights : of linear (if tried), ALS and content in the blend. heed : how much saves, skips and
        purchases count; where any does, the blend without them is judged beside it.
    judged : listener (row) | model | one column per metric, for the half that chose nothing.
    coverage : model -> share of the songs in any of their lists.
    split : "time" or "folds". learnt_pairs, asked_pairs : played pairs on both sides.
    """

    linear: Ease | None
    als: ALS
    weights: tuple[float, ...]
    heed: Heed
    judged: pl.DataFrame
    coverage: dict[str, float]
    split: str
    learnt_pairs: int
    asked_pairs: int


def trial(
    people: Interactions, features: csr_matrix, owner: np.ndarray, *, linear: bool,
    told: Signals | None = None, seed: int = 0,
) -> Trial:  # fmt: skip
    """Return models, weights and figures of a label.

    A fifth of the pairs is asked for: those first played last, or, where plays have no times or
    too few listeners have both, drawn by the seed. Songs that nobody has heard are scored as their
    artist's others are. `told` is what is known beside streams; of saves and purchases only those
    of the days that are learnt from count.
    """
    kind, asked_for = _held(people, seed)
    known, held = split(people.counts, asked_for)
    if told is not None:
        days = people.first_day[asked_for] if kind == "time" else [NEVER]
        told = told.only(~asked_for, before=min(days))
    values = worth(known, told, STREAMS_ALONE)
    choosing, judging = _halves(known, held, seed)

    def strongest(offers: tuple[Model, ...]) -> tuple[Model, object]:
        fits = [(model, OwnCatalogue(model, owner).fit(values)) for model in offers]
        asked, right = values[choosing], held[choosing]
        return max(fits, key=lambda one: gain(one[1].scores(asked), asked, right))

    def blended(parts: list, profiles: csr_matrix) -> tuple[tuple[float, ...], Blended]:
        scores = [part.scores(profiles[choosing]) for part in parts]
        found = weights(scores, profiles[choosing], held[choosing])
        return found, Blended(tuple(zip(parts, found, strict=True)))

    chosen = [strongest(LINEAR)] if linear else []
    chosen.append(strongest(FACTORS))
    models = [model for model, _ in chosen]
    parts = [fit for _, fit in chosen] + [Content(features).fit(values)]
    found, blend = blended(parts, values)
    heed, plain = _heeded(models[0], owner, known, held, told, choosing), {}
    if heed != STREAMS_ALONE:
        plain = {PLAIN: (blend, values)}
        values = worth(known, told, heed)
        parts = [OwnCatalogue(model, owner).fit(values) for model in models]
        parts.append(Content(features).fit(values))
        found, blend = blended(parts, values)
    rivals = {
        "Most popular": MostPopular().fit(values),
        "Item kNN": ItemKNN().fit(values),
        "RP3beta": RP3Beta().fit(values),
        **({"EASE": parts[0]} if linear else {}),
        "ALS": parts[-2],
        "Content": parts[-1],
        BLEND: blend,
    }
    rows, coverage = [], {}
    for name, (fit, own) in ({name: (fit, values) for name, fit in rivals.items()} | plain).items():
        lists = best(fit, own[judging], PLACES)
        one = judged(lists, judging, own, held, features=features)
        coverage[name] = one.coverage
        columns = {metric: pl.Series(one.values[metric]) for metric in one.values}
        rows.append(pl.DataFrame({"listener": one.rows, "model": name, **columns}))
    frame = pl.concat(rows).with_columns(pl.col(pl.Float64).fill_nan(None))
    return Trial(
        models[0] if linear else None, models[-1], found, heed, frame, coverage, kind, known.nnz,
        held.nnz,
    )  # fmt: skip


def _heeded(
    model: Model, owner: np.ndarray, known: csr_matrix, held: csr_matrix, told: Signals | None,
    choosing: np.ndarray,
) -> Heed:  # fmt: skip
    """Return how much each signal counts, one after the other: what surely helps the leading model.

    Surely: by more than `SURE` standard errors over the listeners, as most offers help by chance.
    """
    heed = STREAMS_ALONE
    if told is None:
        return heed

    def gained(offer: Heed) -> np.ndarray:
        values = worth(known, told, offer)
        asked = values[choosing]
        fit = OwnCatalogue(model, owner).fit(values)
        return gains(fit.scores(asked), asked, held[choosing])

    most = gained(heed)
    for name, offers in OFFERED.items():
        for offer in (replace(heed, **{name: one}) for one in offers):
            more = (now := gained(offer)) - most
            if more.mean() > SURE * more.std() / np.sqrt(len(more)):
                most, heed = now, offer
    return heed


def _held(people: Interactions, seed: int) -> tuple[str, np.ndarray]:
    """Return how the pairs are parted, and which of them are asked for, Boolean."""
    if people.first_day is not None:
        held = later(people.first_day)
        if len(_asked(*split(people.counts, held))) >= FEWEST_ASKED:
            return "time", held
    return "folds", folds(people.counts.nnz, 5, seed=seed) == 0


def _asked(known: csr_matrix, held: csr_matrix) -> np.ndarray:
    return np.flatnonzero((np.diff(known.indptr) > 0) & (np.diff(held.indptr) > 0))


def _halves(known: csr_matrix, held: csr_matrix, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the listeners that choose and those that judge, drawn by the seed, in order."""
    asked = np.random.default_rng([seed, 2]).permutation(_asked(known, held))
    asked = asked[: min(MOST_ASKED, max(CELLS // known.shape[1], FEWEST_ASKED))]
    return np.sort(asked[::2]), np.sort(asked[1::2])
