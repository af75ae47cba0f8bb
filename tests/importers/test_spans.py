"""Months and territories as statements write them."""

import datetime

import polars as pl
import pytest

from workbench.importers.spans import DAY_FIRST, MONTH_FIRST, span, spans
from workbench.importers.territories import alpha2

JULY = (datetime.date(2026, 7, 1), datetime.date(2026, 7, 31))
THIRD = (datetime.date(2026, 7, 3), datetime.date(2026, 7, 3))


@pytest.mark.parametrize(
    "text",
    ["2026-07", "2026/07", "07/2026", "7-2026", "Jul 2026", "July 2026", "202607", "JUL-26",
     "Juli 2026", "juillet 2026", "julio de 2026", "2026-07-01 - 2026-07-31", "20260701--20260731",
     "2026 Jul"],
)  # fmt: skip
def test_a_month_in_many_forms(text):
    assert span(text) == JULY


@pytest.mark.parametrize(
    "text",
    ["2026-07-03", "2026/07/03", "20260703", "3.7.2026", "Jul 3, 2026", "3 July 2026",
     "2026-07-03T00:00:00Z", "2026-07-03 10:15:00"],
)  # fmt: skip
def test_a_day_in_many_forms(text):
    assert span(text) == THIRD


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("May 2026 - June 2026", (2026, 5, 1), (2026, 6, 30)),
        ("2026-Q4", (2026, 10, 1), (2026, 12, 31)),
        ("Q1 2026", (2026, 1, 1), (2026, 3, 31)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("2026", (2026, 1, 1), (2026, 12, 31)),
        ("10/15/2023 12:00:00 AM", (2023, 10, 15), (2023, 10, 15)),
        ("11/25/22 5:45pm", (2022, 11, 25), (2022, 11, 25)),
    ],
)
def test_other_spans(text, first, last):
    assert span(text) == (datetime.date(*first), datetime.date(*last))


UNCERTAIN = ["", "soon", "2026-13", "31.2.2026", "03/04/2026", "7", "99999", "July 26", "July 1"]


@pytest.mark.parametrize("text", UNCERTAIN)
def test_what_is_not_certain_is_no_span(text):
    assert span(text) is None


def test_the_order_of_day_and_month_shows_in_another_row_of_the_column():
    found = spans(pl.Series(["03/04/2026", "25/04/2026", None, "x"]))
    assert found["start"].to_list() == ["2026-04-03", "2026-04-25", None, None]
    found = spans(pl.Series(["03/04/2026", "04/25/2026"]), DAY_FIRST)  # told, it holds
    assert found["start"].to_list() == ["2026-04-03", None]
    assert spans(pl.Series(["03/04/2026"]), MONTH_FIRST)["period"].to_list() == ["2026-03"]
    assert spans(pl.Series(["03/04/2026"]))["start"].to_list() == [None]
    assert spans(pl.Series(["May 2026 - June 2026"]))["period"][0] == "2026-05-01/2026-06-30"


@pytest.mark.parametrize(
    ("name", "code"),
    [("US", "US"), ("us", "US"), ("USA", "US"), ("United States", "US"), ("UNITED KINGDOM", "GB"),
     ("UK", "GB"), ("GBR", "GB"), ("Deutschland", "DE"), ("Allemagne", "DE"), ("Türkei", "TR"),
     ("Korea, Republic of", "KR"), ("Tanzania, United Republic of", "TZ"), ("Worldwide", "WW"),
     ("Germany (DE)", "DE"), ("FR - France", "FR"), ("Viet Nam", "VN"), ("Elbonia", None),
     ("EU", None), (None, None)],
)  # fmt: skip
def test_territories_by_name_and_code(name, code):
    assert alpha2(pl.Series([name], dtype=pl.String)).to_list() == [code]
