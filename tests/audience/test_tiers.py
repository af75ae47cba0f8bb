"""Tier rules on a handful of plays, worked out by hand."""

import datetime

import polars as pl
import pytest

from tests.audience.conftest import catalogue, moment, plays
from workbench.analysis import Filters
from workbench.audience.tier_rules import stepped, tiered
from workbench.audience.tiers import artist_tiers, tiers
from workbench.audience.tireless import tireless
from workbench.errors import MissingTable, NotEnoughEvidence

TODAY = datetime.date(2026, 10, 30)


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def tier_of(rows: list[tuple[str, int, str]], at: int = 0) -> dict[str, str]:
    frame = plays([(who, "ana", ago(days), source) for who, days, source in rows])
    steps = stepped(frame.lazy(), pl.lit(TODAY), by=("listener_id",))
    found = tiered(steps, by=("listener_id",), at=at).collect()
    return dict(found.select("listener_id", "tier").iter_rows())


def test_one_intentional_stream_in_28_days_makes_active():
    # The window is 28 days with today in it: the 28th day back is outside.
    assert tier_of([("a", 27, "library"), ("b", 28, "library")]) == {
        "a": "light",
        "b": "previously_active",
    }


@pytest.mark.parametrize(
    ("source", "tier"),
    [
        ("library", "light"),
        ("artist_page", "light"),
        ("listener_playlist", "light"),
        ("search", "light"),
        ("editorial", "programmed"),
        ("algorithmic", "programmed"),
        ("radio", "programmed"),
        ("unknown", "unknown"),
    ],
)
def test_what_counts_as_intentional(source, tier):
    assert tier_of([("a", 3, source)]) == {"a": tier}


def test_unknown_beside_programmed_is_not_called_programmed():
    assert tier_of([("a", 3, "radio"), ("a", 4, "unknown")]) == {"a": "unknown"}


def test_one_intentional_stream_outweighs_any_other_source():
    assert tier_of([("a", 3, "radio"), ("a", 90, "library")]) == {"a": "previously_active"}


def test_thresholds_count_intentional_streams_only():
    rows = [("super", d, "library") for d in range(12)]
    rows += [("moderate", d, "library") for d in range(11)] + [("moderate", 1, "radio")] * 9
    rows += [("light", d, "library") for d in range(3)]
    assert tier_of(rows) == {"super": "super", "moderate": "moderate", "light": "light"}


def test_two_years_are_26_steps_and_older_plays_leave_the_audience():
    assert tier_of([("a", 727, "library"), ("b", 728, "library")]) == {"a": "previously_active"}


def test_28_days_ago_is_seen_from_there():
    rows = [("a", 30, "library"), ("b", 5, "library"), ("c", 60, "library")]
    assert tier_of(rows, at=1) == {"a": "light", "c": "previously_active"}


def test_a_play_under_30_seconds_is_no_stream():
    short = plays([("a", "ana", TODAY, "library")]).with_columns(ms_played=pl.lit(29_999))
    steps = stepped(short.lazy(), pl.lit(TODAY), by=("listener_id",))
    assert steps.collect().is_empty()


@pytest.fixture
def label(label_of):
    """Return 12 super, 15 light and 20 programmed listeners of two artists, in two countries.

    Of the super ones two were programmed 28 days ago; ten of the light ones are new.
    """
    rows = []
    for i in range(12):
        rows += [(f"s{i:02d}", "ana", ago(d), "library") for d in range(12)]
        rows.append((f"s{i:02d}", "ben", ago(40), "radio" if i < 2 else "search"))
    for i in range(15):
        rows.append((f"l{i:02d}", "ben", ago(2), "artist_page"))
        if i >= 10:
            rows.append((f"l{i:02d}", "ben", ago(29), "artist_page"))
    rows += [(f"p{i:02d}", "ana", ago(1 + 30 * (i % 2)), "editorial") for i in range(20)]
    rows.append(("p00", "ana", ago(400), "radio"))
    names = sorted({r[0] for r in rows})
    listeners = pl.DataFrame(
        {"listener_id": names, "country": ["DE" if n[0] == "s" else "US" for n in names]}
    )
    return label_of(**catalogue(["ana", "ben"]), plays=plays(rows), listeners=listeners)


