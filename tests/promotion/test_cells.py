"""Segments as cells: what cannot change does not, what nobody observed is less sure."""

from dataclasses import replace

import labels
import numpy as np
import polars as pl
import pytest

from workbench.audience.rules import Segment
from workbench.audience.tier_rules import TIERS
from workbench.dataset import open_dataset
from workbench.errors import BadInput, MissingTable, NotEnoughEvidence
from workbench.promotion.cells import OWN_STREAMS, PANEL, cut, segment_cells
from workbench.promotion.curves import response_curves
from workbench.promotion.optimise import best_split
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.plan import Plan
from workbench.promotion.scenes import prepared, same_window
from workbench.promotion.whatif import evaluated

PLAN = Plan(track_id="tr-2", spend=(("meta", 800.0), ("radio", 400.0)))
# of labels.plays: every second listener, from person 1 on, hears by editorial lists or radio only
LED = Segment("s-led", "Led", tiers=("programmed",))
AMERICA = Segment("s-us", "America", countries=("US",))
EVERYBODY = Segment("s-all", "All", tiers=TIERS)


def scenes(label, plan):
    """Return a plan dated, with its scene by territory and by segment."""
    fit = label.fit("promotion")
    (dated,) = same_window(fit, plan)
    parts = cut(label.view(("promotion",), PANEL.split()), fit, dated, 5)
    bare = replace(dated, segments=())
    return dated, prepared(fit, "t", bare), prepared(fit, "t", dated, parts), parts


def test_shares_are_counted_from_the_panel(label):
    plan, _, _, parts = scenes(label, replace(PLAN, segments=(LED,)))
    territories = label.fit("promotion").meta["cells"]
    assert territories == ["US", "DE"]
    assert parts.cells == ("s-led", "rest")
    plays = labels.plays()
    last = plays["played_at"].max().date()
    counts = np.zeros((2, 2, 2))  # led, territory, of Ada
    for row in plays.iter_rows(named=True):
        age = (last - row["played_at"].date()).days
        if row["ms_played"] >= 30_000 and age < 84:
            person = int(row["listener_id"], 16)
            ada = int(row["track_id"] != "tr-3")
            counts[1 - person % 2, int(person >= 20), ada] += 1
    whole = counts.sum(2)
    shares = whole / whole.sum(0)
    np.testing.assert_allclose(parts.shares, shares)
    ada = counts[:, :, 1]  # tr-2 is by Ada
    own = (ada + OWN_STREAMS * shares) / (ada.sum(0) + OWN_STREAMS)
    np.testing.assert_allclose(parts.own, own)
    cells = segment_cells(label, segments=(LED,))
    audience = shares @ label.fit("promotion").arrays["audience"]
    assert cells["cell"].to_list() == ["rest", "s-led"]
    assert cells["audience"].to_list() == pytest.approx(audience[::-1].tolist())
    assert plan.segments == (LED,)


