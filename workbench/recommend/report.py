"""How good the lists are on this label: every model, every metric, every cluster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.audience import traits as traiting
from workbench.audience.assigned import assigned, held_traits
from workbench.audience.clusters import UNASSIGNED
from workbench.errors import NotEnoughEvidence
from workbench.recommend.evaluation import differences, interval, intervals
from workbench.recommend.recommender import fitted
from workbench.recommend.trial import BLEND
from workbench.store.privacy import HIDDEN, in_fives, shown_people, suppressed

READS = (
    "recommender segments plays listening_counts artists listeners lyrics lyric_lines line_moods"
)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Figures of the trial, over the listeners that chose nothing. Intervals are 90 %.

    Attributes
    ----------
    models : model | metric | mean | low | high, by model and metric as in `order`.
    against : model | metric | difference (blend less the model) | low | high | p, two-sided.
    segments : segment (-1 unassigned) | name | listeners (in fives) | ndcg | low | high | popular
        (NDCG of most popular) | hidden; by Taste cluster, no rows where they are not made.
    coverage : model | coverage: share of the songs in any list.
    listeners : that were asked and chose nothing. learnt_pairs, asked_pairs : listener and song.
    split : "time" or "folds". weights : part | weight of the blend. heed : signal (saved, skipped,
        bought) | weight beside the 1 to 3 that the streams of a song are worth.
    """

    models: pl.DataFrame
    against: pl.DataFrame
    segments: pl.DataFrame
    coverage: pl.DataFrame
    weights: pl.DataFrame
    heed: pl.DataFrame
    listeners: int | None
    learnt_pairs: int
    asked_pairs: int
    split: str
    hidden: int
    min_group: int


@analysis(reads="tracks", optional=READS)
def evaluation(label, *, clusters: int | None = None, min_group: int = 10) -> Evaluation:
    """Return how good each model's lists of ten are on what listeners heard next.

    Half of the asked listeners chose parameters and weights; these figures are of the other half.
    A metric of a model is the mean over listeners with its bootstrap interval; a difference is
    paired, over the same listeners, with a randomisation test. `clusters` is the number of Taste
    clusters.

    Raises
    ------
    MissingTable, NotMade, NotEnoughEvidence
        No listening by listener; not made; too little listening, or under `min_group` asked.
    """
    fit = fitted(label)
    rows, meta = fit.frames["judged"], fit.meta
    people = rows["listener"].n_unique()
    if people < max(min_group, 1):
        raise NotEnoughEvidence(
            f"Fewer than {min_group} listeners heard something new in the days asked for, too few "
            "to judge lists by."
        )
    metrics = [name for name in rows.columns if name not in ("listener", "model")]
    by_model = {
        model: rows.filter(model=model) for model in rows["model"].unique(maintain_order=True)
    }
    values = {name: _values(own, metrics) for name, own in by_model.items()}
    found = [
        (name, metric, *row)
        for name, own in values.items()
        for metric, *row in zip(metrics, *intervals(own), strict=True)
    ]
    gaps = [
        (name, metric, *row)
        for name, own in values.items()
        if name != BLEND
        for metric, *row in zip(metrics, *differences(values[BLEND], own), strict=True)
    ]
    segments, hidden = _by_cluster(label, fit, by_model, clusters, min_group)
    parts = [*(["EASE"] if meta["linear"] else []), "ALS", "Content"]
    return Evaluation(
        models=_frame(found, ("mean", "low", "high")),
        against=_frame(gaps, ("difference", "low", "high", "p")),
        segments=segments,
        coverage=pl.DataFrame(
            {"model": list(meta["coverage"]), "coverage": list(meta["coverage"].values())}
        ).sort("model"),
        weights=pl.DataFrame({"part": parts, "weight": meta["weights"]}),
        heed=pl.DataFrame(list(meta["heed"].items()), ("signal", "weight"), orient="row"),
        listeners=shown_people(people, min_group),
        learnt_pairs=meta["learnt_pairs"],
        asked_pairs=meta["asked_pairs"],
        split=meta["split"],
        hidden=hidden,
        min_group=min_group,
    )


def _values(rows: pl.DataFrame, metrics: list[str]) -> np.ndarray:
    """Return (listeners, metrics), listeners in order."""
    return rows.sort("listener").select(pl.col(metrics).fill_null(np.nan)).to_numpy()


def _frame(rows: list[tuple], measures: tuple[str, ...]) -> pl.DataFrame:
    names = dict.fromkeys(("model", "metric"), pl.String) | dict.fromkeys(measures, pl.Float64)
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None)).sort("model", "metric")


def _by_cluster(
    label, fit, by_model: dict[str, pl.DataFrame], clusters: int | None, min_group: int
) -> tuple[pl.DataFrame, int]:
    """Return the rows of `segments` and how many are hidden."""
    schema = {
        "segment": pl.Int64, "name": pl.String, "listeners": pl.Int64, "ndcg": pl.Float64,
        "low": pl.Float64, "high": pl.Float64, "popular": pl.Float64, HIDDEN: pl.Boolean,
    }  # fmt: skip
    if not label.has("segments") or not label.fit("segments").meta["offered"]:
        return pl.DataFrame(schema=schema), 0
    _, count, members = assigned(label, clusters)
    ids = fit.frames["listeners"].with_row_index("listener").with_columns(
        pl.col("listener").cast(pl.Int64)
    )  # fmt: skip
    own, popular = (by_model[name].select("listener", "ndcg") for name in (BLEND, "Most popular"))
    placed = (
        own.join(popular.rename({"ndcg": "popular"}), on="listener")
        .join(ids, on="listener")
        .join(members.select("listener_id", "segment"), on="listener_id", how="left")
        .with_columns(pl.col("segment").fill_null(UNASSIGNED))
        .sort("segment", "listener")
    )
    names = traiting.cluster_names(held_traits(label, members, min_group)[0], list(range(count)))
    rows = []
    for segment, name in sorted({**names, UNASSIGNED: "Unassigned"}.items()):
        inside = placed.filter(segment=segment)
        mean, low, high = interval(inside["ndcg"].to_numpy())
        rows.append((segment, name, inside.height, mean, low, high, inside["popular"].mean()))
    given = {name: kind for name, kind in schema.items() if name != HIDDEN}
    frame = pl.DataFrame(rows, schema=given, orient="row")
    frame = frame.with_columns(pl.col(pl.Float64).fill_nan(None))
    shown, hidden = suppressed(
        frame, "listeners", min_group, also=("ndcg", "low", "high", "popular")
    )
    return shown.with_columns(in_fives(pl.col("listeners"), min_group)).select(*schema), hidden
