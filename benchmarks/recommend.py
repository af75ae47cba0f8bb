"""What next: lists for 1,892 Last.fm listeners against published figures, and lists at scale.

HetRec 2011 Last.fm 2K, five folds by line number, all artists ranked. The worth of plays, the
parameters and the weights of the blend are chosen on a quarter of each fold's training part. Tags
are the only content. They were given by the very listeners who are tested, so a listener's content
is built without any tag of the listener's group (one of ten). Friends are not used.

    python -m benchmarks.recommend [--quick]
"""

import time
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.hetrec import FOLDS, HetRec, hetrec
from benchmarks.report import Figure, measured, options, peak_bytes, show
from workbench.recommend.blend import Blend, Blended
from workbench.recommend.content import Content, Likeness
from workbench.recommend.evaluation import Judged, judged
from workbench.recommend.factors import ALS
from workbench.recommend.linear import Ease
from workbench.recommend.model import Model, binary
from workbench.recommend.neighbours import ItemKNN
from workbench.recommend.popular import MostPopular
from workbench.recommend.profile import by_place
from workbench.recommend.ranking import best
from workbench.recommend.walks import RP3Beta
from workbench.recommend.weighing import gain, weights

PLACES, GROUPS = 10, 10
ALONE = {  # on binary data, with the parameters and the NDCG@10 of a reference run
    "most popular": (MostPopular(), 7.964),
    "item kNN": (ItemKNN(), 22.168),
    "RP3beta": (RP3Beta(), 22.219),
    "ALS, library defaults": (ALS(64, 1.0, 0.01, 15), None),
    "ALS, tuned": (ALS(64, 5.0, 0.1, 15), 22.542),
    "EASE": (Ease(100.0, 0.0), 23.495),
    "EASE with dropout": (Ease(30.0, 0.5), 23.929),
}
# How far plays count by their place, and the model: what every fold chooses from
LINEAR = (
    (0.0, Ease(30.0, 0.5)), (0.0, Ease(60.0, 0.75)), (2.0, Ease(120.0, 0.66)),
    (2.0, Ease(240.0, 0.66)), (2.0, Ease(240.0, 0.75)), (2.0, Ease(480.0, 0.75)),
)  # fmt: skip
FACTORS = (ALS(32, 5.0, 5.0), ALS(32, 10.0, 20.0), ALS(64, 10.0, 20.0))
WALKS = RP3Beta()
# SEPT (KDD 2021), which uses friends, and what is asked of the blend
ANCHORS = {"ndcg": (24.599, 24.7), "recall": (20.487, 20.6), "precision": (20.191, None)}


@dataclass(frozen=True, eq=False)
class Chosen:
    """What the training part of a fold chose.

    Attributes
    ----------
    spread : of the worth of plays. models : linear, ALS, RP3beta. plain : their weights.
    tagged : their weights beside tags, whose own stands last.
    """

    spread: float
    models: tuple[Model, ...]
    plain: tuple[float, ...]
    tagged: tuple[float, ...]


def chosen(data: HetRec, fold: int, groups: list[np.ndarray]) -> Chosen:
    """Choose on the fold after the tested one, learnt from the three others."""
    asked = (fold + 1) % FOLDS
    known = data.part(*{*range(FOLDS)} - {fold, asked})
    held = data.part(asked)

    def scored(spread: float, model: Model) -> np.ndarray:
        values = by_place(known, spread=spread)
        return model.fit(values).scores(values)

    def strongest(offers: list[tuple[float, Model]]) -> tuple[float, Model, np.ndarray]:
        found = ((*offer, scored(*offer)) for offer in offers)
        return max(found, key=lambda one: gain(one[2], known, held))

    spread, linear, first = strongest(LINEAR)
    _, factors, second = strongest([(spread, one) for one in FACTORS])
    parts = [first, second, scored(spread, WALKS), np.zeros_like(first)]
    values = by_place(known, spread=spread)
    for group in groups:
        parts[-1][group] = Likeness(data.features(group)).scores(values[group])
    models = (linear, factors, WALKS)
    return Chosen(spread, models, weights(parts[:3], known, held), weights(parts, known, held))