def test_sizes_and_streams(label):
    found = tiers(label, min_group=1)
    sizes = {row["tier"]: row for row in found.sizes.iter_rows(named=True)}
    assert {t: row["listeners"] for t, row in sizes.items()} == {
        "super": 12,
        "light": 15,
        "programmed": 20,
    }
    assert found.audience == 47
    assert sizes["super"]["streams_28d"] == 144
    assert sizes["light"]["streams_28d"] == 15
    assert sizes["programmed"]["streams_28d"] == 10
    assert sizes["super"]["streams_share"] == pytest.approx(144 / 169)
    assert sizes["super"]["low"] < 12 / 47 < sizes["super"]["high"]
    assert found.as_of == TODAY
    assert found.unknown_share == 0


def test_people_are_shown_in_fives_and_streams_as_people_times_a_rounded_average(label):
    found = tiers(label)
    columns = ("tier", "listeners", "share", "streams_per_listener", "streams_28d", "streams_share")
    rows = {row[0]: row[1:] for row in found.sizes.select(columns).iter_rows()}
    # 12 super listeners, 12 streams each: shown are 10, and with them 120 streams of 145.
    assert rows["super"] == pytest.approx((10, 10 / 45, 12.0, 120, 120 / 145))
    assert rows["light"] == pytest.approx((15, 15 / 45, 1.0, 15, 15 / 145))
    assert rows["programmed"] == pytest.approx((20, 20 / 45, 0.5, 10, 10 / 145))
    assert found.audience == 45


def test_before_is_hidden_where_small_and_with_it_a_neighbour(label):
    # 28 days ago: 15 light (10 with a search, 5 artist pages), 2 programmed among the now super,
    # 10 programmed that had played by then, and p00 of day 400.
    before = dict(tiers(label).sizes.select("tier", "before").iter_rows())
    assert before["super"] is None
    assert sum(v is None for v in before.values()) >= 2


def test_flows_add_up_where_nothing_is_hidden(label):
    flows = tiers(label, min_group=1).flows
    cells = {(a, b): n for a, b, n in flows.select("tier_before", "tier_now", "listeners").rows()}
    assert cells == {
        ("light", "light"): 5,
        ("light", "super"): 10,
        ("never", "light"): 10,
        ("never", "never"): 20,
        ("never", "super"): 2,
    }


def test_flows_hide_what_is_small(label):
    flows = tiers(label, min_group=10).flows
    shown = flows["listeners"].drop_nulls()
    assert (shown >= 10).all()
    assert flows["hidden"].sum() > 0


def test_tiers_of_an_artist_count_that_artists_streams_only(label):
    rows = {r["name"]: r for r in artist_tiers(label, min_group=1).rows.iter_rows(named=True)}
    assert rows["Ana"]["super"] == 12
    assert rows["Ana"]["programmed"] == 20
    assert rows["Ben"]["light"] == 15
    assert rows["Ben"]["previously_active"] == 10
    assert rows["Ben"]["programmed"] == 2
    assert rows["Ben"]["active"] == pytest.approx(15 / 27)


def test_markets_and_filters(label):
    rows = {r["country"]: r for r in tiers(label, min_group=1).markets.iter_rows(named=True)}
    assert rows["DE"]["super"] == 12
    assert rows["US"]["listeners"] == 35
    only = tiers(label, filters=Filters(countries=("DE",)))
    assert only.audience == 10  # 12 in fives
    assert tiers(label, filters=Filters(artists=("ben",))).audience == 25  # 27 in fives


def test_small_markets_are_pooled(label_of):
    rows = [(f"x{i:02d}", "ana", TODAY, "library") for i in range(30)]
    listeners = pl.DataFrame(
        {
            "listener_id": [f"x{i:02d}" for i in range(30)],
            "country": ["DE"] * 14 + ["US"] * 11 + ["FR"] * 3 + ["NL"] * 2,
        }
    )
    markets = tiers(label_of(**catalogue(["ana"]), plays=plays(rows), listeners=listeners)).markets
    # FR and NL are 5 together, still too few, so the next smallest joins them: 14 and 16 in fives.
    assert dict(markets.select("country", "listeners").iter_rows()) == {"DE": 15, "other": 15}


