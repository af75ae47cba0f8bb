"""Apple Music for Artists: songs over a window, plays and listeners by day, in three languages."""

import datetime

import adding_up
import bringing
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.dataset import open_dataset
from workbench.errors import BadInput
from workbench.listening import streams

CATALOGUE = (
    "track_id,title,artist_id,status\n"
    "t1,Slow Tide,a1,released\nt2,Paper Moon (Live),a1,released\nt3,Glass Coast,a1,released\n"
)
ENGLISH = (
    "Song,Album,Plays,Average Daily Listeners,Shazam Count,Radio Spins,Purchases,Heart\n"
    'Slow Tide,Tides,"1,234",12.5,7,3,1,x\n'
    "Night Bus,Tides,20,0.5,0,,0,x\n"
)
FRENCH = (
    "Morceau;Écoutes;Moy. d’auditeurs journalière;Nombre de Shazam;Radio Spins;Achats\n"
    "Slow Tide;1\u202f234;12,5;7;3;1\n"
    "Night Bus;20;0,5;0;;0\n"
)
GERMAN = (
    "Titel;Wiedergaben;Durchschn. tägliche Hörer:innen;Shazams;Radiowiedergaben;Käufe\n"
    "Slow Tide;1.234;12,5;7;3;1\n"
    "Night Bus;20;0,5;0;;0\n"
)
PLAYS = "Date,Plays\n2026-07-03,25\n2026-07-04,30\n"
LISTENERS = "Date,Listeners\n2026-07-03,12\n2026-07-04,14\n"
SONG_DAYS = (
    "Date,Song,Plays,Shazams\n2026-07-03,Slow Tide,25,1\n2026-07-03,Glass Coast,4,\n"
    "2026-07-04,Slow Tide,,2\n"
)
ANSWERS = {"artist": "Nora Vale", "from": "2026-06-01", "to": "2026-06-28", "territory": "WW",
           "whose": "Nora Vale"}  # fmt: skip
THIRD, FOURTH = datetime.date(2026, 7, 3), datetime.date(2026, 7, 4)


@pytest.fixture
def label(holding, tmp_path):
    return holding(tmp_path / "label", CATALOGUE, "artist_id,name\na1,Nora Vale\n")


def again(label):
    return open_dataset(str(label.folder))


def planned(label, data, **answers):
    return bringing.planned(label, data, "renamed.csv", answers=ANSWERS | answers)


def values(plan) -> list[tuple]:
    rows = plan.settled[0].rows
    return rows.select("entity_id", "metric", "value").sort("entity_id", "metric").rows()


