"""The lab opens on what is booked: its weeks, its territories, every channel of the model."""

import datetime

import labels
import polars as pl
import pytest

from workbench.dataset import make, open_dataset
from workbench.promotion.facts import flight_days
from workbench.promotion.overview import opening_plan
from workbench.store.change import change

OUT = labels.day(labels.DAYS + 28)  # of tr-4, a Friday
ROWS = [
    ("a", "meta", OUT, "DE", "tr-4", 700.0, "EUR", 28),
    ("b", "meta", labels.day(labels.DAYS + 7), "US", "tr-1", 70.0, "EUR", 7),
    ("c", "radio", labels.day(labels.DAYS + 21), "WW", "tr-1", 30.0, "EUR", 7),
    ("d", "meta", labels.day(labels.DAYS), "WW", "tr-3", 125.0, "USD", 14),
    ("d", "meta", labels.day(labels.DAYS + 1), "WW", "tr-3", -25.0, "USD", 1),
    ("e", "meta", labels.day(labels.DAYS), "DE", "tr-2", 50.0, "GBP", 7),  # has no rate
]
COLUMNS = ["campaign_id", "channel", "day", "territory", "track_id", "spend", "currency", "days"]


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    folder = labels.written(tmp_path_factory.mktemp("booked") / "full", "full")
    rows = pl.concat([labels.campaigns(), pl.DataFrame(ROWS, schema=COLUMNS, orient="row")],
                     how="diagonal_relaxed")  # fmt: skip
    rates = [("EUR", labels.day(0), 1.0, "test"), ("USD", labels.day(0), 1.25, "test")]
    with change(folder) as writing:
        writing.put("campaigns", rows, source="test")
        writing.put("fx_rates", pl.DataFrame(rates, orient="row",
                    schema=["currency", "day", "rate", "source"]), source="test")  # fmt: skip
    made = open_dataset(str(folder))
    make(made, "promotion", progress=lambda done, total, text: None)
    return made


def test_weeks_and_the_one_territory_of_a_booking_are_its_plans(label):
    opening = opening_plan(label, track_id="tr-4")
    assert opening.booked
    assert opening.moved == pytest.approx(0, abs=1e-12)
    assert opening.plan.spend == (("meta", 700.0), ("radio", 0.0))
    assert (opening.plan.flight, opening.plan.flighting) == ((0, 4), "even")
    assert opening.plan.shares == (("DE", 1.0),)
    assert opening.plan.release_date == OUT
    after = labels.day(labels.DAYS)
    assert flight_days(opening.plan, after) == (OUT, OUT + datetime.timedelta(days=27))


def test_what_a_plan_cannot_say_is_told(label):
    opening = opening_plan(label, track_id="tr-1")
    # a week without, Meta's 70, one without, Radio's 30: nearest is all in the first of the three
    assert (opening.plan.flight, opening.plan.flighting) == ((1, 3), "burst")
    assert opening.moved == pytest.approx(0.3)
    assert opening.plan.channel_shares == (("meta", "US", 1.0),)
    assert opening.plan.shares == ()


def test_another_currency_counts_at_its_rate_less_credits_and_without_one_not(label):
    assert opening_plan(label, track_id="tr-3").plan.spend == (("meta", 80.0), ("radio", 0.0))
    assert not opening_plan(label, track_id="tr-2").booked
