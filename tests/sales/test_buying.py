"""What is expected of buyers, checked against planted shops and by hand."""

import datetime

import numpy as np
import polars as pl
import pytest

from tests.sales.shop import shop
from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.sales import gamma_gamma
from workbench.sales.buying import buying
from workbench.sales.contacts import contacts, hashed_contacts
from workbench.sales.foretold import foretold, reached
from workbench.sales.orders import buyers, orders, unit_margin
from workbench.store.change import change


def test_groups_add_up_and_intervals_hold_their_mean(label):
    found = buying(label, by="country", weeks=13)
    total = found.total.row(0, named=True)
    shown = found.groups.filter(~pl.col("hidden"))
    assert found.hidden == 0
    assert shown["orders"].sum() == pytest.approx(total["orders"])
    assert shown["value"].sum() == pytest.approx(total["value"])
    assert (total["low"] < total["orders"]) & (total["orders"] < total["high"])
    assert total["buyers"] == 200
    assert found.currency == "EUR"
    # records are 33 USD, 30 EUR: an order is worth 20 to 30
    assert 20 < total["value"] / total["orders"] < 30
    model = found.models.filter("used")["model"][0]
    assert model in ("NBD", "BG/NBD", "Pareto/NBD")


def test_the_same_is_expected_again_and_more_in_more_time(label):
    first, second = buying(label), buying(label)
    assert first.total.equals(second.total)
    assert buying(label, weeks=52).total["orders"][0] > 1.5 * first.total["orders"][0]


def test_weeks_hold_every_repeat_order_that_came(label):
    sold = orders(label)
    found = buying(label, weeks=4, min_group=1)
    again = sold.orders.height - sold.orders["listener_id"].n_unique()
    assert found.weekly["actual"].sum() == again
    ahead = found.weekly.filter(pl.col("week") > found.until)
    assert ahead.height == 4
    assert ahead["week"][0] == found.until + datetime.timedelta(days=1)
    past = found.weekly.filter(pl.col("week") <= found.until)["expected"].sum()
    assert past == pytest.approx(again, rel=0.15)


def test_small_groups_are_hidden(label):
    found = buying(label, by="country", min_group=60)
    small = found.groups.filter("hidden")
    assert small.height >= 2
    assert small.select(pl.exclude("group", "hidden")).null_count().row(0) == (small.height,) * 8
    assert (found.groups["buyers"].drop_nulls() % 5 == 0).all()


def test_choices_that_are_not_offered_are_refused(label):
    with pytest.raises(BadInput):
        buying(label, by="mood")
    with pytest.raises(BadInput):
        buying(label, weeks=0)
    with pytest.raises(BadInput):
        contacts(label, lift=-0.1)


def test_gains_are_counted_by_hand():
    came = np.array([0.0, 3.0, 1.0, 0.0])
    curve = reached(np.array([1.0, 9.0, 5.0, 0.0]), came)
    assert curve[[0, 5, 10, 15, 20]] == pytest.approx([0, 0.75, 1, 1, 1])
    level = reached(np.ones(4), came)  # nobody is ahead: a straight line
    assert level == pytest.approx(np.linspace(0, 1, 21))


def test_those_who_bought_often_are_told_ahead(label):
    found = foretold(label)
    top = found.gains.filter(ranking=found.model, contacted=0.1)["reached"][0]
    assert top > 0.3  # twenty of two hundred give half of all orders
    total = found.total.row(0, named=True)
    assert total["orders_low"] < total["orders"] < total["orders_high"]
    assert total["money_low"] < total["money"] < total["money_high"]
    sold = orders(label)
    known = buyers(sold.orders, found.learnt_until)
    late = sold.orders.filter(
        pl.col("day") > found.learnt_until, pl.col("listener_id").is_in(known.ids.implode())
    )
    assert total["orders_came"] == late.height == found.months["orders_came"].sum()
    assert total["money_came"] == pytest.approx(found.months["money_came"].sum())
    assert found.months["orders"].sum() == pytest.approx(total["orders"])
    assert found.months["since"][0] == found.learnt_until + datetime.timedelta(days=1)
    others = sold.orders.filter(pl.col("day") > found.learnt_until).height - late.height
    assert found.others == others


def test_months_hold_what_is_expected_of_them(label):
    found = foretold(label, min_group=100)
    assert found.others is None  # of fewer than a hundred people
    # nobody stops in the planted shop: a month's orders go with its days
    days = (found.months["until"] - found.months["since"]).dt.total_days() + 1
    a_day = (found.months["orders"] / days).to_numpy()
    assert a_day == pytest.approx(np.full(len(a_day), a_day.mean()), rel=0.15)
    low, high = found.months["orders_low"], found.months["orders_high"]
    assert ((low < found.months["orders"]) & (found.months["orders"] < high)).all()


