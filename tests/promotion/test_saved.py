"""Scenarios come back as they were saved, and text that is no plan never runs."""

import base64
import datetime
import zlib
from dataclasses import replace

import pytest

from workbench.audience.rules import Segment
from workbench.errors import BadInput
from workbench.parameters import literal
from workbench.promotion.counts import Counts
from workbench.promotion.foretold import Foretold
from workbench.promotion.plan import Plan
from workbench.promotion.saved import (
    LONGEST_LINK,
    Saved,
    delete,
    packed,
    parsed,
    save,
    saved,
    unpacked,
)
from workbench.store import foretold as kept
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


TOLD = Foretold(
    begin=datetime.date(2027, 2, 5),
    last_week=datetime.date(2027, 1, 1),
    streams=((1.0, 2.0, 3.0), (2.0, 4.0, 6.0)),
    brought=((0.0, 1.0, 2.0), (0.0, 2.0, 3.0)),
    kept=(0.0, 0.5, 0.75),
    channels=(("meta", 1200.0, 0.0, 2.0, 3.0),),
)


def test_what_it_was_told_to_bring_stays_with_a_scenario(tmp_path):
    save(tmp_path, "ada", "Winter", TO_COME, told=TOLD)
    save(tmp_path, "ada", "Old", TO_COME)
    state.record(tmp_path, kept.Foretold, scenario="Old", told="Foretold(begin=None)")
    assert [one.told for one in saved(tmp_path).scenarios] == [TOLD, None]
    delete(tmp_path, "Winter")
    save(tmp_path, "bo", "Winter", TO_COME)
    assert saved(tmp_path).scenarios[-1].told is None
    assert parsed(literal(TOLD)) is None  # no plan


def test_a_scenario_comes_back_as_it_was(tmp_path):
    assert saved(tmp_path) == Saved()
    save(tmp_path, "ada", "  Winter ", TO_COME, " with <radio> ")
    save(tmp_path, "bo", "Song", Plan(track_id="tr-4"))
    assert saved(tmp_path).plans == (("Winter", TO_COME), ("Song", Plan(track_id="tr-4")))
    first, second = saved(tmp_path).scenarios
    assert (first.author, first.note) == ("ada", "with <radio>")
    assert (second.author, second.note) == ("bo", "")
    assert first.at <= second.at
    delete(tmp_path, "Winter")
    assert [name for name, _ in saved(tmp_path).plans] == ["Song"]


@pytest.mark.parametrize(
    ("name", "plan", "words"),
    [
        ("  ", TO_COME, "needs a name"),
        ("Song", TO_COME, "already"),
        ("Current plan", TO_COME, "stands for something else"),
        (" answer", TO_COME, "stands for something else"),
        ("x" * 61, TO_COME, "at most 60"),
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
        "workbench.promotion.plan.Plan(track_id=5)",
        "workbench.promotion.plan.Plan(track_id='t', spend=(('meta', 'much'),))",
        "workbench.promotion.plan.Plan(track_id='t', spend=(('meta', 1e999),))",
        "workbench.promotion.plan.Plan(track_id='t', segments=('all',))",
        "workbench.promotion.plan.Plan(track_id='t', flight=(0, 1000000000))",
        "workbench.promotion.plan.Plan(track_id='t', counts=1)",
        "workbench.promotion.plan.Plan(track_id='t', "
        "counts=workbench.promotion.counts.Counts(spill=1e999))",
        "workbench.promotion.plan.Plan(track_id='t', "
        "counts=workbench.promotion.counts.Counts(purchases='yes'))",
        "(" * 3000 + ")" * 3000,
        "-" * 5000 + "1",
    ],
)
def test_text_that_is_no_plan_is_named_and_left(tmp_path, text):
    assert parsed(text) is None
    state.record(tmp_path, state.Scenario, user="ada", name="old", plan=text)
    assert saved(tmp_path) == Saved((), ("old",))


def test_a_link_carries_the_plan_and_nothing_else():
    link = packed(TO_COME)
    assert unpacked(link) == TO_COME
    assert len(link) < 500
    assert set(link) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    names = "".join(chr(40 + n * n % 4999) for n in range(5000))
    with pytest.raises(BadInput, match="too long"):
        packed(Plan(track_id=names))


def test_what_counts_as_money_goes_with_the_plan(tmp_path):
    plan = replace(TO_COME, counts=Counts(False, beyond=True, spill=1.0, purchases=True))
    assert unpacked(packed(plan)) == plan
    assert len(packed(plan)) < 600
    save(tmp_path, "ada", "Winter", plan)
    assert saved(tmp_path).plans == (("Winter", plan),)
    # a link from before there were any
    old = _of(b"workbench.promotion.plan.Plan(track_id='tr-4', spend=(('meta', 3000.0),))")
    assert unpacked(old) == Plan("tr-4", spend=(("meta", 3000.0),))


def _of(text: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")


@pytest.mark.parametrize(
    "link",
    [
        "",
        "a",
        "no plan",
        "é",
        packed(TO_COME)[:-9],
        packed(TO_COME) + "AAAA",
        _of(b"__import__('os').getcwd()"),
        _of(b"workbench.promotion.plan.Plan(track_id='t', weeks=0)"),
        _of(b"workbench.promotion.plan.Plan(track_id='" + b"t" * 1_000_000 + b"')"),
        _of(b"\xff\xfe"),
        "A" * (LONGEST_LINK + 1),
    ],
)
def test_a_link_that_is_no_plan_is_refused(link):
    assert unpacked(link) is None
