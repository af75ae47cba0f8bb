"""Shared, begun with, lost: hand-computed counts, planted ties, and chance that stays chance."""

import datetime

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from tests.audience.conftest import catalogue, moment, plays
from workbench.analysis import Filters
from workbench.audience.co_listening import bands, shared_by_chance
from workbench.audience.migration import migration
from workbench.audience.overlap import audiences, overlap
from workbench.audience.spill_over import spill_over
from workbench.errors import BadInput, NotEnoughEvidence

TODAY = datetime.date(2026, 10, 30)


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def chance_audience(people: int, artists: int, seed: int) -> np.ndarray:
    """Draw who hears whom: breadth differs, artists differ in size, no two go together."""
    draw = np.random.default_rng(seed)
    size = np.exp(draw.normal(0, 1, artists))
    who = np.zeros((people, artists), dtype=np.int64)
    for row in who:
        breadth = min(1 + draw.negative_binomial(2, 0.15), artists - 4)
        row[draw.choice(artists, breadth, replace=False, p=size / size.sum())] = 1
    return who[:, who.sum(0) > 0]


def test_without_ties_the_index_is_100_where_a_plain_lift_is_not():
    who = chance_audience(1500, 30, seed=3)
    index, lift, z = [], [], []
    for artist in range(who.shape[1]):
        expected, sd = shared_by_chance(csr_matrix(who), artist)
        both = who.T @ who[:, artist]
        kept = (np.arange(len(both)) != artist) & (expected >= 20)
        index += list((both / expected)[kept])
        lift += list((both * len(who) / (who.sum(0) * who[:, artist].sum()))[kept])
        z += list(((both - expected) / sd)[kept])
    assert np.mean(lift) > 1.3
    assert abs(np.mean(index) - 1) < 0.02
    assert np.std(z) == pytest.approx(1, abs=0.15)
    assert np.mean(np.abs(z) > 1.96) < 0.1


def test_people_of_one_artist_share_nobody():
    who = csr_matrix(np.eye(4, dtype=np.int64)[np.arange(400) % 4])
    expected, sd = shared_by_chance(who, 0)
    assert expected.max() == 0
    assert sd.max() == 0


def test_bands_hold_enough_and_keep_equal_breadth_together():
    breadth = np.repeat([1, 2, 3, 9], [500, 200, 150, 20])
    found = bands(breadth)
    assert found[0] == 0
    assert set(found[500:]) == {1}  # the last twenty would be too few alone
    assert len(bands(np.array([], dtype=np.int64))) == 0


@pytest.fixture
def pairs(label_of):
    """Ana's sixty hear Ben (40) and all hear Cy; sixty others hear Cy and one of Dan and Eve."""
    rows = []
    for i in range(120):
        who, odd = f"l{i:03d}", ("dan", "eve")[i % 2]
        mine = ["ana", "ben" if i < 40 else odd] if i < 60 else [odd]
        rows += [(who, artist, ago(5), "library") for artist in [*mine, "cy"] for _ in range(2)]
    people = {"listener_id": [f"l{i:03d}" for i in range(120)],
              "country": ["TW" if i < 4 else "DE" for i in range(120)]}  # fmt: skip
    names = ["ana", "ben", "cy", "dan", "eve"]
    bought = pl.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(60)],
            "line": [1] * 60,
            "listener_id": [f"l{i % 30:03d}" for i in range(60)],
            "product_id": ["p-ana"] * 30 + ["p-ben"] * 30,
            "quantity": [1] * 58 + [-1] * 2,
            "amount": [20.0] * 60,
            "currency": ["EUR"] * 60,
            "purchased_at": [moment(ago(9))] * 60,
        }
    ).with_columns(pl.col("amount").cast(pl.Decimal(18, 4)))
    products = pl.DataFrame({"product_id": ["p-ana", "p-ben"], "artist_id": ["ana", "ben"],
                             "kind": ["lp", "lp"], "name": ["LP", "LP"]})  # fmt: skip
    return label_of(**catalogue(names), plays=plays(rows), listeners=pl.DataFrame(people),
                    purchases=bought, products=products)  # fmt: skip


def test_shared_people_are_counted_and_a_tie_is_found(pairs):
    assert audiences(pairs)["listeners"].to_list() == [120, 60, 40, 40, 40]
    found = overlap(pairs, artist_id="ana")
    rows = {row["artist_id"]: row for row in found.others.to_dicts()}
    assert (found.listeners, found.people) == (60, 120)
    assert (rows["ben"]["both"], rows["cy"]["both"]) == (40, 60)
    assert (rows["dan"]["both"], rows["dan"]["share"]) == (10, pytest.approx(1 / 6))
    assert rows["ben"]["apart"]
    assert rows["ben"]["index"] > 120 > rows["dan"]["index"]
    assert not rows["dan"]["apart"]
    assert rows["ben"]["low"] < rows["ben"]["index"] < rows["ben"]["high"]
    assert (rows["cy"]["reach"], rows["ben"]["reach"]) == (60, None)  # of Ben's nobody is new
    assert overlap(pairs, artist_id="ana", least=2).listeners == 60
    with pytest.raises(NotEnoughEvidence, match="Fewer than 10 people"):
        overlap(pairs, artist_id="ana", least=3)
    with pytest.raises(BadInput, match="no artist"):
        overlap(pairs, artist_id="zoe")


