"""Published figures are US dollars: the same money in another currency says the same."""

import labels
import numpy as np
import polars as pl
import pytest

from workbench.dataset import make, open_dataset
from workbench.promotion.coordinates import coordinates
from workbench.promotion.exchange import dollar
from workbench.promotion.left_out import not_in_the_model
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.own_priors import priors_in_force
from workbench.promotion.payouts import assumed_payout, payouts
from workbench.promotion.plan import Plan
from workbench.promotion.platforms import takes
from workbench.promotion.priors import PRIORS, cost
from workbench.promotion.reading import arrays
from workbench.store.change import change

WON = 1500.0  # for a euro


def written(folder, currency, **rates):
    """Write the full label with its money in a currency, and rates of one euro."""
    labels.written(folder, "full")
    unit = WON if currency == "KRW" else 1.0
    spend = labels.campaigns().with_columns(pl.col("spend") * unit, currency=pl.lit(currency))
    with change(folder) as writing:
        writing.put("campaigns", spend, source="test")
        for name, rate in rates.items():
            row = {"currency": [name], "day": [labels.FIRST], "rate": [rate], "source": ["test"]}
            writing.put("fx_rates", pl.DataFrame(row), source=f"rate of {name}")
    return open_dataset(str(folder))


@pytest.fixture(scope="module")
def won(tmp_path_factory):
    label = written(tmp_path_factory.mktemp("won") / "label", "KRW")
    make(label, "promotion", progress=lambda done, total, text: None)
    return label


def test_the_same_money_in_another_currency_is_the_same_model(tmp_path):
    labels_of = {name: written(tmp_path / name, name, USD=1.1, KRW=WON) for name in ("EUR", "KRW")}
    read = {name: arrays(label) for name, label in labels_of.items()}
    euro, won = (read[name].data for name in ("EUR", "KRW"))
    assert [read[name].currency for name in read] == ["EUR", "KRW"]
    assert (euro.dollar, won.dollar) == (pytest.approx(1 / 1.1), pytest.approx(WON / 1.1))
    np.testing.assert_allclose(won.usual, WON * euro.usual)
    # all that the fit reads of money is its doses, in usual weeks, and these priors
    np.testing.assert_allclose(won.pushes.spend, euro.pushes.spend)
    for name in ("mean", "sd"):
        np.testing.assert_allclose(
            getattr(coordinates(won), name), getattr(coordinates(euro), name)
        )
    price = {
        name: priors_in_force(label).filter(prior="cost per stream: meta")["median"][0]
        for name, label in labels_of.items()
    }
    assert price == {"EUR": pytest.approx(0.15 / 1.1), "KRW": pytest.approx(0.15 / 1.1 * WON)}


def test_without_a_rate_no_dollar_counts_and_it_is_said(won):
    data = arrays(won).data
    assert data.dollar is None and cost("meta", dollar=None) is None
    at = coordinates(data)
    assert at.sd[at.at["effect"]].tolist() == [PRIORS["elasticity"].sd] * 2
    shown = priors_in_force(won).filter(prior="cost per stream: meta").row(0, named=True)
    assert shown["median"] is None and "US dollars" in shown["source"]
    assert not_in_the_model(won).dollar is None
    plan = Plan(track_id="tr-4", spend=(("meta", 800_000.0), ("radio", 400_000.0)))
    told = plan_outcome(won, plan=plan, current=plan).warnings
    assert "no_costs" in told["kind"].to_list()
    unknown = np.full(1, np.nan)
    free = takes(("marquee",), None, np.array([True]), unknown, unknown, np.nan)
    assert (free.least.tolist(), free.market_most.tolist()) == ([0.0], [[np.inf]])
    asked = assumed_payout(won, payout=0.0035, currency="EUR")
    assert (asked.payout, asked.currency, asked.known) == (0.0035, "KRW", False)


def test_streams_are_told_from_downloads_by_a_price_in_dollars_or_by_the_usual_one(won):
    lines = pl.DataFrame(
        {"file_hash": ["h"] * 4, "source_row": [1, 2, 3, 4], "source_file": ["f"] * 4,
         "source": ["s"] * 4, "territory": ["US"] * 4, "quantity": [1000, 1, 20, 90],
         "net": [4200.0, 900.0, 0.08, 63.0], "currency": ["KRW", "KRW", "USD", "USD"]}
    )  # fmt: skip
    with change(won.home) as writing:
        writing.put("statements", lines, source="test")
    again = open_dataset(str(won.home))
    # without a rate: nearly all units pay 4.2, and one of 900 is no stream
    found = payouts(again, currency="KRW").select("payout", "units", "without_rate").rows()
    assert found == [(pytest.approx(4.2), 1000, 2)]
    # in dollars: most of these units are downloads of .70
    found = payouts(again, currency="USD").select("payout", "units", "without_rate").rows()
    assert found == [(pytest.approx(0.004), 20, 2)]


def test_without_a_rate_currencies_near_the_dollar_take_published_costs_as_they_are():
    none = pl.DataFrame(schema={"currency": pl.String, "day": pl.Date, "rate": pl.Float64})
    assert dollar(none, (), "EUR") == dollar(none, (), "USD") == 1.0
    assert dollar(none, (), "KRW") is None