@pytest.mark.parametrize("segments", [(EVERYBODY,), (LED,), (AMERICA,), (LED, AMERICA)])
def test_spend_that_follows_the_audience_brings_what_it_brings_by_territory(label, segments):
    plan, by_territory, by_segment, parts = scenes(label, replace(PLAN, segments=segments))
    assert len(parts.cells) == (1 if segments == (EVERYBODY,) else len(segments) + 1)
    first = evaluated(by_territory, plan)
    second = evaluated(by_segment, plan)
    np.testing.assert_allclose(second.weekly, first.weekly, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(by_segment.base.sum(0), by_territory.base.sum(0), rtol=1e-4)
    totals = [
        plan_outcome(label, plan=one, current=one, min_group=5).totals for one in (PLAN, plan)
    ]
    for column in ("scenario_low", "scenario_median", "scenario_high"):
        assert totals[1][column].to_list() == pytest.approx(totals[0][column].to_list(), rel=1e-4)


def test_a_segment_that_is_a_territory_answers_as_the_territory(label):
    shares = (("s-us", 0.9), ("rest", 0.1))
    plan, by_territory, by_segment, _ = scenes(label, replace(PLAN, segments=(AMERICA,)))
    first = evaluated(by_territory, replace(plan, shares=(("US", 0.9), ("DE", 0.1))))
    second = evaluated(by_segment, replace(plan, shares=shares))
    np.testing.assert_allclose(second.by_cell, first.by_cell, rtol=1e-4)


def test_a_segment_nobody_observed_is_wider_than_its_territories(label):
    plan, by_territory, by_segment, parts = scenes(label, replace(PLAN, segments=(LED,)))
    plan = replace(plan, spend=(("meta", 1.0),))  # so little that nothing saturates
    targeted = evaluated(by_segment, replace(plan, shares=(("s-led", 1.0),))).by_channel[0]
    # the same money by territory, as the segment's listeners are spread over them
    mix = parts.shares[0] * by_territory.audience / by_segment.audience[0]
    where = tuple(zip(by_territory.cells, (mix / mix.sum()).tolist(), strict=True))
    plain = evaluated(by_territory, replace(plan, shares=where)).by_channel[0]
    apart = np.log(targeted / plain)
    # .3 for it and for the rest, each against their mean: about .3 x sqrt(2) x the rest's share
    rest = 1 - float(by_segment.audience[0])
    assert apart.std() == pytest.approx(0.3 * np.sqrt(2) * rest, rel=0.1)
    assert abs(np.median(apart)) < 0.02
    assert np.log(targeted).std() > np.log(plain).std()


def test_targeting_moves_only_what_is_promoted(label):
    even = replace(PLAN, segments=(LED,))
    aimed = replace(even, shares=(("s-led", 1.0),))
    outcome = plan_outcome(label, plan=aimed, current=even)
    led = outcome.cells.row(by_predicate=pl.col("cell") == "s-led", named=True)
    rest = outcome.cells.row(by_predicate=pl.col("cell") == "rest", named=True)
    assert led["name"] == "Led" and rest["name"] == "Everybody else"
    assert (led["scenario_share"], rest["scenario_share"]) == (1.0, 0.0)
    assert rest["scenario_high"] == 0 < rest["current_streams"]
    assert led["scenario_low"] < led["scenario_streams"] < led["scenario_high"]
    assert led["scenario_streams"] > led["current_streams"]
    assert "segments" in outcome.warnings["kind"].to_list()
    plain = plan_outcome(label, plan=PLAN, current=PLAN).warnings["kind"].to_list()
    assert "segments" not in plain


def test_a_small_segment_answers_nothing(label):
    few = Segment("s-few", "Few", countries=("DE",), tiers=("programmed",))  # five
    for ask in (
        lambda plan: plan_outcome(label, plan=plan, current=plan),
        lambda plan: response_curves(label, plan=plan),
        lambda plan: best_split(label, plan=plan),
        lambda plan: segment_cells(label, segments=plan.segments),
    ):
        with pytest.raises(NotEnoughEvidence, match="Few: fewer than 10"):
            ask(replace(PLAN, segments=(few,)))
    plan = replace(PLAN, segments=(few,))
    assert plan_outcome(label, plan=plan, current=plan, min_group=5).draws == 2000


def test_curves_and_the_best_split_know_segments(label):
    plan = replace(PLAN, segments=(LED,))
    curves = [response_curves(label, plan=one, points=5).points["median"] for one in (PLAN, plan)]
    assert curves[1].to_list() == pytest.approx(curves[0].to_list(), rel=1e-4)
    best = best_split(label, plan=replace(plan, shares=(("s-led", 1.0),)))
    assert best.gain >= 0
    assert best.plan.segments == (LED,)


def test_plans_that_do_not_fit_together_are_refused(label):
    cut_up = replace(PLAN, segments=(LED,))
    with pytest.raises(BadInput, match="same segments"):
        plan_outcome(label, plan=cut_up, current=PLAN)
    for wrong in (
        replace(cut_up, segments=(LED, LED)),
        replace(cut_up, shares=(("US", 1.0),)),
        replace(cut_up, segments=tuple(replace(LED, id=f"s-{n}") for n in range(8))),
    ):
        with pytest.raises(BadInput):
            plan_outcome(label, plan=wrong, current=wrong)


def test_without_plays_there_are_no_segments(promoted, tmp_path):
    label = open_dataset(str(promoted(tmp_path / "streams", "streams")))
    plan = Plan(track_id="tr-3", spend=(("meta", 100.0),), segments=(LED,))
    with pytest.raises(MissingTable):
        plan_outcome(label, plan=plan, current=plan)
