"""First purchases: planted hazards come back, nothing later is seen, and too little is told."""

import datetime

import numpy as np
import polars as pl
import pytest

from tests.sales.shop import shop
from workbench.audience.streamed import streamed
from workbench.dataset import open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.recommend.reach import share_of
from workbench.sales.contacts import AGAIN, FIRST, contacts, hashed_contacts
from workbench.sales.first import first_purchases, newcomers
from workbench.sales.first_told import auc, binned, log_loss
from workbench.sales.hazard import ISOTONIC, PLAIN, Horizon, fitted
from workbench.sales.listened import FEATURES, known_on, selling
from workbench.sales.orders import orders
from workbench.store.change import change

DAY = datetime.date(2026, 7, 1)


def opened(folder, **tables: pl.DataFrame):
    with change(folder) as writing:
        for name, frame in tables.items():
            writing.put(name, frame, source="test")
    return open_dataset(str(folder), rows=True)


def at_risk(people: int, periods: int, seed: int = 0):
    """Rows of people who buy by one of two features, as `fitted` takes them."""
    draw = np.random.default_rng(seed)
    held = draw.normal(size=(people, 2))
    chance = 1 / (1 + np.exp(-(-3.5 + 1.2 * held[:, 0])))
    waits = draw.geometric(chance) - 1
    person = np.repeat(np.arange(people), periods)
    period = np.tile(np.arange(periods), people)
    kept = period <= waits[person]
    person, period = person[kept], period[kept]
    return held[person], waits[person] == period, person, period


def test_a_planted_hazard_is_found_and_its_chances_are_right():
    model = fitted(*at_risk(3_000, 12))
    assert model.weights[1:] / model.spread == pytest.approx([1.2, 0.0], abs=0.1)
    fresh = np.random.default_rng(9).normal(size=(4_000, 2))
    truth = 1 - (1 - 1 / (1 + np.exp(-(-3.5 + 1.2 * fresh[:, 0])))) ** 4
    horizon = model.over(4.0)
    assert horizon.chances(fresh).mean() == pytest.approx(truth.mean(), rel=0.07)
    assert np.corrcoef(horizon.chances(fresh), truth)[0, 1] > 0.99
    low, high = np.quantile(horizon.simulated(fresh, 300, 1), (0.05, 0.95))
    assert low < truth.sum() < high
    twice, once = model.over(20.0), model.over(6.0)  # beyond half of what was learnt
    assert twice.length == once.length == 6
    assert 1 - twice.chances(fresh) == pytest.approx((1 - once.chances(fresh)) ** (20 / 6))


def test_scores_that_do_not_mean_what_they_say_are_made_right():
    held, came, person, period = at_risk(3_000, 12)
    came = came & (held[:, 0] < 1.5)  # beyond that nobody buys: no line in the logit says so
    horizon = fitted(held, came, person, period).over(1.0)
    assert horizon.calibration == ISOTONIC
    plain = Horizon(horizon.hazard, 1.0, 1, PLAIN, share_of)
    much = np.array([[2.5, 0.0]])
    assert horizon.chances(much)[0] < 0.7 * plain.chances(much)[0]


def test_people_who_listen_alike_cannot_be_told_apart():
    _, came, person, period = at_risk(300, 8)
    with pytest.raises(NotEnoughEvidence, match="listened alike"):
        fitted(np.ones((len(came), 2)), came, person, period)


def test_figures_are_counted_by_hand():
    chance, came = np.array([0.1, 0.2, 0.3, 0.4]), np.array([False, True, False, True])
    assert auc(chance, came) == 0.75
    assert log_loss(chance, came) == pytest.approx(-np.log([0.9, 0.2, 0.7, 0.4]).mean())
    assert binned(chance, came, 1).rows() == [(pytest.approx(0.25), 0.5, 4)]


def test_what_is_known_on_a_day_is_what_was_heard_before(tmp_path):
    at = [datetime.datetime(2026, month, 1, 12, tzinfo=datetime.UTC) for month in (1, 6, 6, 8)]
    label = opened(
        tmp_path / "label",
        tracks=pl.DataFrame({"track_id": ["t", "u"], "title": ["T", "U"], "artist_id": ["x", "y"],
             "status": ["released"] * 2}),
        plays=pl.DataFrame(
            {"listener_id": ["a"] * 4, "track_id": ["t", "t", "u", "u"], "played_at": at,
             "ms_played": [40_000] * 4, "source": ["library", "radio", "search", "search"]}
        ),
        products=pl.DataFrame({"product_id": ["p"], "artist_id": ["x"], "kind": ["lp"]}),
    )  # fmt: skip
    winter, summer = datetime.date(2026, 1, 1), datetime.date(2026, 7, 1)
    streams = streamed(label)
    before, then = known_on(streams, selling(label, streams), [winter, summer])[:, 0]
    assert np.isnan(before).all()
    row = dict(zip(FEATURES, then, strict=True))
    assert row["sought"] == pytest.approx((2 + 1) / (3 + 2))
    assert row["favourite"] == pytest.approx(2 / 3)
    days = {"recency": 30, "tenure": 181, "frequency": 2, "ever": 3, "depth": 2, "goods": 1}
    assert {name: row[name] for name in days} == pytest.approx(
        {name: np.log1p(value) for name, value in days.items()}
    )