def test_buyers_are_those_who_kept_something(pairs):
    found = overlap(pairs, artist_id="ana", by="buying")
    row = found.others.row(0, named=True)
    assert (found.listeners, row["listeners"], row["both"]) == (30, 30, 30)  # 28 to the next five
    with pytest.raises(BadInput, match="not by weather"):
        overlap(pairs, artist_id="ana", by="weather")


def test_four_people_of_a_country_stay_unknown_between_two_filters(pairs):
    whole = overlap(pairs, artist_id="ana")
    rest = overlap(pairs, artist_id="ana", filters=Filters(countries=("DE",)))
    both = whole.others.join(rest.others, on="artist_id", suffix="_rest")
    for name in ("both", "listeners", "reach"):
        gap = (both[name] - both[f"{name}_rest"]).drop_nulls()
        assert (gap % 5 == 0).all()
    with pytest.raises(NotEnoughEvidence):
        overlap(pairs, artist_id="ana", filters=Filters(countries=("TW",)))


@pytest.fixture
def begun(label_of):
    """Cy's 200 all knew nobody else; of the hundred who heard Ben forty began with Ana, else ten.

    A song of Ben has Ana as its guest; fifty of Ben's hundred heard it, of whom thirty began.
    """
    rows = []
    for i in range(200):
        who, of_ben = f"l{i:03d}", i < 100
        rows.append((who, "cy", ago(200), "library"))
        rows.append((who, "cy", ago(100), "library"))
        if of_ben:
            rows.append((who, "ben", ago(180), "library"))
        if i < 50:
            rows.append((who, "duet", ago(190), "library"))
        if i < 30 or 50 <= i < 60 or 100 <= i < 110:
            rows.append((who, "ana", ago(20), "library"))
    rows.append(("l199", "cy", TODAY, "library"))
    made = catalogue(["ana", "ben", "cy"])
    duet = pl.DataFrame({"track_id": ["t-duet"], "title": ["Duet"], "artist_id": ["ben"],
                         "featured": [["ANA"]], "status": ["released"]})  # fmt: skip
    tracks = pl.concat([made["tracks"], duet], how="diagonal")
    return label_of(artists=made["artists"], tracks=tracks, plays=plays(rows))


def test_who_begins_is_held_against_people_as_active(begun):
    found = spill_over(begun, artist_id="ana")
    ben = found.others.filter(artist_id="ben").row(0, named=True)
    assert (ben["heard"], ben["began"], ben["share"]) == (100, 40, 0.4)
    assert (ben["like_share"], ben["apart"]) == (0.1, True)
    assert ben["more"] == pytest.approx(0.3)
    assert 0.15 < ben["low"] < 0.3 < ben["high"] < 0.45
    # Everybody heard Cy: there is nobody to hold them against.
    assert found.others.filter(artist_id="cy").is_empty()
    duet = found.features.row(0, named=True)
    assert (duet["name"], duet["host"]) == ("Duet", "Ben")
    assert (duet["heard"], duet["share"], duet["like_share"]) == (50, 0.6, 0.2)
    with pytest.raises(NotEnoughEvidence, match="168 days of plays"):
        spill_over(begun, artist_id="ana", filters=Filters(until=ago(90)))


def test_few_who_begin_are_not_told(begun):
    ben = spill_over(begun, artist_id="ana", min_group=45).others.filter(artist_id="ben")
    assert ben.select("began", "share", "more", "z", "like_share").row(0) == (None,) * 5


def test_moves_are_counted_both_ways_and_unchanged_taste_keeps_what_it_keeps(label_of):
    # A hundred lead with Ana first: sixty stay, thirty go to Ben, ten fall silent; twelve come.
    rows = []
    for i in range(100):
        rows += [(f"a{i:03d}", "ana", ago(100), "library")] * 3
        to = "ana" if i < 60 else "ben"
        rows += [(f"a{i:03d}", to, ago(10), "library")] * 3 if i < 90 else []
    for i in range(12):
        rows += [(f"b{i:03d}", "ben", ago(100), "library"), (f"b{i:03d}", "ana", ago(9), "search")]
    rows += [("b000", "ben", ago(168 - 1), "library"), ("a000", "ana", TODAY, "library")]
    label = label_of(**catalogue(["ana", "ben"]), plays=plays(rows))
    found = migration(label, artist_id="ana")
    shares = dict(found.periods.select("outcome", "share").iter_rows())
    assert shares == {"kept": 0.6, "moved": 0.3, "quiet": 0.1}
    (day, kept, unchanged) = found.chance.row(0)
    assert (day, kept) == (TODAY, 0.67)
    # 60 keep her for sure; three of either, dealt out anew, seldom keep her in both.
    assert 0.6 < unchanged < 0.85
    flow = found.flows.row(0, named=True)
    assert (flow["name"], flow["lost"], flow["gained"], flow["net"]) == ("Ben", 30, 10, -20)
    assert flow["apart"]
    assert flow["low"] < -20 < flow["high"] < 0
    hiding = migration(label, artist_id="ana", min_group=13)
    few = hiding.flows.row(0, named=True)
    # ten fell silent, so that who moved is hidden too: two in three who stayed would tell
    assert hiding.periods.filter(outcome="moved")["listeners"].item() is None
    assert hiding.chance.is_empty()
    assert (few["lost"], few["gained"], few["net"]) == (30, None, -20)  # twelve at the most
    with pytest.raises(NotEnoughEvidence, match="streamed Ana most"):
        migration(label, artist_id="ana", days=168)
