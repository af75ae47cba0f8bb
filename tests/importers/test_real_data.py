"""The main job on public data: five sets, as somebody downloads them; nothing is filled in."""

import datetime
from pathlib import Path

import polars as pl
import pytest
from bringing import empty_label

from workbench.audience.tiers import tiers
from workbench.dataset import Dataset, open_dataset
from workbench.errors import MissingTable
from workbench.importers import gathering, run
from workbench.importers.report import ImportReport, TableReport
from workbench.listening import streams
from workbench.settings import settings
from workbench.store.pseudonyms import pseudonym, pseudonym_key

HETREC = ("audience/hetrec-lastfm-2k/user_artists.dat", "audience/hetrec-lastfm-2k/artists.dat")
SONGS = "audience/spotify-songs-tidytuesday/spotify_songs.csv"
CHARTS = ("promotion/spotify_daily_ph/daily_charts.parquet",
          "promotion/spotify_daily_ph/tracks.parquet")  # fmt: skip
SPEND = "promotion/mmm_example/mmm_example.csv"
TEXTS = "music/pd_lyrics/songs.jsonl"


def imported(folder: Path, *names: str, **answers: str) -> tuple[Dataset, list[ImportReport]]:
    paths = [settings().public_data / name for name in names]
    if missing := [str(path) for path in paths if not path.exists()]:
        pytest.skip(f"public data is not here: {', '.join(missing)}; see docs/real-data.md")
    label = empty_label(folder / "label")
    brought = gathering.gathered(paths).sources
    plans = [run.plan(source, label, answers=answers) for source in brought]
    reports = run.store(plans, label)
    for report in reports:
        for table in report.tables:
            assert table.read == table.accepted + table.repaired + table.rejected
            assert table.rejects["file_row"].n_unique() == table.rejected
    return open_dataset(str(label.folder), rows=True), reports


def counts(table: TableReport) -> tuple[int, int, int, int]:
    return table.read, table.accepted, table.repaired, table.rejected


def test_hetrec_is_counts_without_times_and_says_what_it_cannot_tell(tmp_path):
    label, (pairs, artists) = imported(tmp_path, *HETREC)
    assert counts(pairs.tables[0]) == (92_834, 92_834, 0, 0)
    assert counts(artists.tables[0]) == (17_632, 17_632, 0, 0)
    assert artists.unused == ("url", "pictureURL")
    rows = label.table("listening_counts")
    assert rows["listener_id"].n_unique() == 1_892
    # the first line of the file: listener 2 played artist 51 13,883 times
    second = pseudonym(pseudonym_key(label.home), "2")
    first = rows.filter(listener_id=second, entity_id="lastfm:51", entity="artist")
    assert first["plays"].to_list() == [13_883]
    assert rows["listener_id"].str.contains("^[0-9a-f]{16}$").all()
    names = label.table("artists").filter(pl.col("artist_id") == "lastfm:1")
    assert names["name"].to_list() == ["MALICE MIZER"]
    assert names["genres"].to_list() == [None]
    assert not label.has("tracks")
    assert not label.has("plays")
    with pytest.raises(MissingTable, match="plays"):
        tiers(label)
    assert streams.source(label) is None


def test_spotify_songs_are_a_catalogue_with_gaps_where_the_file_has_gaps(tmp_path):
    label, (report,) = imported(tmp_path, SONGS)
    by_name = {table.table: table for table in report.tables}
    tracks = by_name["tracks"]
    assert counts(tracks) == (32_833, 26_542, 6_291, 0)
    assert (tracks.stored, tracks.repeated) == (28_356, 4_477)
    assert by_name["artists"].stored == 10_693
    rows = label.table("tracks")
    assert rows.height == 28_356
    changes = dict(tracks.changes.select("column", "rows").iter_rows())
    assert changes == {"release_date": 1_886, "genre": 4_519}
    assert rows["genre"].null_count() == 1_687
    assert rows["tempo"].min() > 30
    assert not label.has("daily_streams")
    with pytest.raises(MissingTable):
        streams.daily(label.view([*streams.SOURCES.split(), "tracks"]))


def test_public_domain_songs_are_lyrics(tmp_path):
    label, (report,) = imported(tmp_path, TEXTS)
    by_name = {table.table: table for table in report.tables}
    assert counts(by_name["lyrics"]) == (2_013, 2_013, 0, 0)
    assert counts(by_name["tracks"]) == (2_013, 2_013, 0, 0)
    assert by_name["artists"].stored == 12
    assert label.table("lyrics")["track_id"].n_unique() == 2_013
    assert label.table("tracks")["release_date"].null_count() == 2_013


def test_the_philippine_chart_is_daily_streams_and_a_day_outside_it_is_not_zero(tmp_path):
    label, reports = imported(tmp_path, *CHARTS)
    charts = {table.table: table for table in reports[0].tables}
    assert counts(charts["daily_streams"]) == (319_600, 319_600, 0, 0)
    # ten rows of five tracks have neither title nor artist; their streams stay
    assert counts(charts["tracks"]) == (319_600, 319_590, 0, 10)
    assert charts["tracks"].stored == 3_490
    rows = label.table("daily_streams")
    assert rows.height == 319_600
    assert rows["streams"].min() == 11_004
    assert (rows["day"].min(), rows["day"].max()) == (
        datetime.date(2017, 1, 1), datetime.date(2021, 5, 20),
    )  # fmt: skip
    assert rows.select("territory", "store").unique().rows() == [("PH", "spotify")]
    facts = {table.table: table for table in reports[1].tables}["tracks"]
    assert counts(facts) == (3_495, 3_404, 86, 5)
    tracks = label.table("tracks")
    assert tracks.height == 3_490
    assert tracks["release_date"].null_count() == 86
    assert set(tracks["artist_id"]) <= set(label.table("artists")["artist_id"])
    assert streams.source(label) == "daily_streams"


def test_mmm_example_is_weekly_spend_on_two_channels_with_y_as_the_outcome(tmp_path):
    label, (report,) = imported(tmp_path, SPEND, currency="usd")
    by_name = {table.table: table for table in report.tables}
    assert counts(by_name["campaigns"]) == (358, 358, 0, 0)
    assert counts(by_name["window_totals"]) == (179, 179, 0, 0)
    spend = label.table("campaigns")
    assert dict(spend.group_by("channel").len().iter_rows()) == {"x1": 179, "x2": 179}
    assert spend.select("days", "currency", "territory").unique().rows() == [(7, "USD", "WW")]
    first = spend.filter(pl.col("day") == datetime.date(2018, 4, 2)).sort("channel")
    assert [str(value) for value in first["spend"]] == ["0.3186", "0.0000"]
    assert streams.source(label) == "window_totals"
    weekly = streams.weekly(label).sort("week").collect()
    assert weekly.height == 179
    assert weekly.row(0)[:4] == ("mmm_example:y", datetime.date(2018, 4, 2), "WW", 3_985)


def test_mmm_example_asks_for_its_currency(tmp_path):
    with pytest.raises(run.BadInput, match=r"currency: In which currency"):
        imported(tmp_path, SPEND)
    label = open_dataset(str(tmp_path / "label"))
    assert not label.has("campaigns")
