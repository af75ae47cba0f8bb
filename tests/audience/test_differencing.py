"""Two filters that differ by a few people: what is shown must not tell of the few."""

import datetime
import shutil

import polars as pl
import pytest

from tests.audience.conftest import catalogue, moment, plays, written
from tests.audience.planted import planted
from workbench.analysis import Filters
from workbench.audience import card_rows
from workbench.audience import clusters as clustering
from workbench.audience.segments import clusters
from workbench.audience.tiers import artist_tiers, tiers
from workbench.dataset import make, open_dataset

TODAY = datetime.date(2026, 10, 30)


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


@pytest.fixture(autouse=True, scope="module")
def few_counts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "OFFERED", (4,))
        patch.setattr(clustering, "RESAMPLES", 3)
        yield


def bounds(found, count: str, each: str, amount: str) -> tuple[float, float]:
    """Return what a reader who knows the rounding can say of an amount of all cards together."""
    shown = found.cards.drop_nulls(count).filter(pl.col(count) > 0)
    assert (shown[count] % 5 == 0).all()
    assert (shown[amount] - shown[count] * shown[each]).abs().max() < 1e-9
    half = card_rows.MONEY_STEP / 2 if amount == "revenue" else 0.5
    ends = [
        shown.select(((pl.col(count) + 2 * side) * (pl.col(each) + side * half)).sum()).item()
        for side in (-1, 1)
    ]
    return ends[0], ends[1]


@pytest.mark.parametrize("few", [1, 9])
def test_a_small_country_between_two_filters_stays_unknown(few, tmp_path):
    tables = planted()
    everyone = tables["listeners"]["listener_id"].to_list()
    hidden = everyone[:few]
    away = pl.col("listener_id").is_in(hidden)
    listeners = tables["listeners"].with_columns(
        pl.when(away).then(pl.lit("TW")).otherwise("country").alias("country")
    )
    buyers = hidden + everyone[100:200]
    bought = pl.DataFrame(
        {
            "order_id": [f"o{who}" for who in buyers],
            "line": [1] * len(buyers),
            "listener_id": buyers,
            "quantity": [1] * len(buyers),
            "amount": [83.5 if who in hidden else 20.0 for who in buyers],
            "currency": ["EUR"] * len(buyers),
            "purchased_at": [moment(datetime.date(2026, 9, 1))] * len(buyers),
        }
    ).with_columns(pl.col("amount").cast(pl.Decimal(18, 4)))
    made = written(tmp_path / "label", **{**tables, "listeners": listeners}, purchases=bought)
    make(made, "segments", lambda *_: None)
    countries = tuple(sorted(listeners["country"].unique()))
    rest = tuple(country for country in countries if country != "TW")
    both = [clusters(made, filters=Filters(countries=c)) for c in (countries, rest)]
    assert all(found.listeners % 5 == 0 for found in both)
    assert all((found.places["listeners"] % 5 == 0).all() for found in both)
    if few == 1:  # no dot moves, which would tell where that one stands
        assert both[0].places.drop("listeners").equals(both[1].places.drop("listeners"))
    for count, each, amount in (
        ("listeners", "streams_per_listener", "streams"),
        ("buyers", "revenue_per_buyer", "revenue"),
    ):
        (low, high), (low_rest, high_rest) = (bounds(f, count, each, amount) for f in both)
        # Nothing, and twice what they have, both fit what is shown.
        own = 83.5 if amount == "revenue" else 41
        assert low - high_rest < 0
        assert high - low_rest > 2 * own
    few_only = clusters(made, filters=Filters(countries=("TW",)))
    assert few_only.listeners is None
    assert few_only.unassigned is None
    numbers = few_only.cards.select(pl.exclude("segment", "name", "hidden"))
    assert all(column.null_count() == numbers.height for column in numbers)


