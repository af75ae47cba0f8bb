"""Aggregates only: Spotify's columns, markets against their own weeks, what is missing."""

import datetime

import polars as pl
import pytest

from tests.audience.conftest import catalogue
from workbench.analysis import Filters
from workbench.audience.platform_tiers import platform_tiers
from workbench.errors import MissingTable
from workbench.listening.catalogue import catalogue as everything

TODAY = datetime.date(2026, 10, 30)


def daily(rows: list[dict]) -> pl.DataFrame:
    return pl.DataFrame([{"store": "spotify", "territory": "WW", **row} for row in rows])


def artist_days(artist: str, **counts: int) -> list[dict]:
    return [
        {
            "entity": "artist",
            "entity_id": artist,
            "day": TODAY - datetime.timedelta(days=back),
            **{name: value - back for name, value in counts.items()},
        }
        for back in (0, 28)
    ]


def track_days(track: str, territory: str, now: int, before: int, saves: int) -> list[dict]:
    return [
        {
            "entity": "track",
            "entity_id": track,
            "territory": territory,
            "day": TODAY - datetime.timedelta(days=back),
            "streams": now if back < 28 else before,
            "saves": saves,
        }
        for back in range(56)
    ]


def long_days(track: str, territory: str, streams) -> list[dict]:
    """Return 20 windows of 28 days; `streams` gives the streams of a day so many days back."""
    return [
        {**row, "day": TODAY - datetime.timedelta(days=back), "streams": streams(back)}
        for back in range(560)
        for row in track_days(track, territory, 1, 1, 1)[:1]
    ]


def test_spotifys_columns_as_they_are(label_of):
    rows = artist_days(
        "ana", monthly_listeners=1028, monthly_active_listeners=300, super_listeners=60
    )
    found = platform_tiers(label_of(**catalogue(["ana"]), daily_streams=daily(rows)))
    row = found.artists.row(0, named=True)
    assert row["monthly_listeners"] == 1028
    assert row["active"] == pytest.approx(300 / 1028)
    assert row["super_share"] == pytest.approx(60 / 300)
    assert row["change"] == pytest.approx(1028 / 1000 - 1)
    assert found.history.height == 2
    assert found.as_of == TODAY


def test_markets_by_growth_and_saves(label_of):
    rows = track_days("t-ana", "DE", 150, 100, 3) + track_days("t-ana", "US", 100, 100, 1)
    markets = platform_tiers(label_of(**catalogue(["ana"]), daily_streams=daily(rows))).markets
    assert markets["territory"].to_list() == ["DE", "US"]
    german = markets.row(0, named=True)
    assert german["streams"] == 150 * 28
    assert german["growth"] == pytest.approx(0.5)
    assert german["saves_per_100_streams"] == pytest.approx(2.0)
    assert german["low"] < 0.5 < german["high"]


def test_the_usual_wobble_of_a_market_widens_its_interval(label_of):
    calm = long_days("t-ana", "DE", lambda back: 100)
    wild = long_days("t-ana", "US", lambda back: 150 if back // 28 % 3 == 2 else 100)
    markets = platform_tiers(label_of(**catalogue(["ana"]), daily_streams=daily(calm + wild)))
    width = dict(markets.markets.select("territory", pl.col("high") - pl.col("low")).iter_rows())
    assert width["US"] > 3 * width["DE"]


def test_a_market_changes_by_what_catalogue_says_of_it(label_of):
    rows = long_days("t-ana", "DE", lambda back: 90 + back % 11 + back // 40)
    rows += long_days("t-ben", "DE", lambda back: 40 + back % 5)
    rows += long_days("t-ben", "US", lambda back: 200 - back % 60)
    label = label_of(**catalogue(["ana", "ben"]), daily_streams=daily(rows))
    for artists in ((), ("ana",)):
        markets = platform_tiers(label, filters=Filters(artists=artists)).markets
        for row in markets.iter_rows(named=True):
            chosen = Filters(artists=artists, countries=(row["territory"],))
            total = everything(label, filters=chosen).total.row(0, named=True)
            here = [row[name] for name in ("streams", "before", "growth", "low", "high")]
            assert None not in here
            assert here == [total[n] for n in ("streams", "before", "change", "low", "high")]


def test_what_is_missing_is_named_with_its_file(label_of):
    rows = track_days("t-ana", "WW", 100, 100, 1)
    found = platform_tiers(label_of(**catalogue(["ana"]), daily_streams=daily(rows)))
    asked = found.missing["question"].to_list()
    assert "Who is super, moderate and light" in asked
    assert "Super listeners" in asked
    assert "Markets" in asked
    assert "Saves per stream and market" not in asked
    assert found.artists.is_empty()


def test_playlists_that_hold_a_song_now(label_of):
    spells = pl.DataFrame(
        {
            "track_id": ["t-ana", "t-ben", "t-ana"],
            "playlist": ["Big", "Big", "Old"],
            "added_at": [datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)] * 3,
            "removed_at": [None, None, datetime.datetime(2026, 9, 9, tzinfo=datetime.UTC)],
            "followers": [900, 1000, 5],
            "kind": ["editorial"] * 3,
        }
    )
    label = label_of(
        **catalogue(["ana", "ben"]),
        daily_streams=daily(track_days("t-ana", "DE", 9, 9, 0)),
        playlist_spells=spells,
    )
    assert platform_tiers(label).playlists.rows() == [("Big", "editorial", 2, 1000)]
    one = platform_tiers(label, filters=Filters(artists=("ana",))).playlists
    assert one.rows() == [("Big", "editorial", 1, 900)]


def test_a_catalogue_alone_is_told_what_to_import(label_of):
    with pytest.raises(MissingTable, match="audience timeline"):
        platform_tiers(label_of(**catalogue(["ana"])))
