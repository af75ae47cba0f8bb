"""What a plan says of itself beside its results, and on which days its money is spent."""

import datetime

import pytest

from workbench.promotion.facts import flight_days, plan_facts
from workbench.promotion.plan import Plan

AFTER = datetime.date(2026, 10, 23)  # a Friday
TO_COME = Plan(
    artist="Nova", genre="folk", release_date=datetime.date(2026, 12, 2), weeks=13,
    spend=(("meta", 100.0), ("radio", 20.5)), flight=(-2, 6), shares=(("DE", 0.25), ("US", 0.75)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "first", "last"),
    [
        # out on a Wednesday: its week began on Friday 27 November, two weeks before is the 13th
        (TO_COME, datetime.date(2026, 11, 13), datetime.date(2026, 12, 24)),
        # a song that is out is counted from the first week without data
        (
            Plan(track_id="t", release_date=datetime.date(2026, 3, 6), flight=(1, 1)),
            datetime.date(2026, 10, 30),
            datetime.date(2026, 11, 5),
        ),
        (Plan(track_id="t"), AFTER, datetime.date(2026, 12, 17)),
    ],
)
def test_days_of_spend(plan, first, last):
    assert flight_days(plan, AFTER) == (first, last)


def test_a_plan_in_figures():
    current = Plan(artist="Nova", genre="folk", release_date=TO_COME.release_date)
    facts = plan_facts(current, TO_COME, AFTER, {"artist": "Nova", "genre": "folk", "title": None})
    scenario = dict(facts.select("fact", "scenario").iter_rows())
    assert scenario == {
        "release": "not in the catalogue",
        "track": None,
        "artist": "Nova",
        "genre": "folk",
        "release date": "2026-12-02, counted from Friday 2026-11-27",
        "spend from": "2026-11-13",
        "spend until": "2026-12-24",
        "money in these weeks": "even",
        "budget": "120.50",
        "playlist pitch": None,
        "weeks counted": "13",
        "payout a stream": "0.0035",
        "shares": "DE 25.0%, US 75.0%",
        "shares of single channels": None,
    }
    before = dict(facts.select("fact", "current").iter_rows())
    assert before["spend from"] == "2026-11-27"
    # of a Friday, and of a song that is out, there is nothing to say
    for day in ("2026-11-27", "2026-03-04"):
        plan = Plan(track_id="t", release_date=datetime.date.fromisoformat(day))
        assert plan_facts(plan, plan, AFTER, {})["scenario"][4] == day
    assert before["shares"] == "as the audience"
