"""Campaigns that ran: found in the spend, counted on the draws, held against their plans."""

import datetime
from dataclasses import replace

import labels
import numpy as np
import polars as pl
import pytest

from workbench.dataset import make, open_dataset
from workbench.errors import BadInput, MissingTable
from workbench.promotion.draws import LEAD
from workbench.promotion.foretold import foretold
from workbench.promotion.money import Money
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.past import numbered, past_campaigns
from workbench.promotion.past_result import campaign_result
from workbench.promotion.past_window import counted, won
from workbench.promotion.plan import Plan
from workbench.promotion.planned import planned_actual
from workbench.promotion.whatif import effect
from workbench.store.change import change

QUIET = {"progress": lambda done, total, text: None}
FIRST = labels.day(28)  # of the spend on tr-2: eight weeks, 300 on Meta and 150 on radio
AS_DONE = Plan(
    track_id="tr-2",
    release_date=FIRST,
    spend=(("meta", 2400.0), ("radio", 1200.0)),
    flight=(0, 8),
    channel_shares=(("meta", "DE", 0.5), ("meta", "US", 0.5)),
)


@pytest.fixture(scope="module")
def found(label):
    return campaign_result(label, track_id="tr-2", first=FIRST, payout=0.01)


def test_campaigns_part_where_four_weeks_bring_no_spend():
    weeks = [0, 1, 6, 12]  # four weeks of pause, then five
    spend = pl.DataFrame(
        {
            "track_id": ["a"] * 4,
            "channel": ["meta"] * 4,
            "week": [FIRST + datetime.timedelta(weeks=n) for n in weeks],
            "spend": [1.0] * 4,
        }
    )
    assert numbered(spend).sort("week")["campaign"].to_list() == [0, 0, 0, 1]


def test_the_one_campaign_is_listed(label):
    (row,) = past_campaigns(label).to_dicts()
    assert (row["track_id"], row["first"], row["last"]) == ("tr-2", FIRST, labels.day(77))
    assert (row["weeks"], row["since"]) == (8, 4)
    assert row["channels"] == ["meta", "radio"]
    assert row["spend"] == pytest.approx(8 * 450)


def test_channels_markets_and_weeks_add_up_to_the_whole(label, found):
    window = counted(label.view(("promotion", "campaigns"), ("fx_rates",)),
                     label.fit("promotion"), "tr-2", FIRST, 26)  # fmt: skip
    total = window.won.total
    assert window.won.weekly.sum(0) == pytest.approx(total, rel=1e-4)
    assert window.won.by_cell.sum(0) == pytest.approx(total, rel=1e-4)
    brought = dict(found.totals.select("measure", "median").iter_rows())
    assert brought["brought"] == pytest.approx(np.median(total))
    assert brought["return"] == pytest.approx(brought["kept"] / found.spend)
    assert found.spend == pytest.approx(3600)
    assert found.came == pytest.approx(
        labels.daily_streams().filter(pl.col("entity_id") == "tr-2")["streams"].sum()
    )


def test_it_is_what_the_engine_of_the_lab_says(label):
    view = label.view(("promotion", "campaigns"), ("fx_rates",))
    scene = counted(view, label.fit("promotion"), "tr-2", FIRST, 26).scene
    weeks = len(scene.weeks)
    spend = np.zeros((LEAD + weeks, len(scene.channels)))
    spend[LEAD : LEAD + 5, 0] = 400.0
    engine = effect(scene, spend.astype(np.float32), np.ones(len(scene.cells)))
    by_cell = spend[:, :, None] * scene.audience
    own = won(scene, by_cell, by_cell)
    assert own.by_channel[0] == pytest.approx(engine.by_channel[0], rel=1e-3)
    assert own.weekly == pytest.approx(engine.weekly, rel=1e-3, abs=1e-2)
    # on top of as much again a channel that saturates wins less
    less = won(scene, 2 * by_cell, by_cell)
    assert (less.by_channel[0] < own.by_channel[0]).all()


def test_it_agrees_with_what_the_fit_says_of_its_channels(label, found):
    fitted = label.fit("promotion").frames["brought"]
    both = found.channels.join(fitted, on="channel")
    assert both.height == 2
    # other draws of the same posterior
    assert both["median"].to_numpy() == pytest.approx(both["brought"].to_numpy(), rel=0.25)


def test_without_the_campaign_is_the_model_less_what_it_brought(found):
    rows = found.weekly.drop_nulls()
    assert rows.height == 12
    apart = rows["model"] - rows["without_median"]
    assert apart.to_numpy() == pytest.approx(rows["median"].to_numpy(), rel=1e-6)


def test_a_plan_that_was_kept_to_is_what_was_done(label):
    held = planned_actual(label, plan=AS_DONE, first=FIRST)
    assert held.begin == FIRST
    assert held.late == pytest.approx(0.0, abs=1e-6)
    for row in held.channels.to_dicts():
        assert row["planned"] == pytest.approx(row["spent"])
        assert row["planned_median"] == pytest.approx(row["median"], rel=0.02)
    double = planned_actual(
        label, plan=AS_DONE.with_spend({"meta": 4800.0, "radio": 0.0}), first=FIRST
    )
    totals = {row["measure"]: row for row in double.totals.to_dicts()}
    assert totals["spend"]["planned_median"] == pytest.approx(4800)
    assert totals["brought"]["planned_median"] != pytest.approx(totals["brought"]["median"])


