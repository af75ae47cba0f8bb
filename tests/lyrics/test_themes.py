"""Themes: planted groups come back, what holds no group has none, words and intervals by hand."""

import numpy as np
import polars as pl
import pytest

from workbench.analysis import Filters
from workbench.dataset import make
from workbench.lyrics import theme_groups
from workbench.lyrics.theme_groups import (
    FEWEST_SONGS,
    FOUND_AGAIN,
    found_themes,
    nearest_centres,
    seeds_agree,
)
from workbench.lyrics.theme_words import content_words, theme_words
from workbench.lyrics.themes import NO_THEME, _shares, quoted, song_means, song_themes
from workbench.settings import PROJECT

WIDTH = 64


def planted(groups: int, each: int, loose: int, spread: float, seed: int = 0):
    """Return unit vectors of songs about so many things, and of songs about nothing shared."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(groups, WIDTH))
    near = np.repeat(middles, each, axis=0) + spread * random.normal(size=(groups * each, WIDTH))
    rows = np.vstack([near, random.normal(size=(loose, WIDTH))]).astype(np.float32)
    truth = np.repeat([*range(groups), -1], [*[each] * groups, loose])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), truth


def test_planted_themes_come_back():
    from sklearn.metrics import adjusted_rand_score

    rows, truth = planted(groups=5, each=12, loose=20, spread=0.7)
    found = found_themes(rows)
    inside = truth >= 0
    assert adjusted_rand_score(truth[inside], found.labels[inside]) > 0.9
    assert all(len(set(found.labels[truth == group])) == 1 for group in range(5))
    # twenty songs about nothing shared still make a group or two, found again less surely
    assert sorted(found.found_again, reverse=True)[4] > 0.9
    assert seeds_agree(rows, found) > 0.8
    sizes = np.bincount(found.labels[found.labels >= 0])
    assert sizes.tolist() == sorted(sizes, reverse=True)
    assert found.counts["chosen"].sum() == 1
    again = found_themes(rows)
    assert again.labels.tolist() == found.labels.tolist()


def test_where_nothing_is_shared_most_have_no_theme():
    rows, _ = planted(groups=0, each=0, loose=100, spread=1)
    found = found_themes(rows)
    assert (found.labels >= 0).mean() < 0.3
    assert all(value >= FOUND_AGAIN for value in found.found_again)


@pytest.mark.parametrize("songs", [0, 1, 5])
def test_too_few_songs_have_no_theme(songs):
    found = found_themes(planted(0, 0, songs, 1)[0])
    assert found.labels.tolist() == [-1] * songs
    assert (found.learnt, found.found_again, seeds_agree(np.zeros((songs, 4)), found)) == (
        0, [], None,
    )  # fmt: skip


def test_songs_that_are_all_alike_are_one_theme_or_none():
    rows = np.ones((30, WIDTH), np.float32) / np.sqrt(WIDTH)
    assert len(found_themes(rows).found_again) <= 1


def test_songs_beyond_those_learnt_from_join_the_theme_they_are_near(monkeypatch):
    monkeypatch.setattr(theme_groups, "MOST_LEARNT", 60)
    rows, truth = planted(groups=4, each=40, loose=40, spread=0.5)
    found = found_themes(rows)
    assert found.learnt == 60
    inside = truth >= 0
    own = [np.bincount(found.labels[(truth == g) & (found.labels >= 0)]).argmax() for g in range(4)]
    assert sorted(own) == [0, 1, 2, 3]
    assert np.mean(found.labels[inside] == np.array(own)[truth[inside]]) > 0.8
    assert np.mean(found.labels[~inside] == -1) > 0.7


def test_one_k_means_by_hand():
    rows = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [-1, 0]], float)
    labels = nearest_centres(rows, 3, np.random.default_rng(0))
    assert labels[0] == labels[1]
    assert labels[2] == labels[3]
    assert len(set(labels)) == 3


def test_a_lyric_is_the_mean_of_its_windows():
    keys, means = song_means(
        pl.Series(["a", "a", "b"]), np.array([[1, 0], [0, 1], [0, 2]], np.float32)
    )
    assert keys.to_list() == ["a", "b"]
    np.testing.assert_allclose(means, [[2**-0.5, 2**-0.5], [0, 1]], rtol=1e-6)


def test_words_that_set_a_theme_apart():
    texts = [
        "the river and the boat", "a boat on the river", "river, river, boat",
        "boat", "a kitchen at night", "the kitchen and mother", "mother in the kitchen",
    ]  # fmt: skip
    windows = pl.DataFrame({"lyric_hash": list("abcdefg"), "text": texts})
    songs = pl.DataFrame({"lyric_hash": list("abcdefg"), "theme": [0, 0, 0, 1, 1, 1, 1]})
    middles = np.ones((2, 384), np.float32)
    words = dict(theme_words(windows, songs, middles).iter_rows())
    # a word of one song names nothing; boat is in both, so that it tells less than river
    assert set(words[0]) <= {"river", "boat"}
    assert set(words[1]) <= {"kitchen", "mother"}


def test_words_without_meaning_name_nothing():
    frame = pl.DataFrame({"text": ["Oh yeah, I don't know the Boat's 7 boats, oh boat 家 家"]})
    words = frame.select(content_words(pl.col("text")))["text"][0].to_list()
    assert words == ["boat's", "7", "boats", "boat", "家"]


def test_shares_and_their_interval():
    shares = _shares(pl.Series([0, 0, 0, -1, -1, -1, -1, -1, -1, -1]), 1, 0)
    assert shares["songs"].to_list() == [7, 3]
    assert shares["share"].to_list() == pytest.approx([0.7, 0.3])
    # binomial of ten songs, .3: 5 % lie at 1 or below, 95 % at 5 or below
    assert shares.row(1)[3:] == pytest.approx((0.1, 0.5))
    assert _shares(pl.Series([], dtype=pl.Int16), 2, 0)["share"].to_list() == [0, 0, 0]


@pytest.fixture(scope="module")
def sample(made_home):
    """The sample label with its themes; the home is set by each test."""
    return made_home


def test_the_sample_has_themes_that_hold(sample, monkeypatch):
    import workbench
    from workbench.settings import settings

    monkeypatch.setenv("WORKBENCH_HOME", str(sample))
    settings.cache_clear()
    label = workbench.open_dataset("sample")
    found = song_themes(label)
    themes = found.themes.filter(pl.col("theme") >= 0)
    assert themes.height >= 3
    assert found.themes["songs"].sum() == found.songs.height
    assert themes["songs"].min() >= FEWEST_SONGS
    assert themes["found_again"].min() >= FOUND_AGAIN
    assert found.songs.filter(pl.col("theme") == -1)["line"].null_count() == (
        found.songs.filter(pl.col("theme") == -1).height
    )
    assert quoted(found)["lines"][-1] is None
    # filters choose what is counted, never what is learnt
    artist = label.table("tracks")["artist_id"][0]
    some = song_themes(label, filters=Filters(artists=(artist,)))
    both = some.songs.join(found.songs, on="track_id", suffix="_all")
    assert both["theme"].to_list() == both["theme_all"].to_list()
    assert some.songs.height < found.songs.height
    assert (PROJECT / "sample_data").exists()


def test_making_themes_again_gives_the_same(songs):
    make(songs, "themes", lambda done, total, text: None)
    first = songs.fit("themes")
    assert first.arrays["vectors"].shape == (5, 384)
    assert song_themes(songs).themes.row(0, named=True)["name"] == NO_THEME
    version = songs.version("themes")
    make(songs, "themes", lambda done, total, text: None)
    assert songs.version("themes") == version
