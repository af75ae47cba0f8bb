"""Cards, traits, comparison and export of Taste clusters on a planted audience."""

import datetime

import polars as pl
import pytest

from tests.audience.conftest import moment, written
from tests.audience.planted import GENRES, as_counts, planted
from workbench.analysis import Filters
from workbench.audience import clusters as clustering
from workbench.audience.segments import clusters, compare, definition
from workbench.dataset import make
from workbench.errors import BadInput, MissingTable, NotEnoughEvidence, NotMade


@pytest.fixture(autouse=True, scope="module")
def few_counts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (3, 4, 5))
        patch.setattr(clustering, "RESAMPLES", 3)
        yield


@pytest.fixture(scope="module")
def label(few_counts, tmp_path_factory):
    tables = planted()
    bought = pl.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(40)],
            "line": [1] * 40,
            "listener_id": [f"l{4 * (i % 30):03d}" for i in range(40)],
            "quantity": [1] * 40,
            "amount": [12.5] * 40,
            "currency": ["EUR"] * 39 + ["USD"],
            "purchased_at": [moment(datetime.date(2026, 9, 1))] * 40,
        }
    ).with_columns(pl.col("amount").cast(pl.Decimal(18, 4)))
    made = written(tmp_path_factory.mktemp("label"), **tables, purchases=bought)
    make(made, "segments", lambda *_: None)
    return made


def test_cards(label):
    found = clusters(label)
    assert found.count == found.chosen == 4
    cards = found.cards
    assert cards["segment"].to_list() == [0, 1, 2, 3]
    assert found.listeners == 320
    assert cards["listeners"].sum() + found.unassigned == 320
    assert cards["name"].n_unique() == 4
    # Each planted group plays one genre, so each cluster is named after another one.
    assert {name.split(" · ")[0] for name in cards["name"]} == set(GENRES.values())
    assert (cards["low"] < cards["share"]).all()
    assert (cards["share"] < cards["high"]).all()


def test_value_counts_buyers_and_the_commonest_currency(label):
    found = clusters(label, min_group=1)
    members = label.view(["segments"]).fit("segments")
    ids = members.frames["listeners"]["listener_id"]
    own = members.arrays["labels"][:, members.meta["offered"].index(4)]
    buyers = {f"l{4 * (i % 30):03d}" for i in range(40)}
    inside = [int(s) for who, s in zip(ids, own, strict=True) if who in buyers]
    main = max(set(inside), key=inside.count)
    row = found.cards.filter(segment=main)
    assert row["buyers"].item() == inside.count(main)
    assert found.currency == "EUR"
    assert found.cards["revenue"].sum() <= 39 * 12.5


def test_traits_are_the_planted_ones(label):
    found = clusters(label)
    for segment in range(4):
        own = found.traits.filter((pl.col("segment") == segment) & pl.col("apart"))
        genres = own.filter((pl.col("kind") == "genre") & (pl.col("index") > 100))
        assert genres.height == 1
        artists = own.filter((pl.col("kind") == "artist") & (pl.col("index") > 100))["key"]
        assert {GENRES[a] for a in artists} == set(genres["key"])


def test_filters_choose_who_is_counted_not_what_is_learnt(label):
    everyone, german = clusters(label), clusters(label, filters=Filters(countries=("DE",)))
    assert german.listeners < everyone.listeners
    assert german.cards["name"].to_list() == everyone.cards["name"].to_list()
    assert german.traits.equals(everyone.traits)


def test_nothing_shown_is_small(label):
    found = clusters(label, min_group=15, filters=Filters(countries=("DE", "FR")))
    shown = found.cards["listeners"].drop_nulls()
    assert (shown >= 15).all()
    assert found.hidden > 0
    assert (found.traits["count"].drop_nulls() >= 15).all()
    assert (found.places["listeners"] >= 15).all()
    empty = found.traits.filter("hidden").select("share", "index", "low", "high", "q", "apart")
    assert all(column.null_count() == empty.height for column in empty)


def test_shares_are_rounded_so_that_the_rest_cannot_be_had_by_subtraction(label):
    shown = clusters(label).traits.filter(~pl.col("hidden"))
    assert (shown["count"] % 5 == 0).any()
    sizes = dict(clusters(label).cards.select("segment", "listeners").iter_rows())
    exact = [row["count"] in (sizes[row["segment"]],) for row in shown.iter_rows(named=True)]
    fives = (shown["count"] % 5 == 0).to_list()
    assert all(a or b for a, b in zip(exact, fives, strict=True))


def test_compare_puts_the_widest_gap_first(label):
    found = compare(label, first=0, second=1, min_group=1)
    assert found.traits["gap"].abs().is_sorted(descending=True)
    top = found.traits.row(0, named=True)
    assert (top["index_first"] > 100) != (top["index_second"] > 100)
    only = compare(label, first=0, second=1, kind="country", min_group=1)
    assert set(only.traits["kind"]) <= {"country"}
    with pytest.raises(BadInput, match="there are 4"):
        compare(label, first=0, second=4)


def test_definition_is_aggregates_of_a_large_group(label):
    frame = definition(label, segment=0, min_group=40)
    assert frame.row(0, named=True)["kind"] == "cluster"
    assert "listener_id" not in frame.columns
    assert frame["share"].to_list() == [round(s, 2) for s in frame["share"]]
    with pytest.raises(NotEnoughEvidence):
        definition(label, segment=0, min_group=100)


def test_counts_without_times_or_tracks_still_give_clusters(label_of):
    made = label_of(**as_counts(planted()))
    make(made, "segments", lambda *_: None)
    found = clusters(made)
    assert found.source == "listening_counts"
    assert found.count == 4
    assert found.cards["buyers"].null_count() == 4
    assert set(found.traits["kind"]) == {"artist"}
    assert all("A" in name for name in found.cards["name"])


def test_what_is_missing_is_said(label_of):
    tables = planted(80)
    with pytest.raises(MissingTable, match="who listened to what"):
        clusters(label_of(artists=tables["artists"]))
    with pytest.raises(NotMade):
        clusters(label_of(**tables))


def test_a_count_that_is_not_offered_is_refused(label):
    with pytest.raises(BadInput, match="from 3 to 5"):
        clusters(label, count=9)


def test_same_question_same_answer(label):
    one, two = clusters(label), clusters(label)
    assert one.cards.equals(two.cards)
    assert one.traits.equals(two.traits)
    assert one.places.select("segment", "listeners").equals(
        two.places.select("segment", "listeners")
    )
