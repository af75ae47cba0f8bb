"""Listening that tells nothing apart, or hardly is any: an answer in words, never a crash."""

import datetime

import polars as pl
import pytest

from tests.audience.conftest import catalogue, plays, written
from workbench.audience.overlap import overlap
from workbench.audience.segments import clusters
from workbench.audience.tiers import tiers
from workbench.dataset import Dataset, make, open_dataset
from workbench.errors import NotEnoughEvidence
from workbench.recommend.lists import recommendations
from workbench.recommend.prospects import prospects

LAST = datetime.date(2026, 10, 30)
ARTISTS = [*"abcdefghijkl", "never"]


def made(folder, heard: pl.DataFrame) -> Dataset:
    label = written(folder / "label", **catalogue(ARTISTS), plays=heard)
    for name in ("segments", "recommender", "prospects"):
        make(label, name, lambda *_: None)
    return open_dataset(str(label.folder))


def test_one_play_is_too_little_and_says_so(tmp_path):
    label = made(tmp_path, plays([("u", "a", LAST, "library")]))
    assert tiers(label, min_group=1).sizes["listeners"].sum() == 1
    for asked, words in (
        (lambda: clusters(label), "need at least 60 listeners"),
        (lambda: overlap(label, artist_id="a"), "Fewer than 10 people"),
        (lambda: recommendations(label), "need 50 listeners"),
        (lambda: prospects(label, track="t-a"), "need 50 listeners"),
    ):
        with pytest.raises(NotEnoughEvidence, match=words):
            asked()


def test_listeners_who_all_play_alike_have_no_clusters(tmp_path):
    """Eighty listeners stream each of twelve songs once, some for absurdly long; one, nobody."""
    rows = [(f"u{who:02d}", artist, LAST - datetime.timedelta(days=ago), "library")
            for who in range(80) for ago, artist in enumerate(ARTISTS[:12])]  # fmt: skip
    long = pl.when(pl.int_range(pl.len()) % 7 == 0).then(10**12).otherwise("ms_played")
    label = made(tmp_path, plays(rows).with_columns(long.alias("ms_played")))
    with pytest.raises(NotEnoughEvidence, match="play alike"):
        clusters(label)
    # a terabyte of milliseconds is one stream
    assert tiers(label).sizes.filter(tier="super")["streams_28d"].to_list() == [960]
    found = recommendations(label, length=20)
    assert set(found.songs["track_id"]) == {f"t-{artist}" for artist in ARTISTS}
    with pytest.raises(NotEnoughEvidence, match="Nothing is known of this song"):
        prospects(label, track="t-never")
