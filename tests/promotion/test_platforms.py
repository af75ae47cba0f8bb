"""What platforms take, by market: best plans keep to it, and the lab says where one does not."""

import datetime
from dataclasses import replace

import labels
import numpy as np
import polars as pl
import pytest

from benchmarks.splits import asked, drawn
from workbench.dataset import make, open_dataset
from workbench.promotion import platforms
from workbench.promotion.aims import Aim
from workbench.promotion.best import best_at
from workbench.promotion.bounds import Limits
from workbench.promotion.draws import dated
from workbench.promotion.eligible import asked_for, standing
from workbench.promotion.exchange import exchange
from workbench.promotion.optimise import best_split
from workbench.promotion.plan import Plan
from workbench.promotion.platforms import Platform, platform, takes
from workbench.promotion.scenes import prepared
from workbench.store.change import change
from workbench.ui.plan_warnings import plain_warnings

PLAN = Plan(track_id="tr-4", spend=(("meta", 1500.0), ("radio", 500.0)))


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    opened = labels.opened_in_dollars(tmp_path_factory.mktemp("platforms") / "full")
    heard = pl.DataFrame(
        {"entity": "artist", "entity_id": "ar-bo", "store": "spotify",
         "day": [labels.day(1), labels.day(2), labels.day(3)], "territory": ["WW", "WW", "DE"],
         "monthly_listeners": [10**6, 24_999, 3]}
    )  # fmt: skip
    with change(opened.home) as writing:
        writing.put("daily_streams", heard, source="listeners")
    opened = open_dataset(str(opened.home))
    make(opened, "promotion", progress=lambda done, total, text: None)
    return opened


@pytest.fixture
def sold(monkeypatch):
    """Let radio be a platform that sells by market, from 120 on, to artists of 5,000 streams."""

    def to(least=120.0, streams=0.0):
        rule = Platform("radio", least, 900.0, True, streams, 0.0, 0.0, "nothing else", "this test")
        monkeypatch.setattr(platforms, "PLATFORMS", (rule,))

    return to


def test_platforms_say_what_they_take():
    assert [platform(name) is None for name in ("meta", "Marquee US", "showcase")] == [1, 0, 0]
    names, nothing = ("marquee", "showcase", "radio"), np.full(3, np.nan)
    whole = takes(names, 0.9, np.zeros(3, bool), nothing, nothing, np.nan)
    assert whole.least.tolist() == [90, 90, 0]
    assert whole.most.tolist() == [np.inf, 9000, np.inf]
    assert not whole.market_least.any()
    # of three cells two are markets; one has 999 streams, of the other nobody knows
    apart = takes(names, 0.9, np.array([True, True, False]), np.array([999.0, np.nan, 1e6]),
                  np.array([np.nan, 4999.0, np.nan]), np.nan)  # fmt: skip
    assert apart.market_least.tolist() == [[90, 90, 0], [90, 90, 0], [0, 0, 0]]
    assert apart.market_most.tolist() == [[0, 0, np.inf], [0, 9000, np.inf], [np.inf] * 3]
    assert apart.most.tolist() == [np.inf] * 3
    rates = pl.DataFrame(
        {"currency": ["USD", "GBP", "USD"], "rate": [1.2, 0.8, 1.1],
         "day": [datetime.date(2026, 1, day) for day in (1, 1, 2)]}
    )  # fmt: skip
    # one euro, which the rates need not name, is 1.1 dollars by the latest
    assert exchange(rates, "USD", "EUR") == pytest.approx(1 / 1.1)
    assert exchange(rates, "USD", "GBP") == pytest.approx(0.8 / 1.1)
    assert exchange(rates, "JPY", "EUR") is None


def test_a_platforms_minimum_is_nothing_or_enough():
    for least in (300.0, 5000.0):
        question = asked(*drawn(0, 3, 2, 60, minimum=np.array([least, 0, least])), Aim(),
                         cells=False)  # fmt: skip
        amounts = best_at(question, 4000.0).x
        assert all(amount < 1e-6 or amount >= least - 1e-6 for amount in amounts[[0, 2]])
        assert amounts.sum() == pytest.approx(4000)


def test_a_markets_minimum_is_nothing_or_enough_there():
    least = np.array([[0.0] * 3, [700.0] * 3, [0.0] * 3])
    most = np.array([[np.inf] * 3, [np.inf, 900.0, 0.0], [np.inf] * 3])
    for cells in (True, False):
        for budget in (400.0, 1500.0, 8000.0):
            given = {"market_least": least, "market_most": most}
            question = asked(*drawn(1, 3, 3, 60, **given), Aim(), cells=cells)
            found = best_at(question, budget)
            money = (question.spread @ found.x).reshape(3, 3)
            assert money[1, 2] == 0
            assert money[1, 1] <= 900 + 1e-3
            assert all(one < 1e-3 or one >= 700 - 1e-3 for one in money[1])
            assert found.gap < 0.01
            plan = question.planned(found.x)
            assert question.bound.keeps(question.by_cell(plan))
            if not cells:  # the others are split as the plan is
                shares = money[0] / max(money[0].sum(), 1e-9)
                assert not money[0].sum() or shares == pytest.approx(question.one.audience)


