"""What a stream paid, by territory: from statements, where there are any."""

import polars as pl

from workbench.analysis import analysis
from workbench.promotion.exchange import changed

MOST = 0.1  # a line that pays less for one is of streams: a download pays more (assumption)
OTHER = "Other"
SCHEMA = {
    "territory": pl.String(), "payout": pl.Float64(), "units": pl.Int64(), "lines": pl.Int64(),
    "without_rate": pl.Int64(),
}  # fmt: skip


@analysis(reads="promotion", optional="statements fx_rates")
def payouts(label, *, currency: str) -> pl.DataFrame:
    """Return what arrived for one stream in each territory of the model, from statements.

    Lines of all statements are put together, corrections included, in `currency` at the last rate.
    Net is what arrived: after the distributor, before the artist.

    Returns
    -------
    territory (of the model; “Other” is all others) | payout | units (streams) | lines |
    without_rate (lines left out because their currency has no rate); only territories that have
    streams, none without statements
    """
    if not label.has("statements"):
        return pl.DataFrame(schema=SCHEMA)
    cells = label.fit("promotion").meta["cells"]
    cell = pl.when(pl.col("territory").is_in(cells)).then("territory").otherwise(pl.lit(OTHER))
    if len(cells) == 1:
        cell = pl.lit(cells[0])
    lines = (
        label.scan("statements")
        .filter(pl.col("quantity") != 0, pl.col("net").is_not_null())
        .select(
            "quantity", pl.col("currency").fill_null(currency),
            territory=cell, net=pl.col("net").cast(pl.Float64),
        )
        .collect()
    )  # fmt: skip
    one = pl.col("net") / pl.col("quantity")
    found = (
        changed(lines, label.table("fx_rates"), currency, "net")
        .filter(pl.col("net").is_null() | one.is_between(0, MOST, closed="left"))
        .group_by("territory")
        .agg(
            pl.col("net").sum(),
            pl.col("quantity").filter(pl.col("net").is_not_null()).sum().alias("units"),
            pl.col("net").count().cast(pl.Int64).alias("lines"),
            pl.col("net").null_count().cast(pl.Int64).alias("without_rate"),
        )
        .with_columns(payout=pl.col("net") / pl.col("units"))
        .filter(pl.col("units") > 0, pl.col("territory").is_in(cells))
    )
    return found.select(list(SCHEMA)).cast(SCHEMA).sort("territory")
