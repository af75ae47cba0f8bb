"""Profiles by hand: what a play weighs, what an artist weighs, which table counts."""

import datetime
import math

import numpy as np
import polars as pl
import pytest

from tests.audience.conftest import catalogue, plays
from workbench.audience.profiles import counted, discounted, profile_matrix, profiles
from workbench.errors import MissingTable

TODAY = datetime.date(2026, 10, 30)


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def rows(view):
    return view.sort("listener_id", "artist_id").collect().rows()


def seen(label):
    return label.view(["plays", "listening_counts", "tracks"])


def test_a_stream_counts_half_after_one_half_life():
    frame = plays([("a", "ana", TODAY, "search"), ("a", "ana", ago(100), "radio")])
    found = discounted(frame.lazy(), catalogue(["ana"])["tracks"].lazy(), 100.0)
    assert found.streams.tolist() == [2]
    # One of one listener: idf 1.
    assert found.matrix.toarray() == pytest.approx(np.array([[math.log(2.5)]]), rel=1e-6)


def test_a_cell_is_log_plays_times_idf():
    weights = pl.DataFrame(
        {
            "listener_id": ["b", "a", "a"],
            "artist_id": ["x", "x", "y"],
            "streams": [3, 1, 9],
            "weight": [3.0, 1.0, 9.0],
        }
    )
    people = profile_matrix(weights)
    assert people.listeners.to_list() == ["a", "b"]
    assert people.artists.to_list() == ["x", "y"]
    assert people.streams.tolist() == [10, 3]
    # x has two of two listeners: idf 1. y has one of two: 1 + log(3 / 2).
    expected = [
        [math.log(2), math.log(10) * (1 + math.log(1.5))],
        [math.log(4), 0.0],
    ]
    assert people.matrix.toarray() == pytest.approx(np.array(expected), rel=1e-6)


def test_the_order_of_rows_does_not_matter():
    frame = pl.DataFrame(
        {
            "listener_id": ["b", "a", "c", "a"],
            "artist_id": ["x", "y", "y", "x"],
            "streams": [1, 2, 3, 4],
            "weight": [1.0, 2.0, 3.0, 4.0],
        }
    )
    one, two = profile_matrix(frame), profile_matrix(frame.reverse())
    assert (one.matrix != two.matrix).nnz == 0
    assert one.streams.tolist() == two.streams.tolist()


def test_short_plays_are_no_streams(label_of):
    frame = plays([("a", "ana", TODAY, "search"), ("a", "ben", TODAY, "search")])
    frame = frame.with_columns(ms_played=pl.Series([29_999, 30_000]))
    label = label_of(**catalogue(["ana", "ben"]), plays=frame)
    assert rows(counted(seen(label))) == [("a", "ben", 1)]


def test_counts_of_tracks_reach_their_artist_and_never_count_twice(label_of):
    counts = pl.DataFrame(
        [
            ("a", "artist", "ana", 10),
            ("a", "track", "t-ana", 4),
            ("a", "track", "t-ben", 2),
            ("b", "artist", "ben", 0),
        ],
        schema=["listener_id", "entity", "entity_id", "plays"],
        orient="row",
    )
    label = label_of(**catalogue(["ana", "ben"]), listening_counts=counts)
    assert rows(counted(seen(label))) == [("a", "ana", 10), ("a", "ben", 2)]


def test_plays_win_over_counts(label_of):
    counts = pl.DataFrame(
        {"listener_id": ["z"], "entity": ["artist"], "entity_id": ["ana"], "plays": [5]}
    )
    label = label_of(
        **catalogue(["ana"]),
        plays=plays([("a", "ana", TODAY, "search")]),
        listening_counts=counts,
    )
    assert profiles(seen(label)).listeners.to_list() == ["a"]


def test_without_listening_the_message_says_what_to_import(label_of):
    with pytest.raises(MissingTable, match="Spotify history"):
        profiles(seen(label_of(**catalogue(["ana"]))))
