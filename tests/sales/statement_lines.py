"""Lines of statements as a distributor and a shop send them."""

import datetime

import polars as pl

ROWS = (  # source, sale type, months after January 2026, quantity, net, currency
    ("orchard", "Stream", 0, 10_000, 30.0, "EUR"),
    ("orchard", "Stream", 1, 20_000, 66.0, "USD"),
    ("orchard", "Digital download", 0, 5, 3.5, "EUR"),
    ("orchard", "Physical", 1, 4, 40.0, "EUR"),
    ("distrokid", "Song", 0, 1_000, 4.0, "EUR"),
    ("distrokid", "Album", 0, 2, 14.0, "EUR"),
    ("bandcamp", "merch", 0, 1, 18.0, "EUR"),
    ("bandcamp", "track", 0, 2, 1.6, "EUR"),
    ("bandcamp", "refund", 1, -1, -18.0, "EUR"),
    ("orchard", "adjustment", 1, None, 0.01, "EUR"),
    ("orchard", None, 1, 3, 9.0, "EUR"),
    ("orchard", "Stream", None, 100, 1.0, "EUR"),
    ("orchard", "Stream", 0, 100, None, "EUR"),
    ("orchard", "Stream", 0, 100, 1.0, "JPY"),
)


def statement_lines() -> pl.DataFrame:
    """Return the table statements."""
    names = ("source", "sale_type", "month", "quantity", "net", "currency")
    frame = pl.DataFrame(ROWS, schema=names, orient="row").with_row_index("source_row", 1)
    start = pl.lit(datetime.date(2026, 1, 1)).dt.offset_by(pl.format("{}mo", "month"))
    return frame.select(
        pl.lit("0" * 64).alias("file_hash"), pl.col("source_row").cast(pl.Int64),
        pl.lit("test.csv").alias("source_file"), "source", "sale_type", "quantity",
        pl.col("net").cast(pl.Decimal(24, 10)), "currency", sale_start=start,
        sale_end=start.dt.month_end(),
    )  # fmt: skip
