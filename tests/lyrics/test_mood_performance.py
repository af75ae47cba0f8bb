"""Mood against performance: as dummy variables have it, planted effects, and no inventions."""

import numpy as np
import polars as pl
import pytest

from tests import labels
from workbench.lyrics import within
from workbench.lyrics.mood_performance import mood_performance
from workbench.lyrics.within import within_artist

MOODS = ("joy", "anger", "fear")


def songs(seed: int, *, artists: int = 12, each: int = 5, effect: float = 0.0) -> pl.DataFrame:
    """Return songs of artists of their own levels, with a slope of age and an effect of joy."""
    draw = np.random.default_rng(seed)
    count = artists * each
    mood = draw.choice(["joy", "anger", "neutral"], count)
    age = draw.uniform(3, 7, count)
    level = np.repeat(draw.normal(0, 3, artists), each)
    value = level + 0.5 * age + effect * (mood == "joy") + draw.normal(0, 1, count)
    owner = np.repeat([f"a{n:02d}" for n in range(artists)], each)
    return pl.DataFrame({"artist_id": owner, "mood": mood, "age": age, "value": value})


def test_it_is_least_squares_with_a_variable_for_each_artist():
    rows = songs(1, effect=1.0)
    found = within_artist(rows, MOODS).row(0, named=True)
    owner = rows["artist_id"].rank("dense").to_numpy().astype(int) - 1
    table = np.column_stack([rows["mood"] == "joy", rows["age"], np.eye(12)[owner]]).astype(float)
    value = rows["value"].to_numpy()
    wanted, rest, _, _ = np.linalg.lstsq(table, value)
    free = len(value) - table.shape[1]
    error = np.sqrt(rest[0] / free * np.linalg.inv(table.T @ table)[0, 0])
    assert found["effect"] == pytest.approx(wanted[0])
    # t of 95 % with 46 degrees of freedom is 1.6787
    assert found["high"] - found["effect"] == pytest.approx(1.6787 * error, rel=1e-4)
    assert found["effect"] - found["low"] == pytest.approx(1.6787 * error, rel=1e-4)
    assert found["songs"] == (rows["mood"] == "joy").sum()


def test_an_effect_without_noise_is_found_to_the_digit():
    rows = songs(2).with_columns(
        value=pl.col("age") * 2
        + 3.0 * (pl.col("mood") == "joy")
        + pl.col("artist_id").rank("dense")
    )
    found = within_artist(rows, ("joy",)).row(0, named=True)
    assert found["effect"] == pytest.approx(3.0)
    assert found["apart"]


def test_too_few_songs_or_artists_show_nothing():
    few = songs(3, artists=2, each=20, effect=5.0)
    none = within_artist(few, MOODS)
    assert none["effect"].null_count() == 3
    assert none["songs"].to_list()[2] == 0
    alone = songs(3, artists=60, each=1)
    assert within_artist(alone, MOODS)["songs"].sum() == 0
    empty = within_artist(songs(3).head(0), MOODS)
    assert empty["mood"].to_list() == list(MOODS)


def test_a_mood_that_all_songs_of_an_artist_have_is_not_compared():
    one = pl.when(pl.col("artist_id") < "a06").then(pl.lit("joy")).otherwise(pl.lit("neutral"))
    found = within_artist(songs(4).with_columns(mood=one), ("joy",)).row(0, named=True)
    assert (found["songs"], found["effect"]) == (0, None)


def test_moods_that_mean_nothing_are_seldom_apart():
    tables = [within_artist(songs(seed), MOODS) for seed in range(300)]
    false = np.mean([table["apart"].any() for table in tables])
    known = pl.concat(tables).drop_nulls("effect")
    inside = known.select((pl.col("low") <= 0) & (pl.col("high") >= 0)).to_series().mean()
    assert false <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)
    assert 0.87 <= inside <= 0.93
    strong = [within_artist(songs(seed, effect=2.0), MOODS)["apart"][0] for seed in range(50)]
    assert np.mean(strong) >= 0.9


def test_discoveries_are_ranked_as_benjamini_and_hochberg_do():
    found = within._false_discovery_rate(np.array([0.01, np.nan, 0.04, 0.03]))
    assert found[[0, 2, 3]] == pytest.approx([0.03, 0.04, 0.04])
    assert np.isnan(found[1])


@pytest.fixture(scope="module")
def label(wished, tmp_path_factory):
    return wished(tmp_path_factory.mktemp("wished") / "label")


def test_planted_skips_and_decay_are_found(label):
    found = mood_performance(label)
    rows = {(row["outcome"], row["mood"]): row for row in found.effects.to_dicts()}
    skips = rows["skips", "joy"]
    assert skips["apart"]
    assert skips["effect"] == pytest.approx(-0.3, abs=0.05)
    assert skips["low"] < -0.3 < skips["high"]
    decay = rows["decay", "joy"]
    # a week at 98 % against one at 94 %; planted by the day, so exact but for whole streams
    assert decay["effect"] == pytest.approx(0.04, abs=1e-4)
    assert decay["songs"] == 12
    assert not rows["saves", "joy"]["apart"]
    assert rows["saves", "fear"]["effect"] is None
    assert found.outcomes["songs"][2] == 72


def test_saves_are_people_over_people(label):
    plays = label.view(["plays"]).table("plays")
    by_song = plays.group_by("track_id").agg(
        share=pl.col("listener_id").filter("saved").n_unique() / pl.col("listener_id").n_unique(),
        people=pl.col("listener_id").n_unique(),
    )
    enough = by_song.filter(pl.col("people") >= 50)
    found = mood_performance(label).outcomes.row(0, named=True)
    assert found["songs"] == enough.height < 72
    assert found["mean"] == pytest.approx(enough["share"].mean())


def test_a_song_of_few_listeners_takes_no_part(label):
    assert mood_performance(label, min_group=1_000).outcomes["songs"].to_list() == [0, 0, 72]


def test_without_listening_there_is_nothing_to_compare(tmp_path):
    label = labels.opened(tmp_path / "lyrics", "lyrics")
    from workbench.dataset import make
    from workbench.store.artifacts import in_order

    for name in in_order(["line_moods"]):
        make(label, name, lambda *_: None)
    found = mood_performance(label)
    assert found.outcomes["songs"].to_list() == [0, 0, 0]
    assert found.effects["effect"].null_count() == found.effects.height
