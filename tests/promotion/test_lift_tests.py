"""A sheet of lift tests comes in by its header, teaches its channel, says what it cannot use."""

import bringing
import labels
import polars as pl
import pytest

from workbench.dataset import make, open_dataset
from workbench.promotion.lifts import readable
from workbench.promotion.overview import channel_summary, releases
from workbench.promotion.tested import channel_tests
from workbench.tables import table
from workbench.ui.plan_beliefs import far, unfollowed

SHEET = (
    "Test,Channel,Track ID,Start,End,Control spend,Extra spend,Currency,Lift,Standard error,Low,"
    "High\n"
    "summer,meta,tr-3,2026-08-07,2026-09-03,0,200,EUR,4000,400,,\n"
    "dollars,meta,tr-3,2026-08-07,2026-09-03,0,200,USD,4000,400,,\n"
    "before,meta,tr-3,2026-01-02,2026-01-29,0,200,EUR,4000,400,,\n"
    "unsure,meta,tr-3,2026-08-07,2026-09-03,0,200,EUR,4000,,,\n"
    "elsewhere,meta,tr-9,2026-08-07,2026-09-03,0,200,EUR,4000,,3500,4500\n"
    "absurd,meta,tr-3,2026-08-07,2026-09-03,0,200,EUR,1000000000,1000,,\n"
    "taking,radio,tr-3,2026-08-07,2026-09-03,0,200,EUR,-2000,200,,\n"
)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    opened = labels.opened(tmp_path_factory.mktemp("tests") / "streams", "streams")
    bringing.brought(opened, SHEET)
    opened = open_dataset(str(opened.folder))
    assert opened.table("lift_tests").height == 7
    make(opened, "promotion", progress=lambda done, total, text: None)
    return opened


def test_each_test_is_used_or_says_why_not(label):
    told = channel_tests(label)
    assert told["test"].to_list()[:2] == ["summer", "taking"]
    why = dict(told.select("test", "left_out").iter_rows())
    assert why["summer"] is None
    assert "no exchange rate" in why["dollars"]
    assert "outside of the weeks with streams" in why["before"]
    assert "neither a standard error nor an interval" in why["unsure"]
    assert "track without streams" in why["elsewhere"]
    assert "more streams than the" in why["absurd"]


def test_a_test_that_the_model_cannot_follow_is_named(label):
    summer, taking = channel_tests(label).head(2).to_dicts()
    assert not far(summer)
    assert far(taking)
    assert taking["expected_high"] > 0  # spend takes no streams away
    assert taking["apart"] < -(2000 / 200 / 2)
    assert unfollowed(taking).startswith("**taking** (Radio) measured -2.0k streams")
    assert "no channel that takes streams away" in unfollowed(taking)


def test_a_test_alone_teaches_its_channel(label):
    assert releases(label).calibrated
    assert releases(label).currency == "EUR"
    summer = channel_tests(label).row(0, named=True)
    # within two errors of what was measured, and about as sure as the test
    assert summer["expected"] == pytest.approx(4000, abs=800)
    assert summer["expected_high"] - summer["expected_low"] < 2.2 * 2 * 1.645 * 400
    effect = channel_summary(label).filter(channel="meta", parameter="effect").row(0, named=True)
    assert not effect["prior_louder"]


def test_an_interval_is_an_error_and_money_is_changed_at_the_last_rate():
    rows = pl.DataFrame(
        {
            "test": ["a", "b"], "channel": ["meta"] * 2, "start": [labels.FIRST] * 2,
            "end": [labels.FIRST] * 2, "extra_spend": [110.0, 0.0], "currency": ["USD", "EUR"],
            "lift": [500.0] * 2, "standard_error": [None, 5.0], "low": [335.5, None],
            "high": [664.5, None],
        }
    )  # fmt: skip
    kind = table("lift_tests").polars_schema
    rows = rows.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in kind.items() if name not in rows.columns
    )
    rates = pl.DataFrame({"currency": ["USD"], "day": [labels.FIRST], "rate": [1.1]})
    a, b = readable(rows, rates, "EUR").to_dicts()
    assert a["extra"] == pytest.approx(100.0)
    assert a["error"] == pytest.approx(100.0, rel=1e-3)  # 164.5 either side, at 90 %
    assert a["left_out"] is None
    assert b["left_out"] == "changed no spend"
