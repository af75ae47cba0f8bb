"""Saves, skips and purchases: read by hand, worth what they tell, and nothing of days to come."""

import datetime

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from tests.audience.conftest import catalogue, moment, plays, written
from workbench.recommend.interactions import Interactions, interactions
from workbench.recommend.signals import NEVER, STREAMS_ALONE, Heed, Signals, signals, worth
from workbench.recommend.trial import PLAIN, trial

READS = ("plays", "tracks", "purchases", "products")


def day(number: int) -> datetime.date:
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=number)


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    """Ann streams a and b, Bo b; Ann saves a on day 20 and skips half of b, Bo buys of b."""
    rows = [("ann", "a", day(10), ""), ("ann", "a", day(20), ""), ("ann", "b", day(11), ""),
            ("ann", "b", day(12), ""), ("bo", "b", day(13), "")]  # fmt: skip
    heard = plays(rows).with_columns(
        source=pl.lit("library"),
        saved=pl.Series([False, True, False, None, None]),
        skipped=pl.Series([False, False, True, False, None]),
        ms_played=pl.Series([180_000, 180_000, 8_000, 180_000, 180_000]),
    )
    lines = pl.DataFrame({
        "order_id": ["o1", "o2", "o3"], "line": [1, 1, 1], "listener_id": ["bo", "bo", "ann"],
        "product_id": ["p-b", "p-b", "p-b"], "quantity": [1, 1, -1], "amount": [9.0, 9.0, -9.0],
        "currency": ["EUR"] * 3,
        "purchased_at": [moment(day(31)), moment(day(30)), moment(day(29))],
    }).with_columns(pl.col("amount").cast(pl.Decimal(18, 4)))  # fmt: skip
    products = pl.DataFrame({"product_id": ["p-b"], "artist_id": ["b"], "name": ["Shirt of b"],
                             "kind": ["merchandise"]})  # fmt: skip
    made = tmp_path_factory.mktemp("signals") / "label"
    return written(made, **catalogue(["a", "b"]), plays=heard, purchases=lines, products=products)


def test_signals_by_hand(label):
    view = label.view(READS)
    people = interactions(view)
    told = signals(view, people)
    assert people.counts.toarray().tolist() == [[2, 1], [0, 1]]
    assert told.saved.tolist() == [20, NEVER, NEVER]
    assert told.skipped.tolist() == [0.0, 0.5, 0.0]
    assert told.bought.tolist() == [NEVER, NEVER, 30]  # a refund buys nothing
    before = told.only(np.array([True, False, True]), before=20)
    assert before.saved.tolist() == before.bought.tolist() == [NEVER, NEVER]
    assert before.skipped.tolist() == [0.0, 0.0]


def test_worth_by_hand(label):
    view = label.view(READS)
    people = interactions(view)
    told = signals(view, people)
    assert worth(people.counts, told, STREAMS_ALONE).toarray().tolist() == [[3, 2], [0, 3]]
    found = worth(people.counts, told, Heed(saved=1.0, skipped=2.0, bought=0.5))
    assert found.toarray().tolist() == [[4, 1], [0, 3.5]]
    never = worth(people.counts, told, Heed(skipped=9.0)).toarray()
    assert never[0, 1] == pytest.approx(0.1)  # streamed all the same
    assert worth(people.counts, None, Heed(saved=1.0)).toarray().tolist() == [[3, 2], [0, 3]]


def by_taste() -> tuple[Interactions, np.ndarray]:
    """Return listeners who stream three of their own ten songs and three others, then one more.

    And which pairs are of their own: who would save those alone would tell their taste.
    """
    draw = np.random.default_rng(3)
    own = np.arange(40) // 10 == np.arange(1500)[:, None] % 4
    first = np.full(own.shape, -1)
    for who in range(1500):
        early, late = np.split(draw.permutation(np.flatnonzero(own[who]))[:4], [3])
        others = draw.choice(np.flatnonzero(~own[who]), 3, replace=False)
        first[who, [*early, *others]] = draw.integers(5, size=6)
        first[who, late] = 150
    counts = csr_matrix((first >= 0).astype(np.int64))
    ids = [pl.Series([f"{n:03d}" for n in range(size)]) for size in counts.shape]
    return Interactions(counts, *ids, first[first >= 0]), own[first >= 0]


@pytest.mark.parametrize(("saved_on", "heeded"), [(50, True), (151, False)])
def test_what_tells_is_heeded_and_judged_beside_streams_alone(saved_on, heeded):
    """Saves of the days that are asked for tell nothing: nobody had seen them."""
    people, own = by_taste()
    never = np.full(len(own), NEVER)
    told = Signals(np.where(own, saved_on, NEVER), np.zeros(len(own)), never)
    empty = csr_matrix((40, 1))
    found = trial(people, empty, np.full(40, -1), linear=True, told=told)
    assert found.split == "time"
    ndcg = dict(found.judged.group_by("model").agg(pl.col("ndcg").mean()).iter_rows())
    assert (found.heed.saved > 0) is heeded
    assert found.heed.skipped == found.heed.bought == 0
    assert (PLAIN in ndcg) is heeded
    if heeded:
        assert ndcg["Blend"] > ndcg[PLAIN] + 0.05