@pytest.mark.parametrize("text", [ENGLISH, FRENCH, GERMAN, FRENCH.replace("É", "E")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_songs_become_totals_of_the_window_in_every_language(label, text, encoding):
    text = text if encoding != "cp1252" else text.replace("\u202f", "\u00a0")
    plan = planned(label, text.encode(encoding))
    bus = "name:Nora Vale · Night Bus"
    assert values(plan) == [
        (bus, "average_daily_listeners", 0.5), (bus, "purchases", 0.0), (bus, "shazams", 0.0),
        (bus, "streams", 20.0),
        ("t1", "average_daily_listeners", 12.5), ("t1", "purchases", 1.0),
        ("t1", "radio_spins", 3.0), ("t1", "shazams", 7.0), ("t1", "streams", 1234.0),
    ]  # fmt: skip
    rows = plan.settled[0].rows
    ends = rows.select("entity", "window_start", "window_end", "territory", "store").unique()
    assert ends.rows() == [
        ("track", datetime.date(2026, 6, 1), datetime.date(2026, 6, 28), "WW", "apple_music")
    ]
    table = plan.report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (9, 9, 0)
    assert plan.report.unused == (("Heart",) if "Heart" in text else ())


def test_a_new_song_is_made_with_its_album_and_the_same_file_changes_nothing(label):
    bringing.brought(label, ENGLISH, answers=ANSWERS)
    made = again(label).table("tracks").filter(pl.col("title") == "Night Bus")
    assert made.select("artist_id", "album").rows() == [("a1", "Tides")]
    assert bringing.brought(again(label), ENGLISH, answers=ANSWERS).unchanged


def test_a_file_that_names_the_artists_does_not_ask_for_one(label):
    text = ENGLISH.replace("Heart", "Artist").replace(",x\n", ",Otto Brandt\n")
    answers = {name: value for name, value in ANSWERS.items() if name != "artist"}
    plan = bringing.planned(label, text, answers=answers)
    assert [one.records.rule.name for one in plan.settled] == ["window_totals", "tracks", "artists"]
    made = plan.settled[1].rows.select("title", "artist_id").sort("title").rows()
    assert made == [("Night Bus", "name:Otto Brandt"), ("Slow Tide", "name:Otto Brandt")]


def test_plays_by_day_are_streams(label):
    bringing.brought(label, PLAYS, answers=ANSWERS | {"whose": "Slow Tide", "territory": "DE"})
    rows = again(label).table("daily_streams")
    names = ("entity", "entity_id", "day", "territory", "store", "streams", "listeners")
    assert rows.select(names).sort("day").rows() == [
        ("track", "t1", THIRD, "DE", "apple_music", 25, None),
        ("track", "t1", FOURTH, "DE", "apple_music", 30, None),
    ]
    assert streams.source(again(label)) == "daily_streams"


def test_listeners_by_day_do_not_take_the_place_of_plays(label):
    bringing.brought(label, PLAYS, answers=ANSWERS)
    report = bringing.brought(again(label), LISTENERS, answers=ANSWERS)
    assert [(t.table, t.stored, t.replaced) for t in report.tables] == [("window_totals", 2, 0)]
    assert again(label).table("daily_streams")["streams"].sum() == 55
    rows = again(label).table("window_totals").sort("window_start")
    assert rows.select("entity_id", "window_start", "window_end", "metric", "value").rows() == [
        ("a1", THIRD, THIRD, "average_daily_listeners", 12.0),
        ("a1", FOURTH, FOURTH, "average_daily_listeners", 14.0),
    ]


def test_songs_by_day(label):
    plan = planned(label, SONG_DAYS)
    daily, windows = plan.settled
    assert daily.rows.select("entity_id", "day", "streams").sort(pl.all()).rows() == [
        ("t1", THIRD, 25), ("t3", THIRD, 4)
    ]  # fmt: skip
    assert windows.rows.select("entity_id", "window_end", "metric", "value").sort(
        "window_end"
    ).rows() == [("t1", THIRD, "shazams", 1.0), ("t1", FOURTH, "shazams", 2.0)]
    assert plan.report.rejected == 0


def test_a_week_of_plays_counts_as_a_week_of_streams(label):
    bringing.brought(label, ENGLISH, answers=ANSWERS | {"from": "2026-06-22"})
    kept = again(label)
    assert streams.source(kept) == "window_totals"
    weekly = streams.weekly(kept).collect().sort("streams")
    assert weekly.select("week", "streams").rows() == [
        (datetime.date(2026, 6, 22), 20), (datetime.date(2026, 6, 22), 1234)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "open_"),
    [(GERMAN, "artist.*from.*to.*territory"), (PLAYS, "whose.*territory"),
     (SONG_DAYS, "artist.*territory")],
)  # fmt: skip
def test_what_the_file_does_not_say_is_asked_before_anything_is_read(label, text, open_):
    with pytest.raises(BadInput, match=f"--answer NAME=VALUE.*{open_}"):
        bringing.planned(label, text)


def test_places_and_albums_are_refused_with_what_to_bring(label):
    for what in ("City", "Album"):
        with pytest.raises(BadInput, match=f"by “{what}”. Songs and days are taken"):
            planned(label, f"{what},Plays,Average Daily Listeners,Shazams\nx,1,1,1\n")


@pytest.mark.parametrize(
    "text",
    [
        "song,plays,listeners\nSlow Tide,1,1\n",
        "date,listeners,streams\n2026-07-03,1,2\n",
        "Date,Plays,Country\n2026-07-03,1,DE\n",
        "Date,Purchases\n2026-07-03,1\n",
    ],
)
def test_plays_that_anybody_may_have_counted_are_not_taken_for_apples(label, text):
    with pytest.raises(BadInput, match="not recognised"):
        planned(label, text)


def test_rows_that_cannot_be_are_refused_by_row(label):
    text = ENGLISH + ",,1,1,1,1,1,x\nGlass Coast,,1.5,1,1,1,1,x\nGlass Coast,,,,,,,x\nbroken\n"
    plan = planned(label, text)
    rejects = plan.settled[0].rejects
    found = dict(rejects.group_by("file_row").agg(pl.col("reason").first()).iter_rows())
    assert found == {
        4: "names no recording: the title or the artist is missing",
        5: "“Plays” is no whole number",
        6: "holds no number",
        7: "has 1 cell where the header has 8",
    }
    table = plan.report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (21, 9, 12)
    assert plan.rejected_rows["Song"].to_list() == [None, "Glass Coast", "Glass Coast", "broken"]


def test_a_song_twice_is_two_versions_and_nobody_knows_which(label):
    text = PLAYS + "2026-07-04,31\n"
    table = planned(label, text).report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (3, 1, 2)


COUNTS = st.one_of(st.none(), st.integers(0, 10**12))
AVERAGES = st.one_of(st.none(), st.integers(0, 10**8).map(lambda n: n / 100))
NAMES = ("streams", "average_daily_listeners", "shazams", "radio_spins", "purchases")


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    return bringing.empty_label(tmp_path_factory.mktemp("still") / "label")


@settings(max_examples=10)
@given(
    rows=st.lists(st.tuples(st.integers(0, 10**12), AVERAGES, *[COUNTS] * 3), min_size=1,
                  max_size=8),
    language=st.sampled_from([ENGLISH, FRENCH, GERMAN]),
)  # fmt: skip
def test_generated_songs_come_back_exactly(still, rows, language):
    english = language == ENGLISH
    header = language.split("\n")[0].replace(",Heart", "").replace(",Album", "")
    titles = [f"Song {'abcdefgh'[n] * 4}" for n in range(len(rows))]
    sign = "." if english else ","
    cells = [["" if n is None else str(n).replace(".", sign) for n in row] for row in rows]
    delimiter = "," if english else ";"
    lines = [delimiter.join([t, *row]) for t, row in zip(titles, cells, strict=True)]
    plan = planned(still, "\n".join([header, *lines]))
    made = next(one.rows for one in plan.settled if one.records.rule.name == "tracks")
    names = dict(made.select("track_id", "title").iter_rows())
    totals = plan.settled[0].rows.select("entity_id", "metric", "value")
    found = {(names[one], metric): value for one, metric, value in totals.iter_rows()}
    assert found == {
        (title, metric): float(value)
        for title, row in zip(titles, rows, strict=True)
        for metric, value in zip(NAMES, row, strict=True)
        if value is not None
    }


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.dictionaries(
        st.dates(datetime.date(2015, 6, 30), bringing.NOW.date()), st.integers(0, 10**12),
        min_size=1, max_size=12,
    ),
    header=st.sampled_from(["Date,Plays", "Jour,Écoutes", "Datum,Wiedergaben"]),
)  # fmt: skip
def test_generated_days_come_back_exactly(still, rows, header):
    lines = [f"{day},{count}" for day, count in rows.items()]
    plan = planned(still, "\n".join([header, *lines]))
    assert dict(plan.settled[0].rows.select("day", "streams").iter_rows()) == rows


@settings(max_examples=20)
@given(
    seed=st.integers(0, 2**32),
    text=st.sampled_from([ENGLISH, FRENCH, GERMAN, PLAYS, LISTENERS, SONG_DAYS]),
)
def test_a_damaged_copy_adds_up_or_is_refused(still, seed, text):
    data = adding_up.mutated(text.encode(), seed)
    adding_up.checked(still, data, "f.csv", answers=ANSWERS)