def test_sums_that_run_over_days_are_those_of_each_day(label):
    streams = streamed(label)
    sells = selling(label, streams)
    days = [DAY + datetime.timedelta(days=28 * place) for place in range(-5, 3)]
    alone = [known_on(streams, sells, [day])[0] for day in days]
    np.testing.assert_array_equal(known_on(streams, sells, days), alone)
    some = np.arange(len(streams.listeners)) % 3 == 1
    assert streams.of(some).listeners.to_list() == streams.listeners.to_list()[1::3]
    np.testing.assert_array_equal(known_on(streams.of(some), sells, days[:1])[0], alone[0][some])


def test_nothing_after_the_day_is_seen(label, tmp_path):
    sold = orders(label)
    cut = sold.until - datetime.timedelta(days=90)
    end = datetime.datetime.combine(cut, datetime.time.max, datetime.UTC)
    tables = shop()
    cut_off = tables | {
        "plays": tables["plays"].filter(pl.col("played_at") <= end),
        "purchases": tables["purchases"].filter(pl.col("purchased_at") <= end),
    }
    then = newcomers(label, sold, cut)
    alone = opened(tmp_path / "label", **cut_off)
    as_was = newcomers(alone, orders(alone), cut)
    assert then.ids.equals(as_was.ids)
    assert then.held == pytest.approx(as_was.held)
    assert then.hazard.weights == pytest.approx(as_was.hazard.weights, abs=1e-8)


def test_first_purchases_of_a_shop_and_whom_to_write_to(label):
    found = first_purchases(label, weeks=13)
    bought = label.table("purchases")["listener_id"].n_unique()
    assert found.people == pytest.approx(320 - bought, abs=3)
    assert found.low <= found.expected <= found.high
    assert found.weights["feature"].to_list() == list(FEATURES.values())
    plain, both = contacts(label), contacts(label, first=True)
    assert plain.kinds["kind"].to_list() == [AGAIN]
    assert both.kinds["kind"].to_list() == [AGAIN, FIRST]
    assert both.kinds["orders"][0] == pytest.approx(plain.kinds["orders"][0])
    assert both.consenting == 160  # every other listener
    assert (both.kinds["low"] <= both.kinds["orders"]).all()
    assert both.gain >= plain.gain - 1e-9 or both.curve.height < plain.curve.height
    assert set(both.apart["kind"]) == {AGAIN, FIRST}
    assert hashed_contacts(label, first=True).height == 100


@pytest.mark.parametrize(
    ("kept", "words"),
    [("none", "None of 320 listeners"), ("all", "nobody is left"), ("ten", "are the least")],
)
def test_too_little_is_told_in_words(tmp_path, kept, words):
    tables = shop()
    lines, everybody = tables["purchases"], tables["listeners"]["listener_id"]
    buyers = {
        "none": lines.with_columns(listener_id=pl.lit("somebody else")),
        "all": pl.concat([lines, _one_each(lines, everybody)]),
        "ten": lines.filter(pl.col("listener_id").is_in(everybody.head(10).implode())),
    }[kept]
    label = opened(tmp_path / "label", **{**tables, "purchases": buyers})
    with pytest.raises(NotEnoughEvidence, match=words):
        first_purchases(label)
    if kept != "all":
        with pytest.raises(NotEnoughEvidence):
            contacts(label, first=True)


def _one_each(lines: pl.DataFrame, people: pl.Series) -> pl.DataFrame:
    first = pl.concat([lines.head(1)] * len(people))
    return first.with_columns(order_id=pl.format("x{}", pl.int_range(pl.len())), listener_id=people)


def test_a_model_that_is_right_is_left_as_it_is():
    # of equal losses the plain one stands; here corrections gain nothing beyond chance
    names = {fitted(*at_risk(2_000, 12, seed)).over(1.0).calibration for seed in (1, 2, 3)}
    assert PLAIN in names
