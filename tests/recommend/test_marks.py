"""Lists on record: what was spoken of stays with its propensities, the rest only for a while."""

import json

import pytest

from workbench.recommend import marks
from workbench.recommend.marks import Audience
from workbench.recommend.off_policy import ips, snips
from workbench.store.shown_lists import keep_shown

EVERYBODY = Audience("Everybody")
SONGS = {"t-sure": 1.0, "t-drawn": 0.25}


def show(home, name: str, last: int) -> None:
    songs = [(song, place, chance, place, 9) for place, (song, chance)
             in enumerate(SONGS.items(), 1)]  # fmt: skip
    row = {
        "user": "ada", "shown": name, "audience": "Everybody", "listener_id": "", "model": "1",
        "choices": "", "length": 2, "candidates": 9, "speaks": "[]", "songs": json.dumps(songs),
    }  # fmt: skip
    keep_shown(home, row, last=last)


def worth(home) -> tuple[float, float]:
    """Return IPS and SNIPS of a list that would surely show what was drawn."""
    found = marks.logged(home)
    liked = (found["said"] == "like").to_numpy().astype(float)
    weights = (1.0 / found["propensity"]).to_numpy()
    return ips(liked, weights), snips(liked, weights)


def test_what_was_spoken_of_outlives_the_lists_around_it(tmp_path):
    show(tmp_path, "first", last=5)
    marks.mark(tmp_path, "ada", EVERYBODY, about="t-drawn", said="like", shown="first")
    show(tmp_path, "second", last=5)
    marks.mark(tmp_path, "ada", EVERYBODY, about="t-sure", said="dislike", shown="second")
    before = worth(tmp_path)
    assert before == (pytest.approx(4 / 2), pytest.approx(4 / 5))
    for n in range(30):
        show(tmp_path, f"dial {n}", last=5)
    assert marks.lists_shown(tmp_path) == 2 + 5
    assert worth(tmp_path) == before
    # of the last ones something may be said still; what is taken back is kept no longer
    marks.mark(tmp_path, "ada", EVERYBODY, about="t-sure", said="like", shown="dial 29")
    assert marks.logged(tmp_path)["shown"].to_list() == ["first", "dial 29"]
    for one in marks.marks(tmp_path)["mark"]:
        marks.take_back(tmp_path, one)
    show(tmp_path, "last", last=1)
    assert marks.lists_shown(tmp_path) == 1


def test_a_list_is_on_record_once(tmp_path):
    for _ in range(3):
        show(tmp_path, "same", last=5)
    assert marks.lists_shown(tmp_path) == 1
