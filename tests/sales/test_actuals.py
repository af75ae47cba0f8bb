"""Statements are counted by month and kind, once, and told apart from orders of the same goods."""

import datetime

import polars as pl
import pytest

from tests.sales.statement_lines import statement_lines
from tests.sales.test_orders import rates
from workbench.dataset import open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.sales.actuals import actuals
from workbench.store.change import change

JANUARY, FEBRUARY = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)


def opened(folder, lines: pl.DataFrame, *, orders: bool):
    bought = pl.DataFrame(
        {"order_id": ["bandcamp:1", "O-2"], "line": [1, 1], "listener_id": ["a", "b"],
         "quantity": [1, 1], "amount": [20.0, 5.0], "currency": ["EUR", "EUR"],
         "purchased_at": [datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)] * 2}
    )  # fmt: skip
    with change(folder) as writing:
        writing.put("statements", lines, source="test")
        writing.put("fx_rates", rates(("EUR", 0, 1.0), ("USD", 0, 1.1)), source="test")
        if orders:
            writing.put("purchases", bought, source="test")
    return open_dataset(str(folder), rows=True)


def test_lines_stand_in_their_month_under_what_the_file_calls_them(tmp_path):
    found = actuals(opened(tmp_path / "label", statement_lines(), orders=True))
    rows = {
        (row["month"], row["kind"], row["in_orders"]): (row["units"], pytest.approx(row["money"]))
        for row in found.months.to_dicts()
    }
    assert rows == {
        (JANUARY, "downloads", False): (7, 17.5),  # an album of 7 each was bought, not streamed
        (JANUARY, "downloads", True): (2, 1.6),
        (JANUARY, "merch", True): (1, 18.0),
        (JANUARY, "streams", False): (11_000, 34.0),
        (FEBRUARY, "adjustments", False): (0, 0.01),
        (FEBRUARY, "other sales", False): (3, 9.0),
        (FEBRUARY, "physical", False): (4, 40.0),
        (FEBRUARY, "streams", False): (20_000, 60.0),
        (FEBRUARY, "taken back", True): (-1, -18.0),
    }
    assert found.payout == pytest.approx(94.0 / 31_000)
    # the line in JPY has no rate, one has no net, one no month
    assert (found.undated, found.without_money, found.currency) == (1, 2, "EUR")
    assert found.kinds["money"].sum() == pytest.approx(found.months["money"].sum())


def test_without_orders_nothing_stands_twice(tmp_path):
    found = actuals(opened(tmp_path / "label", statement_lines(), orders=False))
    assert not found.kinds["in_orders"].any()


def test_lines_without_a_month_or_money_are_no_answer(tmp_path):
    lines = statement_lines().filter(pl.col("sale_start").is_null() | pl.col("net").is_null())
    with pytest.raises(NotEnoughEvidence, match="None of 2 lines"):
        actuals(opened(tmp_path / "label", lines, orders=True))


def test_a_stream_is_told_by_its_price_in_dollars(tmp_path):
    lines = statement_lines().filter(pl.col("currency") == "EUR")
    yen = lines.with_columns(pl.lit("JPY").alias("currency"), pl.col("net") * 160)
    with change(tmp_path / "label") as writing:
        writing.put("statements", yen, source="test")
        writing.put("fx_rates", rates(("JPY", 0, 160.0), ("USD", 0, 1.1)), source="test")
    found = actuals(open_dataset(str(tmp_path / "label")))
    assert found.kinds.filter(kind="streams")["units"].to_list() == [11_000]  # .64 a stream
    assert found.kinds.filter(kind="downloads")["units"].to_list() == [9]
