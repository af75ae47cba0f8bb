"""The label's recommender: planted tastes come back, lists say why, small groups stay hidden."""

import numpy as np
import polars as pl
import pytest

from tests.audience.conftest import catalogue, plays, written
from tests.audience.planted import GENRES, LAST, as_counts, planted
from workbench.audience.rules import Segment
from workbench.dataset import make, open_dataset
from workbench.errors import BadInput, MissingTable, NotEnoughEvidence, NotMade
from workbench.parameters import Filters
from workbench.recommend.feedback import Feedback
from workbench.recommend.lists import recommendations
from workbench.recommend.recommender import recommender
from workbench.store.change import change

GERMANS = sum(i % 4 == 0 and i % 3 != 0 for i in range(320))
OWN = ("t-a00", "t-a01")  # two of the five songs of genre0


def tables() -> dict[str, pl.DataFrame]:
    """Return the planted audience, a planned song of a known artist, and an explicit one."""
    found = planted()
    one = {"track_id": "t-new", "title": "Not out", "artist_id": "a02", "genre": "genre0"}
    new = pl.DataFrame([{**one, "status": "planned", "explicit": False}])
    tracks = found["tracks"].with_columns((pl.col("track_id") == "t-a04").alias("explicit"))
    signed = pl.col("artist_id").is_in(["a03", "a04"]).alias("signed")
    artists = found["artists"].with_columns(signed)
    return {**found, "tracks": pl.concat([tracks, new], how="diagonal"), "artists": artists}


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    made = written(tmp_path_factory.mktemp("planted") / "label", **tables())
    make(made, "recommender", lambda *_: None)
    return open_dataset(str(made.folder))


def genres(found) -> list[str]:
    return found.songs["genre"].to_list()


def test_songs_of_one_taste_bring_the_rest_of_it(label):
    found = recommendations(label, songs=OWN, length=3, dial=0.0, variety=0.0)
    assert genres(found) == ["genre0"] * 3
    assert set(found.songs["track_id"]) == {"t-a02", "t-a03", "t-a04"}
    assert found.listeners is None and found.songs_known == 2
    assert found.left == 20 - 2 - 3


def test_every_song_says_what_speaks_for_it(label):
    found = recommendations(label, songs=OWN, length=3, dial=0.0, variety=0.0)
    for because in found.songs["because"].to_list():
        assert set(because) <= {"Song of a00 – A00", "Song of a01 – A01"}
        assert because
    assert found.songs["same"].to_list() == ["genre0"] * 3
    assert found.profile["share"].sum() == pytest.approx(1)
    assert set(found.profile["track_id"]) == set(OWN)


def test_reasons_add_up_to_the_score(label):
    from scipy.sparse import csr_matrix

    known = recommender(label.view(["recommender", "plays"]))
    row = csr_matrix(known.counts[3], dtype=np.float32)
    row.data = np.minimum(row.data, 3)
    items = np.arange(len(known.tracks))
    whole = known.blend.scores(row)[0]
    said = known.blend.said_by(row, items).sum(axis=0)
    # a standard score is the sum less what is the same for all songs
    assert np.ptp(said - whole) < 1e-4


def test_a_song_nobody_has_heard_stands_with_its_artist(label):
    found = recommendations(label, songs=OWN, which="all", length=4, dial=0.0, variety=0.0)
    new = found.songs.filter(track_id="t-new").to_dicts()
    assert new and new[0]["basis"] == "its artist's other songs"
    assert new[0]["heard"] is None
    assert "t-new" not in set(recommendations(label, songs=OWN, length=20).songs["track_id"])


def test_choices_are_kept(label):
    kept = recommendations(label, songs=OWN, filters=Filters(genres=("genre1", "genre2")))
    assert set(genres(kept)) == {"genre1", "genre2"}
    assert set(recommendations(label, songs=OWN, own=True).songs["artist_id"]) == {"a03", "a04"}
    assert "t-a04" not in set(recommendations(label, songs=OWN, clean=True).songs["track_id"])
    with pytest.raises(BadInput, match="catalogue"):
        recommendations(label, songs=("gone",))
    with pytest.raises(BadInput, match="two of them"):
        recommendations(label, songs=OWN, cluster=1)
    with pytest.raises(BadInput, match="dial"):
        recommendations(label, dial=1.5)


