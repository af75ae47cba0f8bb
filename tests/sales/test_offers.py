"""Offers: planted tastes are learnt, tomorrow is not seen, what is over is not offered."""

import datetime

import numpy as np
import polars as pl
import pytest

from workbench.errors import NotEnoughEvidence
from workbench.sales.choice import chances, features, fitted
from workbench.sales.offers import offers
from workbench.sales.shelf import Shelf

DAY = datetime.date(2026, 1, 1)


def later(days: int) -> datetime.date:
    return DAY + datetime.timedelta(days=days)


@pytest.fixture
def shelf():
    return Shelf(
        pl.DataFrame(
            {"product_id": ["p", "q", "r"], "artist_id": ["x", "x", "y"],
             "kind": ["shirt", "record", "shirt"], "name": ["p", "q", "r"],
             "price": [1.0] * 3, "cost": [0.5] * 3, "from": [DAY, later(90), DAY],
             "until": [None, None, later(50)]},
            schema_overrides={"until": pl.Date},
        ),
        pl.DataFrame({"listener_id": ["a", "a", "b"], "product_id": ["p", "r", "p"],
                      "day": [later(10), later(20), later(30)]}),
        pl.DataFrame({"listener_id": ["a", "a"], "artist_id": ["x", "x"],
                      "day": [later(-400), later(25)], "streams": [100, 7]}),
    )  # fmt: skip


def test_features_are_what_was_known_before_the_day(shelf):
    asked = pl.DataFrame({"listener_id": ["a", "a", "b"], "day": [later(20), later(100), DAY]})
    found, there = features(shelf, asked)
    names = list(shelf.features)
    assert names[5:] == ["shirt"]  # record is the first kind, which others are held against
    heard, bought, has, often, new, shirt = (found[:, :, i] for i in range(6))
    assert heard == pytest.approx(np.log1p([[0, 0, 0], [7, 7, 0], [0, 0, 0]]))
    assert bought.tolist() == [[1, 1, 0], [1, 1, 1], [0, 0, 0]]
    assert has.tolist() == [[1, 0, 0], [1, 0, 1], [0, 0, 0]]
    assert often == pytest.approx(np.log1p([[1, 0, 0], [2, 0, 1], [0, 0, 0]]))
    assert new[1].tolist() == [0, 1, 0]
    assert shirt[0].tolist() == [1, 0, 1]
    assert there.tolist() == [[True, False, True], [True, True, False], [True, False, True]]


def test_planted_weights_are_found():
    draw = np.random.default_rng(0)
    truth = np.array([1.0, -0.5])
    held = draw.normal(size=(4_000, 6, 2)).astype(np.float32)
    on_sale = draw.random((4_000, 6)) < 0.8
    on_sale[:, 0] = True
    odds = chances(held, on_sale, truth)
    assert odds.sum(axis=1) == pytest.approx(1)
    assert (odds[~on_sale] == 0).all()
    taken = np.array([draw.choice(6, p=row) for row in odds])
    assert fitted(held, on_sale, taken) == pytest.approx(truth, abs=0.08)
    with pytest.raises(NotEnoughEvidence, match="order lines"):
        fitted(held[:20], on_sale[:20], taken[:20])


def test_listening_and_kind_are_what_sells_in_the_planted_shop(label):
    found = offers(label, weeks=13)
    weights = dict(found.weights.iter_rows())
    assert weights["streams of its artist"] > 0.5
    assert weights["shirt"] > 0.3
    units = found.products.group_by("kind").agg(pl.col("units").sum()).sort("kind")["units"]
    assert units[1] / units[0] == pytest.approx(2, rel=0.2)  # shirts for each record
    own, rival = found.check.to_dicts()
    assert found.untried == "the recommender is not made yet"
    assert (found.bins["said"] * found.bins["pairs"]).sum() == pytest.approx(found.checked)
    assert (found.bins["came"] * found.bins["pairs"]).sum() == pytest.approx(found.checked)
    assert own["low"] > rival["high"]
    assert found.products["units"].sum() > 0
    shirt = found.products.filter(pl.col("product_id").str.starts_with("shirt"), ~pl.col("hidden"))
    assert shirt["margin"].to_list() == pytest.approx((shirt["units"] * 12).to_list())
    assert (found.products["best_for"].drop_nulls() >= 10).all()
