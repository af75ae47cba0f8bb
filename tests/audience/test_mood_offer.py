"""What is on offer: days by age, and how much a day of each age is played."""

import datetime

import numpy as np
import polars as pl
import pytest

from workbench.audience import mood_offer

UNTIL = datetime.date(2026, 10, 30)
SINCE = UNTIL - datetime.timedelta(days=364)


def ago(days: int) -> datetime.date:
    return UNTIL - datetime.timedelta(days=days)


def test_days_by_age_add_up_to_the_days_on_offer():
    released = pl.Series([ago(9), ago(99), ago(400), ago(5_000), None, ago(-30)])
    days = mood_offer.days_by_age(released, SINCE, UNTIL)
    assert days.tolist() == [
        [10, 0, 0, 0],  # day of release and nine since
        [28, 63, 9, 0],
        [0, 55, 275, 35],
        [0, 0, 0, 365],
        [0, 0, 0, 365],  # not known: old
        [0, 0, 0, 0],
    ]


def test_rates_by_age_are_found_whatever_the_size_of_the_artist():
    draw = np.random.default_rng(1)
    days = draw.integers(0, 60, (40, 4)).astype(float)
    artist = np.repeat(np.arange(8), 5)
    planted = np.array([4.0, 2.0, 1.0, 0.5])
    size = np.exp(draw.normal(0, 2, 8))[artist]
    found = mood_offer.age_rates(size[:, None] * planted * days, days, artist)
    assert found / found[2] == pytest.approx(planted, rel=1e-6)
    assert (days @ found).sum() == pytest.approx(days.sum())


def test_an_age_that_nobody_was_at_keeps_the_usual_rate():
    days = np.array([[0.0, 10.0, 0.0, 0.0], [0.0, 30.0, 0.0, 0.0]])
    assert mood_offer.age_rates(days, days, np.array([0, 0])).tolist() == [1, 1, 1, 1]


def test_planned_by_status_or_by_day():
    frame = pl.DataFrame(
        {
            "status": ["released", "planned", "demo", None, None, "released"],
            "release_date": [ago(1), ago(1), None, ago(1), None, ago(-1)],
        }
    )
    told = frame.select(mood_offer.to_come(UNTIL))["status"].to_list()
    assert told == [False, True, True, False, False, True]
