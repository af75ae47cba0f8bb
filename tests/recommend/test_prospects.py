"""Potential listeners: planted tastes come back, chances are true, and nobody is singled out."""

import datetime
import functools
import hashlib
import itertools

import numpy as np
import polars as pl
import pytest

from tests.audience.conftest import catalogue, plays, written
from tests.audience.planted import planted
from workbench.analysis import Filters
from workbench.audience import clusters as clustering
from workbench.audience.rules import Segment
from workbench.dataset import make, open_dataset
from workbench.errors import BadInput, MissingTable, NotEnoughEvidence, NotMade
from workbench.parameters import Private
from workbench.recommend.prospect_export import audience_definition, hashed_audience
from workbench.recommend.prospects import demo_prospects, prospects

PEOPLE, ARTISTS = 900, [f"a{i:02d}" for i in range(32)]
GENRES = {artist: f"genre{i // 8}" for i, artist in enumerate(ARTISTS)}
LONE = "l000"  # the one listener of TW, of the first group
LAST = datetime.date(2026, 10, 30)


def tables() -> dict[str, pl.DataFrame]:
    """Return listeners who play songs of their own genre nine times in ten, a third of these.

    With consent, a lone country, and songs that nobody has heard.
    """
    draw = np.random.default_rng(1)
    rows = []
    for i in range(PEOPLE):
        taste = np.full(32, 0.1 / 32)
        taste[i % 4 * 8 : i % 4 * 8 + 8] += 0.9 / 8
        for artist in draw.choice(32, 4 + int(draw.integers(4)), p=taste / taste.sum()):
            day = LAST - datetime.timedelta(days=int(draw.integers(300)))
            rows.append((f"l{i:03d}", ARTISTS[artist], day, "library"))
    homes = ["DE", "US", "GB", "FR", "US"]
    listeners = {
        "listener_id": [f"l{i:03d}" for i in range(PEOPLE)],
        "country": ["TW" if i == 0 else homes[i % 5] for i in range(PEOPLE)],
        "consent": [i % 5 < 3 for i in range(PEOPLE)],
    }
    new = {"title": "Not out", "status": "planned", "release_date": datetime.date(2027, 1, 1)}
    songs = [
        {**new, "track_id": "t-new", "artist_id": "a02", "genre": "genre0"},
        {**new, "track_id": "t-stranger", "artist_id": "nobody", "genre": "genre1"},
    ]
    found = catalogue(ARTISTS, GENRES)
    tracks = pl.concat([found["tracks"], pl.DataFrame(songs)], how="diagonal")
    return {**found, "tracks": tracks, "plays": plays(rows), "listeners": pl.DataFrame(listeners)}


@functools.cache
def made(base) -> str:
    """Return the folder of the label with its rankings made, once for all tests of a run."""
    label = written(base / "prospects" / "label", **tables())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (4,))
        patch.setattr(clustering, "RESAMPLES", 2)
        for name in ("segments", "recommender", "prospects"):
            make(label, name, lambda *_: None)
    return str(label.folder)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    return open_dataset(made(tmp_path_factory.getbasetemp()))


def by_cluster(found) -> dict[str, float]:
    cells = found.cells.filter(pl.col("kind") == "cluster").drop_nulls("expected")
    return {row["name"].split(" · ")[0]: row["share"] for row in cells.to_dicts()}


@pytest.mark.parametrize(
    ("asked", "genre"),
    [({"track": "t-a10"}, "genre1"), ({"artist": "a17"}, "genre2"), ({"track": "t-new"}, "genre0"),
     ({"track": "t-stranger"}, "genre1")],
)  # fmt: skip
def test_the_group_of_its_taste_comes_first(label, asked, genre):
    found = prospects(label, **asked)
    shares = by_cluster(found)
    assert max(shares, key=shares.get) == genre
    assert shares[genre] > 2 * min(shares.values())
    assert found.low <= found.expected <= found.high <= found.people
    cells = found.cells.filter(~pl.col("hidden"))
    assert (cells["high"] <= cells["people"]).all()  # more than are there cannot come
    assert found.people % 5 == 0 and found.audience % 5 == 0
    # those who speak for it are of its taste
    assert GENRES[found.why["name"][0].removeprefix("Song of ")[:3]] == genre


