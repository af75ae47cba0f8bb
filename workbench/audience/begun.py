"""Who begins more often than people as active: shares, their difference and its interval."""

from __future__ import annotations

import polars as pl

from workbench.audience.overindex import MIN_SUPPORT, judged
from workbench.store.privacy import in_fives, suppressed

Z90 = 1.6448536269514722
SHOWN = ("began", "share", "like_share", "more", "low", "high", "z", "q", "apart")


def compared(cells: pl.DataFrame, asked: pl.DataFrame, min_group: int) -> pl.DataFrame:
    """Return key | heard | what is `SHOWN` | hidden of cells (key, band, n1, began)."""
    whole = asked.group_by("band").agg(pl.len().alias("n"), pl.col("began").sum().alias("all"))
    cells = cells.join(whole, on="band").with_columns(
        (pl.col("n") - pl.col("n1")).alias("n0"), (pl.col("all") - pl.col("began")).alias("b")
    )
    return lifted(cells.filter(pl.col("n0") > 0), min_group)


def lifted(cells: pl.DataFrame, min_group: int) -> pl.DataFrame:
    """Return one row a key of its bands: n1, began of the exposed, n0, b of the others."""
    n1, n0 = pl.col("n1"), pl.col("n0")
    # half a person each way keeps a band of nobody from being certain
    p1, p0 = (pl.col("began") + 0.5) / (n1 + 1), (pl.col("b") + 0.5) / (n0 + 1)
    weight = n1 / n1.sum()
    rows = (
        cells.sort("key", "band")
        .group_by("key", maintain_order=True)
        .agg(
            n1.sum().cast(pl.Int64).alias("exact"),
            pl.col("began").sum().cast(pl.Int64).alias("exact_began"),
            (weight * pl.col("b") / n0).sum().alias("like"),
            n0.sum().cast(pl.Int64).alias("exact_others"),
            (weight**2 * (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)).sum().sqrt().alias("error"),
        )
    )
    gap = pl.col("exact_began") / pl.col("exact") - pl.col("like")
    most = pl.max_horizontal("exact_began", pl.col("like") * pl.col("exact"))
    others = pl.col("exact_others")
    rows = rows.with_columns(
        pl.when(most >= max(min_group, MIN_SUPPORT)).then(gap / pl.col("error")).alias("z"),
        in_fives(pl.col("exact"), min_group).alias("heard"),
        in_fives(pl.col("exact_began"), min_group).alias("began"),
        # as many of the others as that would be, in fives like all people
        (in_fives(pl.col("like") * others, min_group) / in_fives(others, min_group))
        .fill_nan(None)
        .alias("like_share"),
    )
    half = (Z90 * pl.col("error")).round(2)  # of exact counts, see `judged`
    more = pl.col("share") - pl.col("like_share")
    rows = judged(rows.with_columns((pl.col("began") / pl.col("heard")).alias("share")))
    rows = rows.with_columns(
        more.alias("more"), (more - half).alias("low"), (more + half).alias("high")
    )
    # Exposures are no parts of a whole; who did not begin must be many, too.
    people = pl.min_horizontal("exact", "exact_others", pl.col("exact") - pl.col("exact_began"))
    rows = rows.with_columns(((people < min_group) & (min_group > 1)).alias("close"))
    rows, _ = suppressed(rows, "exact_began", min_group, also=SHOWN, margins=(), hide="close")
    # Not even listed: a row that comes and goes with a filter would say whom somebody hears.
    return rows.filter(pl.col("exact") >= min_group)
