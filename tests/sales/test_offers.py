"""Offers: planted tastes are learnt, tomorrow is not seen, what is over is not offered."""

import datetime

import numpy as np
import polars as pl
import pytest

from tests.sales.shop import shop
from workbench.audience.streamed import by_number
from workbench.dataset import open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.sales.choice import chances, features, fitted
from workbench.sales.offers import offers
from workbench.sales.orders import orders
from workbench.sales.shelf import Shelf
from workbench.store.change import change

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
        by_number(
            pl.DataFrame({"listener_id": ["a"] * 10, "track_id": ["t"] * 9 + ["unknown"],
                          "day": [later(-400), later(-340)] + [later(25)] * 8,
                          "sought": [True] * 10}),
            pl.DataFrame({"track_id": ["t"], "artist_id": ["x"]}),
        ),
    )  # fmt: skip


def test_features_are_what_was_known_before_the_day(shelf):
    asked = pl.DataFrame({"listener_id": ["a", "a", "b"], "day": [later(20), later(100), DAY]})
    found, there = features(shelf, asked)
    names = list(shelf.features)
    assert names[5:] == ["shirt"]  # record is the first kind, which others are held against
    heard, bought, has, often, new, shirt = found
    assert heard == pytest.approx(np.log1p([[1, 1, 0], [7, 7, 0], [0, 0, 0]]))
    assert bought.tolist() == [[1, 1, 0], [1, 1, 1], [0, 0, 0]]
    assert has.tolist() == [[1, 0, 0], [1, 0, 1], [0, 0, 0]]
    assert often == pytest.approx(np.log1p([[1, 0, 0], [2, 0, 1], [0, 0, 0]]))
    assert new[1].tolist() == [0, 1, 0]
    assert shirt[0].tolist() == [1, 0, 1]
    assert there.tolist() == [[True, False, True], [True, True, False], [True, False, True]]


def test_planted_weights_are_found():
    draw = np.random.default_rng(0)
    truth = np.array([1.0, -0.5])
    held = draw.normal(size=(2, 4_000, 6)).astype(np.float32)
    on_sale = draw.random((4_000, 6)) < 0.8
    on_sale[:, 0] = True
    odds = chances(held, on_sale, truth)
    assert odds.sum(axis=1) == pytest.approx(1)
    assert (odds[~on_sale] == 0).all()
    taken = np.array([draw.choice(6, p=row) for row in odds])
    cold = fitted(held, on_sale, taken)
    assert cold == pytest.approx(truth, abs=0.08)
    for near in (cold[:1], np.array([-2.0, 2.0])):  # where it starts changes nothing
        assert fitted(held, on_sale, taken, near) == pytest.approx(cold, abs=1e-6)
    with pytest.raises(NotEnoughEvidence, match="order items"):
        fitted(held[:, :20], on_sale[:20], taken[:20])


def test_pieces_are_of_kept_orders_and_as_many_as_were_bought(label, tmp_path):
    tables = shop()
    lines = tables["purchases"].with_columns(pl.col("quantity") * 3, pl.col("amount") * 3)
    # beside each order one that is taken back whole, and one in a currency without a rate
    back = lines.with_columns(pl.format("back {}", "order_id").alias("order_id"))
    refund = back.with_columns(-pl.col("quantity", "amount"), line=pl.lit(2))
    unpriced = lines.with_columns(
        pl.format("yen {}", "order_id").alias("order_id"), currency=pl.lit("JPY")
    )
    euro = tables["fx_rates"].with_columns(
        currency=pl.lit("EUR"), rate=1.0
    )  # of two that have none
    tables["fx_rates"] = pl.concat([tables["fx_rates"], euro])
    tables["purchases"] = pl.concat([lines, back, refund, unpriced], how="vertical_relaxed")
    with change(tmp_path / "label") as writing:
        for name, frame in tables.items():
            writing.put(name, frame, source="test")
    found = orders(open_dataset(str(tmp_path / "label"), rows=True))
    plain = orders(label)
    assert found.refunded == found.without_rate == lines.height
    assert found.items.drop("quantity").equals(plain.items.drop("quantity"))
    assert found.items["quantity"].sum() == 3 * plain.items["quantity"].sum()
    once, thrice = (
        offers(one, min_group=1).products["units"].sum()
        for one in (label, open_dataset(str(tmp_path / "label"), rows=True))
    )
    assert thrice == pytest.approx(3 * once, rel=1e-6)


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