def test_chances_of_the_trial_are_true(label):
    fit = label.view(["prospects"]).fit("prospects")
    for kind in ("song", "artist", "first"):
        bins = fit.frames[f"{kind}_bins"]
        said, came = ((bins[name] * bins["pairs"]).sum() for name in ("said", "came"))
        assert said == pytest.approx(came, rel=0.15)
        assert fit.meta[kind]["covered"] > 0.6
        assert fit.frames[f"{kind}_bands"]["auc"].min() > 0.65
        curve = fit.frames[f"{kind}_curve"]
        assert (curve["caught"] >= curve["active"])[2:10].all()
        assert curve["caught"][-1] == pytest.approx(1)


def test_groups_add_up_to_the_expected_audience(label):
    found = prospects(label, track="t-a10", min_group=1)
    for kind in ("country", "cluster", "tier"):
        cells = found.cells.filter(pl.col("kind") == kind)
        assert cells["people"].sum() == found.people
        assert abs(cells["expected"].sum() - found.expected) <= cells.height
        assert cells["audience"].sum() == found.audience
    known = label.view(["plays"]).scan("plays").filter(pl.col("track_id") == "t-a10")
    heard = known.select(pl.col("listener_id").n_unique()).collect().item()
    assert found.people == PEOPLE - heard


def test_a_demo_goes_where_its_genre_and_artist_are(label):
    text = Private("I walk the long road home\nand nobody waits for me there\n" * 3)
    alone = demo_prospects(label, lyric=text, genre="genre3")
    assert max(by_cluster(alone), key=by_cluster(alone).get) == "genre3"
    theirs = demo_prospects(label, lyric=text, artist="a03", genre="genre0")
    assert max(by_cluster(theirs), key=by_cluster(theirs).get) == "genre0"
    assert "long road" not in repr(theirs)
    with pytest.raises(NotEnoughEvidence, match="genre or artist"):
        demo_prospects(label, lyric=text)  # no lyric of this label is scored
    with pytest.raises(BadInput, match="no lyric"):
        demo_prospects(label, lyric=Private("  "))


def test_what_cannot_be_asked_is_said(label, tmp_path):
    for wrong in ({}, {"track": "t-a10", "artist": "a01"}, {"track": "nothing"}, {"artist": "x"}):
        with pytest.raises(BadInput):
            prospects(label, **wrong)
    with pytest.raises(BadInput, match="share"):
        prospects(label, track="t-a10", share=0.0)
    few = planted(listeners=12)
    bare = written(tmp_path / "bare", tracks=few["tracks"], artists=few["artists"])
    with pytest.raises(MissingTable):
        prospects(bare, track="t-a00")
    little = written(tmp_path / "few", **few)
    with pytest.raises(NotMade):
        prospects(little, track="t-a00")
    for name in ("recommender", "prospects"):
        make(little, name, lambda *_: None)
    with pytest.raises(NotEnoughEvidence, match="50 listeners"):
        prospects(open_dataset(str(little.folder)), track="t-a00")


def test_a_lone_listener_stays_unknown(label):
    """All but TW, and everybody: the difference fits a listener who never comes, and one sure to.

    The lone listener would come to songs of genre0; neither page nor export may say so.
    """
    rest = Filters(countries=("DE", "FR", "GB", "US"))
    with pytest.raises(NotEnoughEvidence):
        prospects(label, track="t-new", filters=Filters(countries=("TW",)))
    for share in (0.1, 0.5):
        whole = prospects(label, track="t-new", share=share)
        others = prospects(label, track="t-new", share=share, filters=rest)
        alone = whole.cells.filter(pl.col("key") == "TW").to_dicts()[0]
        assert alone["hidden"]
        assert all(alone[name] is None for name in ("people", "expected", "low", "share"))
        assert whole.hidden >= 2  # one hidden cell would follow from the sum
        assert abs(whole.expected - others.expected) <= 1
        assert (whole.people - others.people) % 5 == 0
        for row, other in zip(
            whole.cells.filter(pl.col("kind") != "country").sort("key").to_dicts(),
            others.cells.filter(pl.col("kind") != "country").sort("key").to_dicts(), strict=True,
        ):  # fmt: skip
            if row["expected"] is not None and other["expected"] is not None:
                assert row["expected"] - other["expected"] in (-1, 0, 1)


