"""What is kept of streams, what counts beside it, where money stops: against hand and engine."""

from dataclasses import replace

import labels
import numpy as np
import polars as pl
import pytest

from workbench.dataset import make, open_dataset
from workbench.errors import BadInput
from workbench.promotion import whatif
from workbench.promotion.aims import Aim
from workbench.promotion.compared import plans_compared
from workbench.promotion.lifetime import plan_lifetime
from workbench.promotion.margins import plan_margins
from workbench.promotion.money import Money, checked_money, kept_rates
from workbench.promotion.optimise import best_split
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.payouts import payouts
from workbench.promotion.per_listener import PerListener, per_listener
from workbench.promotion.plan import Plan
from workbench.promotion.scenes import same_window
from workbench.promotion.shares import Shares, before_shares, keep_shares, shares
from workbench.promotion.sides import side
from workbench.settings import settings
from workbench.store.change import change
from workbench.ui.plan_answers import Asked
from workbench.ui.plan_export import assumptions
from workbench.ui.plan_money import payouts_words

PLAN = Plan(track_id="tr-4", spend=(("meta", 800.0), ("radio", 400.0)))
MORE = PLAN.with_spend({"meta": 1600.0, "radio": 400.0})
TWO = PerListener(2.0, 28, 0.0, "plays", "track", 6)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    opened = labels.opened_in_dollars(tmp_path_factory.mktemp("money") / "full")
    make(opened, "promotion", progress=lambda done, total, text: None)
    return opened


def row(frame, measure):
    return frame.row(by_predicate=pl.col("measure") == measure, named=True)


def evaluated(label, plan, money):
    fit = label.fit("promotion")
    (full,) = same_window(fit, plan)
    return side(label, fit, full, money, 10)


def test_what_is_kept_of_a_stream(label):
    fit = label.fit("promotion")
    money = Money(payouts=(("US", 0.004),), distribution=0.2, artist=0.5)
    rates = dict(zip(fit.meta["cells"], kept_rates(fit, PLAN, money, None), strict=True))
    # what a statement says has lost the distributor's share already
    assert rates == pytest.approx({"US": 0.004 * 0.5, "DE": 0.0035 * 0.8 * 0.5})
    one = evaluated(label, PLAN, money)
    by_cell = dict(zip(one.scene.cells, one.organic + one.brought.by_cell, strict=True))
    expected = sum(rates[cell] * streams for cell, streams in by_cell.items())
    np.testing.assert_allclose(one.revenue, expected, rtol=1e-5)
    np.testing.assert_allclose(one.kept(None), expected - 1200, rtol=1e-4, atol=0.01)


def test_nothing_taken_off_and_nothing_beside_is_the_payout(label):
    answers = plan_outcome(label, plan=PLAN, current=PLAN).totals
    streams, kept = row(answers, "streams"), row(answers, "kept")
    paid = 0.0035 * streams["scenario_median"]
    assert kept["scenario_median"] == pytest.approx(paid - 1200, rel=1e-3)
    assert set(answers["measure"]) == {"streams", "brought", "revenue", "kept", "cost", "return"}


def test_streams_past_the_window_are_those_of_a_longer_one(label):
    one = evaluated(label, PLAN, Money(beyond=True))
    longer = evaluated(label, replace(PLAN, weeks=104), Money())
    later = one.later.sum(0)
    # single precision tells half a stream among tens of thousands
    np.testing.assert_allclose(later, longer.brought.weekly[26:].sum(0), rtol=1e-3, atol=0.5)
    assert np.median(later) > 50


def test_what_counts_beside_is_told_apart_and_adds_up(label):
    money = Money(beyond=True, spill=0.1, purchases=3.0)
    answers = plan_outcome(label, plan=MORE, current=PLAN, money=money, listeners=TWO).totals
    one = evaluated(label, MORE, money)
    rate = 0.0035
    beside = {
        "beyond": one.later.sum(0) * rate,
        "spill": (one.won + one.later.sum(0)) * 0.1 * rate,
        # four weeks of streams, two a listener; three a year
        "purchases": one.staying * 4 / 2 * 3.0 / 52,
    }
    for name, draws in beside.items():
        assert row(answers, name)["scenario_median"] == pytest.approx(np.median(draws), rel=1e-4)
    whole = (one.won * rate + sum(beside.values())) / 2000
    assert row(answers, "whole")["scenario_median"] == pytest.approx(np.median(whole), rel=1e-4)
    alone = plan_outcome(label, plan=MORE, current=PLAN).totals
    assert row(alone, "kept")["scenario_median"] < row(answers, "kept")["scenario_median"]
    # who buys is not known without listeners
    without = plan_outcome(label, plan=MORE, current=PLAN, money=money).totals
    assert "purchases" not in without["measure"].to_list()


