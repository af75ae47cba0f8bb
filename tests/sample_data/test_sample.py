"""The sample label as it ships: whole, consistent with itself, and true to what was planted."""

import json
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from stdnum import ean, isrc

from sample_data.generator import roster, truth
from workbench.dataset import SAMPLE_FOLDER, open_dataset
from workbench.promotion.uplift import uplift
from workbench.store import manifest, slices
from workbench.tables import TABLES
from workbench.tables.plays import STREAM_MS

FOLDER = SAMPLE_FOLDER.parent
SOURCE = FOLDER / "source"
TRUTH = FOLDER / "truth"
PANEL_SCALE = 500
LIMIT = 12_000_000


@cache
def table(name: str) -> pl.DataFrame:
    entries = manifest.read(SAMPLE_FOLDER).of(name)
    return slices.scan(SAMPLE_FOLDER, TABLES[name], entries).collect()


def planted(name: str) -> pl.DataFrame:
    return pl.read_parquet(TRUTH / f"{name}.parquet")


def facts(name: str):
    return json.loads((TRUTH / f"{name}.json").read_text(encoding="utf-8"))


def streams_of_tracks() -> pl.DataFrame:
    return table("daily_streams").filter(pl.col("entity") == "track")


def heard() -> pl.DataFrame:
    countries = table("listeners").select("listener_id", pl.col("country").alias("territory"))
    return (
        table("plays")
        .filter(pl.col("ms_played") >= STREAM_MS)
        .join(countries, on="listener_id")
        .join(table("tracks").select("track_id", "artist_id"), on="track_id")
    )


def test_everything_together_is_small_enough_to_ship():
    assert sum(p.stat().st_size for p in FOLDER.rglob("*") if p.is_file()) <= LIMIT


def test_it_is_marked_as_the_sample_and_read_only():
    assert manifest.read(SAMPLE_FOLDER).sample


def test_counts():
    tracks = table("tracks")
    assert table("artists").height == 36
    assert table("artists")["signed"].not_().sum() >= 5
    assert tracks.height == 180
    assert tracks["genre"].n_unique() == 6
    assert table("listeners").height == 6_000
    assert 650_000 <= table("plays").height <= 750_000
    assert table("lyrics").height >= 120
    assert {"planned", "released"} <= set(tracks["status"])
    assert {"es", "fr", "de", "zh"} <= set(table("lyrics")["language"])
    assert (table("plays")["played_at"].max() - table("plays")["played_at"].min()).days >= 727


@pytest.mark.parametrize("name", sorted(TABLES))
def test_keys_are_unique_and_point_at_rows_that_exist(name):
    frame = table(name)
    assert frame.select(pl.struct(TABLES[name].key).n_unique()).item() == frame.height
    for column, other in (("track_id", "tracks"), ("artist_id", "artists")):
        if column in frame.columns:
            assert frame.join(table(other), on=column, how="anti")[column].drop_nulls().is_empty()
    if TABLES[name].listener == "listener_id":
        assert frame.join(table("listeners"), on="listener_id", how="anti").is_empty()


def test_tracks_and_lyrics_are_those_of_the_source():
    columns = list(TABLES["tracks"].polars_schema)
    written = roster.tracks(SOURCE / "roster")
    assert table("tracks").equals(written.select(columns))
    assert table("lyrics").equals(roster.lyrics(SOURCE / "lyrics", written))


def test_codes_are_valid():
    tracks = table("tracks")
    codes = tracks["isrc"].drop_nulls()
    assert codes.is_unique().all()
    assert [c for c in codes if not isrc.is_valid(c)] == []
    assert [c for c in tracks["upc"].drop_nulls() if not ean.is_valid(c)] == []
    released = tracks.filter(pl.col("status") == "released")
    assert released["isrc"].null_count() == 0
    year = released.filter(
        pl.col("isrc").str.slice(5, 2) != pl.col("release_date").dt.strftime("%y")
    )
    assert year.is_empty()


def test_check_digit_of_a_printed_code():
    assert roster.check_digit("03600029145") == "2"  # the worked example of GS1's UPC-A


