"""Unit experiments as lift tests: by hand, what is missing in words, once only, and undone."""

import datetime
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from tests.promotion.test_uplift import rows
from workbench.dataset import open_dataset
from workbench.promotion.lifts import readable
from workbench.promotion.trial import difference
from workbench.promotion.unit_lift import forget, keep, lift_choices, unit_lift
from workbench.store.change import change

START, END = datetime.date(2026, 7, 3), datetime.date(2026, 7, 30)  # four weeks
SAID = {"channel": "meta", "start": START, "end": END, "spend": 800.0, "streams": True}
FEW = {"min_group": 2}


@pytest.fixture
def label(tmp_path):
    heard = pl.DataFrame(
        {
            "experiment": "ads",
            "unit": [f"u{i}" for i in range(8)],
            "arm": ["ad", "no ad"] * 4,
            "outcome": [9.0, 3.0, 11.0, 5.0, 13.0, 4.0, 7.0, 4.0],
            "date": START,
        }
    )
    letter = rows("letter", lambda fan, age: 0.1, count=60)
    with change(tmp_path / "label") as writing:
        writing.put("experiments", heard, source="test")
        writing.put("experiments", letter, source="other")
    return open_dataset(str(tmp_path / "label"))


def test_the_row_is_the_gain_of_all_treated_and_the_money_of_a_week(label):
    found = unit_lift(label, experiment="ads", **SAID, beside=50.0, track_id="t1", **FEW)
    assert (found.missing, found.kept) == ((), False)
    row = found.row.row(0, named=True)
    assert row["lift"] == pytest.approx(4 * (10 - 4))
    hit = np.array([1.0, 0.0] * 4)
    _, error = difference(hit, np.array([9.0, 3.0, 11.0, 5.0, 13.0, 4.0, 7.0, 4.0]))
    assert row["high"] - row["low"] == pytest.approx(2 * 1.645 * 4 * error, rel=1e-3)
    assert (row["extra_spend"], row["control_spend"]) == (Decimal(200), Decimal(50))
    assert (row["start"], row["end"], row["track_id"]) == (START, END, "t1")
    # the model reads the same error out of it
    rates = pl.DataFrame(schema={"currency": pl.String, "day": pl.Date, "rate": pl.Float64})
    test = readable(found.row.with_columns(standard_error=pl.lit(None, pl.Float64)), rates, "EUR")
    assert test["error"][0] == pytest.approx(4 * error, rel=1e-3)
    assert test["left_out"].to_list() == [None]


def test_it_stands_once_and_can_be_taken_back(label):
    found = unit_lift(label, experiment="ads", **SAID, **FEW)
    keep(label, found.row)
    keep(open_dataset(str(label.folder)), found.row)
    now = open_dataset(str(label.folder))
    assert now.table("lift_tests")["test"].to_list() == [found.test]
    assert unit_lift(now, experiment="ads", **FEW).kept
    assert not unit_lift(now, experiment="letter", **FEW).kept
    forget(now, found.test)
    assert open_dataset(str(label.folder)).table("lift_tests").is_empty()


def test_arms_in_which_all_are_alike_make_a_test_of_some_width(tmp_path):
    heard = pl.DataFrame(
        {"experiment": "ads", "unit": [f"u{i}" for i in range(8)], "arm": ["ad", "no ad"] * 4,
         "outcome": [9.0, 3.0] * 4}
    )  # fmt: skip
    with change(tmp_path / "label") as writing:
        writing.put("experiments", heard, source="test")
    label = open_dataset(str(tmp_path / "label"))
    keep(label, unit_lift(label, experiment="ads", **SAID, **FEW).row)
    row = open_dataset(str(tmp_path / "label")).table("lift_tests").row(0, named=True)
    assert (row["low"], row["lift"], row["high"]) == (23.99, 24.0, 24.01)


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("letter", {}, "yes or no. A lift test needs streams"),
        ("ads", {"streams": False}, "Nobody has said yet that its outcome counts streams"),
        ("ads", {"channel": " "}, "The channel that the money was spent on"),
        ("ads", {"spend": 0.0}, "without spend nothing is learnt"),
        ("ads", {"end": None}, "The first and the last day"),
        ("ads", {"end": START}, "7 to 366 of them"),
    ],
)
def test_what_is_missing_is_said(label, name, said, words):
    found = unit_lift(label, experiment=name, **SAID | said, **FEW)
    assert found.row.is_empty()
    assert any(words in one for one in found.missing)


def test_without_campaigns_the_usual_channels_are_offered(label):
    assert "meta" in lift_choices(label).channels
    assert lift_choices(label).currency is None
