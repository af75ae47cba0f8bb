"""The calendar: dates on the same draws, clashes by hand, what is a fact of the label's own."""

import datetime
from dataclasses import replace

import labels
import numpy as np
import polars as pl
import pytest

from workbench.charts.promotion import weekly_fan
from workbench.dataset import open_dataset
from workbench.errors import BadInput, NotEnoughEvidence
from workbench.promotion.calendar import friday_effect, release_calendar
from workbench.promotion.coming import coming
from workbench.promotion.dates import release_dates
from workbench.promotion.outcome import plan_outcome
from workbench.promotion.plan import Plan
from workbench.promotion.season import season_index
from workbench.promotion.wanted import mood_wanted
from workbench.store.change import change

PLAN = Plan(track_id="tr-4", spend=(("meta", 800.0), ("radio", 400.0)), flight=(-2, 6))
AFTER = labels.day(labels.DAYS)  # a Friday, the first day without data
WEEK = datetime.timedelta(weeks=1)
PLANNED = AFTER + 4 * WEEK
BO = Plan(artist_id="ar-bo", genre="folk", release_date=AFTER + 6 * WEEK)


def test_each_friday_ahead_is_ranked_and_the_planned_one_changes_nothing(label):
    found = release_dates(label, plan=PLAN, weeks=10)
    assert found.dates["date"].to_list() == [AFTER + k * WEEK for k in range(10)]
    assert sorted(found.dates["rank"]) == list(range(1, 11))
    own = found.dates.row(by_predicate=pl.col("planned"), named=True)
    assert own["date"] == found.planned == PLANNED
    for name in ("against", "season", "fixed", "life"):
        assert [own[f"{name}_{edge}"] for edge in ("low", "median", "high")] == [0.0] * 3
    assert found.until == AFTER + 52 * WEEK


def test_a_date_brings_what_the_lab_says_of_it(label):
    """The calendar reckons a release once and moves its season; the lab makes each anew."""
    rows = release_dates(label, plan=PLAN, weeks=20, clash=0.0).dates
    for week in (0, 4, 17):
        moved = replace(PLAN, release_date=AFTER + week * WEEK, weeks=8)
        totals = plan_outcome(label, plan=moved, current=moved).totals
        lab = totals.row(by_predicate=pl.col("measure") == "streams", named=True)
        row = rows.row(by_predicate=pl.col("date") == AFTER + week * WEEK, named=True)
        for edge in ("low", "median", "high"):
            assert row[f"first_{edge}"] == pytest.approx(lab[f"scenario_{edge}"], rel=2e-4)


def test_the_band_of_an_earlier_date_ends_where_it_is_counted(label):
    earlier = replace(PLAN, release_date=PLANNED - 3 * WEEK, weeks=8)
    found = plan_outcome(label, plan=earlier, current=replace(PLAN, weeks=8))
    bands = {len(trace.x): trace for trace in weekly_fan(found).data if trace.fill}
    assert set(bands) == {2 * 8, 2 * 11}
    assert all(np.isfinite(np.array(trace.y, float)).all() for trace in bands.values())


def test_a_later_date_has_fewer_weeks_before_a_fixed_day(label):
    rows = release_dates(label, plan=PLAN, weeks=26).dates
    lost = rows["life_median"] - rows["fixed_median"]
    assert lost[0] < 0 < lost[25]
    assert lost.is_sorted()  # against its two years, each later week loses more of the fixed ones


def test_own_releases_near_take_what_shared_listeners_stream(label):
    found = release_dates(label, plan=BO, weeks=10, clash=0.5)
    # tr-4 is of the same artist: all of its listeners are shared
    near = found.clashes.filter(pl.col("track_id") == "tr-4")
    assert near["shared"].to_list() == [1.0] * near.height
    taken = dict(found.dates.select("date", "clash").iter_rows())
    assert taken[PLANNED] == pytest.approx(0.5)
    assert taken[PLANNED + WEEK] == pytest.approx(0.5 * 2 / 3)
    assert taken[PLANNED - 2 * WEEK] == pytest.approx(0.5 / 3)
    assert taken[PLANNED + 3 * WEEK] == 0.0
    left = found.dates["first_median"] / found.dates["alone_median"]
    assert left.to_list() == pytest.approx((1 - found.dates["clash"]).to_list())
    free = release_dates(label, plan=BO, weeks=10, clash=0.0)
    assert free.dates["clash"].to_list() == [0.0] * 10
    assert free.dates["season_median"].to_list() == found.dates["season_median"].to_list()