def test_letters_pay_until_one_costs_more_than_it_brings(label):
    found = contacts(label, cost=0.5, lift=0.2)
    # shirts bring 12 of 20, records 15 of 30 EUR; two shirts for each record
    lines = label.table("purchases")
    shirts = lines["product_id"].str.starts_with("shirt").sum()
    records = lines.height - shirts
    whole = 20 * shirts + 30 * records
    assert found.margin == pytest.approx((12 * shirts + 15 * records) / whole)
    assert found.consenting == 100
    assert found.curve["gain"][0] == 0
    best = found.curve["gain"].arg_max()
    assert found.best == best
    assert 0 < best < found.curve.height - 1
    free = contacts(label, cost=0.0, lift=0.2)
    assert free.best == free.curve.height - 1
    assert contacts(label, cost=100.0).best == 0


def sold_in(folder, change_of) -> object:
    """The planted shop, its purchases and products changed."""
    tables = shop()
    change_of(tables)
    with change(folder) as writing:
        for name, frame in tables.items():
            writing.put(name, frame, source="test")
    return open_dataset(str(folder), rows=True)


def test_the_same_money_in_another_currency_leaves_the_same_margin(label, tmp_path):
    record = pl.col("product_id").str.starts_with("record")

    def yen(tables, rate=160.0):
        for name, columns in (("products", ("price", "unit_cost")), ("purchases", ("amount",))):
            tables[name] = tables[name].with_columns(
                pl.when(record).then(pl.col(*columns) / 1.1 * rate).otherwise(pl.col(*columns)),
                currency=pl.when(record).then(pl.lit("JPY")).otherwise("currency"),
            )
        tables["fx_rates"] = tables["fx_rates"].with_columns(currency=pl.lit("JPY"), rate=rate)

    def rateless(tables):
        yen(tables)
        tables["fx_rates"] = tables["fx_rates"].clear()

    found, base = contacts(sold_in(tmp_path / "yen", yen)), contacts(label)
    assert (found.margin, found.gain) == pytest.approx((base.margin, base.gain), rel=1e-3)
    assert (base.without_rate, found.without_rate) == (0, 0)
    margin = unit_margin(sold_in(tmp_path / "rateless", rateless), "EUR")
    assert margin.share == pytest.approx(12 / 20)  # of the shirts, and the records are told
    assert margin.without_rate == label.table("purchases").filter(record)["product_id"].n_unique()


def test_a_shop_with_one_price_is_answered(tmp_path):
    def one_price(tables):
        tables["purchases"] = tables["purchases"].with_columns(
            amount=pl.lit(25.0), currency=pl.lit("EUR")
        )

    label = sold_in(tmp_path / "one", one_price)
    found = buying(label, by="country")
    total = found.total.row(0, named=True)
    # two orders of a buyer on one day are one of 50
    assert found.mean_order == pytest.approx(25, rel=0.05)
    assert total["value"] == pytest.approx(total["orders"] * found.mean_order, rel=0.02)
    assert contacts(label).curve.height > 2
    assert foretold(label).total["money"][0] > 0


def test_few_large_orders_of_no_finite_mean_are_worth_what_was_seen():
    draw = np.random.default_rng(0)
    orders = 1 + draw.poisson(1.0, 800)
    mean = np.array([np.where(draw.random(k) < 0.1, 500.0, 1.0).mean() for k in orders])
    found = gamma_gamma.worth(orders, mean)
    assert not found.apart
    each = found.mean_order(orders, mean)
    assert each == pytest.approx(np.full(800, (orders * mean).sum() / orders.sum()))
    money = found.simulated(orders, mean, np.ones((200, 800)), 1).sum(axis=1)
    low, high = np.quantile(money, [0.05, 0.95])
    assert low < 800 * each[0] < high < 1.5 * low


def test_where_nobody_is_seen_to_stop_nobody_is_said_to_buy_still(label):
    found = buying(label, by="country")
    used = found.models.filter("used")["model"][0]
    assert (
        found.groups["alive"].is_null().all() == (used == "NBD") == found.total["alive"].has_nulls()
    )
    assert used == "NBD"  # planted: nobody stops


def test_a_list_to_take_away_is_of_whole_hundreds_with_consent(label):
    import hashlib

    found = hashed_contacts(label)
    may = label.table("listeners").filter("consent")["listener_id"]
    assert found.height == 100
    assert set(found["sha256"]) <= {hashlib.sha256(i.encode()).hexdigest() for i in may}
    assert found["sha256"].is_sorted()
    from workbench.errors import NotEnoughEvidence

    with pytest.raises(NotEnoughEvidence, match="Fewer than 100"):
        hashed_contacts(label, share=0.9)