def test_what_is_known_of_an_artists_markets(label):
    counts = labels.daily_streams().filter(entity_id="tr-3")
    recent = counts.filter(pl.col("day") > labels.day(labels.DAYS - 1 - 28))
    told = dict(standing(label, "ar-bo")["streams"])
    assert told == dict(recent.group_by("territory").agg(pl.col("streams").sum()).iter_rows())
    nobody = {"active": (), "listeners": ()}
    assert standing(label, "ar-new") == nobody | {"streams": (("DE", 0), ("US", 0))}
    assert standing(label, None) == nobody | {"streams": ()}


def test_streams_of_another_store_tell_nothing_of_spotify(tmp_path):
    apple = labels.daily_streams().with_columns(store=pl.lit("apple_music"))
    with change(tmp_path / "label") as writing:
        writing.put("daily_streams", apple, source="test")
    label = open_dataset(str(tmp_path / "label"))
    assert standing(label, "ar-bo") == {"streams": (), "active": (), "listeners": ()}


def test_the_best_plan_buys_market_by_market(label, sold):
    sold()
    found = best_split(label, plan=PLAN)
    radio = dict(found.cells.filter(channel="radio").select("cell", "best").iter_rows())
    assert found.cells["channel"].unique().to_list() == ["radio"]
    assert sum(radio.values()) == pytest.approx(dict(found.plan.spend)["radio"])
    assert all(money == 0 or money >= 120 for money in radio.values())
    assert found.kept and found.gain >= 0
    sold(streams=5000.0)  # Germany has fewer
    assert standing(label, "ar-bo")["streams"][0][1] < 5000
    found = best_split(label, plan=PLAN)
    assert not found.kept
    assert dict(found.cells.filter(channel="radio").select("cell", "best").iter_rows())["DE"] == 0
    sold(streams=1e9)
    found = best_split(label, plan=PLAN)
    assert found.spend.filter(channel="radio")["held"].item() == "refused"
    assert found.spend.filter(channel="radio")["best"].item() == 0
    held = best_split(label, plan=PLAN, limits=Limits(locked=("radio",)))
    assert dict(held.plan.spend)["radio"] == 500  # who locks it keeps it


def test_a_plan_says_what_its_platforms_do_not_take(label):
    fit = label.fit("promotion")
    plan = dated(fit, Plan(track_id="tr-4", spend=(("marquee", 200.0), ("showcase", 40_000.0))))
    one = prepared(fit, label.version("promotion"), plan)
    one = replace(one, channels=("marquee", "showcase"))
    shares = dict(zip(one.cells, one.audience.tolist(), strict=True))
    told = asked_for(label, fit, plan, one)
    rows = {(kind, subject): (value, limit) for kind, subject, value, limit in told.rows()}
    assert set(rows) == {
        ("eligible", "marquee"), ("eligible", "showcase"), ("small_there", "marquee + DE"),
        ("large_there", "showcase + DE"), ("large_there", "showcase + US"),
    }  # fmt: skip
    small = rows[("small_there", "marquee + DE")]
    assert small == (pytest.approx(200 * shares["DE"], rel=1e-5), 100)
    words = " ".join(plain_warnings(told))
    assert "Marquee is bought in each market by itself, from 100 on" in words
    assert "too little goes to DE (60)" in words
    unheard = asked_for(label, fit, replace(plan, artist_id="ar-new"), one)
    assert unheard.filter(kind="refused").select("subject", "value", "limit").rows() == [
        (f"{channel} + {cell}", 0, 1000)
        for channel in ("marquee", "showcase") for cell in one.cells
    ]  # fmt: skip
    unknown = asked_for(label, fit, replace(plan, artist_id=None), one)
    assert unknown.filter(kind="refused").is_empty()
    assert "Nothing is known of the artist's streams" in " ".join(plain_warnings(unknown))


def test_a_platform_may_ask_for_monthly_listeners(label, monkeypatch):
    asks = platform("discovery_mode")
    assert asks.listeners == 25_000
    fit = label.fit("promotion")

    def told(**given):
        plan = replace(dated(fit, PLAN), **given)
        one = prepared(fit, label.version("promotion"), plan)
        return asked_for(label, fit, plan, one)

    def needed(listeners):
        rule = replace(asks, name="radio", listeners=listeners)
        monkeypatch.setattr(platforms, "PLATFORMS", (rule,))

    needed(24_999.0)
    assert standing(label, "ar-bo")["listeners"] == (("WW", 24_999),)
    assert "The artist has 24,999 monthly listeners" in " ".join(plain_warnings(told()))
    assert dict(best_split(label, plan=PLAN).plan.spend)["radio"] > 0
    needed(25_000.0)
    unknown = plain_warnings(told(artist_id="ar-new"))
    assert "Nothing is known of the artist's monthly listeners" in " ".join(unknown)
    assert told().rows() == [("unheard", "radio", 24_999, 25_000)]
    (words,) = plain_warnings(told())
    assert "25,000 monthly listeners of the artist, who has 24,999" in words
    for cells in (False, True):
        found = best_split(label, plan=PLAN, cells=cells)
        radio = found.spend.filter(channel="radio")
        assert (radio["best"].item(), radio["held"].item()) == (0, "refused")
        assert not found.kept
    held = best_split(label, plan=PLAN, limits=Limits(locked=("radio",)))
    assert dict(held.plan.spend)["radio"] == 500  # who locks it keeps it
