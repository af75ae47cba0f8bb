"""The checks of the promotion model: scatter as it is taken apart, ranks, held weeks, errors."""

import datetime
from dataclasses import replace

import labels
import numpy as np
import polars as pl
import pytest

from tests.promotion.planted import planted
from workbench.dataset import open_dataset
from workbench.promotion.estimate import posterior
from workbench.promotion.holdout import HELD, _naive, errors, held_out, held_weeks
from workbench.promotion.posterior import TAIL, scatter, scatter_terms, whitened
from workbench.promotion.predictive import placed, residuals, scattered, shares_inside
from workbench.promotion.reading import arrays
from workbench.store.change import change

_, AT, SHARED, OWN, DATA = planted()


@pytest.fixture(scope="module")
def found():
    return posterior(DATA, draws=60, tries=200)


def test_scatter_is_what_the_likelihood_takes_apart():
    rough = SHARED.copy()
    rough[AT.at["memory"]], rough[AT.at["together"]] = 0.6, -0.7
    noise, memory, together = scatter_terms(rough, AT)
    gap = scattered(DATA.seen, AT, rough, np.random.default_rng(3))
    left, _ = whitened(gap, scatter(DATA), together, memory)
    fresh = noise * np.random.default_rng(3).standard_t(TAIL, DATA.seen.shape)
    assert left[DATA.seen] == pytest.approx(fresh[DATA.seen])


def test_ranks_stand_at_the_ends_of_what_cannot_be(found):
    none = placed(replace(DATA, streams=0 * DATA.streams), found, draws=3)
    much = placed(replace(DATA, streams=100 * DATA.streams), found, draws=3)
    seen = DATA.seen.any(2)
    assert none[1][seen].max() == 0 and much[1][seen].min() == 1


def test_weeks_of_the_model_lie_where_they_should(found):
    frame = shares_inside(DATA, *placed(DATA, found, draws=60))
    whole = frame.row(0, named=True)
    assert (whole["name"], whole["weeks"]) == ("all weeks", int(DATA.seen.any(2).sum()))
    # planted noise is normal, the model's Student's t: a little more than 90 % lies inside
    assert 0.88 <= whole["inside_90"] <= 0.99 and 0.4 <= whole["inside_50"] <= 0.68
    parts = frame.filter(kind="size")
    assert parts["weeks"].sum() == whole["weeks"] and parts.height == 3


def test_shares_inside_by_hand():
    by_cell = np.where(DATA.seen, 0.5, np.nan)
    whole = np.full(DATA.seen.shape[:2], 0.2)
    frame = shares_inside(DATA, by_cell, whole)
    assert frame.filter(kind="all").select("inside_50", "inside_90").row(0) == (0.0, 1.0)
    assert set(frame.filter(kind="cell")["inside_50"]) == {1.0}


def test_residuals_know_their_weeks_and_cells(found):
    weeks, cells = residuals(DATA, found)
    assert weeks["tracks"].to_list() == DATA.seen.any(2).sum(1).tolist()
    assert cells["cell"].to_list() == list(DATA.cells)
    assert cells["mean"].abs().max() < 0.02 and cells["left"].abs().max() < 0.2


def test_a_quarter_of_short_data_is_held_out_and_nothing_of_too_little():
    assert [held_weeks(replace(DATA, weeks=DATA.weeks[:n])) for n in (15, 16, 40, 60)] == [
        0, 4, 10, 13,
    ]  # fmt: skip
    assert held_out(replace(DATA, weeks=DATA.weeks[:12])).rows.is_empty()


def test_the_naive_way_is_the_year_before_or_the_last_week():
    streams = np.arange(120.0).reshape(60, 2)
    known = np.ones((60, 2), bool)
    known[-3:] = False
    known[5:9, 1] = False  # the second song was not seen a year before two of the weeks
    told = _naive(streams, known, 3)
    assert told[:, 0].tolist() == [10.0, 12.0, 14.0]  # weeks 5, 6, 7
    assert told[:, 1].tolist() == [113.0, 113.0, 113.0]