@pytest.fixture(scope="module")
def sample(few_counts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "label"
    shutil.copytree(open_dataset("sample").folder, folder)
    made = open_dataset(str(folder))
    make(made, "segments", lambda *_: None)
    return made


def test_no_country_of_the_sample_follows_from_all_but_it(sample):
    people = sample.view(["listeners"]).table("listeners")
    countries = tuple(people["country"].drop_nulls().unique().sort())
    assert len(countries) == 12
    whole, few = clusters(sample, filters=Filters(countries=countries)), 0
    for left_out in countries:
        others = tuple(country for country in countries if country != left_out)
        rest = clusters(sample, filters=Filters(countries=others))
        own = clusters(sample, filters=Filters(countries=(left_out,)), min_group=1)
        assert (whole.listeners - rest.listeners) % 5 == 0
        rows = zip(*(f.cards.iter_rows(named=True) for f in (whole, rest, own)), strict=True)
        for all_of, all_but, exact in rows:
            for count, each, amount, half in (
                ("listeners", "streams_per_listener", "streams", 0.5),
                ("buyers", "revenue_per_buyer", "revenue", card_rows.MONEY_STEP / 2),
            ):
                if all_of[count] is None or all_but[count] is None:
                    continue
                assert (all_of[count] - all_but[count]) % 5 == 0
                if not 0 < exact[count] < 10:
                    continue
                few += 1
                # Who knows the rounding is sure of less than half of what the few had.
                least = (all_of[count] - 2) * (all_of[each] - half)
                most = (all_but[count] + 2) * (all_but[each] + half)
                assert least - most < exact[amount] / 2, left_out
    assert few > 10


def test_no_tier_of_a_country_of_the_sample_follows_from_all_but_it(sample):
    people = sample.view(["listeners"]).table("listeners")
    countries = tuple(people["country"].drop_nulls().unique().sort())
    whole, few = tiers(sample, filters=Filters(countries=countries)), 0
    for left_out in countries:
        others = tuple(country for country in countries if country != left_out)
        rest = tiers(sample, filters=Filters(countries=others)).sizes
        own = tiers(sample, filters=Filters(countries=(left_out,)), min_group=1).sizes
        exact = dict(own.select("tier", "listeners").iter_rows())
        both = whole.sizes.join(rest, on="tier", suffix="_rest").drop_nulls(
            ["listeners", "listeners_rest"]
        )
        for row in both.iter_rows(named=True):
            assert (row["listeners"] - row["listeners_rest"]) % 5 == 0
            if not 0 < exact.get(row["tier"], 0) < 10:
                continue
            few += 1
            held = dict(own.select("tier", "streams_28d").iter_rows())[row["tier"]]
            least = (row["listeners"] - 2) * (row["streams_per_listener"] - 0.5)
            most = (row["listeners_rest"] + 2) * (row["streams_per_listener_rest"] + 0.5)
            if row["streams_per_listener"] < 10:  # these are rounded to tenths
                least += 0.45 * (row["listeners"] - 2)
                most -= 0.45 * (row["listeners_rest"] + 2)
            # Who knows the rounding is sure of less than half of what the few had.
            assert least - most < held / 2, (left_out, row["tier"])
    assert few > 3


@pytest.mark.parametrize("few", [1, 5, 9])
def test_a_small_group_between_two_filters_stays_unknown(label_of, few):
    # All but the few of FR are super with 12 streams; the few have 40, which nobody may learn.
    rows = [(f"d{i:03d}", "ana", ago(d), "library") for i in range(121) for d in range(12)]
    rows += [(f"f{i}", "ana", ago(d % 28), "library") for i in range(few) for d in range(40)]
    who = sorted({r[0] for r in rows})
    listeners = pl.DataFrame(
        {"listener_id": who, "country": ["FR" if w[0] == "f" else "DE" for w in who]}
    )
    label = label_of(**catalogue(["ana"]), plays=plays(rows), listeners=listeners)
    ends = [(0, 0), (0, 0)]
    for i, countries in enumerate(((), ("DE",))):
        found = tiers(label, filters=Filters(countries=countries))
        row = found.sizes.row(0, named=True)
        counts = [found.audience, row["listeners"], *found.history["listeners"].drop_nulls()]
        counts += [*found.markets["listeners"], *found.sources["listeners"]]
        assert all(count % 5 == 0 for count in counts)
        each = row["streams_per_listener"]
        # What a reader who knows the rounding can say of the streams.
        low, high = row["listeners"] - 2, row["listeners"] + 2
        ends[i] = (low * (each - 0.25), high * (each + 0.25))
    least, most = ends[0][0] - ends[1][1], ends[0][1] - ends[1][0]
    assert least < 40 * few < most
    assert most - least > 2 * 40


def test_fewer_than_a_group_have_no_size_and_no_shares(label_of):
    rows = [(f"x{i}", "ana", TODAY, "library") for i in range(6)]
    rows += [(f"y{i:02d}", "ben", TODAY, "library") for i in range(20)]
    label = label_of(**catalogue(["ana", "ben"]), plays=plays(rows))
    few = tiers(label, filters=Filters(artists=("ana",)))
    assert few.audience is None
    assert few.unknown_share is None
    shown = ("listeners", "share", "low", "high", "streams_28d", "streams_per_listener")
    assert all(few.sizes[column].null_count() == few.sizes.height for column in shown)
    assert few.history["listeners"].null_count() == few.history.height
    ana, ben = artist_tiers(label).rows.sort("artist_id").iter_rows(named=True)
    assert ana["listeners"] is ana["light"] is ana["active"] is ana["super_share"] is None
    assert (ben["listeners"], ben["light"], ben["active"], ben["super_share"]) == (20, 20, 1.0, 0.0)