def test_a_segment_chooses_who_is_ranked(label):
    """A rule of a country is that country's filter; of one person it is refused everywhere."""
    rule = Filters(segment=Segment("s-de", "Germany", countries=("DE",)))
    by_rule, by_place = (
        prospects(label, track="t-new", filters=filters)
        for filters in (rule, Filters(countries=("DE",)))
    )
    assert by_rule.people == by_place.people < prospects(label, track="t-new").people
    assert by_rule.cells.equals(by_place.cells)
    alone = Filters(segment=Segment("s-tw", "Taiwan", countries=("TW",)))
    with pytest.raises(NotEnoughEvidence, match="Fewer than 10"):
        prospects(label, track="t-new", filters=alone)
    with pytest.raises(NotEnoughEvidence, match="fewer than 100"):
        audience_definition(label, track="t-new", share=1.0, filters=alone)


def test_the_small_part_of_an_audience_does_not_follow_from_the_rest(label):
    """The audience has a size; of each kind no part or at least two parts of it are hidden."""
    hidden = 0
    for share in (0.05, 0.1, 0.2, 0.3):
        found = prospects(label, track="t-new", share=share)
        for kind in ("country", "cluster", "tier"):
            parts = found.cells.filter(pl.col("kind") == kind)["audience"]
            assert parts.null_count() != 1
            assert parts.drop_nulls().min() is None or parts.drop_nulls().min() >= 10
            hidden += parts.null_count()
    assert hidden


def test_no_export_of_fewer_than_a_hundred(label):
    with pytest.raises(NotEnoughEvidence, match="fewer than 100"):
        audience_definition(label, track="t-new", share=0.05)
    with pytest.raises(NotEnoughEvidence, match="fewer than 100"):
        audience_definition(label, track="t-new", share=0.05, min_group=1)
    with pytest.raises(NotEnoughEvidence, match="fewer than 100"):
        audience_definition(label, track="t-new", share=1.0, filters=Filters(countries=("TW",)))
    with pytest.raises(NotEnoughEvidence, match="consent"):
        hashed_audience(label, track="t-new", share=0.1, min_group=1)


def test_an_exported_definition_holds_only_large_groups(label):
    found = audience_definition(label, track="t-new", share=0.4)
    assert found["people"].min() >= 100 and (found["people"] % 5 == 0).all()
    assert set(found["kind"]) <= {"audience", "country", "tier", "genre", "artist"}
    assert found.filter(kind="genre").row(0, named=True)["key"] == "genre0"
    assert found.filter(kind="genre")["index"].max() > 150
    assert "TW" not in found["key"].to_list()


def test_hashed_ids_are_of_those_with_consent_and_never_tell_one(label):
    whole = pl.DataFrame(tables()["listeners"])
    hashes = {hashlib.sha256(one.encode()).hexdigest(): may
              for one, may in whole.select("listener_id", "consent").iter_rows()}  # fmt: skip
    sizes, lists = [], []
    for share in np.linspace(0.2, 1.0, 9):
        found = hashed_audience(label, track="t-new", share=float(share))
        assert found.columns == ["sha256"]
        assert found["sha256"].is_sorted() and found["sha256"].is_unique().all()
        assert all(hashes[one] for one in found["sha256"])
        assert found.height % 100 == 0
        sizes.append(found.height)
        lists.append(set(found["sha256"]))
    assert sizes == sorted(sizes) and len(set(sizes)) > 2
    for fewer, more in itertools.pairwise(lists):
        assert fewer <= more and (len(more - fewer) == 0 or len(more - fewer) >= 100)
