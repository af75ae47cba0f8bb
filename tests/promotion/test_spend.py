"""Campaign rows become weekly spend; what cannot be used is counted, not lost."""

import datetime

import numpy as np
import polars as pl
import pytest

from workbench.promotion.exchange import exchange, worth
from workbench.promotion.lifts import readable
from workbench.promotion.observations import observed
from workbench.promotion.spend import weekly_spend

FRIDAY = datetime.date(2026, 1, 2)
NO_RATES = pl.DataFrame(schema={"currency": pl.String, "day": pl.Date, "rate": pl.Float64})


def campaigns(*rows):
    names = ["track_id", "channel", "day", "territory", "spend", "currency", "days"]
    schema = dict(zip(names, [pl.String, pl.String, pl.Date, pl.String, pl.Float64, pl.String,
                              pl.Int64], strict=True))  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(campaign_id=pl.lit("c"))


def rates(**units):
    return pl.DataFrame(
        {"currency": list(units), "day": [FRIDAY] * len(units), "rate": list(units.values())},
        schema=NO_RATES.schema,
    )


def day(number):
    return FRIDAY + datetime.timedelta(days=number)


def test_a_row_over_two_weeks_is_spread_over_its_days():
    rows = campaigns(("t", "meta", day(4), "US", 70.0, "EUR", 7))
    found = weekly_spend(rows, NO_RATES, FRIDAY, whole=False).weekly
    # Tuesday to Thursday fall into the first week, Friday to Monday into the second
    assert found["spend"].to_list() == pytest.approx([30.0, 40.0])
    assert found["week"].to_list() == [day(0), day(7)]


def test_a_weekly_source_keeps_its_own_weeks():
    rows = campaigns(("t", "meta", day(3), "WW", 70.0, "EUR", 7))
    found = weekly_spend(rows, NO_RATES, day(3), whole=True).weekly
    assert found["week"].to_list() == [day(3)]
    assert found["spend"].to_list() == [70.0]


def test_foreign_money_is_converted_or_counted():
    rows = campaigns(
        ("t", "meta", day(0), "US", 10.0, "EUR", 1),
        ("t", "meta", day(0), "US", 20.0, "EUR", 1),
        ("t", "meta", day(0), "US", 22.0, "USD", 1),
        (None, "meta", day(0), "US", 7.0, "EUR", 1),
    )
    found = weekly_spend(rows, rates(USD=1.1), FRIDAY, whole=False)
    assert found.weekly["spend"].to_list() == pytest.approx([50.0])  # 10 + 20 + 22 / 1.1
    assert (found.currency, found.without_track, found.without_rate) == ("EUR", 7.0, ())
    yen = campaigns(("t", "meta", day(0), "US", 500.0, "JPY", 1)).vstack(rows)
    # EUR or JPY: nobody says which of them the rates are for
    told = weekly_spend(yen, rates(USD=1.1), FRIDAY, whole=False)
    assert told.weekly["spend"].to_list() == [30.0]
    assert told.without_rate == (("JPY", 500.0), ("USD", 22.0))
    named = weekly_spend(yen, rates(USD=1.1, EUR=1.0), FRIDAY, whole=False)
    assert named.weekly["spend"].to_list() == pytest.approx([50.0])
    assert named.without_rate == (("JPY", 500.0),)


