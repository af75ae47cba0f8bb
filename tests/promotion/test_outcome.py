"""Plans against each other on the same draws: what falls out, what grows, what is refused."""

import datetime
from dataclasses import replace

import labels
import numpy as np
import polars as pl
import pytest

from workbench.dataset import make
from workbench.errors import BadInput, MissingTable, NotMade
from workbench.promotion import draws, whatif
from workbench.promotion.curves import response_curves
from workbench.promotion.doubts import AND
from workbench.promotion.limits import observed_weeks, plan_warnings
from workbench.promotion.observations import SMALL
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.overview import (
    channel_summary,
    fit_report,
    opening_plan,
    releases,
)
from workbench.promotion.own_priors import priors_in_force
from workbench.promotion.plan import Plan, cell_shares, checked, weekly_spend
from workbench.promotion.response import adstock, retained
from workbench.promotion.scenes import prepared, same_window
from workbench.ui.plan_warnings import plain_warnings

QUIET = {"progress": lambda done, total, text: None}
PLANNED = Plan(track_id="tr-4", spend=(("meta", 800.0), ("radio", 400.0)))
OUT = replace(PLANNED, track_id="tr-2")


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    opened = labels.opened(tmp_path_factory.mktemp("promotion") / "full")
    make(opened, "promotion", **QUIET)
    return opened


@pytest.mark.parametrize("plan", [PLANNED, OUT])
def test_equal_plans_differ_by_nothing(label, plan):
    outcome = plan_outcome(label, plan=plan, current=plan)
    changes = outcome.totals.select("change_low", "change_median", "change_high")
    assert changes.to_numpy().tolist() == [[0.0] * 3] * 6
    assert outcome.chance_streams == outcome.chance_money == 0.0
    assert outcome.steps["streams"][0] == outcome.steps["streams"][-1]


def test_more_money_brings_more_streams_on_every_draw(label):
    more = PLANNED.with_spend({"meta": 1600.0, "radio": 400.0})
    outcome = plan_outcome(label, plan=more, current=PLANNED)
    assert outcome.chance_streams == 1.0
    low = outcome.totals.filter(pl.col("measure") == "brought")["change_low"][0]
    assert low > 0


def test_money_of_a_channel_carries_the_interval_of_its_streams(label):
    plan = replace(PLANNED.with_spend({"meta": 800.0, "radio": 0.0}), payout=0.004)
    rows = plan_outcome(label, plan=plan, current=PLANNED).channels.to_dicts()
    for row in rows:
        for edge in ("low", "median", "high"):
            revenue = row[f"scenario_revenue_{edge}"]
            assert revenue == pytest.approx(0.004 * row[f"scenario_{edge}"])
            if row["channel"] == "meta":
                assert row[f"scenario_return_{edge}"] == pytest.approx(revenue / 800)
            else:
                assert row[f"scenario_return_{edge}"] is None  # nothing spent: unknown, not zero
            paid = 0.0035 * row[f"current_{edge}"]
            assert row[f"current_revenue_{edge}"] == pytest.approx(paid)
    meta = rows[0]
    assert meta["scenario_return_low"] < meta["scenario_return_median"]
    assert meta["scenario_return_median"] < meta["scenario_return_high"]


def test_the_waterfall_adds_up(label):
    later = replace(
        PLANNED.with_spend({"meta": 900.0, "radio": 100.0}),
        release_date=labels.day(labels.DAYS + 42),
    )
    steps = plan_outcome(label, plan=later, current=PLANNED).steps
    middle = steps.filter(pl.col("kind") == "change")
    assert middle["step"].to_list() == ["release date", "meta", "radio"]
    first, last = steps["streams"][0], steps["streams"][-1]
    assert first + middle["streams"].sum() == pytest.approx(last, rel=1e-4)


