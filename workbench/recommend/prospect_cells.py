"""An expected audience by country, Taste cluster and tier, small groups hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.audience.assigned import assigned, held_traits
from workbench.audience.clusters import UNASSIGNED
from workbench.audience.properties import TIER
from workbench.audience.traits import cluster_names
from workbench.recommend.reached import between
from workbench.store.privacy import HIDDEN, in_fives, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View

COUNTRY, CLUSTER = "country", "cluster"
KINDS = (COUNTRY, CLUSTER, TIER)
CELLS = {
    "kind": pl.String, "key": pl.String, "name": pl.String, "people": pl.Int64,
    "expected": pl.Int64, "low": pl.Int64, "high": pl.Int64, "share": pl.Float64,
    "audience": pl.Int64, HIDDEN: pl.Boolean,
}  # fmt: skip


def places(label: View, listeners: pl.Series, clusters: int | None, min_group: int) -> pl.DataFrame:
    """Return listener_id | country | cluster | tier, what is known of it, in the ranker's order.

    Clusters and tiers come with Taste clusters; `name_cluster` is what a cluster is called.
    """
    people = listeners.alias("listener_id").to_frame()
    homes = label.scan("listeners").select("listener_id", "country").collect()
    found = people.join(homes, on="listener_id", how="left", maintain_order="left")
    if not label.has("segments") or not label.fit("segments").meta["offered"]:
        return found
    fit, count, members = assigned(label, clusters)
    names = cluster_names(held_traits(label, members, min_group)[0], list(range(count)))
    names = {str(key): name for key, name in names.items()} | {str(UNASSIGNED): "Unassigned"}
    cluster = members.select("listener_id", pl.col("segment").cast(pl.String).alias(CLUSTER))
    tiers = fit.frames["learnt"].filter(kind=TIER).select("listener_id", pl.col("key").alias(TIER))
    found = found.join(cluster, on="listener_id", how="left", maintain_order="left")
    found = found.with_columns(
        pl.col(CLUSTER).replace_strict(names, default=None).alias(f"name_{CLUSTER}")
    )
    if tiers.is_empty():
        return found
    return found.join(tiers, on="listener_id", how="left", maintain_order="left")


def cells(people: pl.DataFrame, kind: str, spread: float, min_group: int) -> pl.DataFrame:
    """Return the groups of one kind; those of few people, and what would tell of them, emptied.

    Expected numbers are whole: two filters that differ by one listener cannot say whether that one
    would come.
    """
    name = pl.col(f"name_{kind}" if f"name_{kind}" in people.columns else kind)
    rows = (
        people.with_columns(pl.col(kind).fill_null("unknown"), name.fill_null("Not known").alias(
            "name"))
        .group_by(pl.col(kind).alias("key"))
        .agg(
            pl.col("name").first(),
            pl.len().cast(pl.Int64).alias("people"),
            pl.col("chance").sum().round(6).round().cast(pl.Int64).alias("expected"),
            pl.col("inside").sum().alias("audience"),
        )
        .sort("key")
    )  # fmt: skip
    low, high = between(rows["expected"].to_numpy(), spread)
    own = suppressed(rows.select("key", "audience"), "audience", min_group)[0]
    rows = rows.with_columns(
        pl.lit(kind).alias("kind"),
        pl.Series("low", low.astype(np.int64)),
        pl.Series("high", high.astype(np.int64)),
        own.select(in_fives(pl.col("audience"), min_group)).to_series(),
    )
    measures = ("expected", "low", "high", "audience")
    shown, _ = suppressed(rows, "people", min_group, also=measures)
    return (
        shown.with_columns(in_fives(pl.col("people"), min_group))
        .with_columns(
            (pl.col("expected") / pl.col("people")).alias("share"),
            # more than are there cannot come
            pl.max_horizontal("expected", pl.min_horizontal("high", "people")).alias("high"),
        )
        .select(pl.col(column).cast(dtype) for column, dtype in CELLS.items())
        .sort("share", "key", descending=[True, False], nulls_last=True)
    )
