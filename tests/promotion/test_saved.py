"""Scenarios come back as they were saved, and text that is no plan never runs."""

import datetime

import pytest

from workbench.audience.rules import Segment
from workbench.errors import BadInput
from workbench.promotion.plan import Plan
from workbench.promotion.saved import Saved, delete, parsed, save, saved
from workbench.store import state

TO_COME = Plan(
    artist="Nova “Q” O'Hara",
    genre="folk",
    release_date=datetime.date(2027, 2, 5),
    weeks=13,
    spend=(("meta", 1200.0), ("radio", 0.5)),
    flight=(-2, 6),
    shares=(("DE", 0.25), ("US", 0.75)),
    payout=0.004,
    segments=(Segment("seg-1", "Fans, “loud”", countries=("DE",), least_streams=3),),
)


def test_a_scenario_comes_back_as_it_was(tmp_path):
    assert saved(tmp_path) == Saved()
    save(tmp_path, "ada", "  Winter ", TO_COME)
    save(tmp_path, "ada", "Song", Plan(track_id="tr-4"))
    assert saved(tmp_path).plans == (("Winter", TO_COME), ("Song", Plan(track_id="tr-4")))
    delete(tmp_path, "Winter")
    assert [name for name, _ in saved(tmp_path).plans] == ["Song"]


@pytest.mark.parametrize(
    ("name", "plan", "words"),
    [
        ("  ", TO_COME, "needs a name"),
        ("Song", TO_COME, "already"),
        ("Nobody", Plan(release_date=datetime.date(2027, 2, 5)), "artist"),
        ("Negative", Plan(track_id="tr-4", spend=(("meta", -1.0),)), "zero or more"),
    ],
)
def test_what_cannot_be_saved(tmp_path, name, plan, words):
    save(tmp_path, "ada", "Song", Plan(track_id="tr-4"))
    with pytest.raises(BadInput, match=words):
        save(tmp_path, "ada", name, plan)
    assert len(saved(tmp_path).plans) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "erased listener",
        "1",
        "workbench.promotion.plan.Plan(budget=1)",
        "workbench.promotion.plan.Plan(track_id=open('x'))",
        "__import__('os').getcwd()",
        "workbench.promotion.plan.Plan(track_id='t', weeks=0)",
        "workbench.promotion.plan.Plan(track_id='t', spend=3)",
        "datetime.date(2027, 1, 1)",
    ],
)
def test_text_that_is_no_plan_is_named_and_left(tmp_path, text):
    assert parsed(text) is None
    state.record(tmp_path, state.Scenario, user="ada", name="old", plan=text)
    assert saved(tmp_path) == Saved((), ("old",))
