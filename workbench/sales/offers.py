"""What to offer next: which products known buyers would take, and what that brings."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from workbench.analysis import analysis
from workbench.listening.streams import is_stream
from workbench.sales.choice import Shelf, chances, features, fitted
from workbench.sales.orders import Buyers, buyers, in_currency, orders
from workbench.sales.repeat import likeliest
from workbench.store.memory import memory
from workbench.store.privacy import in_fives, suppressed

if TYPE_CHECKING:
    from workbench.dataset import View
    from workbench.sales.orders import Orders

LEARNT = 2 / 3  # of the lines, by day, that the check learns from
FIRST = 5  # offers among which a sold product should stand
CELLS = 6_000_000  # lines times products that are learnt from at most, the newest
DRAWS = 500
TICKET_DAYS = 60  # on sale, where no later sale says more


@dataclass(frozen=True, eq=False)
class Offers:
    """Products for known buyers in the weeks to come.

    Attributes
    ----------
    products : product_id | name | kind | artist_id | best_for (buyers it is the first offer for,
        in fives) | units | revenue | margin (expected; null where price or cost is not known) |
        hidden; the largest margin first.
    weights : feature | weight, of log odds.
    check : ranking ("this model" or "most sold") | hit (share of later lines whose product stood
        among the first five) | low | high (90 %). No rows where there is too little to check.
    lines : order lines learnt from. checked : later ones that were foretold.
    """

    products: pl.DataFrame
    weights: pl.DataFrame
    check: pl.DataFrame
    currency: str
    weeks: int
    lines: int
    checked: int
    hidden: int
    min_group: int


@analysis(reads="purchases products", optional="fx_rates plays tracks")
def offers(label, *, weeks: int = 26, min_group: int = 10, seed: int = 0) -> Offers:
    """Return which products known buyers are expected to take in the next `weeks`.

    A conditional logit learns from every line what speaks for the product taken against all others
    on sale that day: streams of its artist, what was bought before, sales so far, kind. Units are
    expected orders of each buyer times lines of the mean order times the chance of the product.

    Raises
    ------
    MissingTable, NotEnoughEvidence
        No purchases or products; too few buyers or lines.
    """
    sold = orders(label)
    known = buyers(sold.orders, sold.until)
    shelf = _shelf(label, sold)
    lines = shelf.sold.tail(max(CELLS // shelf.products.height, 1))
    version = label.version("purchases", "products", "plays", "tracks")
    weights, check, checked, odds, expected = memory.load(
        f"offers:{version}:{seed}", lambda: _worked_out(shelf, lines, known, sold, seed), _size
    )
    chance, on_sale = odds
    per_order = shelf.sold.height / max(sold.orders.height, 1)
    units = per_order * (expected(weeks) @ chance)
    best = np.bincount(chance.argmax(axis=1), minlength=shelf.products.height)
    price, cost = (pl.col(name) for name in ("price", "cost"))
    found = shelf.products.with_columns(
        pl.Series("best_for", best.astype(np.int64)), pl.Series("units", units),
        pl.Series("there", on_sale.any(axis=0)),
    ).filter("there").with_columns(
        revenue=pl.col("units") * price, margin=pl.col("units") * (price - cost),
    )  # fmt: skip
    columns = ("product_id", "name", "kind", "artist_id", "best_for", "units", "revenue", "margin")
    shown, hidden = suppressed(found.select(columns), "best_for", min_group)
    return Offers(
        products=shown.with_columns(in_fives(pl.col("best_for"), min_group)).sort(
            "margin", "units", "product_id", descending=[True, True, False], nulls_last=True
        ),
        weights=pl.DataFrame({"feature": shelf.features, "weight": weights}),
        check=check,
        currency=sold.currency,
        weeks=weeks,
        lines=lines.height,
        checked=checked,
        hidden=hidden,
        min_group=min_group,
    )


def _shelf(label: View, sold: Orders) -> Shelf:
    first = (
        label.scan("purchases")
        .group_by("product_id")
        .agg(
            pl.col("purchased_at").dt.date().min().alias("first"),
            pl.col("purchased_at").dt.date().max().alias("last"),
        )
    )
    # no table says when a show was: nobody buys a ticket after it
    show = pl.col("from") + pl.duration(days=TICKET_DAYS)
    products = (
        label.scan("products")
        .join(first, on="product_id", how="left")
        .filter(pl.col("artist_id").is_not_null() | pl.col("first").is_not_null())
        .with_columns(
            pl.coalesce("available_from", "first").fill_null(sold.since).alias("from"),
            pl.col("currency").fill_null(sold.currency),
        )
        .with_columns(
            until=pl.when(pl.col("kind") == "ticket").then(pl.max_horizontal(show, "last"))
        )
        .sort("product_id")
        .collect()
    )
    rates, day = label.table("fx_rates"), pl.lit(sold.until).alias("day")
    for column, name in (("price", "price_money"), ("unit_cost", "cost")):
        lines = products.select(pl.col(column).alias("amount"), "currency", day)
        money = in_currency(lines, rates, sold.currency)["money"]
        products = products.with_columns(money.alias(name))
    kept = label.scan("purchases").filter(
        pl.col("quantity") > 0,
        pl.col("listener_id").is_not_null(),
        pl.col("product_id").is_not_null(),
    )
    lines = (
        kept.select("listener_id", "product_id", day=pl.col("purchased_at").dt.date())
        .sort("day", "listener_id", "product_id")
        .collect()
    )
    return Shelf(
        products.select(
            "product_id", "artist_id", "kind", "name", pl.col("price_money").alias("price"), "cost",
            "from", "until",
        ),
        lines.filter(pl.col("product_id").is_in(products["product_id"].implode())),
        _streams(label, lines),
    )  # fmt: skip


def _streams(label: View, lines: pl.DataFrame) -> pl.DataFrame:
    tracks = label.scan("tracks").select("track_id", "artist_id")
    return (
        label.scan("plays")
        .filter(is_stream())
        .join(lines.lazy().select("listener_id").unique(), on="listener_id", how="semi")
        .join(tracks, on="track_id")
        .group_by("listener_id", "artist_id", day=pl.col("played_at").dt.date())
        .agg(pl.len().cast(pl.Int64).alias("streams"))
        .collect(engine="streaming")
    )


def _worked_out(shelf: Shelf, lines: pl.DataFrame, known: Buyers, sold: Orders, seed: int):
    """Return weights, check, lines checked, (chances, on sale) of buyers, and expected orders."""
    taken = pl.Series(lines["product_id"]).replace_strict(
        shelf.products["product_id"], range(shelf.products.height), return_dtype=pl.Int64
    ).to_numpy()  # fmt: skip
    held, on_sale = features(shelf, lines)
    weights = fitted(held, on_sale, taken)
    check, checked = _check(shelf, held, on_sale, taken, lines, seed)
    tomorrow = sold.until + datetime.timedelta(days=1)
    ask = pl.DataFrame({"listener_id": known.ids}).with_columns(day=pl.lit(tomorrow))
    now, there = features(shelf, ask)
    model = likeliest(known.held)[0]

    def expected(weeks: int) -> np.ndarray:
        return model.expected(known.held, float(weeks))

    return weights, check, checked, (chances(now, there, weights), there), expected


def _size(found: tuple) -> int:
    return found[3][0].nbytes + found[3][1].nbytes


def _check(
    shelf: Shelf, held: np.ndarray, on_sale: np.ndarray, taken: np.ndarray, lines: pl.DataFrame,
    seed: int,
) -> tuple[pl.DataFrame, int]:  # fmt: skip
    """Learn from the first two thirds of the lines; return how the others were foretold."""
    schema = {"ranking": pl.String, "hit": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    cut = lines["day"].quantile(LEARNT, "nearest")
    early = (lines["day"] <= cut).to_numpy()
    late = ~early & on_sale[np.arange(len(taken)), taken]
    if early.sum() < 100 or late.sum() < 100:
        return pl.DataFrame(schema=schema), 0
    weights = fitted(held[early], on_sale[early], taken[early])
    often = shelf.features.index("often sold")
    rankings = {
        "this model": chances(held[late], on_sale[late], weights),
        "most sold": np.where(on_sale[late], held[late][:, :, often], -1.0),
    }
    draw = np.random.default_rng(seed).integers(late.sum(), size=(DRAWS, late.sum()))
    rows = []
    for name, score in rankings.items():
        own = score[np.arange(len(score)), taken[late]]
        above, equal = ((score > own[:, None]).sum(axis=1), (score == own[:, None]).sum(axis=1))
        hit = np.clip((FIRST - above) / equal, 0, 1)  # equals stand in any order
        low, high = np.quantile(hit[draw].mean(axis=1), (0.05, 0.95))
        rows.append((name, float(hit.mean()), float(low), float(high)))
    return pl.DataFrame(rows, schema=schema, orient="row"), int(late.sum())
