"""Spotify for Artists: four exports, what is asked of each, and what comes of every row."""

import datetime

import adding_up
import bringing
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.importers import asked, decisions

CATALOGUE = (
    "track_id,title,artist_id,status\n"
    "t1,Slow Tide,a1,released\nt2,Paper Moon (Live),a1,released\nt3,Two,a1,released\n"
)
FIRST = "\ufeffdate,listeners,streams,followers\n2026-07-03,10,25,4\n2026-07-05,11,30,4\n"
SECOND = (
    "date,listeners,monthly listeners,monthly active listeners,streams,playlist adds,saves,"
    "followers\n2026-07-03,10,200,90,25,3,2,4\n"
)
THIRD = (
    "date,listeners,monthly listeners,monthly active listeners,super listeners,streams,"
    "playlist adds,saves,followers\n2026-07-03,10,200,90,5,25,3,2,4\n"
)
SONGS = (
    "song,listeners,streams,saves,release_date\n"
    "Slow Tide,120,300,9,2024-05-01\n"
    "Glass Coast,20,40,1,2026-06-12\n"
    "Paper Moon,7,8,0,\n"
)
PLAYLISTS = (
    "title,author,listeners,streams,date_added\n"
    "Quiet Friday,Spotify,100,140,2026-07-03\n"
    "Discover Weekly,Spotify,50,60,2026-07-04\n"
    "Walks,ann,5,6,2026-07-05\n"
    "Walks,ben,4,4,2026-07-05\n"
    "Old one,carl,1,1,n/a\n"
    "Older,carl,1,1,-\n"
    "Oldest,carl,1,1,\n"
    "Wrong,carl,1,1,soon\n"
)
TIMELINE = "date,streams\n2026-07-03,12\n2026-07-04,0\n"
WINDOW = {"artist": "Nora Vale", "from": "2026-06-01", "to": "2026-06-28"}


@pytest.fixture
def label(holding, tmp_path):
    return holding(tmp_path / "label", CATALOGUE, "artist_id,name\na1,Nora Vale\n")


def again(label):
    return open_dataset(str(label.folder))


@pytest.mark.parametrize(
    ("text", "columns", "row"),
    [
        (FIRST, (), ()),
        (SECOND, ("monthly_listeners", "monthly_active_listeners", "playlist_adds", "saves"),
         (200, 90, 3, 2)),
        (THIRD, ("monthly_listeners", "monthly_active_listeners", "playlist_adds", "saves",
                 "super_listeners"), (200, 90, 3, 2, 5)),
    ],
)  # fmt: skip
def test_an_audience_timeline_of_each_generation(label, text, columns, row):
    report = bringing.brought(label, text, "renamed.csv", answers={"artist": "nora vale"})
    assert report.unused == ()
    assert [(t.table, t.read, t.accepted) for t in report.tables] == [
        ("daily_streams", text.count("\n") - 1, text.count("\n") - 1)
    ]
    kept = again(label).table("daily_streams")
    head = ("entity", "entity_id", "day", "territory", "store", "listeners", "streams", "followers")
    day = datetime.date(2026, 7, 3)
    first = ("artist", "a1", day, "WW", "spotify", 10, 25, 4)
    assert kept.select(*head, *columns).row(0) == first + row


def test_days_that_are_missing_are_told(label):
    report = bringing.planned(label, FIRST, answers={"artist": "a1"}).report
    assert report.notes == ("1 day is missing between 2026-07-03 and 2026-07-05",)


def test_a_year_that_no_calendar_has_is_refused_and_no_hole(label):
    text = FIRST.replace("2026-07-03", "-2026-07-03")
    planned = bringing.planned(label, text, answers={"artist": "a1"})
    (table,) = (one for one in planned.report.tables if one.table == "daily_streams")
    assert (table.read, table.rejected) == (2, 1)
    assert not [note for note in planned.report.notes if "missing between" in note]


def test_a_new_artist_is_made(label):
    bringing.brought(label, FIRST, answers={"artist": "Otto Brandt"})
    artists = again(label).table("artists").select("artist_id", "name").rows()
    assert artists == [("a1", "Nora Vale"), ("name:Otto Brandt", "Otto Brandt")]
    assert again(label).table("daily_streams")["entity_id"].unique().to_list() == [
        "name:Otto Brandt"
    ]


def test_days_that_stand_twice_are_refused_not_summed(label):
    text = FIRST + "2026-07-05,11,31,4\n"
    table = bringing.brought(label, text, answers={"artist": "a1"}).tables[0]
    assert (table.read, table.accepted, table.rejected) == (3, 1, 2)


