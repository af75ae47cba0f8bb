"""Amounts that add up, whichever slider moves."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import BadInput
from workbench.promotion.amounts import rebalanced
from workbench.promotion.plan import Plan, cell_shares, checked, friday, weekly_spend

amounts = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 1e5), min_size=1)


def test_others_give_way_in_proportion():
    moved = rebalanced({"a": 60.0, "b": 30.0, "c": 10.0}, 100.0, "a", frozenset())
    # b and c had 3 to 1; 40 are left
    assert moved == {"a": 60.0, "b": 30.0, "c": 10.0}
    assert rebalanced({"a": 20.0, "b": 30.0, "c": 10.0}, 100.0, "a", frozenset()) == {
        "a": 20.0, "b": 60.0, "c": 20.0,
    }  # fmt: skip


def test_a_locked_one_stays_and_the_moved_one_stops_at_the_room():
    held = rebalanced({"a": 95.0, "b": 30.0, "c": 10.0}, 100.0, "a", frozenset("b"))
    assert held == {"a": 70.0, "b": 30.0, "c": 0.0}


def test_what_rounding_leaves_over_goes_where_most_was_cut_off():
    opening = {"a": 1000.0, "b": 700.0, "c": 650.0, "d": 640.0, "e": 630.0}
    for more in (1, 7, 100):
        moved = rebalanced(opening | {"a": 1000.0 + more}, 3620.0, "a", frozenset())
        for name in "bcde":
            assert abs(moved[name] - opening[name] * (2620 - more) / 2620) < 1
    # and back: from the same amounts nothing is left of the way there
    assert rebalanced(opening, 3620.0, "a", frozenset()) == opening


def test_from_nothing_the_rest_is_even():
    assert rebalanced({"a": 40.0, "b": 0.0, "c": 0.0}, 100.0, "a", frozenset()) == {
        "a": 40.0, "b": 30.0, "c": 30.0,
    }  # fmt: skip


@given(amounts, st.integers(0, 10**6), st.data())
def test_they_always_add_up(given_amounts, total, data):
    names = sorted(given_amounts)
    moved = data.draw(st.sampled_from([None, *names]))
    settled = rebalanced(given_amounts, float(total), moved, frozenset())
    assert sum(settled.values()) == total
    assert min(settled.values()) >= 0
    assert all(type(value) is float for value in settled.values())


def test_weeks_begin_on_friday():
    thursday = datetime.date(2026, 11, 19)
    assert friday(thursday) == datetime.date(2026, 11, 13)
    assert friday(friday(thursday)) == datetime.date(2026, 11, 13)


def test_spend_is_even_over_the_flight_and_may_begin_before_the_release():
    plan = Plan(track_id="t", spend=(("meta", 80.0),), flight=(-2, 4))
    spend = weekly_spend(plan, ("meta", "radio"), first_week=-3, weeks=6)
    assert spend[:, 0].tolist() == [0, 20, 20, 20, 20, 0]
    assert not spend[:, 1].any()
    assert spend.dtype == np.float32


@pytest.mark.parametrize(
    ("flighting", "weeks"),
    [("even", [20] * 4), ("burst", [80, 0, 0, 0]), ("pulsed", [40, 0, 40, 0])],
)
def test_the_same_money_lies_in_other_weeks(flighting, weeks):
    plan = Plan(track_id="t", spend=(("meta", 80.0),), flight=(-2, 4), flighting=flighting)
    spend = weekly_spend(checked(plan), ("meta",), first_week=-3, weeks=6)
    assert spend[:, 0].tolist() == [0, *weeks, 0]
    assert weekly_spend(plan, ("meta",), first_week=0, weeks=6)[:2, 0].tolist() == weeks[2:]
    assert not weekly_spend(plan, ("meta",), first_week=9, weeks=6).any()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"spend": (("meta", float("nan")),)}, "zero or more"),
        ({"flighting": "sudden"}, "even, burst, pulsed"),
        ({"channel_shares": (("meta", "DE", 0.5), ("meta", "US", 0.4))}, "meta's cells"),
        ({"shares": (("DE", float("nan")),)}, "add up to 1"),
        ({"pitch": (0.0, 4, 0.5)}, "followers of the list"),
        ({"pitch": (float("nan"), 4, 0.5)}, "followers of the list"),
        ({"pitch": (1e5, 4, 1.5)}, "a chance from 0 to 1"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(given, words):
    with pytest.raises(BadInput, match=words):
        checked(Plan(track_id="t", **given))


def test_a_cell_has_its_share_of_all_money():
    plan = Plan(
        track_id="t", spend=(("meta", 100.0), ("radio", 300.0)),
        channel_shares=(("meta", "DE", 1.0),), shares=(("US", 1.0),),
    )  # fmt: skip
    assert cell_shares(plan, ("DE", "US"), np.array([0.4, 0.6])).tolist() == [0.25, 0.75]


def test_small_money_is_told_apart_by_the_hundredth():
    assert rebalanced({"a": 0.3, "b": 0.5}, 0.8, "a", frozenset(), 0.01)["b"] == 0.5
    moved = rebalanced({"a": 0.6, "b": 0.5}, 0.8, "a", frozenset(), 0.01)
    assert sum(moved.values()) == pytest.approx(0.8)
