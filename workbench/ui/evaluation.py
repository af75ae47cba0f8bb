"""The parts of Evaluation: metrics in words, the strip, the tables."""

import polars as pl
import streamlit as st

from workbench.recommend.report import Evaluation
from workbench.recommend.trial import BLEND, PLAIN
from workbench.ui.page import Headline
from workbench.ui.tables import PERCENT, readable
from workbench.ui.text import short

METRICS = {
    "ndcg": ("NDCG", "Hits near the top count more; 1 is the best list possible"),
    "recall": ("Recall", "Share of what was heard next that is in the list"),
    "precision": ("Precision", "Share of the list that was heard next"),
    "map": ("MAP", "Mean of the precision at each hit, over all that was heard next"),
    "mrr": ("MRR", "1 over the place of the first hit"),
    "recall_tail": ("Recall, tail", "Of songs outside the most played fifth"),
    "novelty": ("Novelty", "Bits: how few listeners the recommended songs have"),
    "diversity": ("Diversity", "1 less the mean likeness of two songs of a list"),
    "popularity_lift": ("Popularity lift", "Listeners of the recommended songs over those of the "
                        "listener's own, less 1: above 0 favours the famous"),
}  # fmt: skip
SIGNALS = {"saved": "a save +", "skipped": "skips up to −", "bought": "a purchase of its artist +"}
SPLITS = {
    "time": "the last fifth of first plays, one day for everybody",
    "folds": "a fifth of the pairs, drawn, as plays have no times",
}
_column = st.column_config
MODELS = {
    "model": _column.TextColumn("Model", pinned=True),
    **{
        metric: _column.NumberColumn(name, format="%.3f", help=text)
        for metric, (name, text) in METRICS.items()
    },
    "coverage": _column.NumberColumn(
        "Coverage", format=PERCENT, help="Share of the songs that stand in any list"
    ),
}
AGAINST = {
    "model": _column.TextColumn("Blend against", pinned=True),
    "difference": _column.NumberColumn("Difference", format="%+.3f"),
    "low": _column.NumberColumn("at least (5 %)", format="%+.3f"),
    "high": _column.NumberColumn("at most (95 %)", format="%+.3f"),
    "p": _column.NumberColumn("p", format="%.4f", help="Two-sided, by turning signs at random"),
    "metric": None,
}
CLUSTERS = {
    "name": _column.TextColumn("Taste cluster", pinned=True),
    "listeners": _column.NumberColumn("Listeners asked", format="localized", help="In fives"),
    "ndcg": _column.NumberColumn("NDCG", format="%.3f"),
    "low": _column.NumberColumn("from", format="%.3f", help="90 % interval"),
    "high": _column.NumberColumn("to", format="%.3f", help="90 % interval"),
    "popular": _column.NumberColumn("Most popular", format="%.3f"),
}


def metric_choice() -> str:
    """Ask which metric is drawn."""
    names = {key: name for key, (name, _) in METRICS.items()}
    return st.segmented_control(
        "Metric", list(names), format_func=names.get, default="ndcg", required=True, key="metric",
        bind="query-params",
    )  # fmt: skip


def strip(found: Evaluation) -> list[Headline]:
    """Return the blend's numbers."""
    own = {row["metric"]: row for row in found.models.to_dicts() if row["model"] == BLEND}
    asked = short(found.listeners or 0)
    shown = [
        Headline(
            METRICS[metric][0],
            f"{own[metric]['mean']:.3f}",
            note=f"{own[metric]['low']:.3f} to {own[metric]['high']:.3f}",
            help=f"{METRICS[metric][1]}; lists of ten. Mean of {asked} listeners with its 90 % "
            "interval.",
        )
        for metric in ("ndcg", "recall", "recall_tail")
        if own[metric]["mean"] is not None
    ]
    cover = {row["model"]: row["coverage"] for row in found.coverage.to_dicts()}[BLEND]
    return [
        *shown,
        Headline("Coverage", f"{100 * cover:.0f} %", note="of the songs are in a list"),
        Headline("Listeners asked", asked, note="the other half chose the blend"),
    ]


def models(found: Evaluation) -> pl.DataFrame:
    """Return models by metrics, the best NDCG first."""
    wide = found.models.pivot("metric", index="model", values="mean")
    held = [name for name in MODELS if name in wide.columns]
    rows = wide.select(held).join(found.coverage, on="model", how="left")
    rows = rows.sort("ndcg", "model", descending=[True, False], nulls_last=True)
    return readable(rows, MODELS)


def against(found: Evaluation, metric: str) -> pl.DataFrame:
    """Return what the blend gains over each model by one metric."""
    return found.against.filter(metric=metric).drop_nulls("difference").select(*AGAINST)


def told(found: Evaluation) -> str:
    """Return in one sentence what the blend gains, and over which model it surely does not."""
    rows = found.against.filter(metric="ndcg").sort("difference").to_dicts()
    closest = next(row for row in rows if row["model"] != PLAIN)
    if closest["low"] > 0:
        return f"The blend is surely better than every model alone; next is {closest['model']}."
    if closest["high"] < 0:
        return f"{closest['model']} alone is surely better than the blend here."
    return f"The blend is not surely better than {closest['model']} alone."


def weighed(found: Evaluation) -> str:
    """Return what was asked and what the blend is made of, in words."""
    parts = ", ".join(f"{row['part']} {row['weight']:g}" for row in found.weights.to_dicts())
    return (
        f"Learnt from {found.learnt_pairs:,} pairs of listener and song; asked for "
        f"{found.asked_pairs:,}: {SPLITS[found.split]}. Weights of the blend: {parts}. "
        f"{heeded(found)}"
    )


def heeded(found: Evaluation) -> str:
    """Return what saves, skips and purchases count for, in words."""
    held = {row["signal"]: row["weight"] for row in found.heed.to_dicts()}
    said = [f"{SIGNALS[name]}{weight:g}" for name, weight in held.items() if weight]
    if not said:
        return "Streams alone count: saves, skips and purchases told nothing more."
    return f"Beside 1 to 3 for the streams of a song count {', '.join(said)}."