def test_the_engine_computes_the_formulas(label):
    fit = label.fit("promotion")
    (plan,) = same_window(fit, replace(PLANNED, shares=(("DE", 0.8), ("US", 0.2))))
    one = draws.scene(fit, plan)
    spend = weekly_spend(plan, one.channels, -draws.LEAD, draws.LEAD + plan.weeks)
    ratio = cell_shares(plan, one.cells, one.audience) / one.audience
    stock = adstock(spend[:, :, None].astype(float), one.carry.astype(float))[draws.LEAD :]
    dose = stock[:, :, None] * one.gain[:, None] * ratio[:, None]
    won = np.tanh(dose / 2) * one.height
    total = retained(won.sum((1, 2)), one.kept.astype(float), one.stay.astype(float))[0] * one.lift
    found = whatif.evaluated(one, plan)
    np.testing.assert_allclose(found.weekly, total, rtol=1e-3, atol=1e-5 * total.max())
    np.testing.assert_allclose(found.by_channel.sum(0), total.sum(0), rtol=1e-3)
    np.testing.assert_allclose(found.by_cell.sum(0), total.sum(0), rtol=1e-3)


def test_a_release_to_come_is_wider_than_a_song_that_is_out(label):
    def width(plan):
        weekly = plan_outcome(label, plan=plan, current=plan).weekly
        return (weekly["current_high"] / weekly["current_low"])[4]

    assert width(PLANNED) > 2 * width(OUT)


def test_a_later_release_is_counted_over_as_many_weeks(label):
    later = replace(PLANNED, release_date=labels.day(labels.DAYS + 28 + 14))
    outcome = plan_outcome(label, plan=later, current=PLANNED)
    assert outcome.weekly.height == PLANNED.weeks + 2
    assert outcome.weekly["scenario_high"].head(2).to_list() == [0.0, 0.0]
    assert outcome.weekly["current_low"][0] > 0
    # the current plan ends two weeks before the later one, uncounted rather than zero
    assert outcome.weekly["current_low"].tail(2).null_count() == 2
    assert outcome.weekly["scenario_low"].null_count() == 0


@pytest.mark.parametrize("weeks_later", [4, 12, 26, 60])
def test_a_release_that_moves_takes_its_window_along(label, weeks_later):
    date = PLANNED.release_date or labels.day(labels.DAYS + 28)
    later = replace(PLANNED, release_date=date + datetime.timedelta(weeks=weeks_later))
    totals = plan_outcome(label, plan=later, current=PLANNED).totals
    streams = totals.filter(pl.col("measure") == "streams").row(0, named=True)
    # season apart, another date is another life of the same length
    assert 0.5 < streams["scenario_median"] / streams["current_median"] < 2


def test_nothing_streams_before_an_earlier_release_either(label):
    earlier = replace(PLANNED, release_date=labels.day(labels.DAYS + 14))
    weekly = plan_outcome(label, plan=earlier, current=PLANNED).weekly
    assert weekly["week"][0] == labels.day(labels.DAYS + 14)
    assert weekly["current_high"].head(2).to_list() == [0.0, 0.0]


def test_money_beyond_what_was_tried_is_flagged(label):
    most = dict(observed_weeks(label.fit("promotion")).select("channel", "most").iter_rows())
    # 56 days of 20, and 30 on each seventh: 2 territories x (6 x 20 + 30) a week
    assert most == {"meta": 300.0, "radio": 150.0}
    edge = PLANNED.with_spend({"meta": 1.19 * 300 * 8, "radio": 1.21 * 150 * 8})
    warnings = plan_outcome(label, plan=edge, current=PLANNED).warnings
    assert warnings.filter(pl.col("kind") == "beyond")["subject"].to_list() == ["radio"]
    assert warnings.filter(pl.col("kind") == "split")["value"][0] == pytest.approx(1 / 3)


def test_money_crowded_into_a_territory_is_flagged_by_listener(label):
    fit = label.fit("promotion")
    dense = dict(observed_weeks(fit).select("channel", "dense").iter_rows())
    audience = dict(zip(fit.meta["cells"], fit.arrays["audience"], strict=True))
    # named territories got the same money, whatever their audience; what named none, by audience
    assert dense["meta"] == pytest.approx(150 / min(audience.values()))
    whole = float(8 * dense["meta"] * audience["DE"])
    told = {}
    for times in (1.19, 1.21):
        plan = replace(PLANNED, spend=(("meta", times * whole),), shares=(("DE", 1.0),))
        warnings = plan_warnings(fit, draws.dated(fit, plan), 26)
        told[times] = warnings.filter(pl.col("kind").is_in(["beyond", "crowded"]))
    assert told[1.19].is_empty()
    (row,) = told[1.21].to_dicts()
    assert (row["kind"], row["subject"]) == ("crowded", f"meta{AND}DE")
    assert row["value"] == pytest.approx(1.21)
    assert "DE (1.2 times)" in plain_warnings(told[1.21])[0]
    reach = dict(response_curves(label, plan=plan).reach.iter_rows())
    assert reach["meta"] == pytest.approx(whole)


