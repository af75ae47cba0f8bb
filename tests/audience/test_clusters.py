"""Clusters: planted groups come back, the unclear stay out, the same input the same answer."""

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import adjusted_rand_score

from tests.audience.planted import as_counts, planted
from workbench.audience import clusters as clustering
from workbench.audience.clusters import agreement, best_count, features, fit, margins
from workbench.audience.profiles import profile_matrix
from workbench.audience.segments import clusters
from workbench.audience.taste_map import coordinates, neighbourhoods
from workbench.dataset import make
from workbench.errors import MissingTable, NotEnoughEvidence


def people_of(tables: dict[str, pl.DataFrame]):
    counts = as_counts(tables)["listening_counts"]
    return profile_matrix(
        counts.select(
            "listener_id",
            pl.col("entity_id").alias("artist_id"),
            pl.col("plays").alias("streams"),
            pl.col("plays").cast(pl.Float64).alias("weight"),
        )
    )


@pytest.fixture(scope="module")
def people():
    return people_of(planted())


def test_planted_groups_come_back(people):
    truth = np.arange(320) % 4
    found = fit(features(people), 4)
    pure = np.arange(320) < 256
    assert adjusted_rand_score(truth[pure], found.labels[pure]) > 0.98


def test_the_number_planted_is_the_number_chosen(people):
    values = features(people)
    rows = []
    for count in (3, 4, 5, 6, 7):
        same = agreement(values, count, resamples=5)
        rows.append((count, same.mean(), same.std(ddof=1) / np.sqrt(5)))
    schema = ["count", "agreement", "error"]
    assert best_count(pl.DataFrame(rows, schema=schema, orient="row")) == 4


def test_mixed_listeners_have_the_small_margins(people):
    found = fit(features(people), 4)
    pure, mixed = found.margin[:256], found.margin[256:]
    assert np.median(mixed) < 0.5 * np.median(pure)
    assert (mixed < clustering.CLEAR).mean() > 3 * (pure < clustering.CLEAR).mean()


def test_margin_by_hand():
    # Distances 1 and 3: 1 - 1/3. On the middle line: 0. On a centroid: 1.
    centroids = np.array([[0.0, 0.0], [4.0, 0.0]], dtype=np.float32)
    values = np.array([[1.0, 0.0], [2.0, 5.0], [4.0, 0.0]], dtype=np.float32)
    assert margins(values, centroids) == pytest.approx([2 / 3, 0.0, 1.0], abs=1e-6)


def test_learnt_from_a_part_everybody_is_sorted_alike(people, monkeypatch):
    everyone = fit(features(people), 4).labels[:256]
    monkeypatch.setattr(clustering, "MOST_LEARNT", 200)
    values = features(people)
    found = fit(values, 4)
    assert len(values) == len(found.labels) == 320
    assert adjusted_rand_score(everyone, found.labels[:256]) > 0.98
    assert np.bincount(found.labels).tolist() == sorted(np.bincount(found.labels))[::-1]
    assert (fit(values, 4).labels == found.labels).all()


def test_clusters_are_numbered_by_size(people):
    sizes = np.bincount(fit(features(people), 3).labels)
    assert sizes.tolist() == sorted(sizes, reverse=True)


def test_best_count_takes_the_largest_that_is_as_stable():
    rows = [(3, 0.95, 0.002), (4, 0.945, 0.001), (5, 0.939, 0.001), (6, 0.80, 0.01)]
    frame = pl.DataFrame(rows, schema=["count", "agreement", "error"], orient="row")
    assert best_count(frame) == 4
    # Where the best one is itself unsure by 0.02, 5 is as good.
    assert best_count(frame.with_columns(error=pl.Series([0.02, 0.001, 0.001, 0.0]))) == 5
    # 4 may be as stable, or worse by more than a hundredth: not taken.
    assert best_count(frame.with_columns(error=pl.Series([0.0, 0.006, 0.0, 0.0]))) == 3


def test_the_same_question_has_the_same_answer(people):
    one, two = features(people), features(people)
    assert (one == two).all()
    assert (fit(one, 5).labels == fit(two, 5).labels).all()
    assert (coordinates(one[:120]) == coordinates(two[:120])).all()
    assert (agreement(one, 4, resamples=2) == agreement(two, 4, resamples=2)).all()


def test_a_hair_of_noise_changes_nobodys_cluster():
    tables = planted(seed=4)
    shuffled = {**tables, "plays": tables["plays"].sample(fraction=1.0, shuffle=True, seed=2)}
    one, two = features(people_of(tables)), features(people_of(shuffled))
    assert (fit(one, 4).labels == fit(two, 4).labels).all()


def test_too_few_shared_artists_are_refused():
    lonely = pl.DataFrame(
        {"listener_id": ["a", "b"], "artist_id": ["x", "y"], "streams": [1, 1], "weight": [1.0, 1]}
    )
    with pytest.raises(NotEnoughEvidence):
        features(profile_matrix(lonely))


@pytest.mark.parametrize("count", [1, 9, 10, 19, 20, 137])
def test_neighbourhoods_hold_a_group_at_least(count):
    places = np.random.default_rng(count).normal(size=(count, 2))
    sizes = np.bincount(neighbourhoods(places, np.ones(count, bool), 10))
    assert sizes.sum() == count
    assert sizes.min() >= min(10, count)
    assert sizes.max() < 20


def test_one_person_more_or_less_moves_no_neighbourhood():
    draw = np.random.default_rng(3)
    places, counted = draw.normal(size=(400, 2)), draw.random(400) < 0.5
    whole = neighbourhoods(places, counted, 10)
    held = np.bincount(whole, counted)
    assert held.sum() == counted.sum() and held.min() >= 10 and len(held) > 8
    moved = 0
    for one in np.flatnonzero(counted):
        fewer = counted.copy()
        fewer[one] = False
        moved += not np.array_equal(neighbourhoods(places, fewer, 10), whole)
    assert moved <= 10 * (held == 10).sum()  # only who leaves a group under the least joins two


def test_make_saves_every_count_offered(label_of, monkeypatch):
    monkeypatch.setattr(clustering, "OFFERED", (3, 4, 5))
    label = label_of(**planted(160))
    told = []
    make(label, "segments", lambda done, total, text: told.append((done, total)))
    fitted = label.view(["segments"]).fit("segments")
    assert fitted.arrays["labels"].shape == (160, 3)
    assert fitted.meta["offered"] == [3, 4, 5]
    assert fitted.meta["chosen"] == 4
    assert fitted.frames["stability"]["chosen"].to_list() == [False, True, False]
    assert fitted.frames["listeners"]["listener_id"].is_sorted()
    assert told[-1] == (5, 5)
    out = fitted.arrays["labels"][:, 1] == -1
    assert ((fitted.arrays["margin"][:, 1] < clustering.CLEAR) == out).all()


def test_make_needs_listening_and_enough_of_it(label_of):
    tables = planted(160)
    with pytest.raises(MissingTable, match="who listened to what"):
        make(label_of(artists=tables["artists"]), "segments", lambda *_: None)
    few = {**tables, "plays": tables["plays"].filter(pl.col("listener_id") < "l020")}
    small = label_of(**few)
    make(small, "segments", lambda *_: None)
    with pytest.raises(NotEnoughEvidence, match="has 20"):
        clusters(small)
