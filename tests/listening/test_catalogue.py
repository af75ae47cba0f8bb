"""Every track is there, with what its label can say of it, and nothing invented for the rest."""

import labels
import polars as pl
import pytest
from stream_rows import stream_rows, written

from workbench.analysis import Filters
from workbench.dataset import open_dataset
from workbench.errors import MissingTable
from workbench.listening.catalogue import STREAMS, catalogue
from workbench.listening.own_columns import Own, own_columns


def row(frame: pl.DataFrame, track: str) -> dict:
    return frame.row(by_predicate=pl.col("track_id") == track, named=True)


def streams_of(track: str, first: int, last: int, *territories: str) -> int:
    mine = (pl.col("entity_id") == track) & pl.col("territory").is_in(territories or ("US", "DE"))
    days = pl.col("day").is_between(labels.day(first), labels.day(last))
    return labels.daily_streams().filter(mine & days)["streams"].sum()


def test_streams_of_the_full_label(tmp_path):
    found = catalogue(labels.opened(tmp_path / "full"))
    one = row(found.tracks, "tr-2")
    now, before = streams_of("tr-2", 84, 111), streams_of("tr-2", 56, 83)
    assert (one["streams"], one["before"]) == (now, before)
    assert one["change"] == pytest.approx(now / before - 1)
    assert one["evidence"] == "clear rise"
    assert row(found.tracks, "tr-3")["evidence"] == "clear fall"
    assert len(one["trend"]) == 28
    assert one["trend"][-1] == streams_of("tr-2", 111, 111)
    assert sum(one["trend"]) == now
    assert found.tracks["track_id"].to_list() == ["tr-1", "tr-2", "tr-3", "tr-4"]
    assert (found.found, found.planned) == (4, 1)
    assert found.total["streams"][0] == found.tracks["streams"].sum()
    assert found.as_of == labels.day(111)


def test_a_planned_track_has_no_streams_rather_than_zero(tmp_path):
    planned = row(catalogue(labels.opened(tmp_path / "full")).tracks, "tr-4")
    assert all(planned[name] is None for name in STREAMS)


@pytest.mark.parametrize("kind", ["catalogue", "lyrics"])
def test_without_streams_the_tracks_are_still_there(tmp_path, kind):
    found = catalogue(labels.opened(tmp_path / kind, kind))
    assert (found.tracks.height, found.source, found.as_of) == (4, None, None)
    assert found.total.is_empty()
    assert all(found.tracks[name].null_count() == 4 for name in STREAMS)


def test_without_tracks_ids_stand_for_titles(tmp_path):
    label = open_dataset(written(tmp_path, daily_streams=stream_rows("spotify:1", [100] * 60)))
    found = catalogue(label).tracks.row(0, named=True)
    assert (found["title"], found["artist"], found["streams"]) == ("spotify:1", None, 2800)


def test_streams_of_an_unknown_track_are_kept_beside_the_known(tmp_path):
    tracks = [{"track_id": "t1", "title": "One", "artist_id": "a", "status": "released"}]
    rows = stream_rows("t1", [10] * 60) + stream_rows("stray", [20] * 60)
    label = open_dataset(written(tmp_path, tracks=tracks, daily_streams=rows))
    assert catalogue(label).tracks["title"].to_list() == ["stray", "One"]
    # whose artist is not known belongs to no artist
    only = catalogue(label, filters=Filters(artists=("a",))).tracks
    assert only["title"].to_list() == ["One"]


def test_an_empty_label_says_what_to_import(tmp_path):
    label = open_dataset(written(tmp_path, artists=[{"artist_id": "a", "name": "A"}]))
    with pytest.raises(MissingTable, match="Import a catalogue sheet"):
        catalogue(label)


def test_filters_choose_rows_or_whose_streams_count(tmp_path):
    label = labels.opened(tmp_path / "full")
    folk = catalogue(label, filters=Filters(genres=("folk",)))
    assert folk.tracks["track_id"].to_list() == ["tr-3", "tr-4"]
    home = catalogue(label, filters=Filters(countries=("DE",)))
    assert row(home.tracks, "tr-1")["streams"] == streams_of("tr-1", 84, 111, "DE")
    # what is learnt does not change with what is shown
    whole = catalogue(label).tracks
    for name in ("low", "high"):
        assert row(folk.tracks, "tr-3")[name] == row(whole, "tr-3")[name]


def test_find_and_limit(tmp_path):
    label = labels.opened(tmp_path / "full")
    assert catalogue(label, find="BEES home").tracks["track_id"].to_list() == ["tr-3"]
    assert catalogue(label, find="(").tracks.is_empty()
    first = catalogue(label, limit=1)
    assert (first.tracks.height, first.found, first.standing_out) == (1, 4, 2)


def test_an_earlier_day_is_counted_as_if_nothing_came_after(tmp_path):
    label = labels.opened(tmp_path / "full")
    found = row(catalogue(label, until=labels.day(83)).tracks, "tr-2")
    assert found["streams"] == streams_of("tr-2", 56, 83)


def test_small_groups_of_listeners_are_hidden(tmp_path):
    label = labels.opened(tmp_path / "full")
    people = labels.plays().filter(
        (pl.col("played_at").dt.date() > labels.day(83)) & (pl.col("ms_played") >= 30_000)
    )
    wanted = dict(people.group_by("track_id").agg(pl.col("listener_id").n_unique()).rows())
    found = dict(catalogue(label).tracks.select("track_id", "listeners").drop_nulls().rows())
    assert found == {track: number for track, number in wanted.items() if number >= 10}
    hidden = catalogue(label, min_group=28).tracks.drop_nulls("hidden")
    assert hidden["hidden"].all()
    assert hidden["saves_per_listener"].null_count() == hidden.height


def test_own_columns_are_shown_offered_and_chosen_by(tmp_path):
    label = labels.opened(tmp_path / "full")
    frame = pl.DataFrame({"track_id": ["tr-1", "tr-3"], "single": [True, False], "bpm": [98, 120]})
    label.annotate("ours", frame)
    found = catalogue(label)
    assert found.own == ("ours.bpm", "ours.single")
    assert row(found.tracks, "tr-3")["ours.bpm"] == 120
    assert row(found.tracks, "tr-2")["ours.bpm"] is None
    kept = catalogue(label, own=Own("ours.single", values=("true",)))
    assert kept.tracks["track_id"].to_list() == ["tr-1"]
    kept = catalogue(label, own=Own("ours.bpm", low=100.0, high=120.0))
    assert kept.tracks["track_id"].to_list() == ["tr-3"]
    offers = own_columns(label)
    assert offers.rows() == [
        ("ours.bpm", "number", [], 98.0, 120.0),
        ("ours.single", "text", ["false", "true"], None, None),
    ]