def accuracy(data: HetRec) -> list[Figure]:
    """Return every model and the blend, means over the five folds."""
    everybody = np.arange(data.counts.shape[0])
    groups = np.array_split(np.random.default_rng(5).permutation(everybody), GROUPS)
    found: dict[str, list[Judged]] = defaultdict(list)
    times = []
    for fold in range(FOLDS):
        training, held = data.part(*{*range(FOLDS)} - {fold}), data.part(fold)
        played = binary(training)
        lists = {
            name: best(model.fit(played), played, PLACES) for name, (model, _) in ALONE.items()
        }
        choice = chosen(data, fold, groups)
        values = by_place(training, spread=choice.spread)
        fitted = [model.fit(values) for model in choice.models]
        plain = Blended(tuple(zip(fitted, choice.plain, strict=True)))
        lists["blend without tags"] = best(plain, values, PLACES)
        lists["blend"] = np.zeros((len(everybody), PLACES), np.int64)
        for group in groups:
            parts = [*fitted, Likeness(data.features(group))]
            blend = Blended(tuple(zip(parts, choice.tagged, strict=True)))
            lists["blend"][group] = best(blend, values[group], PLACES)
        for name, one in lists.items():
            found[name].append(judged(one, everybody, training, held))
        times.append(training_times(choice, values, played, data.features(np.array([]))))
        print(f"  fold {fold}: {choice}", *(
            f"{name} {100 * one[-1].values['ndcg'].mean():.2f}" for name, one in found.items()
        ), sep="\n    ", flush=True)  # fmt: skip
    return [*worth(found), *speed(times)]


def worth(found: dict[str, list[Judged]]) -> list[Figure]:
    """Return accuracy in per cent, then what accuracy hides; the spread is over the folds."""

    def mean(what: str, name: str, metric: str, *more, unit: str = "%", better=True) -> Figure:
        scale = 100 if unit else 1
        values = [scale * float(np.nanmean(fold.values[metric])) for fold in found[name]]
        spread = (min(values), max(values))
        return Figure(f"{what}, {name}", float(np.mean(values)), unit, *more,
                      more_is_better=better, spread=spread)  # fmt: skip

    shown = [
        mean(f"{metric}@{PLACES}", name, metric, *aim)
        for name in ("blend", "blend without tags")
        for metric, aim in ANCHORS.items()
    ]
    shown += [mean(f"ndcg@{PLACES}", name, "ndcg", anchor) for name, (_, anchor) in ALONE.items()]
    for name in ("blend", "blend without tags", "EASE with dropout", "RP3beta", "most popular"):
        covered = [100 * fold.coverage for fold in found[name]]
        shown.append(measured(f"coverage@{PLACES}, {name}", covered, "%", more_is_better=True))
        shown.append(mean(f"recall@{PLACES} in the tail", name, "recall_tail"))
        shown.append(mean("popularity lift", name, "popularity_lift", unit="", better=False))
    return shown


def training_times(
    choice: Chosen, values: csr_matrix, played: csr_matrix, features: csr_matrix
) -> tuple[float, float]:
    """Return seconds of one fit of the blend and of the library's ALS alone."""
    models = (*choice.models, Content(features))
    blend = Blend(tuple(zip(models, choice.tagged, strict=True)))
    taken = []
    for model, rows in ((blend, values), (ALONE["ALS, tuned"][0], played)):
        began = time.perf_counter()
        model.fit(rows)
        taken.append(time.perf_counter() - began)
    return taken[0], taken[1]


def speed(times: list[tuple[float, float]]) -> list[Figure]:
    """Return the time of a fit against ALS alone, and the peak of the whole comparison."""
    anchor = float(np.median([als for _, als in times]))
    return [
        measured("one fit of the blend", [blend for blend, _ in times], anchor=anchor),
        measured("one fit over ALS alone", [blend / als for blend, als in times], "x", goal=8.0),
        Figure("peak memory of all this", peak_bytes() / 2**30, "GB", goal=6.0),
    ]


def main() -> None:
    options(__doc__.splitlines()[0])
    data = hetrec()
    show("Recommend: what listeners play next", accuracy(data) if data else [])


if __name__ == "__main__":
    main()