def test_who_stays_buys_for_as_long_however_long_streams_are_counted(label):
    money = Money(purchases=52.0)
    told = [evaluated(label, replace(PLAN, weeks=weeks), money) for weeks in (8, 13, 52)]
    years = [one.staying_years(TWO) for one in told]
    assert (years[0] <= 1.0001 * years[1]).all()  # single precision
    np.testing.assert_allclose(years[1], years[2], rtol=0.02)  # a push is nearly spent by then
    # of a stream won, `kept` are there a week later, and `stay` of those in each week after
    scene = told[2].scene
    won = whatif.evaluated(replace(scene, worth=np.ones_like(scene.worth)), told[2].plan, 0)
    left = scene.kept * sum(scene.stay.astype(float) ** week for week in range(1, 53))
    np.testing.assert_allclose(told[2].staying, won.by_cell.sum(0) * left, rtol=1e-3)


ALL = Money(distribution=0.1, artist=0.5, beyond=True, spill=0.3, purchases=40.0)


def mean_kept(label, plan):
    """Return what the lab says is kept of a plan, less its spend, on average."""
    return evaluated(label, plan, ALL).kept(TWO).mean()


def test_best_plan_and_margins_count_what_the_lab_shows(label):
    found = best_split(label, plan=PLAN, aim=Aim("money"), money=ALL, listeners=TWO)
    change = mean_kept(label, found.plan) - mean_kept(label, PLAN)
    assert found.money == pytest.approx(change, rel=1e-4)
    # no point of a grid over both channels is kept more of, within what was tried
    grid = [
        mean_kept(label, PLAN.with_spend({"meta": meta, "radio": radio}))
        for meta in np.linspace(0, 1200, 5)
        for radio in np.linspace(0, 1200 - meta, 3)
    ]
    assert change >= max(grid) - mean_kept(label, PLAN) - 0.001 * PLAN.budget
    # what counts beside the window makes more of the spend worth it
    alone = best_split(label, plan=PLAN, aim=Aim("money"), money=Money(artist=0.5))
    assert alone.plan.budget < found.plan.budget

    margins = plan_margins(label, plan=PLAN, money=ALL, listeners=TWO)
    whole = row(plan_outcome(label, plan=PLAN, current=PLAN, money=ALL, listeners=TWO).totals,
                "whole")["scenario_median"]  # fmt: skip
    assert row(margins.all, "return")["median"] == pytest.approx(whole, rel=5e-3)
    before, after = (
        evaluated(label, PLAN.with_spend({"meta": meta, "radio": 400.0}), ALL).kept(TWO)
        for meta in (800.0, 808.0)
    )
    meta = margins.channels.row(0, named=True)
    assert meta["marginal_median"] == pytest.approx(1 + np.median(after - before) / 8, rel=0.03)
    assert found.spend.row(0, named=True)["next"] >= 0.99  # nothing is spent that does not return


def test_at_the_break_even_payout_all_that_counts_brings_the_spend_back(label):
    some = replace(ALL, purchases=0.1)  # too little to bring it back without streams
    needed = plan_margins(label, plan=PLAN, money=some, listeners=TWO).all
    payout = row(needed, "payout")["median"]
    assert payout > 0
    paid = plan_margins(label, plan=replace(PLAN, payout=payout), money=some, listeners=TWO)
    assert row(paid.all, "return")["median"] == pytest.approx(1, rel=0.02)


def test_listeners_are_those_of_the_best_run_of_days(label):
    found = row(plan_outcome(label, plan=PLAN, current=PLAN, listeners=TWO).totals, "listeners")
    streams = evaluated(label, PLAN, Money()).streams
    runs = [streams[n : n + 4].sum(0) for n in range(len(streams) - 3)]
    best = np.max(runs, axis=0) / 2
    assert found["scenario_median"] == pytest.approx(np.median(best), rel=1e-4)
    assert found["unit"] == "listeners in 28 days"