@pytest.mark.parametrize(
    ("flight", "before", "lost"),
    [((0, 8), 0.0, 0.0), ((-4, 4), 1.0, 0.0), ((-2, 8), 0.25, 0.0), ((-10, 8), 1.0, 0.25),
     ((-20, 8), 1.0, 1.0), ((-104, 8), 1.0, 1.0)],
)  # fmt: skip
def test_money_before_the_release_is_told_what_it_can_do(label, flight, before, lost):
    outcome = plan_outcome(label, plan=replace(PLANNED, flight=flight), current=PLANNED)
    told = dict(outcome.warnings.select("kind", "value").iter_rows())
    assert (told.get("before", 0.0), told.get("lost", 0.0)) == (before, lost)
    brought = outcome.totals.filter(pl.col("measure") == "brought").row(0, named=True)
    assert (brought["scenario_high"] == 0) is (lost == 1)
    cost = outcome.totals.filter(pl.col("measure") == "cost")["scenario_median"].item()
    assert (cost is None) is (lost == 1)
    words = " ".join(plain_warnings(outcome.warnings))
    assert ("cannot hear the song yet, and the model knows no pre-saves" in words) is (before > 0)
    assert ("more than 8 weeks before the weeks that count" in words) is (lost > 0)


def test_what_is_lost_is_counted_from_where_the_window_begins(label):
    later = replace(PLANNED, release_date=labels.day(labels.DAYS + 56), flight=(-20, 8))
    outcome = plan_outcome(label, plan=later, current=PLANNED)  # the window begins 4 weeks earlier
    assert outcome.warnings.filter(kind="lost").row(0) == ("lost", "flight", 1.0, 12.0)
    at_the_edge = replace(later, flight=(-12, 1))
    told = plan_outcome(label, plan=at_the_edge, current=PLANNED)
    assert "lost" not in told.warnings["kind"]
    assert told.totals.filter(pl.col("measure") == "brought")["scenario_high"].item() > 0
    out = plan_outcome(label, plan=replace(OUT, flight=(-20, 8)), current=OUT)
    assert out.warnings.filter(pl.col("kind").is_in(["before", "lost"]))["kind"].item() == "lost"


def test_a_fit_that_stands_on_few_draws_says_so(label):
    fit = label.fit("promotion")
    for k, effective, kinds in ((0.5, 228.0, []), (99.0, 1.0, ["draws", "weights"])):
        poor = replace(fit, meta={**fit.meta, "pareto_k": k, "effective": effective})
        told = plan_warnings(poor, PLANNED, 26)
        told = told.filter(pl.col("kind").is_in(["draws", "weights"]))
        assert told["kind"].to_list() == kinds
    assert "Only 1 draws of the fit count (100 are enough)" in plain_warnings(told)[0]
    for modes, said in (([-9.0], False), ([-9.0, -9.5, -90.0], False), ([-9.0, -90.0], True)):
        told = plan_warnings(replace(fit, meta={**fit.meta, "modes": modes}), PLANNED, 26)
        assert ("starts" in told["kind"]) is said


def test_curves_rise_and_end_where_the_plan_stands(label):
    curves = response_curves(label, plan=PLANNED, points=9)
    meta = curves.points.filter(pl.col("channel") == "meta")
    assert meta["median"][0] == 0
    assert (meta["median"].diff().drop_nulls() > 0).all()
    assert (meta["median"].diff().diff().drop_nulls() < 1e-2).all()  # never steeper
    assert meta.filter("observed")["spend"].max() <= 1.2 * 2400
    alone = PLANNED.with_spend({"meta": float(meta["spend"][4]), "radio": 0.0})
    channels = plan_outcome(label, plan=alone, current=PLANNED).channels
    found = channels.filter(pl.col("channel") == "meta")["scenario_median"][0]
    assert found == pytest.approx(meta["median"][4], rel=0.15)  # the curve has fewer draws


