"""One row an artist, own and prospects; people only in groups that may be shown."""

import labels
import polars as pl
import pytest
from stream_rows import stream_rows, written

from workbench.analysis import Filters
from workbench.dataset import open_dataset
from workbench.errors import MissingTable
from workbench.listening.change import WINDOWS
from workbench.listening.momentum import WEIGHTS
from workbench.listening.roster import MEASURED, roster
from workbench.settings import PROJECT

TRUTH = PROJECT / "sample_data" / "truth" / "breakouts.json"


def row(frame: pl.DataFrame, artist: str) -> dict:
    return frame.row(by_predicate=pl.col("artist_id") == artist, named=True)


def test_the_roster_of_the_full_label(tmp_path):
    found = roster(labels.opened(tmp_path / "full"))
    assert found.artists["artist_id"].to_list() == ["ar-ada", "ar-bo"]
    ada, bo = found.artists.iter_rows(named=True)
    assert (ada["artist"], ada["standing"], bo["standing"]) == ("Ada *Star*", "signed", "prospect")
    days = labels.daily_streams().filter(pl.col("day") > labels.day(83))
    mine = days.filter(pl.col("entity_id").is_in(["tr-1", "tr-2"]))["streams"].sum()
    assert ada["streams"] == mine
    assert ada["added"] == ada["streams"] - ada["before"]
    assert (ada["tracks"], bo["tracks"]) == (2, 1)
    assert bo["change_28"] < 0 < ada["change_28"]
    assert bo["momentum"] < 50 < ada["momentum"]


def test_listeners_per_market_hide_small_cells_and_what_would_give_them_away(tmp_path):
    found = roster(labels.opened(tmp_path / "full"))
    plays = labels.plays().filter(
        (pl.col("played_at").dt.date() > labels.day(83)) & (pl.col("ms_played") >= 30_000)
    )
    tracks = labels.tracks().select("track_id", "artist_id")
    people = labels.listeners().select("listener_id", "country")
    cells = (
        plays.join(tracks, on="track_id")
        .join(people, on="listener_id")
        .group_by("artist_id", "country")
        .agg(pl.col("listener_id").n_unique().alias("truth"))
    )
    both = found.markets.join(cells, on=["artist_id", "country"])
    assert both.height == found.markets.height
    shown = both.filter(~pl.col("hidden"))
    assert (shown["listeners"] == shown["truth"]).all()
    assert shown["truth"].min() >= 10
    # one hidden cell beside a total would be no secret: never exactly one
    per_artist = both.group_by("artist_id").agg(pl.col("hidden").sum())
    assert 1 not in per_artist["hidden"].to_list()


@pytest.mark.parametrize("kind", ["catalogue", "lyrics", "streams"])
def test_other_labels_have_their_artists(tmp_path, kind):
    found = roster(labels.opened(tmp_path / kind, kind))
    assert found.artists["artist_id"].sort().to_list() == ["ar-ada", "ar-bo"]
    unknown = [name for name in MEASURED if found.artists[name].null_count() == 2]
    assert (found.source is None) == (len(unknown) == len(MEASURED))


def test_artist_timelines_make_a_roster(tmp_path):
    rows = stream_rows("nova", [100] * 100, entity="artist", territory="WW")
    found = roster(open_dataset(written(tmp_path, daily_streams=rows))).artists.row(0, named=True)
    assert (found["artist"], found["streams"], found["standing"]) == ("nova", 2800, "not known")


def test_no_artists_at_all(tmp_path):
    label = open_dataset(written(tmp_path, fx_rates=[
        {"currency": "USD", "day": labels.day(0), "rate": 0.9, "source": "test"}]))  # fmt: skip
    with pytest.raises(MissingTable, match="Import"):
        roster(label)


def test_filters_choose_artists(tmp_path):
    label = labels.opened(tmp_path / "full")
    assert roster(label, filters=Filters(genres=("folk",))).artists["artist_id"][0] == "ar-bo"
    assert roster(label, filters=Filters(artists=("ar-ada",))).artists.height == 1
    home = roster(label, filters=Filters(countries=("DE",)))
    assert row(home.artists, "ar-ada")["streams"] < row(roster(label).artists, "ar-ada")["streams"]


def test_planted_break_outs_lead_the_roster():
    breakouts = pl.read_json(TRUTH)
    found = roster(open_dataset("sample"), days=90).artists
    planted = found.filter(pl.col("artist_id").is_in(breakouts["artist_id"].to_list()))
    assert planted.height == breakouts.height == 3
    assert (planted["evidence"] == "clear rise").all()
    # all three are among the five of the most momentum
    top = found.sort("momentum", descending=True, nulls_last=True).head(5)["artist_id"].to_list()
    assert set(planted["artist_id"]) <= set(top)
    assert set(WEIGHTS) | {f"change_{days}" for days in WINDOWS} <= set(found.columns)
