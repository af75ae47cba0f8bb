"""Who would love this: listeners ranked for an artist, against public figures and plain rivals.

HetRec 2011 Last.fm 2K. Fold by line number: every artist with at least five known listeners and
three held out ranks all listeners who do not have it. Parameters and the blend are chosen on a
fifth of the training part. Fold 0 is compared with a reference run; the other folds were never
looked at. Cold artists: all plays of a tenth of the artists are hidden, their tags are left, and
what another tenth teaches ranks the listeners; a listener's own tags, and those of nine in a
hundred others (the listener's group), are never used for that listener.

    python -m benchmarks.prospects [--quick]
"""

from collections import defaultdict

import numpy as np
from scipy.sparse import csr_matrix, identity

from benchmarks.hetrec import FOLDS, HetRec, hetrec
from benchmarks.report import Figure, options, show
from workbench.recommend.factors import ALS
from workbench.recommend.halves import Half, alike, mean_rows
from workbench.recommend.linear import Ease
from workbench.recommend.lookalike import LookAlike
from workbench.recommend.model import Model, listeners_of
from workbench.recommend.profile import by_place
from workbench.recommend.reach import fitted, seed_size
from workbench.recommend.reached import auc, calibration_error, lift, reliability
from workbench.recommend.splits import folds, split

LEAST_KNOWN, LEAST_HELD, PLACES, GROUPS = 5, 3, 100, 10
# seed sizes; AUC and lift at 100 of the best single scorer of a reference run on fold 0
BANDS = {"5-19": (5, 20, 0.900, 11.4), "20-99": (20, 100, 0.895, 10.4),
         "100+": (100, 10**6, 0.888, 8.8)}  # fmt: skip
OFFERS: dict[str, tuple[Model, ...]] = {
    "look-alike": (LookAlike(50), LookAlike(100)),
    "ALS": (ALS(32, 10.0, 20.0), ALS(64, 10.0, 20.0)),
    "EASE with dropout": (Ease(240.0, 0.66), Ease(480.0, 0.75)),
}
TAUGHT = 800  # artists that the blend learns from


def asked(training: csr_matrix, held: csr_matrix, least_held: int) -> np.ndarray:
    """Return the artists that rank their listeners."""
    enough = (listeners_of(training) >= LEAST_KNOWN) & (listeners_of(held) >= least_held)
    return np.flatnonzero(enough)


def truth(training: csr_matrix, held: csr_matrix, items: np.ndarray) -> tuple:
    """Return who came and who was open, Boolean (listeners, items)."""
    return held[:, items].toarray() > 0, training[:, items].toarray() == 0


def chosen(data: HetRec, fold: int) -> tuple[dict[str, Model], object]:
    """Return the models and the blend that a fifth of a fold's training part chose."""
    training = data.part(*{*range(FOLDS)} - {fold})
    known, held = split(training, folds(training.nnz, 5, seed=fold) == 0)
    values = by_place(known)
    judges = asked(known, held, LEAST_HELD)
    came, open_ = truth(known, held, judges)
    models, scores = {}, {}
    for name, offers in OFFERS.items():
        found = [(model, model.fit(values).scores(values)) for model in offers]
        gains = [np.nanmean(auc(one[:, judges], came, open_)) for _, one in found]
        models[name], scores[name] = found[int(np.argmax(gains))]
    items = asked(known, held, 0)  # also those to whom nobody came: else chances are too high
    items = np.sort(np.random.default_rng(fold).permutation(items)[:TAUGHT])
    came, open_ = truth(known, held, items)
    size = seed_size(listeners_of(known)[items])
    columns = [one[:, items] for one in scores.values()]
    return models, fitted(columns, open_, came, np.stack([size, size**2], axis=1))


def warm(data: HetRec, fold: int) -> tuple[dict, float, float]:
    """Return (scorer, band) -> AUC and lift; how far chances are off; said over came."""
    models, blend = chosen(data, fold)
    training, held = data.part(*{*range(FOLDS)} - {fold}), data.part(fold)
    values = by_place(training)
    items = asked(training, held, 0)
    came, open_ = truth(training, held, items)
    seed = listeners_of(training)[items]
    size = seed_size(seed)
    scores = {name: model.fit(values).scores(values)[:, items] for name, model in models.items()}
    columns = list(scores.values())
    scores["blend"] = blend.chances(columns, open_, np.stack([size, size**2], axis=1))
    scores["most active"] = np.repeat(np.diff(training.indptr)[:, None], len(items), axis=1)
    judged = listeners_of(held)[items] >= LEAST_HELD
    found = {}
    for name, score in scores.items():
        areas, lifts = auc(score, came, open_), lift(score, came, open_, PLACES)
        for band, (low, high, *_) in BANDS.items():
            own = judged & (seed >= low) & (seed < high)
            found[name, band] = (float(areas[own].mean()), float(lifts[own].mean()))
    said, right = scores["blend"][open_], came[open_]
    error = calibration_error(reliability(said, right)) / right.mean()
    print(f"  fold {fold}: {models}", *(
        f"{name}, {band}: {a:.3f} / {b:.2f}" for (name, band), (a, b) in found.items()
    ), sep="\n    ", flush=True)  # fmt: skip
    return found, float(error), float(said.sum() / right.sum())


