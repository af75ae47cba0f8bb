"""A pasted list: as many ways of writing a song as people have, and what is no song."""

import datetime

import polars as pl
import pytest

from tests.audience.conftest import written
from workbench.recommend.pasted import pasted


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    artists = pl.DataFrame({"artist_id": ["a", "b"], "name": ["Zoë & the Bees", "Lune"]})
    tracks = pl.DataFrame(
        {
            "track_id": ["t1", "t2", "t3", "t4"],
            "title": ["Café Noir", "Rain", "Rain", "Rain"],
            "version": [None, None, "Live", None],
            "isrc": ["GBAAA2400001", None, None, None],
            "artist_id": ["a", "a", "a", "b"],
            "release_date": [datetime.date(2020, 1, day) for day in (1, 9, 2, 3)],
            "status": ["released"] * 4,
        }
    )
    return written(tmp_path_factory.mktemp("pasted") / "label", artists=artists, tracks=tracks)


@pytest.mark.parametrize(
    ("line", "track"),
    [
        ("t1", "t1"),
        ("gbaaa2400001", "t1"),
        ("cafe noir", "t1"),
        ("Zoe and the Bees – Café Noir", "t1"),
        ("Cafe noir, Zoë & The Bees", "t1"),
        ("café noir by zoë & the bees", "t1"),
        ("Rain\tLune", "t4"),
        ("Rain (Live) - Zoë & the Bees", "t3"),
        ("Zoë & the Bees - Rain", "t2"),  # not the live one, though it came first
        ("Rain", "t4"),  # three are called so: the first one released without a version
        ("Snow", None),
        ("!!!", None),
    ],
)
def test_a_line_is_found(label, line, track):
    found = pasted(label, text=line)
    assert found.lines["track_id"].to_list() == [track]
    assert found.unknown == (track is None)


def test_a_list_keeps_its_order_and_says_what_it_does_not_know(label):
    found = pasted(label, text="\n Rain (Live)\n\nnobody's song\nt1\nCafé Noir\n")
    assert found.tracks == ("t3", "t1")
    assert found.unknown == 1
    assert found.lines.select("line", "track_id").rows() == [
        (1, "t3"),
        (2, None),
        (3, "t1"),
        (4, "t1"),
    ]
    assert pasted(label, text=" \n ").tracks == ()
