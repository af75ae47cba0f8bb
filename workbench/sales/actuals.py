"""What statements say was sold: by month and kind of sale, and what of it orders hold, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from workbench.analysis import analysis
from workbench.errors import NotEnoughEvidence
from workbench.importers.statement_rows import ADJUSTMENT
from workbench.promotion.exchange import dollar
from workbench.promotion.payouts import dearest_stream
from workbench.sales.orders import in_currency

if TYPE_CHECKING:
    from workbench.dataset import View

STREAMS, OTHER = "streams", "other sales"
# What distributors, Bandcamp and DDEX write; the first that fits. What a file calls a song or an
# album may be streamed or bought, as DistroKid's: its price decides.
WORDS = {
    "adjustments": ADJUSTMENT,
    "taken back": "refund|reversal|chargeback",
    STREAMS: r"stream|subscriptionmodel|advertis|ad[- ]?(supported|funded)|premium",
    "tickets": "ticket",
    "merch": "merch|shirt|apparel|bundle",
    "physical": r"physical|package|vinyl|cassette|\blp\b|\bcd\b",
    "downloads": "download|payasyougo|discography|subscription",
}
BY_PRICE = r"^(track|album|song|single|ep)s?$"
MONTHS = pl.Schema(
    {
        "month": pl.Date(), "kind": pl.String(), "in_orders": pl.Boolean(), "units": pl.Int64(),
        "money": pl.Float64(), "lines": pl.Int64(),
    }
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Actuals:
    """What arrived by statements: net, after the distributor, before the artist.

    Attributes
    ----------
    months : month (its first day) | kind | in_orders (lines of a shop whose orders are on file: the
        same goods, never to be added to orders) | units | money (in `currency`) | lines.
    kinds : the same of all months. payout : what one stream brought; None without streams.
    undated, without_money, long : lines without a day or month of sale, and without net or an
        exchange rate, which stand nowhere; over more than one month, which stand in its first.
    """

    months: pl.DataFrame
    kinds: pl.DataFrame
    payout: float | None
    currency: str
    undated: int
    without_money: int
    long: int


@analysis(reads="statements", optional="purchases fx_rates")
def actuals(label) -> Actuals:
    """Return units and money of all statements by month of sale and kind, corrections included.

    The kind is the file's own word; where it says none, a line that pays less for one than a stream
    may bring is of streams (`dearest_stream`: 10 US cents, an assumption). The currency is that of
    orders, without any that of most lines; others are changed at the rate of the day of sale.

    Raises
    ------
    MissingTable, NotEnoughEvidence
        No statements; no line with a month of sale and money.
    """
    lines = label.scan("statements").with_columns(day=pl.coalesce("sale_start", "sale_end"))
    lines = lines.select(
        "source", "sale_type", "quantity", "currency", "sale_start", "sale_end", "day", amount="net"
    ).collect()
    of_orders, currency = _shops(label)
    currency = currency or lines["currency"].mode().sort()[0]
    dated = lines.filter(pl.col("day").is_not_null())
    rates = label.table("fx_rates")
    told = in_currency(dated, rates, currency).filter(pl.col("money").is_not_null())
    if told.is_empty():
        raise NotEnoughEvidence(
            f"None of {lines.height:,} lines of statements has a month of sale and an amount in "
            f"{currency} or with an exchange rate."
        )
    month, price = pl.col("day").dt.truncate("1mo"), pl.col("money") / pl.col("quantity")
    one_dollar = dollar(rates, lines["currency"].unique(), currency)
    most = dearest_stream(told.select("quantity", price=price), one_dollar)
    told = told.with_columns(
        month=month, kind=kind_of_sale(most), in_orders=pl.col("source").is_in(of_orders)
    )
    months = _summed(told, "month", "kind", "in_orders")
    kinds = _summed(told, "kind", "in_orders")
    streams = kinds.filter(kind=STREAMS).sum()
    units = streams["units"][0] or 0
    return Actuals(
        months=months.select(*MONTHS).cast(dict(MONTHS)),
        kinds=kinds.sort("money", "kind", "in_orders", descending=[True, False, False]),
        payout=streams["money"][0] / units if units > 0 else None,
        currency=currency,
        undated=lines.height - dated.height,
        without_money=dated.height - told.height,
        long=told.filter(pl.col("sale_end").dt.truncate("1mo") > month).height,
    )


def kind_of_sale(most: float) -> pl.Expr:
    """Return what kind of sale a line is, from sale_type | quantity | money.

    Where the file has no word for it, one that brings less than `most` is a stream.
    """
    said = pl.col("sale_type").str.to_lowercase().str.strip_chars()
    cheap = (pl.col("money") / pl.col("quantity")).is_between(0, most, closed="left")
    found = pl.when(cheap).then(pl.lit(STREAMS))
    found = found.when(said.str.contains(BY_PRICE)).then(pl.lit("downloads"))
    found = found.otherwise(pl.lit(OTHER))
    for kind, words in reversed(WORDS.items()):
        fits = said.str.contains(words).fill_null(value=False)
        found = pl.when(fits).then(pl.lit(kind)).otherwise(found)
    return found


def _shops(label: View) -> tuple[list[str], str | None]:
    """Return whose lines are order lines, too, and the currency of most order lines."""
    if not label.has("purchases"):
        return [], None
    # an importer that reads both out of one file names the order by its source
    lines = label.scan("purchases").select(
        "currency", source=pl.col("order_id").str.extract(r"^([^:]+):")
    )
    lines = lines.collect()
    return lines["source"].drop_nulls().unique().sort().to_list(), lines["currency"].mode().min()


def _summed(lines: pl.DataFrame, *by: str) -> pl.DataFrame:
    return (
        lines.group_by(by)
        .agg(
            pl.col("quantity").sum().alias("units"),
            pl.col("money").sum(),
            pl.len().cast(pl.Int64).alias("lines"),
        )
        .sort(by)
    )
