"""One artist: line, marks, sources, markets and days agree with the rows behind them."""

import datetime

import labels
import polars as pl
import pytest

from workbench.analysis import Filters
from workbench.dataset import open_dataset
from workbench.errors import BadInput, MissingTable
from workbench.listening.artist import artist
from workbench.listening.artist_day import artist_day
from workbench.listening.compare import compared
from workbench.listening.marks import marks
from workbench.store.change import change

ADA = ["tr-1", "tr-2"]


@pytest.fixture
def full(tmp_path):
    return labels.opened(tmp_path / "full")


def ada(first: int, last: int, **columns) -> int:
    rows = labels.daily_streams().filter(
        pl.col("entity_id").is_in(ADA)
        & pl.col("day").is_between(labels.day(first), labels.day(last))
    )
    for name, value in columns.items():
        rows = rows.filter(pl.col(name) == value)
    return rows["streams"].sum()


def test_windows_hold_counts_and_changes(full):
    found = artist(full, artist_id="ar-ada").windows
    assert found["days"].to_list() == [7, 28, 90]
    assert found["streams"].to_list() == [ada(105, 111), ada(84, 111), ada(22, 111)]
    assert found["before"].to_list()[:2] == [ada(98, 104), ada(56, 83)]
    assert found["change"][1] == pytest.approx(ada(84, 111) / ada(56, 83) - 1)
    assert found["change"][2] is None  # only 22 of the 90 days before are there


def test_the_line_adds_up_and_its_mean_is_of_seven_days(full):
    line = artist(full, artist_id="ar-ada").line
    assert line.height == labels.DAYS
    assert line["streams"].sum() == ada(0, 111)
    assert line["mean_7"][111] == pytest.approx(ada(105, 111) / 7)


def test_weekly_totals_make_a_line_by_the_week(tmp_path, full):
    weekly = open_dataset(str(labels.weekly(tmp_path / "weekly")))
    found = artist(weekly, artist_id="ar-ada")
    assert (found.source, found.step, artist(full, artist_id="ar-ada").step) == (
        "window_totals", 7, 1,
    )  # fmt: skip
    assert found.line["day"].to_list() == [labels.day(7 * n + 6) for n in range(16)]
    assert found.line["streams"].to_list() == [ada(7 * n, 7 * n + 6) for n in range(16)]
    elsewhere = Filters(countries=("JP",))  # no row there, and still no days to open
    assert artist(weekly, artist_id="ar-ada", filters=elsewhere).step == 7


def test_dates_bound_the_line_but_not_the_change(full):
    some = Filters(since=labels.day(50), until=labels.day(60))
    found = artist(full, artist_id="ar-ada", filters=some)
    assert (found.line["day"].min(), found.line["day"].max()) == (labels.day(50), labels.day(60))
    assert found.windows.equals(artist(full, artist_id="ar-ada").windows)
    assert found.marks["start"].min() >= labels.day(50)


def test_marks_name_what_happened(full):
    found = marks(
        full.view((), ("tracks", "playlist_spells", "campaigns")), "ar-ada",
        since=labels.day(0), until=labels.day(111),
    ).to_dicts()  # fmt: skip
    by_lane = {lane: [m for m in found if m["lane"] == lane] for lane in ("Playlists", "Campaigns")}
    radar, new_pop = sorted(by_lane["Playlists"], key=lambda mark: mark["what"], reverse=True)
    assert (radar["what"], radar["open"], radar["end"]) == ("Radar", True, labels.day(111))
    assert (new_pop["start"], new_pop["end"]) == (labels.day(30), labels.day(58))
    meta = next(mark for mark in by_lane["Campaigns"] if mark["what"] == "meta")
    assert (meta["start"], meta["end"]) == (labels.day(28), labels.day(83))
    assert meta["weight"] == pytest.approx(2 * (56 * 20 + 8 * 10))
    released = [mark["what"] for mark in found if mark["lane"] == "Releases"]
    assert released == ["=Arriving"]  # the other one came out long before


def test_only_the_heaviest_marks_are_kept(full):
    view = full.view((), ("tracks", "playlist_spells", "campaigns"))
    found = marks(view, "ar-ada", since=labels.day(0), until=labels.day(111), most=1)
    assert found.filter(pl.col("lane") == "Playlists")["what"].to_list() == ["New Pop"]


