"""What is on sale, what was sold to whom, and what these people streamed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from workbench.audience.streamed import streamed
from workbench.sales.orders import priced

if TYPE_CHECKING:
    from workbench.audience.streamed import Streamed
    from workbench.dataset import View
    from workbench.sales.orders import Orders

TICKET_DAYS = 60  # on sale, where no later sale says more
FEATURES = (
    "streams of its artist", "bought its artist before", "has it already", "often sold", "new",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Shelf:
    """All products, in the order of `products`.

    Attributes
    ----------
    products : product_id | artist_id | kind | name | price | cost | from, until (days on sale, null
        where there is no end), sorted by product_id.
    sold : listener_id | product_id | day | quantity, see `Orders.items`.
    streams : of all listeners.
    """

    products: pl.DataFrame
    sold: pl.DataFrame
    streams: Streamed

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of product after the first, each a feature."""
        return self.products["kind"].unique().sort().to_list()[1:]

    @property
    def features(self) -> tuple[str, ...]:
        """Return what speaks for a product, in words."""
        return (*FEATURES, *self.kinds)


def shelf(label: View, sold: Orders) -> Shelf:
    """Return what the label sells and sold; prices in the currency of orders at the last rate."""
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
        .with_columns(pl.coalesce("available_from", "first").fill_null(sold.since).alias("from"))
        .with_columns(
            until=pl.when(pl.col("kind") == "ticket").then(pl.max_horizontal(show, "last"))
        )
        .sort("product_id")
        .collect()
    )
    money = priced(label, sold.currency, sold.until).select("product_id", "price", "cost")
    products = products.drop("price").join(
        money, on="product_id", how="left", maintain_order="left"
    )
    return Shelf(
        products.select(
            "product_id", "artist_id", "kind", "name", "price", "cost", "from", "until"
        ),
        sold.items.filter(pl.col("product_id").is_in(products["product_id"].implode())),
        streamed(label),
    )