def test_errors_by_hand():
    day = [datetime.date(2026, 1, 2), datetime.date(2026, 1, 9)]
    held = pl.DataFrame(
        {
            "track_id": ["a", "a", "b"], "week": [*day, day[0]], "ahead": [1, 2, 1],
            "streams": [100.0, 100.0, 200.0], "model": [110.0, 90.0, 200.0],
            "low": [90.0, 95.0, 150.0], "high": [120.0, 120.0, 180.0],
            "without": [100.0, 80.0, 180.0], "naive": [50.0, 100.0, 150.0],
        },
        schema_overrides=HELD,
    )  # fmt: skip
    frame = errors(held, {"radio": {("a", day[1])}})
    rows = {row["name"]: row for row in frame.to_dicts()}
    whole = rows["all held weeks"]
    assert whole["model"] == pytest.approx(20 / 400) and whole["bias"] == pytest.approx(0)
    assert whole["without"] == pytest.approx(40 / 400)
    assert whole["naive"] == pytest.approx(100 / 400)
    assert (whole["weeks"], whole["tracks"]) == (3, 2)
    assert whole["covered"] == pytest.approx(2 / 3)
    assert rows["radio"]["weeks"] == 1 and rows["radio"]["model"] == pytest.approx(0.1)
    assert rows["without any"]["weeks"] == 2
    assert rows["1 week"]["bias"] == pytest.approx(310 / 300 - 1)


def test_nothing_is_made_of_weeks_held_out(tmp_path):
    held, last = 4, labels.day(labels.DAYS - 28)
    late = pl.col("day") >= last
    tests = pl.DataFrame(
        {"test": ["before", "after"], "channel": ["meta"] * 2, "territory": ["US"] * 2,
         "start": [labels.day(42)] * 2, "end": [last - datetime.timedelta(days=1), last],
         "extra_spend": [70.0] * 2, "currency": ["EUR"] * 2, "lift": [400.0] * 2,
         "standard_error": [50.0] * 2}
    )  # fmt: skip
    own = labels.playlist_spells().head(1).with_columns(
        playlist=pl.lit("Daily"), followers=pl.lit(None, pl.Int64), kind=pl.lit("algorithmic")
    )  # fmt: skip
    spells = pl.concat([labels.playlist_spells(), own])
    read = {}
    for name, times in (("as it was", 1), ("gone mad", 50)):
        folder = labels.written(tmp_path / name, "full")
        mad = pl.when(late & (pl.col("territory") == "DE")).then(times).otherwise(1)
        with change(folder) as writing:
            writing.put("daily_streams", labels.daily_streams().with_columns(
                streams=pl.col("streams") * mad), source="test")  # fmt: skip
            writing.put("lift_tests", tests, source="test")
            writing.put("playlist_spells", spells, source="test")
        read[name] = open_dataset(str(folder))
    was, mad = (arrays(label, held).data for label in read.values())
    assert mad.streams[-held:].sum() > 5 * was.streams[-held:].sum()
    assert was.lifts.lift.tolist() == [400.0]  # the test that ends a day later is left out
    for name in ("cells", "audience", "size", "usual", "run_spend", "placed", "clock", "settled"):
        np.testing.assert_array_equal(getattr(mad, name), getattr(was, name), err_msg=name)
    np.testing.assert_array_equal(mad.lifts.arms.run_spend, was.lifts.arms.run_spend)
    seen = arrays(read["gone mad"]).data  # with them, all of it is another
    assert len(seen.lifts.lift) == 2 and seen.cells != was.cells
    assert seen.placed.sum() > 1.2 * was.placed.sum()


def test_held_weeks_are_told_better_with_promotion_than_without():
    held = held_out(DATA, draws=40)
    frame = held.errors
    felt = frame.filter(name="with promotion").row(0, named=True)
    assert felt["model"] < 0.12 and felt["model"] < felt["without"]
    assert 0.75 <= frame["covered"][0] <= 1
    after = held.weeks.drop_nulls("model")
    assert after.height == 13
    assert after["streams"].sum() == pytest.approx(held.rows["streams"].sum())