def test_the_dial_turns_from_known_to_unknown(label):
    rule = Segment("seg", "One taste", genres=("genre1",))
    heard = [
        recommendations(label, segment=rule, dial=dial, variety=0.0, length=5).songs["heard"]
        .fill_null(0.0).mean() for dial in (0.0, 0.5, 1.0)
    ]  # fmt: skip
    assert heard[0] > heard[1] > heard[2]
    familiar = recommendations(label, segment=rule, dial=0.0, variety=0.0, length=5)
    assert genres(familiar) == ["genre1"] * 5


def test_variety_keeps_alike_songs_apart(label):
    alone = recommendations(label, songs=OWN, variety=0.0, length=6)
    mixed = recommendations(label, songs=OWN, variety=1.0, length=6)
    assert alone.songs["rank"].to_list() == [1, 2, 3, 4, 5, 6]
    assert len(set(genres(mixed))) > len(set(genres(alone)))


def test_an_audience_is_shown_in_fives_and_never_small(label):
    rule = Segment("seg", "Germans", countries=("DE",))
    found = recommendations(label, segment=rule)
    assert found.listeners % 5 == 0
    assert (found.songs["heard"].drop_nulls() > 0).all()
    with pytest.raises(NotEnoughEvidence, match="Fewer than"):
        recommendations(label, segment=Segment("x", "Few", least_streams=10**6))
    with pytest.raises(NotEnoughEvidence, match="No song"):
        recommendations(label, segment=rule, min_group=GERMANS)


def test_one_listener_more_changes_nothing_by_itself(label):
    """Two audiences that differ by one listener may not tell what that one played."""
    known = recommender(label.view(["recommender", "plays"]))
    from workbench.recommend.asked import _shares
    from workbench.recommend.model import listeners_of

    for row in range(0, 40, 8):
        with_all = listeners_of(known.counts[:60])
        less = listeners_of(known.counts[[n for n in range(60) if n != row]])
        both = _shares(with_all, 60, 10), _shares(less, 59, 10)
        moved = np.flatnonzero(~np.isclose(*both))
        played = set(known.counts[row].indices.tolist())
        # a count at the edge of a five may move; never so many that they spell the listener
        assert len(played & set(moved.tolist())) < len(played) / 2


def test_counts_without_times_do(tmp_path):
    counted = as_counts(planted())
    names = counted["listening_counts"]
    tracks = planted()["tracks"]
    of_songs = names.with_columns(
        pl.lit("track").alias("entity"), pl.format("t-{}", "entity_id").alias("entity_id")
    )
    label = written(tmp_path / "label", **{**counted, "listening_counts": of_songs}, tracks=tracks)
    make(label, "recommender", lambda *_: None)
    label = open_dataset(str(label.folder))
    assert label.view(["recommender"]).fit("recommender").meta["split"] == "folds"
    found = recommendations(label, songs=OWN, length=3, dial=0.0, variety=0.0)
    assert {GENRES[artist] for artist in found.songs["artist_id"]} == {"genre0"}


def test_little_or_nothing_is_said(tmp_path):
    few = planted(listeners=12)
    label = written(tmp_path / "few", **few)
    with pytest.raises(NotMade):
        recommendations(label)
    make(label, "recommender", lambda *_: None)
    with pytest.raises(NotEnoughEvidence, match="50 listeners"):
        recommendations(open_dataset(str(label.folder)))
    bare = written(tmp_path / "bare", tracks=few["tracks"], artists=few["artists"])
    with pytest.raises(MissingTable):
        recommendations(bare)


def listed(label, **said) -> pl.DataFrame:
    asked = {"songs": OWN, "dial": 0.0, "variety": 0.0, "length": 20}
    return recommendations(label, **asked, feedback=Feedback(**said)).songs


