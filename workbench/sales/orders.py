"""Order lines as orders: one a buyer and day, refunds taken off, in one currency."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.errors import NotEnoughEvidence
from workbench.promotion.exchange import with_home
from workbench.sales.histories import Histories

if TYPE_CHECKING:
    from workbench.dataset import View

FEWEST_BUYERS, FEWEST_AGAIN = 50, 20
WEEK = 7.0


@dataclass(frozen=True, eq=False)
class Orders:
    """What was sold to buyers who are known.

    Attributes
    ----------
    orders : listener_id | day | amount (in `currency`, refunds off), a row for each buyer and day,
        sorted by both. since, until : first and last day of any order line.
    items : listener_id | product_id | day | quantity (refunds off, above 0), a row for each product
        of such an order, by day; goods that name no product are in none.
    unknown, refunded, without_rate : orders that name no buyer; that were taken back whole; in a
        currency without a rate. They count nowhere else.
    """

    orders: pl.DataFrame
    items: pl.DataFrame
    currency: str
    since: datetime.date
    until: datetime.date
    unknown: int
    refunded: int
    without_rate: int


def orders(label: View) -> Orders:
    """Return the orders of the label's known buyers.

    The currency is the one most lines are in; others are changed at the last rate before their day,
    or the first after it. An order is counted on the day of its first line. All that a buyer orders
    on one day is one order.
    """
    lines = label.scan("purchases").with_columns(day=pl.col("purchased_at").dt.date()).collect()
    currency = lines["currency"].mode().sort()[0]
    whole = (
        in_currency(lines, label.table("fx_rates"), currency)
        .group_by("order_id")
        .agg(
            pl.col("listener_id").drop_nulls().first(),
            pl.col("day").min(),
            pl.col("money").sum().alias("amount"),
            pl.col("money").is_null().any().alias("rateless"),
        )
    )
    known = whole.filter(pl.col("listener_id").is_not_null(), ~pl.col("rateless"))
    kept = known.filter(pl.col("amount") > 0)
    return Orders(
        orders=kept.group_by("listener_id", "day")
        .agg(pl.col("amount").sum())
        .sort("listener_id", "day"),
        items=_items(lines, kept),
        currency=currency,
        since=lines["day"].min(),
        until=lines["day"].max(),
        unknown=whole.filter(pl.col("listener_id").is_null()).height,
        refunded=known.height - kept.height,
        without_rate=whole.filter(pl.col("listener_id").is_not_null(), "rateless").height,
    )


def _items(lines: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    return (
        lines.filter(pl.col("product_id").is_not_null())
        .drop("listener_id")
        .join(kept.select("order_id", "listener_id"), on="order_id")
        .group_by("order_id", "listener_id", "product_id")
        .agg(pl.col("day").min(), pl.col("quantity").sum())
        .filter(pl.col("quantity") > 0)
        .select("listener_id", "product_id", "day", "quantity")
        .sort("day", "listener_id", "product_id")
    )


def in_currency(lines: pl.DataFrame, rates: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Return lines with `money`: `amount` in the currency, null where no rate is known.

    `lines` have amount | currency | day; `rates` are the table fx_rates, at the last one before
    the line's day, or the first after it. Which is the home currency says `exchange.with_home`.
    """
    held = with_home(rates, {*lines["currency"].drop_nulls(), currency})
    dated = lines.with_row_index("_place").sort("day")

    def rate(of: pl.DataFrame, name: str) -> pl.DataFrame:
        for way in ("backward", "forward"):
            one = held.rename({"rate": f"{name}_{way}"})
            of = of.join_asof(one, on="day", by="currency", strategy=way, check_sortedness=False)
        return of.with_columns(pl.coalesce(f"{name}_backward", f"{name}_forward").alias(name))

    own = rate(dated, "of_line")
    target = rate(dated.with_columns(pl.lit(currency).alias("currency")), "of_target")
    same = pl.col("currency") == currency
    amount = pl.col("amount").cast(pl.Float64)
    return (
        own.with_columns(target["of_target"])
        .with_columns(
            pl.when(same).then(amount)
            .otherwise(amount / pl.col("of_line") * pl.col("of_target")).alias("money")
        )
        .sort("_place")
        .select(*lines.columns, "money")
    )  # fmt: skip