def test_streams_of_one_listener_come_from_the_panel(label):
    plays = labels.plays().filter(pl.col("ms_played") >= 30_000, pl.col("track_id") == "tr-3")
    last = labels.plays()["played_at"].max().date()
    run = pl.lit(last) - pl.col("played_at").dt.date()
    runs = (
        plays.group_by(run=run.dt.total_days() // 28)
        .agg(streams=pl.len(), listeners=pl.col("listener_id").n_unique())
        .filter(pl.col("listeners") >= 10)
    )
    found = per_listener(label, track_id="tr-3")
    assert (found.source, found.of, found.days) == ("plays", "track", 28)
    assert found.runs == runs.height
    assert found.streams == pytest.approx(runs["streams"].sum() / runs["listeners"].sum())
    assert per_listener(label, artist_id="ar-bo").of == "artist"
    assert per_listener(label, artist_id="nobody").of == "label"
    assert per_listener(label, track_id="tr-3", min_group=1000).streams is None


def test_the_next_unit_and_where_it_stops(label):
    margins = plan_margins(label, plan=PLAN)
    meta = margins.channels.row(0, named=True)
    more = PLAN.with_spend({"meta": 808.0, "radio": 400.0})
    change = row(plan_outcome(label, plan=more, current=PLAN).totals, "revenue")
    assert meta["marginal_median"] == pytest.approx(change["change_median"] / 8, rel=0.03)
    assert meta["marginal_median"] < meta["return_median"]  # never steeper
    assert meta["tenth_low"] < meta["tenth_median"] < meta["tenth_high"]
    first = plan_margins(label, plan=PLAN.with_spend({"meta": 0.0})).channels.row(0, named=True)
    there = PLAN.with_spend({"meta": meta["tenth_median"], "radio": 400.0})
    left = plan_margins(label, plan=there).channels.row(0, named=True)
    assert left["marginal_median"] / first["marginal_median"] == pytest.approx(0.1, abs=0.05)
    assert first["return_median"] is None
    assert margins.cells["spend"].sum() == pytest.approx(1200)


def test_at_the_break_even_payout_the_spend_comes_back(label):
    needed = row(plan_margins(label, plan=PLAN, money=Money(artist=0.5)).all, "payout")["median"]
    paid = plan_margins(label, plan=replace(PLAN, payout=needed), money=Money(artist=0.5))
    # the median of an even number of draws lies between two of them, and so does its inverse
    assert row(paid.all, "return")["median"] == pytest.approx(1, rel=1e-2)
    rich = plan_margins(label, plan=replace(PLAN, payout=100 * needed)).channels
    poor = plan_margins(label, plan=replace(PLAN, payout=needed / 1e4)).channels
    assert (rich["first_pays"] == 1).all()
    assert rich["pays_median"].min() > 0
    assert (poor["pays_median"] == 0).all()
    assert plan_margins(label, plan=PLAN, money=Money(artist=1.0)).channels["payout_low"][0] is None


def test_two_weeks_earlier_mostly_moves_streams(label):
    earlier = replace(PLAN, release_date=labels.day(labels.DAYS + 14))
    found = plan_lifetime(label, plan=earlier, current=PLAN)
    assert found.apart == -2
    until, window, life = found.counted.to_dicts()
    assert (until["weeks"], window["weeks"], life["weeks"]) == (28, 26, 104)
    assert until["change_median"] > abs(window["change_median"])
    assert life["scenario_median"] > window["scenario_median"]
    streams = row(plan_outcome(label, plan=earlier, current=PLAN).totals, "streams")
    assert window["change_median"] == pytest.approx(streams["change_median"], rel=1e-3)
    same = plan_lifetime(label, plan=MORE, current=PLAN).counted
    assert same["change_median"][0] == pytest.approx(same["change_median"][1])


def test_several_plans_give_the_answers_of_each(label):
    later = replace(MORE, release_date=labels.day(labels.DAYS + 42))
    table = plans_compared(label, current=PLAN, plans=(("More", MORE), ("Later", later)))
    assert table["plan"].unique(maintain_order=True).to_list() == ["Current plan", "More", "Later"]
    alone = plan_outcome(label, plan=later, current=PLAN)
    found = table.filter(pl.col("plan") == "Later", pl.col("measure") == "streams").to_dicts()[0]
    assert found["change_median"] == pytest.approx(row(alone.totals, "streams")["change_median"])
    assert found["better"] == alone.chance_streams
    assert table.filter(pl.col("place") == 0)["better"].null_count() == 6


@pytest.mark.parametrize(
    ("plans", "words"),
    [
        ((), "One to 4"),
        ((("A", PLAN), ("A", MORE)), "same name"),
        ((("A", replace(PLAN, track_id="tr-2")),), "one release"),
    ],
)
def test_what_cannot_be_compared(label, plans, words):
    with pytest.raises(BadInput, match=words):
        plans_compared(label, current=PLAN, plans=plans)


@pytest.mark.parametrize(
    "money", [Money(artist=1.5), Money(distribution=-0.1), Money(spill=-1.0), Money(purchases=-1.0)]
)
def test_money_that_cannot_be(money):
    with pytest.raises(BadInput):
        checked_money(money)


def stated(label, lines):
    """Return payouts by statements of (territory, quantity, net, currency, type of sale)."""
    columns = dict(zip(("territory", "quantity", "net", "currency", "sale_type"),
                       map(list, zip(*lines, strict=True)), strict=True))  # fmt: skip
    count = len(lines)
    frame = pl.DataFrame(
        {"file_hash": ["h"] * count, "source_row": list(range(1, count + 1)),
         "source_file": ["f"] * count, "source": ["s"] * count, **columns},
        schema_overrides={"quantity": pl.Int64, "sale_type": pl.String},
    ).with_columns(pl.col("net").cast(pl.Decimal(24, 10)))  # fmt: skip
    with change(label.home) as writing:
        writing.put("statements", frame, source="test")
    return payouts(open_dataset(str(label.home)), currency="EUR")


def test_statements_say_what_a_stream_paid(label):
    assert payouts(label, currency="EUR").is_empty()
    assert sorted(label.fit("promotion").meta["cells"]) == ["DE", "US"]
    lines = [
        ("US", 1000, "4.0", "EUR"), ("US", 500, "2.0", "EUR"), ("US", -500, "-2.0", "EUR"),
        ("US", 1, "0.70", "EUR"), ("DE", 2000, "4.0", "EUR"), ("FR", 9, "0.09", "EUR"),
        ("DE", 100, "1.0", "XXX"),
    ]  # fmt: skip
    found = stated(label, [(*line, None) for line in lines])
    # a download is no stream, France no territory of the model, and XXX has no rate
    assert found.select("territory", "units", "lines", "without_rate").rows() == [
        ("DE", 2000, 1, 1), ("US", 1000, 3, 0),
    ]  # fmt: skip
    assert found["payout"].to_list() == pytest.approx([0.002, 0.004])


@pytest.mark.parametrize("quantity", [500, 0, None])
def test_a_correction_of_money_alone_counts_in_what_a_stream_paid(label, quantity):
    paid = [("US", 1000, "4.0", "EUR", "stream"), ("DE", 1000, "3.0", "EUR", "stream"),
            ("US", 2, "1.40", "EUR", "download")]  # fmt: skip
    # what is taken back of downloads is not of streams
    more = [("US", quantity, "-2.0", "EUR", None), ("US", quantity, "-1.0", "EUR", "download"),
            ("DE", quantity, "-0.5", "EUR", "stream")]  # fmt: skip
    found = stated(label, paid + more)
    assert found["payout"].to_list() == pytest.approx([0.0025, 0.002])
    assert found.select("units", "corrections", "used").rows() == [(1000, 1, True)] * 2
    assert "Lines that correct money alone (2)" in payouts_words(found, "EUR")


def test_a_payout_that_cannot_be_one_is_not_used_and_that_is_said(label):
    paid = [("US", 1000, "4.0", "EUR", None), ("DE", 1000, "3.0", "EUR", None)]
    found = stated(label, [*paid, ("US", 0, "-5.0", "EUR", None)])
    assert found.select("territory", "used").rows() == [("DE", True), ("US", False)]
    assert "No stream can pay what comes out for US (-0.0010)" in payouts_words(found, "EUR")
    found = stated(label, [("DE", 1000, "3.0", "EUR", None), ("DE", 0, "900.0", "EUR", None),
                           ("US", -10, "-0.04", "EUR", None)])  # fmt: skip
    assert not found["used"].any()
    words = payouts_words(found, "EUR")
    assert "nothing can be told" in words and "US (no streams left)" in words


def test_a_label_is_asked_for_its_shares_once(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_ARTIST_SHARE", "0.4")
    settings.cache_clear()
    assert shares(tmp_path) == Shares(0.0, 0.4)
    keep_shares(tmp_path, "ada", 0.15, 0.5)
    keep_shares(tmp_path, "bo", 0.0, 0.0)
    found = shares(tmp_path)
    assert (found.distribution, found.artist, found.author) == (0.0, 0.0, "bo")
    with pytest.raises(BadInput):
        keep_shares(tmp_path, "bo", 1.5, 0.0)
    settings.cache_clear()


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (Money(), "before distribution and artist share"),
        (Money(distribution=0.2), "before artist share"),
        (Money(artist=0.5), "before distribution"),
        (Money(payouts=(("US", 0.004),)), "before artist share"),  # a statement's net is after it
        (Money(distribution=0.2, artist=0.5), None),
    ],
)
def test_money_says_what_it_is_before(money, words):
    assert before_shares(money) == words
    asked = Asked(PLAN, PLAN, money, None, "EUR")
    assert (f"Money is {words}." in assumptions(asked)) == (words is not None)