def test_what_is_liked_is_kept_and_brings_its_like(label):
    before = listed(label).filter(pl.col("genre") == "genre2")["rank"].mean()
    after = listed(label, liked=("t-a10", "t-a11"))
    assert after["kept"].to_list() == [True] * 2 + [False] * (20 - 4)
    assert set(after["track_id"].head(2)) == {"t-a10", "t-a11"}
    rest = after.filter(~pl.col("kept"), pl.col("genre") == "genre2")
    assert rest["rank"].mean() - 2 < before - 3
    assert any("Song of a10 – A10" in because for because in rest["because"].to_list())


def test_what_is_not_wanted_is_left_out_and_its_like_held_back(label):
    before, after = listed(label), listed(label, against=("t-a02", "t-a05"))
    assert not {"t-a02", "t-a05"} & set(after["track_id"])
    rank = {name: dict(one.select("track_id", "rank").iter_rows())
            for name, one in (("before", before), ("after", after))}  # fmt: skip
    assert all(rank["after"][f"t-a0{n}"] > rank["before"][f"t-a0{n}"] for n in (6, 7, 8, 9))
    elsewhere = listed(label, without=("t-a02",))
    kept = before.filter(pl.col("track_id") != "t-a02")
    assert elsewhere["track_id"].to_list() == kept["track_id"].to_list()


def test_less_of_a_feature_comes_later(label):
    assert listed(label)["genre"].to_list()[:3] == ["genre0"] * 3
    assert "genre0" not in listed(label, less=("genre:genre0",))["genre"].to_list()[:3]
    assert listed(label, less=("artist:a02", "mood:none", "odd"))["track_id"][-1] == "t-a02"


def test_what_was_said_of_songs_that_are_gone_does_no_harm(label):
    gone = listed(label, liked=("gone",), against=("gone-too",), without=("gone",))
    assert gone.equals(listed(label))


def test_a_share_of_the_list_is_drawn_with_its_probability(label):
    asked = {"songs": OWN, "dial": 0.0, "variety": 0.0, "length": 5, "explore": 0.2}
    lists = [recommendations(label, **asked, draw=n) for n in range(40)]
    best = listed(label)["track_id"].to_list()
    for one in lists:
        assert one.candidates == 18 and one.left == 13
        sure = one.songs.filter(pl.col("propensity") == 1)
        assert sure["track_id"].to_list() == best[:4]
        (found,) = one.songs.filter(pl.col("propensity") < 1).to_dicts()
        assert best[found["blend_place"] - 1] == found["track_id"] and found["blend_place"] > 4
    again = recommendations(label, **asked, draw=3).songs
    assert again.equals(lists[3].songs)
    drawn = {one.songs.filter(pl.col("propensity") < 1)["track_id"].item() for one in lists}
    assert len(drawn) > 7
    with pytest.raises(BadInput, match="a song at least"):
        recommendations(label, length=0, explore=0.1)
    with pytest.raises(BadInput, match="explore"):
        recommendations(label, explore=1.1)


def test_listeners_who_are_all_alike_get_songs_that_nobody_played(tmp_path):
    """Twice the same import: a play counts once. Nothing tells one listener from another."""
    rows = [(f"l{n:02d}", f"a{m:02d}", LAST, "library") for n in range(60) for m in range(12)]
    once = plays(rows)
    both = catalogue(list(GENRES), GENRES) | {"plays": pl.concat([once, once]).unique()}
    label = written(tmp_path / "label", **both)
    with change(label.folder) as writing:
        writing.put("plays", once, source="the same again")
    label = open_dataset(str(label.folder))
    make(label, "recommender", lambda *_: None)
    known = recommender(label.view(["recommender", "plays"]))
    assert known.counts.data.tolist() == [1] * len(rows)
    found = recommendations(label, dial=1.0, length=20)
    assert found.songs.height == 20 and found.songs["score"].is_finite().all()
    unheard = found.songs.filter(pl.col("heard").is_null())
    assert unheard.height == 8 and unheard["rank"].max() == 8
