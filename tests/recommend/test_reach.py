"""Listeners ranked for an item: figures worked out by hand, chances against planted ones."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from workbench.recommend import reached
from workbench.recommend.content import unit_rows
from workbench.recommend.halves import Half, alike, mean_rows
from workbench.recommend.lookalike import LookAlike
from workbench.recommend.reach import design, fitted, logistic, seed_size, share_of

# five people, two items; the first person knows the first item, the last one the second
SCORE = np.array([[9.0, 4], [4, 4], [3, 3], [2, 2], [1, 9]])
CAME = np.array([[False, True], [True, False], [False, False], [True, False], [False, False]])
OPEN = np.array([[False, True], [True, True], [True, True], [True, True], [True, False]])


def test_auc_counts_pairs_and_halves_ties():
    # item 0: those who came stand above 2 and 1 of two others; item 1: above 2, level with 1
    assert reached.auc(SCORE, CAME, OPEN) == pytest.approx([3 / 4, 2.5 / 3])
    assert np.isnan(reached.auc(SCORE, np.zeros_like(CAME), OPEN)).all()


def test_lift_and_caught():
    # of four open people two came to item 0, one of them among the first two
    assert reached.lift(SCORE, CAME, OPEN, 2) == pytest.approx([1, 2])
    assert reached.lift(SCORE, CAME, OPEN, 100) == pytest.approx([1, 1])
    found = reached.caught(SCORE, CAME, OPEN, np.array([0.0, 0.25, 1.0]))
    assert found.tolist() == [[0, 0.5, 1], [0, 1, 1]]


def test_calibration_error_is_the_mean_distance():
    draw = np.random.default_rng(1)
    said = draw.uniform(0, 0.2, 200_000)
    true = draw.random(said.size) < said
    assert reached.calibration_error(reached.reliability(said, true)) < 0.002
    twice = reached.reliability(2 * said, true)
    assert reached.calibration_error(twice) == pytest.approx(0.1, abs=0.003)
    assert twice["pairs"].sum() == said.size


def test_intervals_hold_as_many_as_they_say():
    draw = np.random.default_rng(2)
    expected = draw.uniform(5, 200, 4000)
    spread = 0.3
    came = draw.poisson(expected * draw.gamma(1 / spread, spread, 4000))
    found = reached.dispersion(expected, came)
    assert found == pytest.approx(spread, rel=0.2)
    fresh = draw.poisson(expected * draw.gamma(1 / spread, spread, 4000))
    assert reached.covers(expected, fresh, found) == pytest.approx(0.9, abs=0.02)
    assert reached.dispersion(expected, np.round(expected)) == 0
    low, high = reached.between(np.array([100.0]), 0.0)
    assert (low[0], high[0]) == (84, 117)  # Poisson tables


def test_a_column_is_standard_over_open_pairs_only():
    column = np.array([[1e6, 1], [1, 2], [2, 3], [3, 4], [4, 1e6]])
    given = design([column], OPEN, np.array([[0.0], [2.0]]))
    assert given.shape == (8, 4)
    of_first = given[given[:, 3] == 0]
    assert of_first[:, 1].mean() == pytest.approx(0)
    assert of_first[:, 1].std() == pytest.approx(1)
    assert given[:, 2] == pytest.approx(given[:, 1] * given[:, 3])


def test_the_blend_trusts_each_column_where_it_knows():
    """Look-alikes know small seeds, the other model large ones; planted chances come back."""
    draw = np.random.default_rng(3)
    seeds = np.repeat([5, 500], 30)
    first, second = draw.normal(size=(2, 400, 60))
    small = seeds < 20
    truth = np.where(small, first, second)
    chance = 1 / (1 + np.exp(-(1.5 * truth - 3 + small * -1.0)))
    came, open_ = draw.random(chance.shape) < chance, draw.random(chance.shape) < 0.9
    facts = seed_size(seeds)[:, None]
    said = fitted([first, second], open_, came, facts).chances([first, second], open_, facts)
    assert (said[~open_] == 0).all()
    assert said[open_].sum() == pytest.approx(came[open_].sum(), rel=1e-4)
    assert np.abs(said - chance)[open_].mean() < 0.01
    blend, one, other = (
        np.nanmean(reached.auc(score, came, open_)) for score in (said, first, second)
    )
    assert blend > max(one, other) + 0.1


def test_weights_are_found_where_whole_steps_lead_away():
    draw = np.random.default_rng(0)
    one = np.concatenate([draw.normal(-1, 0.3, 1_500), draw.normal(2, 1, 500)])
    given = np.stack([np.ones(2_000), one, one**2], axis=1)
    truth = np.array([-4.0, 2.0, -0.2])
    came = (draw.random(2_000) < share_of(given @ truth)).astype(float)
    weights, covariance = logistic(given, came)
    assert weights == pytest.approx(truth, abs=3 * np.sqrt(covariance.diagonal().max()))
    assert given[:, 0] @ (share_of(given @ weights) - came) == pytest.approx(0, abs=1e-6)


def test_a_look_alike_stands_with_the_listeners_of_its_taste():
    draw = np.random.default_rng(4)
    taste = np.arange(200) % 2
    played = draw.random((200, 40)) < np.where(taste[:, None] == (np.arange(40) % 2), 0.3, 0.02)
    matrix = csr_matrix(played.astype(np.float32))
    scores = LookAlike(10).fit(matrix).scores(matrix)
    same = taste[:, None] == (np.arange(40) % 2)
    assert scores[same].mean() > scores[~same].mean() + 0.3
    assert np.abs(scores).max() <= 1 + 1e-5
    nobody = csr_matrix((1, 40), dtype=np.float32)
    assert not LookAlike(10).fit(matrix).scores(nobody).any()


def test_stand_ins_are_the_items_alike():
    features = unit_rows(csr_matrix(np.array([[1.0, 0], [1, 0.1], [0, 1], [1, 1]])))
    near = mean_rows(alike(features, np.array([0]), np.array([1, 2, 3])))
    found = near.toarray()[0]
    # squared cosines 1/1.01, 0 and 1/2
    assert found == pytest.approx(np.array([1 / 1.01, 0, 0.5]) / (1 / 1.01 + 0.5))
    points = Half(np.array([[1.0], [2.0]]), np.array([[3.0], [5.0], [7.0]]))
    assert points.columns(near)[:, 0] == pytest.approx(
        np.array([1, 2]) * (3 * found[0] + 7 * found[2])
    )