def test_nothing_is_played_before_its_release_or_without_one():
    out = table("tracks").filter(pl.col("status") == "released")
    plays = table("plays").join(table("tracks"), on="track_id")
    assert plays.filter(pl.col("status") != "released").is_empty()
    assert plays.filter(pl.col("played_at").dt.date() < pl.col("release_date")).is_empty()
    days = streams_of_tracks().join(out, left_on="entity_id", right_on="track_id", how="left")
    assert days["release_date"].null_count() == 0
    assert days.filter(pl.col("day") < pl.col("release_date")).is_empty()


def test_a_play_lasts_no_longer_than_the_song_and_early_ends_are_skips():
    plays = table("plays").join(table("tracks"), on="track_id")
    assert plays.filter(pl.col("ms_played") > pl.col("duration_ms")).is_empty()
    assert plays.filter((pl.col("ms_played") < STREAM_MS) & ~pl.col("skipped")).is_empty()
    early = (plays["ms_played"] < STREAM_MS).mean()
    assert 0.10 < early < 0.25


def test_a_song_is_saved_once_by_a_listener():
    saves = table("plays").filter("saved")
    assert saves.select(pl.struct("listener_id", "track_id").is_unique().all()).item()


def test_the_panel_is_one_in_five_hundred():
    whole, panel = streams_of_tracks(), heard()
    assert whole["streams"].sum() / panel.height == pytest.approx(PANEL_SCALE, rel=0.01)
    by_place = whole.group_by("territory").agg(pl.col("streams").sum())
    compared = by_place.join(panel.group_by("territory").len(), on="territory")
    assert compared.height == 12
    ratio = compared["streams"] / compared["len"] / PANEL_SCALE
    # Four standard deviations of a Poisson count, and one per cent for the noise of the days.
    assert ((ratio - 1).abs() < 4 / compared["len"].sqrt() + 0.01).all()


def test_artists_agree_between_panel_and_audience():
    tracks = table("tracks").select(pl.col("track_id").alias("entity_id"), "artist_id")
    whole = streams_of_tracks().join(tracks, on="entity_id").group_by("artist_id")
    counts = heard().group_by("artist_id").len()
    compared = whole.agg(pl.col("streams").sum()).join(counts, on="artist_id", how="full")
    ratio = compared["streams"] / compared["len"] / PANEL_SCALE
    assert compared.height == 36
    # Early skips are drawn by how much a listener likes the song, so small artists wobble more.
    assert ((ratio - 1).abs() < 4 / compared["len"].sqrt() + 0.04).all()


def test_the_audience_is_large_in_three_countries_and_a_few_artists_carry_it():
    share = table("listeners")["country"].value_counts(normalize=True)
    large = share.filter(pl.col("country").is_in(["US", "GB", "DE"]))["proportion"].sum()
    assert large == pytest.approx(0.70, abs=0.02)
    tracks = table("tracks").select(pl.col("track_id").alias("entity_id"), "artist_id")
    by_artist = streams_of_tracks().join(tracks, on="entity_id").group_by("artist_id")
    sizes = by_artist.agg(pl.col("streams").sum())["streams"].sort(descending=True)
    assert 0.33 < sizes.head(3).sum() / sizes.sum() < 0.47


def test_the_planted_taste_names_every_listener():
    people = planted("taste")
    assert people.join(table("listeners"), on="listener_id", how="inner").height == 6_000
    assert people["group"].n_unique() == 8
    assert people["mixed"].mean() == pytest.approx(0.20, abs=0.02)
    assert (people.filter("mixed")["weight"] > 0.5).all()


def test_the_oracle_reaches_what_is_written_down():
    reached = truth.oracle(table("plays"), planted("taste"), planted("heard_by_group"))
    assert reached == facts("groups")["oracle"]
    assert reached["log_plays"]["pure_with_20_plays"]["adjusted_rand_index"] > 0.9


