"""Played against offered: by hand, by enumeration, and on labels without any wish."""

import itertools

import numpy as np
import pytest

from workbench.audience import mood_shares
from workbench.audience.mood_shares import Songs

# Two artists: three songs and two, two moods.
SMALL = Songs(np.array([0, 0, 0, 4, 4]), np.array([0, 1, 1, 0, 1]), np.array([1, 1, 2, 3, 1.0]), 2)


def test_the_offer_is_that_of_the_artists_as_much_as_they_are_played():
    played = np.array([0.3, 0.2, 0.1, 0.1, 0.3])
    demand, offered = mood_shares.played_and_offered(played, SMALL)
    assert demand == pytest.approx([0.4, 0.6])
    # .6 of the listening went to an artist who offers 1/4, .4 to one who offers 3/4
    assert offered == pytest.approx([0.6 / 4 + 0.4 * 3 / 4, 0.6 * 3 / 4 + 0.4 / 4])


def test_who_plays_as_is_offered_has_no_gap_however_unequal_the_artists():
    played = np.array([0.2, 0.2, 0.4, 0.15, 0.05])
    demand, offered = mood_shares.played_and_offered(played, SMALL)
    assert demand == pytest.approx(offered)


def test_chance_is_that_of_all_orders():
    songs = Songs(np.zeros(5, int), np.array([0, 0, 1, 1, 1]), np.ones(5), 2)
    played = np.array([[0.4, 0.25, 0.15, 0.12, 0.08]])
    gaps = np.subtract(*mood_shares.played_and_offered(played, songs))
    every = [
        abs(played[0, list(pair)].sum() - 0.4) >= abs(gaps[0, 0]) - 1e-12
        for pair in itertools.combinations(range(5), 2)
    ]
    found = mood_shares.by_chance(gaps, mood_shares.shuffled_gaps(played, songs))
    assert gaps[0, 0] == pytest.approx(0.25)
    assert found[0, 0] == pytest.approx(np.mean(every), abs=0.02)


def test_an_artist_with_one_song_tells_nothing():
    songs = Songs(np.array([0, 1]), np.array([0, 1]), np.ones(2), 2)
    shuffled = mood_shares.shuffled_gaps(np.array([[0.9, 0.1]]), songs)
    assert np.abs(shuffled).max() == 0
    assert mood_shares.by_chance(np.zeros((1, 2)), shuffled).min() == 1


def test_a_large_catalogue_is_shuffled_less_often(monkeypatch):
    monkeypatch.setattr(mood_shares, "MOST_SHUFFLED", 5_000)
    shuffled = mood_shares.shuffled_gaps(np.full((1, 5), 0.2), SMALL)
    assert shuffled.shape == (1_000, 1, 2)
    gaps = np.zeros((1, 2))
    low, high = mood_shares.between(gaps, np.zeros((2_000, 1, 2)), shuffled)
    assert (low <= 0).all()
    assert (high >= 0).all()


def test_listeners_are_drawn_within_their_group_and_pooled_by_size():
    shares = [np.array([[2.0, 0.0]] * 10), np.array([[0.0, 6.0]] * 10)]
    drawn = mood_shares.drawn_listeners(shares, [np.full(10, 2), np.full(10, 6)])
    assert drawn.shape == (mood_shares.DRAWS, 3, 2)
    assert drawn[:, :2].tolist() == [[[1, 0], [0, 1]]] * mood_shares.DRAWS
    assert drawn[0, 2] == pytest.approx([0.25, 0.75])


def world(seed: int, wish: float) -> tuple[np.ndarray, Songs]:
    """Return listening of two groups by song, and the songs: stars, hits, favourite artists.

    The first group plays songs of the first mood exp(wish) times as often.
    """
    draw = np.random.default_rng(seed)
    artist = np.repeat(np.arange(20), draw.integers(2, 8, 20))
    count = len(artist)
    songs = Songs(artist, draw.integers(0, 4, count), draw.uniform(0.2, 1, count), 4)
    stars = np.exp(draw.normal(0, 1.3, 20) + draw.normal(0, 1, (2, 20)))[:, artist]
    played = stars * songs.weight * np.exp(draw.normal(0, 0.8, count))
    played = played * np.exp(wish * np.outer([1, 0], songs.mood == 0))
    return played / played.sum(axis=1, keepdims=True), songs


@pytest.mark.parametrize(("wish", "least", "most"), [(0.0, 0.0, 0.09), (2.0, 0.8, 1.0)])
def test_gaps_are_found_where_there_are_some(monkeypatch, wish, least, most):
    """Without a wish one label in twenty may have a finding; 200 labels, so two errors are 3 %."""
    monkeypatch.setattr(mood_shares, "DRAWS", 500)
    labels = 200 if wish == 0 else 30
    false, found, inside = [], [], []
    for seed in range(labels):
        played, songs = world(seed, wish)
        gaps = np.subtract(*mood_shares.played_and_offered(played, songs))
        shuffled = mood_shares.shuffled_gaps(played, songs, seed=seed)
        p = mood_shares.by_chance(gaps, shuffled)
        low, high = mood_shares.between(gaps, gaps, shuffled)
        inside.append((low <= 0) & (high >= 0))
        ranked = np.sort(p.ravel())
        false.append((ranked * p.size / np.arange(1, p.size + 1)).min() <= 0.05)
        found.append(p[0, 0] <= 0.05)
    if wish == 0:
        assert least <= np.mean(false) <= most
        assert 0.87 <= np.mean(inside) <= 0.93
    else:
        assert least <= np.mean(found) <= most