def test_sources_are_shares_of_the_panels_streams(full):
    mix = artist(full, artist_id="ar-ada").mix
    assert mix["step_end"].unique().sort().to_list() == [labels.day(n) for n in (27, 55, 83, 111)]
    whole = mix.group_by("step_end").agg(pl.col("share").sum())
    assert whole["share"].to_list() == pytest.approx([1.0] * 4)
    plays = labels.plays().filter(
        pl.col("track_id").is_in(ADA)
        & (pl.col("ms_played") >= 30_000)
        & (pl.col("played_at").dt.date() > labels.day(83))
    )
    share = (plays["source"] == "radio").mean()
    last = mix.filter((pl.col("step_end") == labels.day(111)) & (pl.col("source") == "radio"))
    assert last["share"][0] == pytest.approx(share)
    assert last["listeners"][0] == plays["listener_id"].n_unique()


def test_a_mix_of_few_people_is_hidden(full):
    mix = artist(full, artist_id="ar-ada", min_group=31).mix
    assert mix["hidden"].all()
    assert mix["share"].null_count() == mix.height


def test_markets_add_up_to_the_artist(full):
    found = artist(full, artist_id="ar-ada")
    rows = {row["country"]: row for row in found.markets.iter_rows(named=True)}
    assert list(rows) == ["US", "DE"]
    assert rows["DE"]["streams"] == ada(84, 111, territory="DE")
    assert found.markets["streams"].sum() == found.windows["streams"][1]
    assert found.markets["share"].sum() == pytest.approx(1.0)


def test_people_are_what_the_store_says(tmp_path):
    folder = labels.written(tmp_path / "full", "full")
    rows = [
        {"entity": "artist", "entity_id": "ar-ada", "day": labels.day(n), "territory": "WW",
         "store": "spotify", "monthly_listeners": 1000 + n, "followers": 50}
        for n in range(labels.DAYS)
    ]  # fmt: skip
    with change(folder) as writing:
        writing.put("daily_streams", pl.DataFrame(rows), source="people")
    found = artist(labels.open_dataset(str(folder)), artist_id="ar-ada")
    reach = {row["metric"]: row for row in found.reach.iter_rows(named=True)}
    assert reach["monthly_listeners"]["now"] == 1111
    assert reach["monthly_listeners"]["before"] == 1083
    assert reach["monthly_listeners"]["change"] == pytest.approx(1111 / 1083 - 1)
    assert reach["super_listeners"]["now"] is None
    assert found.people.height == labels.DAYS
    assert found.windows["streams"][1] == ada(84, 111)  # people rows add no streams


def test_unknown_artists_and_labels_without_streams_say_so(full, tmp_path):
    with pytest.raises(BadInput, match="no artist"):
        artist(full, artist_id="nobody")
    with pytest.raises(MissingTable, match="Import"):
        artist(labels.opened(tmp_path / "catalogue", "catalogue"), artist_id="ar-ada")


def test_a_day_beside_its_usual_weekday(full):
    found = artist_day(full, artist_id="ar-ada", day=labels.day(100))
    one = found.tracks.row(by_predicate=pl.col("track_id") == "tr-1", named=True)
    assert one["streams"] == ada(100, 100, entity_id="tr-1")
    before = [ada(100 - 7 * n, 100 - 7 * n, entity_id="tr-1") for n in range(1, 9)]
    assert one["usual"] == pytest.approx(sum(before) / 8)
    assert found.countries["streams"].sum() == found.tracks["streams"].sum() == ada(100, 100)
    first = artist_day(full, artist_id="ar-ada", day=labels.day(0)).tracks
    assert first["usual"].null_count() == first.height


def test_comparison_starts_at_a_hundred(full):
    found = compared(full, artists=("ar-ada", "ar-bo"), weeks=12)
    weeks = found.filter(pl.col("artist_id") == "ar-ada")
    assert weeks.height == 12
    assert weeks["week_end"][-1] == labels.day(111)
    assert weeks["streams"][-1] == ada(105, 111)
    assert weeks["index"].head(4).mean() == pytest.approx(100)
    assert weeks["week_end"].diff().drop_nulls().unique().to_list() == [datetime.timedelta(7)]