def test_songs_become_totals_of_the_window_that_was_asked_for(label):
    report = bringing.brought(label, SONGS, answers=WINDOW)
    totals, tracks = report.tables
    assert (totals.table, totals.read, totals.accepted, totals.rejected) == (
        "window_totals",
        9,
        9,
        0,
    )
    assert (tracks.table, tracks.read, tracks.accepted) == ("tracks", 2, 2)
    rows = again(label).table("window_totals").sort("entity_id", "metric")
    first, last = datetime.date(2026, 6, 1), datetime.date(2026, 6, 28)
    assert set(rows.select("window_start", "window_end", "territory", "store").rows()) == {
        (first, last, "WW", "spotify")
    }
    coast, moon = "name:Nora Vale · Glass Coast", "name:Nora Vale · Paper Moon"
    assert rows.select("entity_id", "metric", "value").rows() == [
        (coast, "listeners", 20.0), (coast, "saves", 1.0), (coast, "streams", 40.0),
        (moon, "listeners", 7.0), (moon, "saves", 0.0), (moon, "streams", 8.0),
        ("t1", "listeners", 120.0), ("t1", "saves", 9.0), ("t1", "streams", 300.0),
    ]  # fmt: skip
    made = (
        again(label)
        .table("tracks")
        .filter(pl.col("track_id").str.starts_with("name:"))
        .select("title", "artist_id", "release_date")
    )
    assert made.rows() == [
        ("Glass Coast", "a1", datetime.date(2026, 6, 12)), ("Paper Moon", "a1", None)
    ]  # fmt: skip


def test_the_same_title_twice_is_two_versions_and_nobody_knows_which(label):
    text = SONGS + "Slow Tide,1,2,0,2025-01-01\n"
    totals = bringing.brought(label, text, answers=WINDOW).tables[0]
    assert (totals.read, totals.accepted, totals.rejected) == (12, 6, 6)
    assert "which counts is not known" in totals.rejects["reason"][0]


def test_a_count_with_separators_is_never_a_fraction(label):
    text = SONGS.replace(",300,", ',"1.300",').replace(",40,", ",4.5,")
    totals = bringing.planned(label, text, answers=WINDOW).settled[0]
    streams = totals.rows.filter(pl.col("metric") == "streams")["value"].sort().to_list()
    assert streams == [8.0, 1300.0]
    assert set(totals.rejects["reason"]) == {"“streams” is no whole number"}


def test_a_window_that_ends_before_it_begins_is_refused(label):
    with pytest.raises(BadInput, match=r"ends \(2026-06-01\) before it begins"):
        bringing.planned(label, SONGS, answers=WINDOW | {"from": "2026-06-28", "to": "2026-06-01"})


def test_playlists_become_spells_and_those_without_a_day_are_passed_over(label):
    report = bringing.brought(label, PLAYLISTS, answers={"song": "Slow Tide"})
    assert report.unused == ("listeners", "streams")
    table = report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (5, 4, 1)
    assert table.rejects.rows() == [(9, "added_at", "is no time in the form that was said")]
    note = "3 playlists say no day of adding, so that there is no stay to keep; passed over"
    assert note in report.notes
    spells = again(label).table("playlist_spells").select("track_id", "playlist", "kind").rows()
    assert sorted(spells) == [
        ("t1", "Discover Weekly", "algorithmic"), ("t1", "Quiet Friday", "editorial"),
        ("t1", "Walks · ann", "listener"), ("t1", "Walks · ben", "listener"),
    ]  # fmt: skip


def test_the_timeline_of_a_song_that_the_label_knows(label):
    report = bringing.brought(label, TIMELINE, "t.csv", answers={"song": "slow tide"})
    assert [(t.table, t.accepted) for t in report.tables] == [("daily_streams", 2)]
    rows = again(label).table("daily_streams").select("entity", "entity_id", "day", "streams")
    assert rows.rows() == [
        ("track", "t1", datetime.date(2026, 7, 3), 12),
        ("track", "t1", datetime.date(2026, 7, 4), 0),
    ]


def test_the_timeline_of_a_new_song_makes_it_once_and_the_same_file_again_changes_nothing(label):
    answers = {"song": "Otto Brandt - Night Bus"}
    report = bringing.brought(label, TIMELINE, answers=answers)
    assert [(t.table, t.accepted) for t in report.tables] == [
        ("daily_streams", 2), ("tracks", 1), ("artists", 1),
    ]  # fmt: skip
    assert asked.song("Night Bus", again(label)).artist == "Otto Brandt"
    assert bringing.brought(again(label), TIMELINE, answers=answers).unchanged


def test_a_song_in_doubt_is_not_merged_but_asked_about(label):
    answers = {"song": "Nora Vale - Two (2011 Remaster)"}
    plan = bringing.planned(label, TIMELINE, answers=answers)
    assert (plan.settled[0].rows.height, plan.settled[0].rejected) == (0, 2)
    asked_of = plan.understood.sheet.doubtful
    key, track = asked_of["decision"][0], asked_of["track_id"][0]
    shown = asked_of.select("title", "rows", "of_title")
    assert shown.rows() == [("Two (2011 Remaster)", 2, "Two")]
    decisions.decide(label, asked_of, {key: track}, "t.csv")
    now = bringing.planned(label, TIMELINE, answers=answers)
    assert now.settled[0].rows["entity_id"].unique().to_list() == [track]