def test_whose_listeners_are_shared_comes_of_the_panel(label):
    ada = Plan(artist_id="ar-ada", genre="pop", release_date=PLANNED)
    shared = release_dates(label, plan=ada, weeks=6).clashes["shared"]
    assert shared.to_list() == [1.0] * len(shared)  # all thirty hear both
    nobody = Plan(artist="Nova", genre="pop", release_date=PLANNED)
    found = release_dates(label, plan=nobody, weeks=6)
    assert found.clashes["shared"].null_count() == found.clashes.height > 0
    assert not found.shared_known


def test_dates_that_have_passed_are_refused(label):
    with pytest.raises(BadInput, match="is out"):
        release_dates(label, plan=Plan(track_id="tr-2"))
    with pytest.raises(BadInput, match="has passed; set a new one"):
        release_dates(label, plan=PLAN, today=PLANNED)
    with pytest.raises(BadInput, match="0 to 1"):
        release_dates(label, plan=PLAN, clash=1.5)
    late = release_dates(label, plan=PLAN, today=PLANNED - WEEK, weeks=3)
    assert late.dates["date"][0] == PLANNED


def test_the_calendar_holds_what_is_near_and_tells_planned_from_out(label):
    found = release_calendar(label)
    assert found.today == labels.day(labels.DAYS - 1)
    assert found.releases["track_id"].to_list() == ["tr-3", "tr-2", "tr-4"]
    assert found.releases["planned"].to_list() == [False, False, True]
    assert (found.fridays, found.others) == (3, 1)
    effect = friday_effect(label)
    assert (effect.fridays, effect.others, effect.effect) == (2, 0, None)


def test_a_catalogue_without_dates_says_so(tmp_path):
    label = labels.opened(tmp_path / "streams", "streams")
    assert release_calendar(label, today=labels.day(0)).releases["planned"].to_list() == [
        False, True, True,
    ]  # fmt: skip
    with change(tmp_path / "bare") as writing:
        writing.put("tracks", labels.tracks().with_columns(release_date=None), source="test")
    bare = open_dataset(str(tmp_path / "bare"))
    with pytest.raises(NotEnoughEvidence, match="release date"):
        release_calendar(bare)


def test_the_season_is_one_in_the_mean_and_holds_its_interval(label):
    rows = season_index(label)
    assert rows["index"].mean() == pytest.approx(1.0, abs=0.01)
    assert (rows["low"] <= rows["index"]).all()
    assert (rows["index"] <= rows["high"]).all()
    assert season_index(label, since=PLANNED, weeks=3)["week"][0] == PLANNED


def test_the_first_weeks_of_a_song_to_come_are_the_labs(label):
    found = coming(label, track_id="tr-4", weeks=6)
    plan = Plan(track_id="tr-4", weeks=6)
    lab = plan_outcome(label, plan=plan, current=plan)
    total = lab.totals.row(by_predicate=pl.col("measure") == "streams", named=True)
    assert (found.total, found.low, found.high) == tuple(
        total[f"scenario_{edge}"] for edge in ("median", "low", "high")
    )
    assert found.weeks.height == 6
    assert found.weeks["week"][0] == found.release == PLANNED
    assert found.budget == 0.0
    with pytest.raises(BadInput, match="is out"):
        coming(label, track_id="tr-2")
    with pytest.raises(BadInput, match="1 to 26"):
        coming(label, track_id="tr-4", weeks=27)


def test_a_mood_that_is_not_scored_is_not_known(label):
    assert mood_wanted(label, track_id="tr-4").mood is None
