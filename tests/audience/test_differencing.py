"""Two filters that differ by a few people: what is shown must not tell of the few."""

import datetime

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


def test_every_country_left_out_of_the_sample_leaves_fives():
    sample = open_dataset("sample")
    if not sample.view(["segments"]).has("segments"):
        pytest.skip("the sample's clusters are not made")
    countries = tuple(sample.scan("listeners").select("country").unique().collect().to_series())
    countries = tuple(sorted(c for c in countries if c))
    whole = clusters(sample, filters=Filters(countries=countries))
    columns = ("listeners", "buyers")
    for left_out in countries:
        rest = clusters(
            sample, filters=Filters(countries=tuple(c for c in countries if c != left_out))
        )
        assert (whole.listeners - rest.listeners) % 5 == 0
        for column in columns:
            gap = whole.cards[column] - rest.cards[column]
            assert (gap.drop_nulls() % 5 == 0).all()
        for count, each, amount in (
            ("listeners", "streams_per_listener", "streams"),
            ("buyers", "revenue_per_buyer", "revenue"),
        ):
            (low, high), (low_rest, high_rest) = (
                bounds(f, count, each, amount) for f in (whole, rest)
            )
            assert (high - low_rest) - (low - high_rest) > 100


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
        ends[i] = (low * (each - 0.05), high * (each + 0.05))
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
