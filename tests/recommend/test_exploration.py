"""Songs drawn to find out: as many as asked, each with the probability on record."""

import numpy as np
import pytest

from workbench.recommend.exploration import drawn, explored, propensities, woven


@pytest.mark.parametrize(
    ("places", "length", "share", "count"),
    [(100, 20, 0.1, 2), (100, 20, 0.01, 1), (100, 20, 0.0, 0), (20, 20, 0.1, 2), (19, 20, 0.1, 1),
     (18, 20, 0.1, 0), (3, 20, 0.1, 0), (0, 20, 0.1, 0)],
)  # fmt: skip
def test_a_share_of_the_list_is_drawn_of_what_there_is(places, length, share, count):
    assert explored(places, length, share) == count


def test_probabilities_add_up_fall_and_leave_nobody_out():
    chance = propensities(50, 3)
    assert chance.sum() == pytest.approx(3)
    assert (np.diff(chance) < 0).all() and chance[-1] > 0
    assert chance[0] / chance[10] == pytest.approx(2)  # 1 / 10 to 1 / 20


def test_what_is_sure_is_not_more_than_sure():
    chance = propensities(4, 3)
    assert chance.sum() == pytest.approx(3) and (chance <= 1).all()
    assert propensities(3, 3).tolist() == [1.0, 1.0, 1.0]
    assert propensities(0, 0).tolist() == []


def test_each_song_is_drawn_as_often_as_its_probability_says():
    chance, draw = propensities(12, 3), np.random.default_rng(4)
    found = [drawn(chance, draw) for _ in range(4000)]
    assert {len(set(one)) for one in found} == {3}
    often = np.bincount(np.concatenate(found), minlength=12) / len(found)
    spread = np.sqrt(chance * (1 - chance) / len(found))
    assert (np.abs(often - chance) < 4.5 * spread).all()


def test_drawn_songs_stand_anywhere_and_the_others_keep_their_order():
    head, found = np.arange(8), np.array([20, 30])
    places = set()
    for seed in range(30):
        both = woven(head, found, np.random.default_rng(seed))
        assert both[both < 20].tolist() == head.tolist() and set(both) == {*head, 20, 30}
        places |= set(np.flatnonzero(both >= 20))
    assert places == set(range(10))