def test_history_counts_monthly_listeners_by_tier(label):
    history = tiers(label, min_group=1).history
    newest = {r["tier"]: r["listeners"] for r in history.filter(day=TODAY).iter_rows(named=True)}
    assert newest == {"super": 12, "light": 15, "passive": 10}
    before = history.filter(day=ago(28))
    # 12 played on day 40 (two by radio), five artist pages on day 29, ten editorials on day 31.
    assert dict(before.select("tier", "listeners").iter_rows()) == {"light": 15, "passive": 12}


def test_buyers_by_tier(label_of):
    rows = [(f"x{i:02d}", "ana", TODAY, "library") for i in range(20)]
    rows += [(f"y{i:02d}", "ana", TODAY, "radio") for i in range(20)]
    bought = pl.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(12)],
            "line": [1] * 12,
            "listener_id": [f"x{i:02d}" for i in range(12)],
            "quantity": [1] * 12,
            "amount": [10] * 12,
            "currency": ["EUR"] * 12,
            "purchased_at": [moment(ago(5))] * 12,
        }
    )
    label = label_of(**catalogue(["ana"]), plays=plays(rows), purchases=bought)
    sizes = tiers(label, min_group=1).sizes
    assert dict(sizes.select("tier", "buyers").iter_rows()) == {"light": 12, "programmed": 0}
    assert dict(sizes.select("tier", "buyers_share").iter_rows())["light"] == 1.0


def test_only_unknown_sources_are_told_apart_from_programmed(label_of):
    rows = [(f"x{i:02d}", "ana", TODAY, "unknown") for i in range(20)]
    found = tiers(label_of(**catalogue(["ana"]), plays=plays(rows)))
    assert found.unknown_share == 1.0
    assert found.sizes["tier"].to_list() == ["unknown"]


def test_without_plays_and_without_a_fit(label_of, label):
    with pytest.raises(NotEnoughEvidence):
        tiers(label, filters=Filters(countries=("JP",)))
    with pytest.raises(MissingTable, match="Spotify history"):
        tiers(label_of(**catalogue(["ana"])))


def test_nothing_shown_is_below_the_group(label):
    found = tiers(label, min_group=10)
    assert (found.sizes["listeners"].drop_nulls() >= 10).all()
    assert (found.sizes["before"].drop_nulls() >= 10).all()
    assert (found.history["listeners"].drop_nulls() >= 10).all()
    for frame in (found.markets, artist_tiers(label).rows):
        counts = frame.select("listeners", "super", "light", "programmed")
        assert all((counts[c].drop_nulls() >= 10).all() for c in counts.columns)


def test_who_streams_more_than_a_day_holds_is_in_no_tier(label_of):
    people = [(f"x{i:02d}", "ana", ago(1), "library") for i in range(20)]
    people += [("fan", "ana", ago(d), "search") for d in range(24) for _ in range(125)]
    bot = [("bot", "ben", ago(40), "radio")] * 2881 + [("bot", "ana", ago(0), "library")]
    label = label_of(**catalogue(["ana", "ben"]), plays=plays(people + bot))
    # a fan of 3,000 streams in 28 days had at most 125 in one of them
    assert tireless(label.view(["plays"]))["listener_id"].to_list() == ["bot"]
    found = tiers(label, min_group=1)
    assert found.tireless == 1 and tiers(label).tireless is None
    assert found.audience == 21
    rows = {row["tier"]: row for row in found.sizes.iter_rows(named=True)}
    assert {tier: row["listeners"] for tier, row in rows.items()} == {"super": 1, "light": 20}
    assert rows["super"]["streams_28d"] == 3000
    assert dict(found.sources.select("source", "streams").iter_rows()) == {
        "search": 3000, "library": 20,
    }  # fmt: skip
    assert found.history["streams"].sum() == 3020
    artists = artist_tiers(label, min_group=1).rows
    assert artists["name"].to_list() == ["Ana"]
    assert artists["super"].to_list() == [1]
    # whose streams fit the filter is told of the whole panel
    with pytest.raises(NotEnoughEvidence):
        tiers(label, filters=Filters(artists=("ben",)))
    assert tiers(label, filters=Filters(artists=("ana",)), min_group=1).tireless == 1
