"""Estimates from the log: by hand, and unbiased over every list that could have been shown."""

from itertools import combinations

import numpy as np
import pytest

from workbench.dataset import open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.recommend.off_policy import Logged, effective, ips, logged_worth, snips


def test_by_hand():
    rewards, weights = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.5, 2.0, 4.0, 1.5])
    assert ips(rewards, weights) == pytest.approx((0.5 + 4.0) / 4)
    assert snips(rewards, weights) == pytest.approx(4.5 / 8.0)
    assert effective(weights) == pytest.approx(64 / (0.25 + 4 + 16 + 2.25))
    assert effective(np.ones(7)) == 7 and effective(np.zeros(7)) == 0
    assert np.isnan(snips(rewards, np.zeros(4)))


def test_even_weights_are_the_plain_mean():
    rewards = np.array([1.0, 0.0, 0.0, 1.0, 1.0])
    assert ips(rewards, np.ones(5)) == snips(rewards, np.ones(5)) == pytest.approx(0.6)


def test_the_mean_over_all_possible_lists_is_the_truth():
    """Two of five songs are shown, each pair as likely; the other list shows two, surely."""
    liked = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    wanted = np.array([0.0, 1.0, 1.0, 0.0, 0.0])  # songs 1 and 2: half of these are liked
    pairs = [np.array(pair) for pair in combinations(range(5), 2)]
    each = [ips(liked[pair], wanted[pair] / 0.4) for pair in pairs]
    assert np.mean(each) == pytest.approx(0.5)
    assert np.mean([liked[pair].mean() for pair in pairs]) == pytest.approx(0.6)  # as shown


def log(count: int) -> tuple[Logged, ...]:
    """Nine head songs of ten, half liked, to one drawn that is always liked."""
    rows = []
    for n in range(count):
        drawn = n % 10 == 9
        rows.append(Logged(n // 10, drawn or n % 2 == 0, 0.05 if drawn else 1.0, 10, 100,
                           40 if drawn else 1 + n % 10, 3 if drawn else 50))  # fmt: skip
    return tuple(rows)


def test_each_kind_of_list_has_its_worth():
    found = logged_worth(open_dataset("sample"), log=log(200))
    worth = {row["policy"]: row for row in found.policies.to_dicts()}
    assert (found.marks, found.lists) == (200, 20)
    assert worth["As shown"]["snips"] == pytest.approx(0.6)
    assert worth["As shown"]["ips"] == pytest.approx(0.6)
    # of the nine head songs those at 0, 2, 4, 6, 8 are liked
    assert worth["Blend, nothing drawn"]["snips"] == pytest.approx(5 / 9)
    assert worth["Most streamed"]["snips"] == 1.0
    assert worth["Most streamed"]["effective"] == pytest.approx(20)
    # blindly: weights .1 for the head, 2 for what was drawn
    assert worth["Drawn blindly"]["snips"] == pytest.approx((5 * 0.1 + 2) / (9 * 0.1 + 2))
    assert worth["Drawn blindly"]["low"] <= worth["Drawn blindly"]["high"]


def test_little_is_said_to_be_little():
    with pytest.raises(NotEnoughEvidence, match="29 songs"):
        logged_worth(open_dataset("sample"), log=log(29))
    few = logged_worth(open_dataset("sample"), log=log(40)).policies.filter(policy="Most streamed")
    assert few["snips"].to_list() == [None] and few["effective"].item() == 4
