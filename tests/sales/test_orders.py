"""Order lines become orders: refunds off, one currency, one a day, unknown buyers told apart."""

import datetime

import polars as pl
import pytest

from workbench.dataset import open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.sales.orders import buyers, in_currency, orders
from workbench.store.change import change

DAY = datetime.date(2026, 1, 1)


def lines(*rows: tuple) -> pl.DataFrame:
    """Rows of order, line, listener, amount, currency, days after the first."""
    frame = pl.DataFrame(
        rows, schema=["order_id", "line", "listener_id", "amount", "currency", "d"], orient="row"
    )
    at = (pl.lit(DAY) + pl.duration(days="d")).cast(pl.Datetime("ms", "UTC"))
    return frame.select(
        "order_id", "line", "listener_id", pl.lit(None, pl.String).alias("product_id"),
        pl.when(pl.col("amount") < 0).then(-1).otherwise(1).alias("quantity"),
        pl.col("amount").cast(pl.Float64), "currency", at.alias("purchased_at"),
    )  # fmt: skip


def opened(folder, purchases, rates=None):
    with change(folder) as writing:
        writing.put("purchases", purchases, source="test")
        if rates is not None:
            writing.put("fx_rates", rates, source="test")
    return open_dataset(str(folder), rows=True)


def rates(*rows: tuple[str, int, float]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["currency", "d", "rate"], orient="row")
    day = (pl.lit(DAY) + pl.duration(days="d")).alias("day")
    return frame.select("currency", day, "rate", pl.lit("test").alias("source"))


def test_lines_become_orders(tmp_path):
    label = opened(
        tmp_path / "label",
        lines(
            ("a", 1, "one", 10, "EUR", 0), ("a", 2, "one", 5, "EUR", 0),
            ("a", 3, "one", -5, "EUR", 9),  # one line back
            ("b", 1, "one", 20, "EUR", 3), ("b", 2, "one", -20, "EUR", 8),  # all of it back
            ("c", 1, "two", 7, "EUR", 4), ("d", 1, "two", 3, "EUR", 4),  # one day, one order
            ("e", 1, None, 9, "EUR", 5),
            ("f", 1, "three", 11, "USD", 6),
            ("g", 1, "three", 100, "JPY", 6),
            ("h", 1, "three", 100, "BRL", 6),
        ),
        rates(("EUR", 0, 1.0), ("USD", 0, 1.1), ("USD", 30, 2.0)),
    )  # fmt: skip
    found = orders(label)
    days = [(day - DAY).days for day in found.orders["day"]]
    assert found.orders["listener_id"].to_list() == ["one", "three", "two"]
    assert days == [0, 6, 4]
    assert found.orders["amount"].to_list() == pytest.approx([10, 10, 10])
    assert (found.currency, found.unknown, found.refunded, found.without_rate) == ("EUR", 1, 1, 2)
    assert (found.since, found.until) == (DAY, DAY + datetime.timedelta(days=9))


def test_money_changes_at_the_rate_of_its_day_and_the_home_currency_is_the_one_unnamed():
    frame = pl.DataFrame(
        {"amount": [11.0, 11.0, 4.0, 10.0], "currency": ["USD", "USD", "GBP", "EUR"],
         "day": [DAY, DAY + datetime.timedelta(days=40), DAY, DAY]}
    )  # fmt: skip
    held = rates(("USD", 0, 1.1), ("USD", 30, 2.2), ("GBP", 5, 0.8))
    found = in_currency(frame, held, "EUR")["money"].to_list()
    assert found == pytest.approx([10.0, 5.0, 5.0, 10.0])
    other = in_currency(frame, held, "USD")["money"].to_list()
    assert other == pytest.approx([11.0, 11.0, 5.5, 11.0])
    # CHF or EUR: nobody says which of them the rates are for, unless they name it
    two = frame.with_columns(currency=pl.Series(["USD", "CHF", "GBP", "EUR"]))
    assert in_currency(two, held, "EUR")["money"].to_list() == [None, None, None, 10.0]
    named = pl.concat([held, rates(("EUR", 0, 1.0))])
    assert in_currency(two, named, "EUR")["money"].to_list() == pytest.approx(
        [10.0, None, 5.0, 10.0]
    )


def test_a_history_counts_what_came_after_the_first_order(label):
    sold = orders(label)
    known = buyers(sold.orders, sold.until)
    one = sold.orders.filter(listener_id=known.ids[0])
    first, last = one["day"].min(), one["day"].max()
    assert known.held.frequency[0] == one.height - 1
    assert known.held.recency[0] == pytest.approx((last - first).days / 7)
    assert known.held.age[0] == pytest.approx((sold.until - first).days / 7)
    assert known.mean[0] == pytest.approx(one["amount"].mean())
    with pytest.raises(NotEnoughEvidence, match="known buyers ordered"):
        buyers(sold.orders, sold.since + datetime.timedelta(days=10))
