"""A planted shop: listeners buy what their artists sell, some more often than others."""

import datetime

import numpy as np
import polars as pl

from tests.audience.planted import ARTISTS, LAST, planted

FIRST = LAST - datetime.timedelta(days=500)
BUYERS = 200


def shop(seed: int = 2) -> dict[str, pl.DataFrame]:
    """Return a label's tables with products and purchases.

    The first 200 listeners buy: the first 20 about ten times, the others once or twice; nine times
    in ten from the genre that their plays say, a shirt twice as often as a record. Those with even
    numbers consented. A shirt costs 20 and brings 12, a record 30 and 15; records are in USD.
    """
    draw = np.random.default_rng(seed)
    tables = planted()
    products = [
        {
            "product_id": f"{kind}-{artist}", "artist_id": artist, "kind": kind,
            "name": f"{kind} of {artist}", "price": price, "unit_cost": cost, "currency": currency,
            "available_from": FIRST - datetime.timedelta(days=400),
        }
        for artist in ARTISTS
        for kind, price, cost, currency in (("shirt", 20, 8, "EUR"), ("record", 33, 16.5, "USD"))
    ]  # fmt: skip
    rows = []
    for i in range(BUYERS):
        times = 10 if i < 20 else 1 + int(draw.random() < 0.3)
        for day in np.sort(draw.choice(500, times, replace=False)):
            own = draw.random() < 0.9
            artist = ARTISTS[(i % 4) * 5 + draw.integers(5)] if own else ARTISTS[draw.integers(20)]
            kind = "shirt" if draw.random() < 2 / 3 else "record"
            rows.append((f"l{i:03d}", f"{kind}-{artist}", FIRST + datetime.timedelta(int(day))))
    lines = pl.DataFrame(rows, schema=["listener_id", "product_id", "day"], orient="row")
    record = pl.col("product_id").str.starts_with("record")
    lines = lines.with_row_index("n").select(
        pl.format("o{}", "n").alias("order_id"), pl.lit(1).alias("line"), "listener_id",
        "product_id", pl.lit(1).alias("quantity"),
        pl.when(record).then(33.0).otherwise(20.0).alias("amount"),
        pl.when(record).then(pl.lit("USD")).otherwise(pl.lit("EUR")).alias("currency"),
        pl.col("day").cast(pl.Datetime("ms", "UTC")).alias("purchased_at"),
    )  # fmt: skip
    consent = pl.int_range(pl.len()) % 2 == 0
    return tables | {
        "products": pl.DataFrame(products).cast({"price": pl.Float64, "unit_cost": pl.Float64}),
        "purchases": lines,
        "fx_rates": pl.DataFrame(
            {"currency": ["USD"], "day": [FIRST], "rate": [1.1], "source": ["test"]}
        ),
        "listeners": tables["listeners"].with_columns(consent.alias("consent")),
    }