def test_campaigns_cost_what_the_truth_says_and_do_not_repay():
    spent = table("campaigns").group_by("campaign_id", "channel").agg(pl.col("spend").sum())
    both = spent.join(planted("campaign_effects"), on=["campaign_id", "channel"], how="full")
    assert both["spend_right"].null_count() == both["spend"].null_count() == 0
    gap = (both["spend"].cast(pl.Float64) - both["spend_right"]).abs()
    # A territory's last cent of a day is not invoiced.
    assert (gap <= 0.002 * both["spend_right"] + 1.0).all()
    channels = facts("promotion")["channels"]
    assert set(channels) == set(table("campaigns")["channel"])
    assert all(0 < channel["return"] < 1 for channel in channels.values())
    assert both["follows_demand"].sum() >= 8


def test_spend_fits_the_revenue_of_streams():
    revenue = streams_of_tracks()["streams"].sum() * facts("promotion")["payout_eur"]
    assert 0.08 < float(table("campaigns")["spend"].sum()) / revenue < 0.30


def test_stays_on_playlists_are_recorded_but_one():
    stays = planted("playlist_effects")
    key = ["track_id", "playlist", "added_at"]
    recorded = stays.filter("recorded").select(key).sort(key)
    shown = table("playlist_spells").select(key).sort(key)
    assert recorded.height == shown.height
    assert (recorded["track_id"] == shown["track_id"]).all()
    hidden = stays.filter(~pl.col("recorded"))
    assert hidden["track_id"].to_list() == [facts("promotion")["unrecorded_playlist"]["track_id"]]
    assert hidden["streams_brought"].item() > 50_000


def test_three_small_artists_break_out_and_one_of_them_in_one_country_only():
    found = facts("breakouts")
    assert len(found) == 3
    end = table("daily_streams")["day"].max()
    for one in found:
        start = pl.lit(one["first_day"]).str.to_date()
        song = streams_of_tracks().filter(pl.col("entity_id") == one["track_id"])
        here = pl.col("territory").is_in(one["territories"])
        before = pl.col("day").is_between(start - pl.duration(days=28), start, closed="left")
        last = pl.col("day") > pl.lit(end) - pl.duration(days=28)
        sums = song.select(
            pl.col("streams").filter(here & last).sum().alias("now"),
            pl.col("streams").filter(here & before).sum().alias("then"),
            pl.col("streams").filter(~here & last).sum().alias("now_elsewhere"),
            pl.col("streams").filter(~here & before).sum().alias("then_elsewhere"),
        ).row(0, named=True)
        assert sums["now"] > 4 * sums["then"]
        assert sums["now_elsewhere"] <= 1.5 * sums["then_elsewhere"]
    assert [len(one["territories"]) for one in found].count(1) == 1


def test_those_who_seek_an_artist_out_buy_more():
    sought = heard().filter(pl.col("source").is_in(["library", "artist_page", "search"]))
    counts = sought.group_by("listener_id").agg(pl.len().alias("sought"))
    buyers = table("purchases").select("listener_id").unique()
    bought = counts.join(buyers.with_columns(pl.lit(1).alias("buys")), on="listener_id", how="left")
    top = bought.filter(pl.col("sought") >= bought["sought"].quantile(0.9))["buys"].fill_null(0)
    rest = bought.filter(pl.col("sought") < bought["sought"].median())["buys"].fill_null(0)
    assert top.mean() > 5 * rest.mean()


def test_there_is_a_manifest_and_no_leftover_file():
    named = {slices.slice_path(SAMPLE_FOLDER, e) for e in manifest.read(SAMPLE_FOLDER).slices}
    there = {Path(p) for p in (SAMPLE_FOLDER / "slices").rglob("*.parquet")}
    assert there == named


def test_mail_moves_whom_it_was_planted_to_move():
    label = open_dataset("sample")
    for test in facts("mail_tests"):
        found = uplift(label, experiment=test["experiment"])
        assert found.low < test["added_on_average"] < found.high
        apart = test["added_lately"] != test["added_others"]
        assert found.verdict == ("targetable" if apart else "none")
        assert not found.balance.doubted
