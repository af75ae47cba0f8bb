"""What past campaigns brought, and where, against what was planted: python -m benchmarks.campaigns.

The sample label's campaigns follow another model than ours (Hill saturation of delayed adstock,
spend that follows good weeks, a playlist that no table records), and its truth says what each
brought. A campaign counts here to the last observed week.
"""

import json
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.report import Figure, measured, options, percentile, show
from workbench.dataset import make, open_dataset
from workbench.promotion.past import past_campaigns
from workbench.promotion.past_result import campaign_result
from workbench.promotion.plan import MAX_WEEKS
from workbench.promotion.points import EDGES

TRUTH = Path(__file__).resolve().parent.parent / "sample_data" / "truth"


def planted(rows: pl.DataFrame, campaigns: pl.DataFrame) -> pl.DataFrame:
    """Return track_id, first, channel, territory, truth of campaigns that had their track alone.

    The truth is by channel and song: where a song had a channel in two campaigns it says nothing of
    either, and those are left out.
    """
    runs = campaigns.select("track_id", "first", "channels").explode("channels")
    once = runs.filter(pl.len().over("track_id", "channels") == 1).rename({"channels": "channel"})
    return (
        rows.group_by("track_id", "channel", "territory")
        .agg(pl.col("streams").sum().cast(pl.Float64).alias("truth"))
        .join(once, on=["track_id", "channel"])
    )


def territories(label) -> list[Figure]:
    """Return how well the response of each territory is told, against the channel's own mean.

    Logarithms, of channels that are reported by country; each territory counts as its audience.
    """
    fit = label.view(("promotion",), ()).fit("promotion")
    channels = json.loads((TRUTH / "promotion.json").read_text())["channels"]
    cells, names = fit.meta["cells"], fit.meta["channels"]
    draws = fit.arrays["draws"][:, slice(*fit.meta["blocks"]["cell"])]
    draws = draws.reshape(len(draws), len(names), len(cells))
    true, told = [], []
    for number, name in enumerate(names):
        if channels[name].get("reported") != "country":
            continue
        kappa = np.log([channels[name]["kappa"].get(cell, np.nan) for cell in cells])
        here = np.isfinite(kappa)  # the small territories together have no single one
        weight = fit.arrays["audience"][here] / fit.arrays["audience"][here].sum()
        own = draws[:, number, here].astype(float)
        true.append(kappa[here] - kappa[here] @ weight)
        told.append(np.quantile(own - (own @ weight)[:, None], EDGES, axis=0))
    planted, (low, median, high) = np.concatenate(true), np.concatenate(told, axis=1)
    words = f"{len(planted)} responses of territories"
    return [
        Figure(f"{words}: 90 % intervals that hold the truth",
               float(((low <= planted) & (planted <= high)).mean()), "", 0.9),
        Figure(f"{words}: correlation with the truth", float(np.corrcoef(median, planted)[0, 1])),
        Figure(f"{words}: error (root mean square of logs), against none told apart",
               float(np.sqrt(((median - planted) ** 2).mean())), "",
               float(np.sqrt((planted**2).mean()))),
    ]  # fmt: skip


def main() -> None:
    """Fit the sample label where that is not done, and tell each of its campaigns."""
    options(__doc__.splitlines()[0])
    label = open_dataset("sample")
    if not label.has("promotion"):
        make(label, "promotion", progress=lambda done, total, text: None)
    campaigns = past_campaigns(label)
    truth = planted(pl.read_parquet(TRUTH / "weekly_effects.parquet"), campaigns)
    alone = truth.group_by("track_id", "first").agg(
        pl.col("channel").unique(), pl.col("truth").sum()
    )
    whole, parts, took = [], [], []
    for row in campaigns.to_dicts():
        began = time.perf_counter()
        found = campaign_result(
            label, track_id=row["track_id"], first=row["first"], after=MAX_WEEKS
        )
        took.append(1000 * (time.perf_counter() - began))
        mine = truth.filter(pl.col("track_id") == row["track_id"], pl.col("first") == row["first"])
        by_channel = dict(mine.group_by("channel").agg(pl.col("truth").sum()).iter_rows())
        parts += [
            (one["low"], one["median"], one["high"], by_channel[one["channel"]])
            for one in found.channels.to_dicts()
            if one["channel"] in by_channel
        ]
        known = alone.filter(pl.col("track_id") == row["track_id"], pl.col("first") == row["first"])
        if known.height and set(known["channel"][0]) == set(row["channels"]):
            total = found.totals.row(by_predicate=pl.col("measure") == "brought", named=True)
            whole.append((total["low"], total["median"], total["high"], known["truth"][0]))
    figures = []
    for name, rows in (("campaigns", whole), ("channels of campaigns", parts)):
        low, median, high, true = np.array(rows).T
        figures += [
            Figure(f"{len(rows)} {name}: 90 % intervals that hold the truth",
                   float(((low <= true) & (true <= high)).mean()), anchor=0.9, more_is_better=True),
            Figure(f"{len(rows)} {name}: told in all, over the truth",
                   float(median.sum() / true.sum())),
            Figure(f"{len(rows)} {name}: median error of one, as a share of the truth",
                   float(np.median(np.abs(median - true) / true))),
        ]  # fmt: skip
    figures += [
        measured("one campaign, first time asked", took, "ms"),
        Figure("one campaign, first time asked, p95", percentile(took, 0.95), "ms"),
    ]
    show("Past campaigns", figures + territories(label))


if __name__ == "__main__":
    main()
