"""Metrics, lists and intervals against numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from workbench.recommend import metrics
from workbench.recommend.evaluation import difference, interval, judged
from workbench.recommend.popular import MostPopular
from workbench.recommend.ranking import best, largest
from workbench.recommend.splits import folds, later, split
from workbench.recommend.weighing import OFFERED, weights

# three listeners, lists of three; held out: {1, 4}, {0}, {5, 6, 7, 8}
LISTS = np.array([[1, 2, 4], [3, 0, -1], [1, 2, 3]])
HELD = csr_matrix((np.ones(7), ([0, 0, 1, 2, 2, 2, 2], [1, 4, 0, 5, 6, 7, 8])), shape=(3, 9))
HITS = np.array([[True, False, True], [False, True, False], [False, False, False]])
RELEVANT = np.array([2, 1, 4])


def test_hits():
    assert metrics.hits(LISTS, HELD).tolist() == HITS.tolist()


def test_an_empty_place_is_never_a_hit():
    # place -1 of listener 1 would be the last item of listener 0
    held = csr_matrix(([1.0], ([0], [8])), shape=(2, 9))
    assert not metrics.hits(np.array([[-1], [-1]]), held).any()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("precision", [2 / 3, 1 / 3, 0]),
        ("recall", [1, 1, 0]),
        ("ndcg", [1.5 / (1 + 1 / np.log2(3)), 1 / np.log2(3), 0]),
        ("map", [(1 + 2 / 3) / 2, 1 / 2, 0]),
        ("mrr", [1, 1 / 2, 0]),
    ],
)
def test_accuracy(name, expected):
    assert metrics.ACCURACY[name](HITS, RELEVANT) == pytest.approx(expected)


def test_recall_and_map_divide_by_all_that_was_held_out():
    full = np.ones((1, 2), dtype=bool)
    assert metrics.recall(full, np.array([8])) == pytest.approx([1 / 4])
    assert metrics.average_precision(full, np.array([8])) == pytest.approx([1 / 4])
    assert metrics.ndcg(full, np.array([8])) == pytest.approx([1])


def test_beyond_accuracy():
    listeners = np.array([8, 4, 2, 1, 0, 0, 0, 0, 0])
    assert metrics.coverage(LISTS, 9) == pytest.approx(5 / 9)
    # of 8 people: 4, 2 and nobody (as one): 1, 2 and 3 bits
    assert metrics.novelty(LISTS[:1], listeners, 8) == pytest.approx([2])
    profile = csr_matrix(([1.0, 1.0], ([0, 0], [2, 3])), shape=(1, 9))
    assert metrics.popularity_lift(LISTS[:1], profile, listeners) == pytest.approx([2 / 1.5 - 1])
    features = csr_matrix(np.array([[1.0, 0], [1, 0], [0.6, 0.8], [0, 1], [0, 1]] + [[0, 0]] * 4))
    found = metrics.diversity(LISTS, features)
    assert found == pytest.approx([1 - (0.6 + 0 + 0.8) / 3, 1, 1 - (0.6 + 0 + 0.8) / 3])


def test_the_tail_is_all_but_the_most_played_fifth():
    front = ~metrics.tail(np.array([1, 9, 1, 5, 0, 1, 1, 1, 1, 1, 1]))
    assert np.flatnonzero(front).tolist() == [1, 3]  # of ten ever played


def test_judged_leaves_out_who_has_nothing_held_out():
    training = csr_matrix(np.array([[1, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0]], dtype=float))
    held = csr_matrix(np.array([[0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]], dtype=float))
    rows = np.arange(3)
    lists = best(MostPopular().fit(training), training, 2)
    assert lists.tolist() == [[2, 3], [0, 1], [1, 2]]
    found = judged(lists, rows, training, held)
    assert found.rows.tolist() == [0, 2]
    assert found.values["recall"].tolist() == [1, 0]
    assert found.values["recall_tail"].tolist() == [1, 0]
    assert found.coverage == 3 / 4


def test_lists_hold_nothing_known_nor_forbidden():
    rows = csr_matrix(np.array([[1.0, 0, 0, 0], [0, 1, 1, 1]]))
    allowed = np.array([True, True, False, True])
    assert best(MostPopular().fit(rows), rows, 3, allowed=allowed).tolist() == [
        [1, 3, -1], [0, -1, -1],
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 700), st.integers(1, 6), st.booleans())
def test_the_largest_are_those_of_a_full_sort(seed, items, count, coarse):
    draw = np.random.default_rng(seed)
    scores = draw.integers(0, 4 if coarse else 10**6, (5, items)).astype(np.float32)
    scores[draw.random(scores.shape) < 0.3] = -np.inf
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    expected[np.take_along_axis(scores, expected, axis=1) == -np.inf] = -1
    assert largest(scores, count).tolist() == expected.tolist()


def test_split_gives_every_pair_to_one_side():
    pairs = csr_matrix(np.array([[1.0, 2, 0], [0, 3, 4]]))
    known, held = split(pairs, np.array([False, True, True, False]))
    assert known.toarray().tolist() == [[1, 0, 0], [0, 0, 4]]
    assert held.toarray().tolist() == [[0, 2, 0], [0, 3, 0]]


def test_folds_are_of_one_size_and_stay():
    first = folds(103, 5, seed=2)
    assert sorted(np.bincount(first).tolist()) == [20, 20, 21, 21, 21]
    assert np.array_equal(first, folds(103, 5, seed=2))


def test_a_time_split_is_one_day_for_everybody():
    days = np.array([1, 1, 2, 2, 2, 3, 3, 4, 5, 5])
    assert np.flatnonzero(later(days, 0.3)).tolist() == [7, 8, 9]
    assert np.flatnonzero(later(days, 0.29)).tolist() == [8, 9]
    assert not later(np.array([1, 1, 1]), 0.3).any()


def test_intervals_hold_the_mean_and_shrink():
    draw = np.random.default_rng(4)
    few, many = draw.normal(1, 1, 50), draw.normal(1, 1, 5000)
    for values in (few, many):
        mean, low, high = interval(values)
        error = values.std() / np.sqrt(len(values))
        assert mean == pytest.approx(values.mean())
        assert (low, high) == pytest.approx((mean - 1.645 * error, mean + 1.645 * error),
                                            abs=0.15 * error)  # fmt: skip
    assert interval(np.array([1.0, np.nan, 3.0]))[0] == 2


def test_a_paired_test_sees_what_is_there_and_nothing_else():
    draw = np.random.default_rng(5)
    first = draw.random(400)
    _, low, _, p = difference(first + draw.normal(0.03, 0.1, 400), first)
    assert low > 0 and p < 0.001
    assert difference(first, first)[3] == 1
    # without a difference p is even: about a tenth is under a tenth
    chances = [
        difference(draw.normal(size=30), draw.normal(size=30), draws=200)[3] for _ in range(60)
    ]
    assert 0.3 < np.mean(np.array(chances) < 0.5) < 0.7


def test_weights_find_the_part_that_knows():
    draw = np.random.default_rng(6)
    held = csr_matrix((draw.random((80, 50)) < 0.1).astype(float))
    known = csr_matrix((80, 50))
    noise, truth = draw.normal(size=(80, 50)), 3 * held.toarray() + draw.normal(size=(80, 50))
    chosen = weights([noise, truth, draw.normal(size=(80, 50))], known, held)
    assert chosen[1] == OFFERED[-1]
    assert chosen[2] <= 0.5
