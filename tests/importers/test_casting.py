"""Text to numbers, days and times, cell by cell."""

import datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.importers import casting, dates

TWO_WAYS = "is no number, or one that can be read in two ways (say the decimal sign)"
PLAIN = "a number with separators or a currency sign, read as a plain one"
RAW = pl.col("raw")


def one(cell: str | None, cast: casting.Cast) -> tuple:
    """Return value, problem and change of one cell."""
    frame = pl.DataFrame({"raw": [cell]}, schema={"raw": pl.String})
    return frame.select(a=cast.value, b=cast.problem, c=cast.change).row(0)


@pytest.mark.parametrize(
    ("cell", "value", "problem", "change"),
    [
        ("12", 12, None, None),
        (" 12 ", 12, None, None),
        ("12.0", 12, None, None),
        ("0012", 12, None, None),
        ("-3", -3, None, None),
        ("1,234,567", 1234567, None, PLAIN),
        ("1 234 567", 1234567, None, PLAIN),
        ("1.5", None, "is not a whole number", None),
        ("1,234", None, TWO_WAYS, None),
        ("1.234", None, "is not a whole number", None),
        ("1.2E+11", None, "has lost digits in a spreadsheet", None),
        ("99999999999999999999", None, "is too large", None),
        ("twelve", None, TWO_WAYS, None),
        ("NaN", None, None, None),
        ("n/a", None, None, None),
        ("--", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
    ],
)
def test_whole_numbers(cell, value, problem, change):
    assert one(cell, casting.number(RAW, pl.Int64())) == (value, problem, change)


@pytest.mark.parametrize(
    ("cell", "decimal", "value", "problem", "change"),
    [
        ("1.234,56", None, "1234.56", None, PLAIN),
        ("1,234.56", None, "1234.56", None, PLAIN),
        ("12,5", None, "12.5", None, PLAIN),
        ("€ 0,0042", None, "0.0042", None, PLAIN),
        ("12.50 USD", None, "12.5", None, PLAIN),
        ("$1,020.50", None, "1020.5", None, PLAIN),
        ("(4.10)", None, "-4.1", None, PLAIN),
        ("1,234", None, None, TWO_WAYS, None),
        ("1,234", ",", "1.234", None, None),
        ("1,234", ".", "1234", None, None),
        ("1.234,56", ",", "1234.56", None, None),
        ("12.5", ",", None, TWO_WAYS, None),
        ("'-5", None, "-5", None, None),
        ("0.31858", None, "0.3186", None, "rounded to 4 decimals"),
        ("0.31850", None, "0.3185", None, None),
        ("inf", None, None, TWO_WAYS, None),
        ("999999999999999.5", None, None, "is too large", None),
    ],
)
def test_money(cell, decimal, value, problem, change):
    got = one(cell, casting.number(RAW, pl.Decimal(18, 4), decimal=decimal))
    assert got == (None if value is None else Decimal(value), problem, change)


def test_numbers_are_multiplied_and_rounded_once():
    assert one("215.404", casting.number(RAW, pl.Int64(), multiply=1000))[0] == 215404
    assert one("0,5", casting.number(RAW, pl.Float64(), decimal=",", multiply=0.01))[0] == 0.005


@pytest.mark.parametrize("cell", ["2026-07-03", "2026-07-03 00:00:00", "2026-07-03T00:00:00Z"])
def test_a_day_as_the_table_has_it_is_no_change(cell):
    assert one(cell, dates.day(RAW)) == (datetime.date(2026, 7, 3), None, None)


@pytest.mark.parametrize(
    "cell",
    ["2026/07/03", "20260703", "3.7.2026", "03.07.2026", "Jul 3, 2026", "July 3, 2026",
     "3 July 2026", "2026-07-03T12:30:00Z"],
)  # fmt: skip
def test_a_day_that_can_mean_one_day_only_is_read_and_told(cell):
    change = "a date in another form, read as year-month-day"
    assert one(cell, dates.day(RAW)) == (datetime.date(2026, 7, 3), None, change)


@pytest.mark.parametrize("cell", ["13/02/2026", "02/13/2026", "13-2-2026", "2-13-2026"])
def test_a_day_above_twelve_cannot_be_a_month(cell):
    change = "a date in another form, read as year-month-day"
    assert one(cell, dates.day(RAW)) == (datetime.date(2026, 2, 13), None, change)


@pytest.mark.parametrize("cell", ["31/02/2026", "02/31/2026", "13/13/2026", "32/01/2026"])
def test_a_day_that_no_month_has_is_refused(cell):
    value, problem, _ = one(cell, dates.day(RAW))
    assert (value, problem is None) == (None, False)


@pytest.mark.parametrize("cell", ["03/04/2026", "13/4/26", "3/4/26", "03-04-2026"])
def test_a_day_that_can_mean_two_is_refused_until_its_form_is_said(cell):
    value, problem, _ = one(cell, dates.day(RAW))
    assert value is None
    assert "two ways" in problem
    forms = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y")
    value, problem, change = one(cell, dates.day(RAW, forms=forms))
    assert (value.month, problem, change) == (4, None, None)


def test_a_year_is_no_day():
    emptied = "a year or month is no day; left empty"
    for cell in ("2010", "2010-05"):
        assert one(cell, dates.day(RAW, partial=True)) == (None, None, emptied)
        assert one(cell, dates.day(RAW))[1] == "is a year or month, not a day"


def test_days_are_added():
    assert one("2018-04-02", dates.day(RAW, plus_days=6))[0] == datetime.date(2018, 4, 8)


@pytest.mark.parametrize(
    ("cell", "zone", "hour"),
    [
        ("2026-07-03T12:00:00Z", "UTC", 12),
        ("2026-07-03T12:00:00.250+02:00", "UTC", 10),
        ("2026-07-03 12:00", "UTC", 12),
        ("2026-07-03 12:00:00", "Europe/Berlin", 10),
        ("2026-07-03", "UTC", 0),
    ],
)
def test_times_become_utc(cell, zone, hour):
    value, problem, _ = one(cell, dates.moment(RAW, zone=zone))
    assert problem is None
    assert (value.day, value.hour, value.utcoffset()) == (3, hour, datetime.timedelta(0))


@pytest.mark.parametrize("cell", ["2026-03-29 02:30:00", "2026-10-25 02:30:00"])
def test_a_time_that_the_clock_skipped_or_showed_twice_is_refused(cell):
    value, problem, _ = one(cell, dates.moment(RAW, zone="Europe/Berlin"))
    assert value is None
    assert problem.startswith("is no time")


def test_seconds_since_1970():
    noon = datetime.datetime(2025, 7, 3, 12, tzinfo=datetime.UTC)
    assert one("1751544000", dates.moment(RAW, epoch="s"))[0] == noon
    assert one("1751544000000", dates.moment(RAW, epoch="ms"))[0] == noon
    assert one("soon", dates.moment(RAW, epoch="s"))[1] == "is no number of seconds"


def test_truth_and_lists():
    assert [one(c, casting.truth(RAW))[0] for c in ("Yes", "0", "TRUE", "")] == [
        True, False, True, None,
    ]  # fmt: skip
    assert one("maybe", casting.truth(RAW))[1] == "is neither yes nor no"
    texts = pl.List(pl.String())
    assert one("pop; folk", casting.several(RAW, texts, split=";"))[0] == ["pop", "folk"]
    assert one('["a, b"]', casting.several(RAW, texts))[0] == ["a, b"]
    assert one("[live]", casting.several(RAW, texts))[0] == ["[live]"]


@pytest.mark.parametrize("word", ["NULL", "None", "NA", "nan", "-"])
def test_words_that_stand_for_nothing_among_numbers_are_words_among_words(word):
    assert one(word, casting.words(RAW)) == (word, None, None)
    assert one(word, casting.number(RAW, pl.Float64())) == (None, None, None)


def test_words_lose_spaces_and_a_spreadsheets_apostrophe_and_say_so():
    assert one(" \u00a0A b ", casting.words(RAW)) == ("A b", None, "spaces around it cut")
    told = "a spreadsheet's leading apostrophe cut"
    assert one("'=Arriving", casting.words(RAW)) == ("=Arriving", None, told)
    assert one("'Til Dawn", casting.words(RAW)) == ("'Til Dawn", None, None)


CELLS = some.one_of(
    some.integers().map(str),
    some.text("0123456789+-.,eE '\u00a0n", max_size=8),
    some.floats().map(str),
)
QUICK = [
    casting.number(RAW, pl.Int64()),
    casting.number(RAW, pl.Int64(), decimal=","),
    dates.moment(RAW, epoch="ms"),
    dates.moment(RAW, epoch="s"),
]


@pytest.mark.parametrize("cast", QUICK)
@given(cells=some.lists(CELLS, min_size=1, max_size=20))
def test_what_is_read_at_once_is_what_is_read_with_care(cast, cells):
    frame = pl.DataFrame({"raw": cells}, schema={"raw": pl.String})
    read = frame.select(
        plain=cast.plain, value=cast.value, problem=cast.problem, change=cast.change
    ).drop_nulls("plain")
    assert read["plain"].equals(read["value"])
    assert read["problem"].null_count() == read["change"].null_count() == read.height