def warm_figures(data: HetRec, others: int) -> list[Figure]:
    """Return fold 0 against its anchors, then the mean of the other folds, never looked at."""
    first, error, sums = warm(data, 0)
    figures = []
    for band, (_, _, *anchors) in BANDS.items():
        for place, what in enumerate(("AUC", f"lift at {PLACES}")):
            best = max(first[name, band][place] for name in OFFERS)
            figures.append(Figure(f"{what}, seed {band}, blend, fold 0",
                                  first["blend", band][place], "", anchors[place],
                                  max(best, anchors[place]), more_is_better=True))  # fmt: skip
            figures += [
                Figure(f"{what}, seed {band}, {name}, fold 0", first[name, band][place], "",
                       more_is_better=True)
                for name in (*OFFERS, "most active")
            ]  # fmt: skip
    figures.append(Figure("calibration error over mean chance, fold 0", error))
    figures.append(Figure("sum of chances over those who came, fold 0", sums, "", 1.0))
    rest = [warm(data, fold)[0] for fold in range(1, 1 + others)]
    for band in BANDS if rest else ():
        for place, what in enumerate(("AUC", f"lift at {PLACES}")):
            mean = {
                n: float(np.mean([one[n, band][place] for one in rest])) for n in (*OFFERS, "blend")
            }
            best = max(value for name, value in mean.items() if name != "blend")
            figures.append(Figure(f"{what}, seed {band}, blend, folds 1-{others}", mean["blend"],
                                  "", best, best, more_is_better=True))  # fmt: skip
    return figures


def cold(data: HetRec, hidden: np.ndarray, base: csr_matrix, groups, features) -> tuple:
    """Return columns by name, who came, and facts of hidden artists with tags and three listeners.

    `base` is what may be known; all plays of `hidden` are taken out of it.
    """
    training, held = split(base, np.isin(base.indices, hidden))
    values, seeds = by_place(training), listeners_of(training)
    items = hidden[listeners_of(held)[hidden] >= LEAST_HELD]
    items = items[np.all([np.diff(own.indptr)[items] > 0 for own in features], axis=0)]
    known = np.flatnonzero(seeds >= LEAST_KNOWN)
    scores = OFFERS["ALS"][0].fit(values).scores(values)[:, known]
    columns, facts = defaultdict(list), []
    for group, own in zip(groups, features, strict=True):
        near = mean_rows(alike(own, items, known))
        content = Half.of_content(values[group], own)
        columns["tag cosine"].append(content.columns(identity(own.shape[0], format="csr")[items]))
        columns["ALS of artists alike"].append((near @ scores[group].T).T)
        facts.append(near @ np.log1p(seeds[known]))
    found = {name: np.empty((len(values.indptr) - 1, len(items))) for name in columns}
    for name, parts in columns.items():
        for group, part in zip(groups, parts, strict=True):
            found[name][group] = part
    found["most active"] = np.repeat(np.diff(training.indptr)[:, None], len(items), axis=1)
    popular = values.copy()
    popular.data = seeds[popular.indices].astype(float)
    famous = np.asarray(popular.sum(axis=1)).ravel() / np.maximum(np.diff(popular.indptr), 1)
    found["listeners of popular artists"] = np.repeat(famous[:, None], len(items), axis=1)
    size = np.mean(facts, axis=0) - np.log(20)
    return found, held[:, items].toarray() > 0, size[:, None]


def cold_figures(data: HetRec) -> list[Figure]:
    """Return AUC and lift of artists of whom only tags are known."""
    draw = np.random.default_rng([10, 0])
    parts = np.array_split(draw.permutation(data.counts.shape[1]), 10)
    people = np.arange(data.counts.shape[0])
    groups = np.array_split(np.random.default_rng(5).permutation(people), GROUPS)
    features = [data.features(group) for group in groups]
    without = split(data.counts, np.isin(data.counts.indices, parts[0]))[0]
    columns, came, size = cold(data, parts[1], without, groups, features)
    blended = ("tag cosine", "ALS of artists alike")
    blend = fitted([columns[n] for n in blended], np.ones_like(came), came, size)
    columns, came, size = cold(data, parts[0], data.counts, groups, features)
    open_ = np.ones_like(came)
    columns["blend"] = blend.chances([columns[name] for name in blended], open_, size)
    areas = {name: float(auc(score, came, open_).mean()) for name, score in columns.items()}
    lifts = {
        name: float(lift(score, came, open_, PLACES).mean()) for name, score in columns.items()
    }
    anchor = {"blend": "tag cosine"}
    figures = []
    for name in ("blend", *(n for n in columns if n != "blend")):
        rival = anchor.get(name)
        for what, found in (("AUC", areas), (f"lift at {PLACES}", lifts)):
            figures.append(Figure(f"{what}, cold artists, {name}", found[name], "",
                                  rival and found[rival], rival and found[rival],
                                  more_is_better=True))  # fmt: skip
    bins = reliability(columns["blend"][open_], came[open_])
    error = calibration_error(bins) / float(came.mean())
    figures.append(Figure("calibration error over mean chance, cold artists", error))
    return figures


def main() -> None:
    asked_for = options(__doc__.splitlines()[0])
    data = hetrec()
    figures = []
    if data:
        figures = [*warm_figures(data, 0 if asked_for.quick else FOLDS - 1), *cold_figures(data)]
    show("Prospects: which listeners would come to an artist", figures)


if __name__ == "__main__":
    main()
