"""Differences of two groups: means by hand, how often alike groups are told apart, planted ones."""

import numpy as np
import pytest

from workbench.lyrics.difference import LEAST, differences


def ones(*groups: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(np.ones(len(group)) for group in groups)


def test_means_are_weighted_and_the_difference_is_second_less_first():
    first = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    second = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    weights = np.array([2.0, 1.0, 1.0]), np.array([1.0, 1.0, 2.0])
    found = differences(("joy", "fear"), first, second, weights, 0)
    assert found["first"].to_list() == pytest.approx([0.5, 0])
    assert found["second"].to_list() == pytest.approx([0.75, 0])
    assert found["difference"].to_list() == pytest.approx([0.25, 0])
    # nobody fears anything: nothing is known of how sure that is
    assert found["difference_low"].is_null().to_list() == [False, True]
    assert not found["apart"].any()


def test_too_few_units_have_no_interval():
    few = np.eye(LEAST - 1, 3)
    many = np.random.default_rng(1).random((40, 3))
    found = differences(("a", "b", "c"), few, many, ones(few, many), 0)
    assert found["difference_low"].null_count() == 3
    assert not found["apart"].any()


def test_a_planted_difference_is_found_and_nothing_beside_it():
    random = np.random.default_rng(5)
    first, second = random.random((30, 6)), random.random((25, 6))
    second[:, 2] += 0.6
    found = differences(tuple("abcdef"), first, second, ones(first, second), 0)
    assert found["measure"].filter(found["apart"]).to_list() == ["c"]
    row = found.row(2, named=True)
    assert row["difference_low"] < 0.6 < row["difference_high"]
    assert row["first_low"] < row["first"] < row["first_high"]


def test_of_groups_that_are_alike_one_in_ten_has_anything_apart():
    random = np.random.default_rng(7)
    rounds, covered, wrong = 200, 0, 0
    for seed in range(rounds):
        first = (random.random((18, 12)) < 0.15).astype(float)
        second = (random.random((22, 12)) < 0.15).astype(float)
        first[:, -1], second[:, -1] = random.normal(3, 1, 18), random.normal(3, 1, 22)
        found = differences(tuple("abcdefghijkl"), first, second, ones(first, second), seed)
        wrong += found["apart"].any()
        low, high = found["difference_low"][-1], found["difference_high"][-1]
        covered += low <= 0 <= high
    # binomial: .10 and .90 within four standard errors; percentiles of 20 units cover a bit less
    assert wrong / rounds <= 0.10 + 4 * (0.09 / rounds) ** 0.5
    assert covered / rounds >= 0.88 - 4 * (0.09 / rounds) ** 0.5


def test_the_same_seed_gives_the_same_answer():
    random = np.random.default_rng(9)
    first, second = random.random((10, 3)), random.random((12, 3))
    frames = [differences(("a", "b", "c"), first, second, ones(first, second), 4) for _ in "12"]
    assert frames[0].equals(frames[1])
