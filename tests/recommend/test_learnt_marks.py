"""What was said enters the next training, leaves it when taken back, and harms nothing."""

import numpy as np
import polars as pl
import pytest

from tests.audience.conftest import written
from tests.audience.planted import planted
from workbench.dataset import make, open_dataset
from workbench.recommend import marks
from workbench.recommend.learnt_marks import AS_LISTENERS, as_listeners, standing, taken_in
from workbench.recommend.lists import recommendations

OWN = ("t-a00", "t-a01")
LIKED = ("t-a10", "t-a11", "t-a12")
AUDIENCE = marks.Audience("Songs of genre0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = written(tmp_path_factory.mktemp("planted") / "label", **planted())
    make(made, "recommender", lambda *_: None)
    return made.folder


def mean_rank(label) -> float:
    songs = recommendations(label, songs=OWN, dial=0.0, variety=0.0).songs
    return songs.filter(pl.col("track_id").is_in(LIKED))["rank"].mean()


def test_the_next_training_learns_from_it_and_forgets_what_is_taken_back(folder):
    label = open_dataset(str(folder))
    before, first = mean_rank(label), label.version("recommender")
    found = recommendations(label, songs=OWN, length=20)
    marks.log_list(label.home, "ada", "list", AUDIENCE, found, model="m", choices="", length=20)
    for track in (*LIKED, "gone"):
        marks.mark(label.home, "ada", AUDIENCE, about=track, said="like", shown="list")
    person = marks.Audience("One listener", "l001")
    marks.mark(label.home, "ada", person, about="t-a15", said="like", shown="list")
    assert label.version("recommender") == first, "nothing is stale before it is made anew"
    make(label, "feedback", lambda *_: None)
    assert not open_dataset(str(folder)).has("recommender"), "stale"
    make(open_dataset(str(folder)), "recommender", lambda *_: None)
    label = open_dataset(str(folder))
    assert taken_in(label).height == 4, "no mark of a single listener"
    assert mean_rank(label) < before - 2
    for one in marks.marks(label.home)["mark"]:
        marks.take_back(label.home, one)
    make(label, "recommender", lambda *_: None)
    label = open_dataset(str(folder))
    assert taken_in(label).is_empty() and label.has("recommender")
    assert mean_rank(label) == before


def rows(*said: tuple[str, str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [(f"{mark} {what}", mark, audience, track, what, ["a", "b"])
         for mark, audience, track, what in said],
        schema=["key", "mark", "audience", "track_id", "said", "speaks"], orient="row",
    )  # fmt: skip


def test_an_audience_stands_as_listeners_who_hold_what_it_likes():
    tracks = pl.Series(["a", "b", "c", "d"])
    said = rows(("1", "x", "c", "like"), ("2", "x", "b", "dislike"), ("3", "x", "gone", "like"))
    found = as_listeners(said, tracks, 1000).toarray()
    assert found.shape == (AS_LISTENERS, 4)
    assert (found == [1, 0, 2, 0]).all()
    assert as_listeners(said, tracks, 30).shape[0] == 3, "no more than a tenth of the listeners"
    assert as_listeners(rows(("2", "x", "b", "dislike")), tracks, 1000) is None


def test_what_is_taken_back_stands_no_longer():
    said = rows(("1", "x", "c", "like"), ("1", "x", "c", "taken back"), ("2", "x", "d", "like"))
    assert standing(said)["mark"].to_list() == ["2"]
    assert np.unique(as_listeners(said, pl.Series(["a", "b", "c", "d"]), 9).toarray()[:, 2]) == [0]