@pytest.mark.parametrize(
    ("text", "open_"),
    [(FIRST, "artist"), (SONGS, "artist.*from.*to"), (PLAYLISTS, "song"), (TIMELINE, "song")],
)
def test_what_the_file_does_not_say_is_asked_before_anything_is_read(label, text, open_):
    with pytest.raises(BadInput, match=f"--answer NAME=VALUE.*{open_}"):
        bringing.planned(label, text)


@pytest.mark.parametrize(
    "text",
    ["date,streams,country\n2026-07-03,1,DE\n", "date,artist,listeners,streams,followers\n"
     "2026-07-03,x,1,1,1\n"],
)  # fmt: skip
def test_a_timeline_of_several_markets_or_artists_is_not_taken_for_spotifys(label, text):
    with pytest.raises(BadInput, match="not recognised"):
        bringing.planned(label, text, answers={"song": "t1", "artist": "a1"})


def test_columns_that_are_new_are_reported(label):
    text = FIRST.replace("followers", "followers,new fans").replace(",4\n", ",4,1\n")
    assert bringing.planned(label, text, answers={"artist": "a1"}).report.unused == ("new fans",)


COUNTS = st.one_of(st.none(), st.integers(0, 10**12))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.dates(datetime.date(2015, 1, 1), bringing.NOW.date()), *[COUNTS] * 8),
        min_size=1, max_size=12, unique_by=lambda row: row[0],
    )
)  # fmt: skip
def test_generated_timelines_come_back_exactly(tmp_path_factory, rows):
    label = bringing.empty_label(tmp_path_factory.mktemp("round") / "label")
    header = THIRD.split("\n")[0]
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    bringing.brought(label, "\n".join([header, *lines]), answers={"artist": "Ann"})
    columns = ["day", *(name.replace(" ", "_") for name in header.split(",")[1:])]
    kept = open_dataset(str(label.folder)).table("daily_streams").select(columns)
    assert sorted(kept.rows()) == sorted(rows)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9)),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_generated_songs_come_back_exactly(tmp_path_factory, rows):
    label = bringing.empty_label(tmp_path_factory.mktemp("songs") / "label")
    titles = [f"Song {'abcdefgh'[n] * 4}" for n in range(len(rows))]
    lines = [f"{t},{','.join(map(str, row))}," for t, row in zip(titles, rows, strict=True)]
    text = "\n".join(["song,listeners,streams,saves,release_date", *lines])
    bringing.brought(label, text, answers=WINDOW)
    kept = open_dataset(str(label.folder))
    names = dict(kept.table("tracks").select("track_id", "title").iter_rows())
    totals = kept.table("window_totals").select("entity_id", "metric", "value")
    found = {(names[one], metric): value for one, metric, value in totals.iter_rows()}
    wanted = {
        (title, metric): float(value)
        for title, row in zip(titles, rows, strict=True)
        for metric, value in zip(("listeners", "streams", "saves"), row, strict=True)
    }
    assert found == wanted


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    return bringing.empty_label(tmp_path_factory.mktemp("still") / "label")


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), text=st.sampled_from([FIRST, THIRD, SONGS, PLAYLISTS, TIMELINE]))
def test_a_damaged_copy_adds_up_or_is_refused(still, seed, text):
    answers = WINDOW | {"song": "Nora Vale - Slow Tide"}
    adding_up.checked(still, adding_up.mutated(text.encode(), seed), "f.csv", answers=answers)


DAYS = st.dates(datetime.date(2015, 1, 1), bringing.NOW.date())


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.dictionaries(DAYS, COUNTS, min_size=1, max_size=8),
    lists=st.dictionaries(
        st.sampled_from(["Quiet Friday", "夜", "Mix, Two", 'The "Best"', "=Sum"]), DAYS, min_size=1
    ),
)
def test_generated_song_timelines_and_playlists_come_back_exactly(tmp_path_factory, days, lists):
    label = bringing.empty_label(tmp_path_factory.mktemp("song") / "label")
    answers = {"song": "Nora Vale - Slow Tide"}
    timeline = pl.DataFrame(
        {"date": list(days), "streams": pl.Series([*days.values()], dtype=pl.Int64)}
    )
    bringing.brought(label, timeline.write_csv(), answers=answers)
    rows = {"title": list(lists), "author": ["ann"] * len(lists), "listeners": [1] * len(lists),
            "streams": [2] * len(lists), "date_added": list(lists.values())}  # fmt: skip
    again_ = open_dataset(str(label.folder))
    bringing.brought(again_, pl.DataFrame(rows).write_csv(), answers=answers)
    kept = open_dataset(str(label.folder))
    assert dict(kept.table("daily_streams").select("day", "streams").iter_rows()) == days
    spells = kept.table("playlist_spells").select("playlist", pl.col("added_at").dt.date())
    assert dict(spells.iter_rows()) == lists
    assert kept.table("tracks")["title"].to_list() == ["Slow Tide"]