def priced(label: View, currency: str, day: datetime.date) -> pl.DataFrame:
    """Return product_id | price | cost of every product, in the currency at the rate of the day.

    Null where one is not known or its currency has no rate; a product that names no currency is in
    this one. Both as the table has them stand beside: listed | listed_cost.
    """
    held = label.table("products").with_columns(
        pl.col("currency").fill_null(currency), pl.lit(day).alias("day")
    )
    found = held.select("product_id", listed="price", listed_cost="unit_cost")
    for column, name in (("price", "price"), ("unit_cost", "cost")):
        lines = held.select("currency", "day", amount=column)
        money = in_currency(lines, label.table("fx_rates"), currency)["money"]
        found = found.with_columns(money.alias(name))
    return found


@dataclass(frozen=True)
class Margin:
    """What unit costs leave.

    Attributes
    ----------
    share : of revenue, over the lines sold; None where no product sold has price and cost.
    without_rate : products sold that have both, in a currency without a rate: not counted.
    """

    share: float | None
    without_rate: int


def unit_margin(label: View, currency: str) -> Margin:
    """Return the share of revenue that unit costs leave, prices and costs in one currency."""
    sold = (
        label.scan("purchases")
        .filter(pl.col("quantity") > 0)
        .group_by("product_id")
        .agg(pl.col("quantity").sum(), day=pl.col("purchased_at").dt.date().max())
        .collect()
    )
    if sold.is_empty():
        return Margin(None, 0)
    goods = sold.join(priced(label, currency, sold["day"].max()), on="product_id").filter(
        pl.col("listed") > 0, pl.col("listed_cost").is_not_null()
    )
    known = goods.drop_nulls(["price", "cost"])
    price, cost = (float((known["quantity"] * known[name]).sum()) for name in ("price", "cost"))
    return Margin(1 - cost / price if price else None, goods.height - known.height)


@dataclass(frozen=True, eq=False)
class Buyers:
    """Buyers in the order of `ids`.

    Attributes
    ----------
    ids : listener ids, sorted. held : their histories. orders, mean : how many orders, the first
        one included, and their mean amount (n,).
    """

    ids: pl.Series
    held: Histories
    orders: np.ndarray
    mean: np.ndarray


def buyers(sold: pl.DataFrame, until: datetime.date) -> Buyers:
    """Return what is known of each buyer up to a day; `sold` is `Orders.orders`.

    Raises
    ------
    NotEnoughEvidence
        Under 50 buyers, or under 20 who came back.
    """
    each = (
        sold.filter(pl.col("day") <= until)
        .group_by("listener_id")
        .agg(
            pl.len().alias("orders"),
            pl.col("amount").mean().alias("mean"),
            pl.col("day").min().alias("first"),
            pl.col("day").max().alias("last"),
        )
        .sort("listener_id")
    )
    again = each.filter(pl.col("orders") > 1).height
    if each.height < FEWEST_BUYERS or again < FEWEST_AGAIN:
        raise NotEnoughEvidence(
            f"Up to {until}, {each.height} known buyers ordered and {again} of them again; "
            f"{FEWEST_BUYERS} and {FEWEST_AGAIN} are the least to say who will."
        )
    weeks = each.select(
        (pl.col("last") - pl.col("first")).dt.total_days() / WEEK,
        age=(pl.lit(until) - pl.col("first")).dt.total_days() / WEEK,
    )
    held = Histories(
        each["orders"].to_numpy() - 1.0, weeks["last"].to_numpy(), weeks["age"].to_numpy()
    )
    return Buyers(
        each["listener_id"], held, each["orders"].to_numpy().astype(float), each["mean"].to_numpy()
    )