def test_money_is_what_is_kept_of_each_territory(label, found):
    paid = (("DE", 0.02),)
    money = Money(payouts=paid, distribution=0.2, artist=0.5)
    less = campaign_result(label, track_id="tr-2", first=FIRST, payout=0.01, money=money)
    rates = dict(less.cells.select("cell", "rate").iter_rows())
    assert rates.pop("DE") == pytest.approx(0.02 * 0.5)  # a statement has lost the first share
    assert list(rates.values()) == pytest.approx([0.01 * 0.8 * 0.5] * len(rates))
    window = counted(label.view(("promotion", "campaigns"), ("fx_rates",)),
                     label.fit("promotion"), "tr-2", FIRST, 26)  # fmt: skip
    by_cell = np.array([0.01 if one == "DE" else 0.004 for one in window.scene.cells])
    kept = less.totals.row(by_predicate=pl.col("measure") == "kept", named=True)
    assert kept["median"] == pytest.approx(np.median(by_cell @ window.won.by_cell))
    assert less.channels["return_median"].to_numpy() == pytest.approx(
        np.median(np.einsum("cks,k->cs", window.won.won, by_cell), axis=1)[
            [window.scene.channels.index(one) for one in less.channels["channel"]]
        ]
        / less.channels["spend"].to_numpy()
    )


def test_a_plan_is_held_against_what_was_foretold_in_its_own_weeks(label):
    plan = replace(AS_DONE, start=FIRST, weeks=8)
    then = foretold(label, plan=plan, money=Money(artist=0.5))
    assert (then.begin, len(then.streams)) == (FIRST, 8)
    told = plan_outcome(label, plan=plan, current=plan)
    whole = {row["measure"]: row for row in told.totals.to_dicts()}
    assert then.streams[-1][1] == pytest.approx(whole["streams"]["scenario_median"], rel=1e-3)
    assert then.brought[-1][1] == pytest.approx(whole["brought"]["scenario_median"], rel=1e-3)
    # of another day, so that nothing of today's model can stand for it
    then = replace(
        then, streams=((1.0, 2.0, 3.0),) * 8, channels=(("meta", 2400.0, 5.0, 6.0, 7.0),)
    )
    held = planned_actual(label, plan=plan, first=FIRST, told=then)
    totals = {row["measure"]: row for row in held.totals.to_dicts()}
    assert (held.over, held.until) == (True, FIRST + datetime.timedelta(days=55))
    assert [totals["streams"][f"planned_{edge}"] for edge in ("low", "median", "high")] == [1, 2, 3]
    seen = label.fit("promotion").frames["weekly"].filter(track_id="tr-2")
    came = seen.filter(pl.col("week") <= held.until)["streams"].sum()
    assert totals["streams"]["median"] == pytest.approx(came)
    assert totals["kept"]["planned_median"] == then.kept[1]
    meta, radio = held.channels.to_dicts()
    assert (meta["planned"], meta["planned_median"]) == (2400, 6)
    assert (radio["planned"], radio["planned_median"], radio["spent"]) == (0, 0, 1200)


def test_weeks_that_are_not_over_or_elsewhere_are_not_held_against(label):
    plan = replace(AS_DONE, start=FIRST)
    then = foretold(label, plan=plan)
    held = planned_actual(label, plan=plan, first=FIRST, told=then)
    weeks = (held.until - FIRST).days // 7 + 1
    assert (held.over, held.told, weeks) == (False, then.last_week, 12)
    totals = {row["measure"]: row for row in held.totals.to_dicts()}
    assert totals["streams"]["planned_median"] == then.streams[11][1]
    assert totals["kept"]["planned_median"] is None
    assert held.channels["planned_median"].null_count() == held.channels.height
    elsewhere = replace(then, begin=FIRST + datetime.timedelta(weeks=520))
    now = planned_actual(label, plan=plan, first=FIRST, told=elsewhere)
    assert (now.told, now.over) == (None, True)


def test_what_cannot_be_looked_back_on_is_said(label, promoted, tmp_path):
    with pytest.raises(BadInput, match="No campaign for “tr-1” begins"):
        campaign_result(label, track_id="tr-1", first=FIRST)
    with pytest.raises(BadInput, match="not in the catalogue"):
        planned_actual(label, plan=Plan(artist="Ada", release_date=FIRST), first=FIRST)
    bare = open_dataset(str(promoted(tmp_path / "streams", "streams")))
    with pytest.raises(MissingTable, match="nothing to look back on"):
        past_campaigns(bare)


def test_spend_long_before_a_release_counts_and_missing_weeks_count_on_neither_side(tmp_path):
    place, out = tmp_path / "early", labels.day(91)
    labels.written(place, "full")
    row = labels.campaigns().row(0, named=True)
    early = [{**row, "day": labels.day(n), "spend": 100.0} for n in range(14)]
    mine = pl.col("track_id") == "tr-2"
    gone = (pl.col("entity_id") == "tr-2") & (
        (pl.col("day") < out) | pl.col("day").is_between(labels.day(98), labels.day(104))
    )
    with change(place) as writing:
        moved = pl.when(mine).then(pl.lit(out)).otherwise("release_date")
        writing.put("tracks", labels.tracks().with_columns(release_date=moved), source="test")
        writing.put("daily_streams", labels.daily_streams().filter(~gone), source="test")
        writing.put("campaigns", pl.DataFrame(early, schema=labels.campaigns().schema),
                    source="test")  # fmt: skip
    label = open_dataset(str(place))
    make(label, "promotion", **QUIET)
    first = past_campaigns(label)["first"][0]
    found = campaign_result(label, track_id="tr-2", first=first)
    assert found.spend == pytest.approx(1400.0)
    weeks = found.weekly.filter(pl.col("week") >= out)
    known = weeks.drop_nulls("came")
    assert weeks.height > known.height  # one of them is not on file
    share = dict(found.totals.select("measure", "median").iter_rows())["share"]
    assert share <= known["high"].sum() / found.came
