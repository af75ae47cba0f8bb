"""Ids by number: the same in every order, and the same counts as hashing them."""

import datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audience.conftest import plays
from workbench.audience.numbered import numbered
from workbench.audience.tier_rules import (
    SUPER_FROM,
    listener_steps,
    listener_tiers,
    stepped,
    tiered,
)

TODAY = datetime.date(2026, 10, 30)
SOURCES = ("library", "radio", "unknown")


@given(st.lists(st.sampled_from(["a", "b", "zoë", "B", ""]), max_size=30))
@settings(max_examples=60, deadline=None)
def test_numbers_are_places_among_the_sorted_ids(ids):
    rows, names = numbered(pl.Series("id", ids, pl.String))
    assert names.to_list() == sorted(set(ids))
    assert rows.tolist() == [sorted(set(ids)).index(one) for one in ids]


@pytest.fixture(scope="module")
def frame():
    draw = np.random.default_rng(3)
    days = [TODAY - datetime.timedelta(days=int(n)) for n in draw.integers(-40, 900, 3_000)]
    who = draw.integers(0, 60, 3_000)
    return plays(
        [
            (f"l{n:02d}", "ana", day, SOURCES[int(kind)])
            for n, day, kind in zip(who, days, draw.integers(0, 3, 3_000), strict=True)
        ]
    )


def test_steps_by_number_are_those_by_id(frame):
    by = ("listener_id",)
    counts, ids = listener_steps(frame.lazy(), TODAY, steps=40)
    found = counts.select(
        ids.gather(counts["listener"]).alias("listener_id"), pl.exclude("listener")
    )
    plain = stepped(frame.lazy(), pl.lit(TODAY), by=by).collect()
    columns = ["listener_id", "step", "intentional", "programmed", "unknown"]
    assert found.select(columns).sort(*by, "step").equals(plain.select(columns).sort(*by, "step"))


@pytest.mark.parametrize("at", [0, 1])
def test_tiers_by_number_are_those_by_id(frame, at):
    by = ("listener_id",)
    # What is older than 27 steps is one step more, which no tier looks at.
    counts, ids = listener_steps(frame.lazy(), TODAY)
    limits = {"at": at, "super_from": SUPER_FROM // 4}
    plain = tiered(stepped(frame.lazy(), pl.lit(TODAY), by=by), by=by, **limits).collect()
    assert listener_tiers(counts, ids, **limits).sort(by).equals(plain.sort(by))


def test_two_years_in_one_step_give_the_tiers_of_today(frame):
    by = ("listener_id",)
    plain = tiered(stepped(frame.lazy(), pl.lit(TODAY), by=by, history=False), by=by).collect()
    counts, ids = listener_steps(frame.lazy(), TODAY, steps=1)
    assert listener_tiers(counts, ids).sort(by).equals(plain.sort(by))


def test_nobody_is_no_step(frame):
    counts, ids = listener_steps(frame.lazy().filter(pl.lit(False)), TODAY)
    assert counts.is_empty()
    assert ids.is_empty()
