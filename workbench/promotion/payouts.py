"""What a stream paid, by territory: from statements, where there are any."""

from dataclasses import dataclass

import polars as pl

from workbench.analysis import analysis
from workbench.promotion.exchange import changed, dollar, exchange

# US dollars; a line that pays less for one is of streams: a download pays more (assumption)
MOST = 0.1
TIMES = 30.0  # the price of the usual unit, where no rate of the dollar is known
OTHER = "Other"
SCHEMA = {
    "territory": pl.String(), "payout": pl.Float64(), "units": pl.Int64(), "lines": pl.Int64(),
    "corrections": pl.Int64(), "without_rate": pl.Int64(), "used": pl.Boolean(),
}  # fmt: skip


@analysis(reads="promotion", optional="statements fx_rates")
def payouts(label, *, currency: str) -> pl.DataFrame:
    """Return what arrived for one stream in each territory of the model, from statements.

    Lines of all statements are put together, in `currency` at the last rate. Net is what arrived:
    after the distributor, before the artist. Streams are told from downloads by their price;
    without a rate of the dollar by that of the usual unit. A line that has no price, as its money
    is of another sign than its quantity or stands without one, corrects money: it is taken off, or
    added, as it stands, and its quantity does not count. It is of streams (assumption) unless its
    type of sale stands on dearer lines only.

    Returns
    -------
    territory (of the model; “Other” is all others) | payout (null without streams) | units
    (streams) | lines | corrections (lines among them that only change money) | without_rate (lines
    left out because their currency has no rate) | used (whether the payout can be one: above zero,
    below the price of a download); none without statements
    """
    rates = label.table("fx_rates")
    one_dollar = dollar(rates, (), currency)
    if not label.has("statements"):
        return pl.DataFrame(schema=SCHEMA)
    cells = label.fit("promotion").meta["cells"]
    cell = pl.when(pl.col("territory").is_in(cells)).then("territory").otherwise(pl.lit(OTHER))
    if len(cells) == 1:
        cell = pl.lit(cells[0])
    lines = (
        label.scan("statements")
        .filter(pl.col("net").is_not_null(), (pl.col("quantity") != 0) | (pl.col("net") != 0))
        .select(
            "sale_type", pl.col("quantity").fill_null(0), pl.col("currency").fill_null(currency),
            territory=cell, net=pl.col("net").cast(pl.Float64),
        )
        .collect()
    )  # fmt: skip
    lines = changed(lines, rates, currency, "net")
    one = pl.col("net") / pl.col("quantity")
    priced = (pl.col("quantity") != 0) & (one >= 0)
    lines = lines.with_columns(price=pl.when(priced).then(one))
    most = dearest_stream(lines, one_dollar)
    cheap, known = pl.col("price") < most, pl.col("net").is_not_null()
    correction = known & pl.col("price").is_null()
    goods = lines.filter(~cheap)["sale_type"].drop_nulls().unique()
    goods = goods.filter(~goods.is_in(lines.filter(cheap)["sale_type"].drop_nulls().implode()))
    of_goods = pl.col("sale_type").is_in(goods.implode()).fill_null(value=False)
    found = (
        lines.filter(~known | cheap | (correction & ~of_goods))
        .group_by("territory")
        .agg(
            pl.col("net").sum(),
            pl.col("quantity").filter(pl.col("price").is_not_null()).sum().alias("units"),
            pl.col("net").count().cast(pl.Int64).alias("lines"),
            correction.sum().cast(pl.Int64).alias("corrections"),
            pl.col("net").null_count().cast(pl.Int64).alias("without_rate"),
        )
        .with_columns(payout=pl.when(pl.col("units") > 0).then(pl.col("net") / pl.col("units")))
        .with_columns(used=((pl.col("payout") > 0) & (pl.col("payout") < most)).fill_null(False))
        .filter(pl.col("territory").is_in(cells))
    )
    return found.select(list(SCHEMA)).cast(SCHEMA).sort("territory")


def dearest_stream(lines: pl.DataFrame, one_dollar: float | None) -> float:
    """Return the price of one below which a line is of streams, in the money of the lines.

    Parameters
    ----------
    lines : quantity | price. one_dollar : what a dollar is worth in their money; None unknown: then
        it is so many times the price below which half of the units lie.
    """
    if one_dollar is not None:
        return MOST * one_dollar
    sold = lines.drop_nulls("price").filter(pl.col("quantity") > 0).sort("price")
    half = pl.col("quantity").cum_sum() >= pl.col("quantity").sum() / 2
    return TIMES * float(sold.filter(half)["price"].first() or 0.0)


@dataclass(frozen=True, eq=False)
class Assumed:
    """What a stream pays where no statement says it.

    Attributes
    ----------
    payout : in `currency`, that of the model. known : whether there is a rate to tell it by;
        without one it is the number of the other currency.
    """

    payout: float
    currency: str
    known: bool


@analysis(reads="promotion", optional="fx_rates")
def assumed_payout(label, *, payout: float, currency: str) -> Assumed:
    """Return a payout in another currency as money of the model, at the last rate."""
    own = label.fit("promotion").meta["currency"]
    rate = exchange(label.table("fx_rates"), currency, own)
    return Assumed(payout * (1.0 if rate is None else rate), own, rate is not None)
