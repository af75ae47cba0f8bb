"""Cards, traits, comparison and export of Taste clusters on a planted audience."""

import datetime
import shutil

import polars as pl
import pytest

from tests.audience.conftest import moment, written
from tests.audience.planted import GENRES, as_counts, planted
from workbench.analysis import Filters
from workbench.audience import card_rows
from workbench.audience import clusters as clustering
from workbench.audience.segments import clusters, compare, definition
from workbench.dataset import make, open_dataset
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
    # A trait that all have is their number, which the card shows rounded.
    exact = [abs(row["count"] - sizes[row["segment"]]) <= 2 for row in shown.iter_rows(named=True)]
    fives = (shown["count"] % 5 == 0).to_list()
    assert all(a or b for a, b in zip(exact, fives, strict=True))


def test_a_basket_is_divided_by_buyers_of_its_currency(label):
    # Ten of thirty bought twice; the last order of them is in USD and of another basket.
    found = clusters(label, min_group=1)
    everyone = found.cards.select("buyers", "revenue").sum().row(0)
    spent = card_rows.bought(label.view(["purchases", "products"]), Filters())
    assert spent.height == 30
    assert spent["revenue"].sum() == 39 * 12.5
    assert everyone[1] <= 39 * 12.5


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


@pytest.fixture(scope="module")
def unmarked(few_counts, tmp_path_factory):
    """A label with its clusters, and what they are before anybody marks listeners."""
    made = written(tmp_path_factory.mktemp("unmarked") / "label", **planted())
    make(made, "segments", lambda *_: None)
    return made, (clusters(made), compare(made, first=0, second=1))


@pytest.fixture
def annotated(unmarked, tmp_path):
    """A label whose analyst marked the club: every listener of group 0, a fifth of the others."""
    whole, plain = unmarked
    made = open_dataset(str(shutil.copytree(whole.folder, tmp_path / "annotated")))
    who = range(320)
    marks = {
        "listener_id": [f"l{i:03d}" for i in who],
        "club": [i % 4 == 0 or i % 5 == 1 for i in who],
        "met": ["backstage" if i < 24 else "at a fair" for i in who],
        "note": [f"wrote letter {i}" for i in who],
        "visits": list(who),
        "same": ["yes"] * 320,
    }
    made.annotate("fans", pl.DataFrame(marks))
    return made, plain


def test_an_own_column_sets_its_cluster_apart_and_changes_no_other_trait(annotated):
    made, (plain, _) = annotated
    found = clusters(made)
    own = found.traits.filter(pl.col("kind").str.starts_with("fans."))
    # Letters are a value a listener, visits are numbers, all are the same: none is a trait.
    assert set(own["kind"]) == {"fans.club", "fans.met"}
    over = own.filter(pl.col("apart") & (pl.col("index") > 100), key="true")
    (club,) = over.to_dicts()
    first = {i for i in range(320) if i % 4 == 0}
    fit = made.view(["segments"]).fit("segments")
    ids = fit.frames["listeners"]["listener_id"].to_list()
    labels = fit.arrays["labels"][:, fit.meta["offered"].index(4)]
    members = {int(w[1:]) for w, s in zip(ids, labels, strict=True) if s == club["segment"]}
    assert len(members & first) > 0.8 * len(members)
    inside = sum(i % 4 == 0 or i % 5 == 1 for i in members)
    rounded = min(round(inside / 5) * 5, len(members))
    assert (club["name"], club["count"]) == ("true", rounded)
    assert club["share"] == pytest.approx(rounded / len(members))
    # 128 of 320 are in the club, rounded to 130; the prior is 20 listeners of that share.
    everybody = 130 / 320
    index = 100 * (rounded + 20 * everybody) / (len(members) + 20) / everybody
    assert club["index"] == pytest.approx(index)
    assert club["low"] < club["index"] < club["high"]
    rest = found.traits.filter(~pl.col("kind").str.starts_with("fans."))
    assert rest.equals(plain.traits)
    assert found.cards.equals(plain.cards)


def test_an_own_value_that_few_have_is_suppressed(annotated):
    made, (plain, _) = annotated
    found = clusters(made)
    met = found.traits.filter(kind="fans.met", key="backstage")
    # 24 listeners over four clusters: six each, under ten.
    assert met.height == 4
    assert met["hidden"].all()
    for measure in ("count", "share", "index", "low", "high", "z", "q", "apart"):
        assert met[measure].null_count() == 4
    assert found.hidden > plain.hidden
    assert clusters(made, min_group=25).traits.filter(key="backstage").is_empty()


def test_compare_by_an_own_column_and_no_export_of_it(annotated):
    made, (_, plain) = annotated
    club = clusters(made).traits.filter(pl.col("index") > 110, kind="fans.club", key="true")
    first = club["segment"].item()
    found = compare(made, first=first, second=(first + 1) % 4, kind="fans.club")
    # Nearly nobody of the first is outside the club: too few to show.
    assert found.traits["key"].to_list() == ["true"]
    assert found.traits["index_first"].item() > 100 > found.traits["index_second"].item()
    assert found.hidden == 1
    everything = compare(made, first=0, second=1, top=200)
    assert (everything.first, everything.second) == (plain.first, plain.second)
    assert "fans.club" in set(everything.traits["kind"])
    exported = definition(made, segment=first, min_group=40)
    assert not any(kind.startswith("fans.") for kind in exported["kind"])


def test_an_own_column_of_some_counts_only_those_who_are_known(annotated):
    made, _ = annotated
    some = [f"l{i:03d}" for i in range(160)]
    side = ["left" if i % 4 == 2 else "right" for i in range(160)]
    made.annotate("poll", pl.DataFrame({"listener_id": some, "side": side}))
    own = clusters(made).traits.filter(kind="poll.side", key="left")
    assert own["population_share"].round(3).unique().to_list() == [0.25]
    assert own.filter("apart")["index"].max() > 200