def test_one_rule_says_what_money_is_worth():
    dollars, pounds = rates(USD=1.1), rates(GBP=0.8)
    mixed = campaigns(
        *[("t", "meta", day(0), "US", 11.0, "USD", 1)] * 2,
        ("t", "meta", day(0), "US", 20.0, "EUR", 1),
    )
    # most is in dollars, and the rates are for the euro, which they do not name
    found = weekly_spend(mixed, dollars, FRIDAY, whole=False)
    assert found.weekly["spend"].to_list() == pytest.approx([22 + 20 * 1.1])
    assert (found.currency, found.without_rate) == ("USD", ())
    tests = pl.DataFrame(
        {"test": ["x"], "channel": ["meta"], "track_id": [None], "territory": [None],
         "start": [FRIDAY], "end": [FRIDAY], "control_spend": [None], "extra_spend": [100.0],
         "currency": ["EUR"], "lift": [1.0], "standard_error": [1.0], "low": [None],
         "high": [None], "confidence": [None]},
        schema_overrides={"control_spend": pl.Float64, "low": pl.Float64, "high": pl.Float64,
                          "confidence": pl.Float64},
    )  # fmt: skip
    told = readable(tests, dollars, "USD").row(0, named=True)
    assert (told["extra"], told["left_out"]) == (pytest.approx(110.0), None)
    assert exchange(dollars, "EUR", "USD") == pytest.approx(1.1)
    assert exchange(pounds, "EUR", "USD") is None
    assert worth(pounds, ("USD", "EUR", "GBP"), "USD") == {"USD": 1.0}


def test_a_credit_lowers_what_its_campaign_spent_and_no_other():
    rows = campaigns(
        ("t", "meta", day(0), "US", 1500.0, "EUR", 1),
        ("t", "meta", day(7), "DE", 500.0, "EUR", 1),
        ("t", "meta", day(20), "US", -1200.0, "EUR", 1),
        ("t", "radio", day(0), "US", 9.0, "EUR", 1),
    )
    found = weekly_spend(rows, rates(), FRIDAY, whole=False)
    assert found.weekly["spend"].to_list() == pytest.approx([300.0, 500.0, 9.0])
    assert found.credits == ()
    more = rows.with_columns(
        spend=pl.when(pl.col("spend") < 0).then(-1700.0).otherwise("spend")
    )  # all that was spent in the US, and 200 of what was spent in Germany
    found = weekly_spend(more, rates(), FRIDAY, whole=False)
    assert found.weekly["spend"].to_list() == pytest.approx([300.0, 9.0])
    other = rows.with_columns(
        campaign_id=pl.when(pl.col("spend") < 0).then(pl.lit("note")).otherwise("campaign_id")
    )
    found = weekly_spend(other, rates(), FRIDAY, whole=False)
    assert found.weekly["spend"].sum() == 2009.0
    assert found.credits == (("EUR", 1200.0),)


def streams(cells):
    rows = [
        ("t", FRIDAY + datetime.timedelta(weeks=w), cell, size * (w + 1))
        for w in range(10)
        for cell, size in cells.items()
    ]
    return pl.DataFrame(rows, schema=["track_id", "week", "territory", "streams"], orient="row")


TRACKS = pl.DataFrame(
    {"track_id": ["t"], "artist_id": ["a"], "genre": ["pop"], "release_date": [day(14)]}
)


def test_spend_without_a_territory_follows_the_audience():
    rows = campaigns(
        ("t", "meta", day(14), "WW", 100.0, "EUR", 1), ("t", "meta", day(14), "US", 60.0, "EUR", 1)
    )
    spend = weekly_spend(rows, NO_RATES, FRIDAY, whole=False).weekly
    data = observed(streams({"US": 300, "DE": 100}), spend, TRACKS)
    assert data.cells == ("US", "DE")
    assert data.run_spend[2, 0].tolist() == [135.0, 25.0]
    assert data.split == pytest.approx(100 / 160)


def test_small_territories_become_one_cell_and_lose_nothing():
    cells = {f"{letter}A": 1000 - 10 * number for number, letter in enumerate("ABCDEFGHIJ")}
    data = observed(streams(cells), weekly_spend(campaigns(), NO_RATES, FRIDAY, whole=False).weekly,
                    TRACKS)  # fmt: skip
    assert len(data.cells) == 8
    assert data.cells[-1] == "Other"
    assert data.streams[2].sum() == 3 * sum(cells.values())  # the week of the release


def test_a_week_without_a_row_is_missing_and_one_before_the_release_does_not_count():
    weekly = streams({"US": 100}).filter(pl.col("week") != day(35))
    data = observed(weekly, weekly_spend(campaigns(), NO_RATES, FRIDAY, whole=False).weekly, TRACKS)
    assert np.flatnonzero(~data.seen[:, 0, 0]).tolist() == [0, 1, 5]
