"""Which cells of clusters by moods may be shown: small ones, and what would give them away."""

from __future__ import annotations

import polars as pl

from workbench.audience.mood_cells import EVERYBODY
from workbench.store.privacy import HIDDEN, suppressed


def hidden_cells(counts: pl.DataFrame, min_group: int) -> pl.DataFrame:
    """Return segment | mood | hidden.

    A cell of fewer than `min_group` people is hidden. Of a mood, all clusters together are shown,
    so that hidden clusters must not follow from them; of a cluster, the shares of all moods make up
    its listening, so that one cell is never hidden alone. Where every cluster is hidden, so is
    their sum.

    Parameters
    ----------
    counts : segment | mood | exact (people who played the mood), EVERYBODY among the segments.
    """
    clusters = counts.filter(pl.col("segment") != EVERYBODY).select("segment", "mood", "exact")
    clusters = clusters.with_columns(closed=pl.col("exact") < min_group if min_group > 1 else False)
    before = -1
    while clusters["closed"].sum() > before:
        before = clusters["closed"].sum()
        alone = pl.col("closed").sum().over("segment") == 1
        next_one = pl.struct("closed", "exact", "mood").rank("ordinal").over("segment") == 1
        clusters = clusters.with_columns(closed=pl.col("closed") | (alone & next_one))
        found, _ = suppressed(clusters, "exact", min_group, margins=(("mood",),), hide="closed")
        clusters = clusters.with_columns(closed=found[HIDDEN])
    sums = clusters.group_by("mood").agg(pl.col("closed").all().alias("none"))
    everybody = (
        counts.filter(segment=EVERYBODY)
        .join(sums, on="mood")
        .select(
            "segment",
            "mood",
            pl.col("none") | (pl.col("exact") < min_group if min_group > 1 else False),
        )
        .rename({"none": HIDDEN})
    )
    own = clusters.select("segment", "mood", pl.col("closed").alias(HIDDEN))
    return pl.concat([own, everybody]).sort("segment", "mood")