def test_only_what_is_tried_teaches(label):
    summary = channel_summary(label).filter(pl.col("parameter") == "effect")
    assert summary["weeks"].to_list() == [8, 8]
    assert (summary["dominance"] < 1.1).all()
    assert fit_report(label).seconds > 0
    chosen = releases(label)
    assert chosen.tracks["track_id"].to_list() == ["tr-4", "tr-2", "tr-3", "tr-1"]
    assert chosen.tracks["to_come"].to_list() == [True, False, False, False]
    assert not opening_plan(label, track_id="tr-4").booked
    priors = priors_in_force(label)
    assert priors["source"].str.len_chars().min() > 0
    assert (priors["low"] <= priors["high"]).all()


def test_a_label_without_campaigns_opens_on_published_priors(tmp_path):
    label = labels.opened(tmp_path / "streams", "streams")
    with pytest.raises(NotMade):
        releases(label)
    make(label, "promotion", **QUIET)
    opening = opening_plan(label, track_id="tr-3").plan
    outcome = plan_outcome(label, plan=opening, current=opening.with_spend({"meta": 0.0}))
    assert not outcome.calibrated
    assert outcome.warnings["kind"].to_list() == ["eligible", "published"]
    assert outcome.chance_streams == 1.0
    summary = channel_summary(label)
    assert summary.filter(pl.col("parameter") == "effect")["prior_louder"].all()


def test_a_label_without_streams_says_what_is_missing(tmp_path):
    with pytest.raises(MissingTable):
        make(labels.opened(tmp_path / "catalogue", "catalogue"), "promotion", **QUIET)


def test_a_release_without_a_track_needs_a_date(label):
    nobody = Plan(artist_id="ar-bo", genre="folk", spend=(("meta", 100.0),))
    with pytest.raises(BadInput, match="date"):
        plan_outcome(label, plan=nobody, current=nobody)
    dated = replace(nobody, release_date=datetime.date(2026, 11, 20))
    assert plan_outcome(label, plan=dated, current=dated).planned


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(track_id="t", spend=(("a", 1.0), ("a", 2.0))), "twice"),
        (Plan(track_id="t", spend=(("a", -1.0),)), "zero or more"),
        (Plan(track_id="t", weeks=0), "weeks long"),
        (Plan(track_id="t", shares=(("US", 0.7), ("DE", 0.2))), "add up"),
        (Plan(track_id="t", payout=-1.0), "pay"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan, words):
    with pytest.raises(BadInput, match=words):
        checked(plan)


def test_unknown_names_are_refused(label):
    for plan in (
        replace(PLANNED, spend=(("blimp", 5.0),)),
        replace(PLANNED, shares=(("FR", 1.0),)),
        replace(PLANNED, track_id="tr-99"),
    ):
        with pytest.raises(BadInput):
            plan_outcome(label, plan=plan, current=PLANNED)


def test_a_scene_is_made_once(label):
    fit, version = label.fit("promotion"), label.version("promotion")
    (plan,) = same_window(fit, PLANNED)
    richer = plan.with_spend({"meta": 5.0, "radio": 1.0})
    assert prepared(fit, version, plan) is prepared(fit, version, richer)


def test_a_plan_for_a_song_that_is_out_begins_where_its_last_week_ended(label):
    fit = label.view(("promotion",), ()).fit("promotion")
    plan = draws.dated(fit, Plan(track_id="tr-2"))
    row = dict(fit.frames["tracks"].select("track_id", "row").iter_rows())["tr-2"]
    twice, unknown = fit.arrays["last_streams"].copy(), fit.arrays["last_streams"].copy()
    twice[row] = 2 * (twice[row] + SMALL) - SMALL
    unknown[row] = np.nan
    lifted = replace(fit, arrays=fit.arrays | {"last_streams": twice})
    calm = fit.meta | {"wandering": 0.0}
    told, higher, curve = (
        draws.scene(
            replace(fit, meta=calm, arrays=fit.arrays | {"last_streams": last}), plan
        ).base.astype(float)
        for last in (fit.arrays["last_streams"], twice, unknown)
    )
    # a last week of e times the curve is told as 1 + (e - 1) r of it, one of 2 e as 1 + (2 e - 1) r
    share = (higher - 2 * told + curve) / (curve + SMALL)
    for week in (0, 3):
        assert share[:, week] == pytest.approx(0.9 ** (week + 1), abs=1e-3)
    # in weeks that were observed nothing is carried on
    early = replace(plan, start=plan.start - datetime.timedelta(weeks=6), weeks=4)
    assert np.array_equal(draws.scene(fit, early).base, draws.scene(lifted, early).base)
