"""YouTube Studio: videos over a window, videos by day, days of a channel, and what is refused."""

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
    "t1,Slow Tide,a1,released\nt2,Glass Coast,a1,released\nt3,Paper Moon (Live),a1,released\n"
)
TABLE = (
    "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,"
    "Estimated revenue (USD),Impressions,Impressions click-through rate (%),Average view duration\n"
    "Total,,,,1500,53.0,3,1.20,8900,5.1,0:02:00\n"
    'kx3Fq0aZ_b1,Nora Vale - Slow Tide (Official Video),"Sep 20, 2026",200,1000,40.25,-2,0.90,7000,'
    "5.5,0:02:25\n"
    ' -y3Fq0aZ_b2,Slow Tide [Official Lyric Video],"Sep 21, 2026",200,300,10.25,5,,1000,4.2,'
    "1:02:03\n"
    'kx3Fq0aZ_b3,Nora Vale - Night Bus (Official Audio),"Sep 22, 2026",180,150,2,0,0.30,900,3,'
    "0:01:00\n"
    'kx3Fq0aZ_b4,Tour diary: Berlin,"Sep 23, 2026",600,48,0.5,0,,,,0:00:40\n'
)
GERMAN = (
    "\ufeffVideos;Video\u00adtitel;Veröffentlichungszeitpunkt des Videos;Dauer;Aufrufe;"
    "Wiedergabezeit (Stunden);Abonnenten;Impressionen;Klickrate der Impressionen (%)\n"
    "Gesamt;;;;1.234.567;1.040,25;5;7.000;5,5\n"
    "kx3Fq0aZ_b1;Slow Tide (Offizielles Video);20.09.2026;200;1.234.567;1.040,25;5;7.000;5,5\n"
)
FRENCH = (
    "Contenu,Titre de la vidéo,Heure de publication de la vidéo,Durée,Vues,"
    "Durée de visionnage (heures),Abonnés,Impressions,Taux de clics par impression (%),"
    "Durée moyenne de visionnage\n"
    'Total,,,,"44\u202f531","40,25",5,"7\u202f000","62,1",0:00:34\n'
    'kx3Fq0aZ_b1,Slow Tide (Clip officiel),28 sept. 2026,52,"44\u202f531","40,25",5,"7\u202f000",'
    '"62,1 %",0:00:34\n'
)
CHART = (
    "Date,Content,Video title,Video publish time,Duration,Views\n"
    "2026-09-20,kx3Fq0aZ_b1,Slow Tide (Official Video),x,200,10\n"
    "2026-09-21,kx3Fq0aZ_b1,Slow Tide (Official Video),x,200,30\n"
    "2026-09-21,kx3Fq0aZ_b3,Glass Coast,x,180,7\n"
)
DAYS = (
    "Date,Views,Watch time (hours),Average view duration\n"
    "Total,43,1.5,0:02:05\n2026-09-20,13,0.5,0:02:18\n2026-09-21,30,1,0:02:00\n"
)
ANSWERS = {"artist": "Nora Vale", "from": "2026-09-01", "to": "2026-09-30", "territory": "WW",
           "whose": "Nora Vale"}  # fmt: skip
FIRST, LAST = datetime.date(2026, 9, 1), datetime.date(2026, 9, 30)


@pytest.fixture
def label(holding, tmp_path):
    return holding(tmp_path / "label", CATALOGUE, "artist_id,name\na1,Nora Vale\n")


def planned(label, data, **answers):
    return bringing.planned(label, data, "renamed.csv", answers=ANSWERS | answers)


def totals(rows) -> list[tuple]:
    names = ("entity_id", "store", "metric", "value")
    return rows.select(names).sort(names).rows()


def test_a_table_of_videos_becomes_totals_of_the_window_that_was_asked_for(label):
    report = bringing.brought(label, TABLE, "renamed.csv", answers=ANSWERS)
    kept = open_dataset(str(label.folder))
    window = kept.table("window_totals")
    ends = ("entity", "window_start", "window_end", "territory")
    assert set(window.select(ends).rows()) == {("track", FIRST, LAST, "WW")}
    bus, first, second = "name:Nora Vale · Night Bus", "youtube:kx3Fq0aZ_b1", "youtube:-y3Fq0aZ_b2"
    third = "youtube:kx3Fq0aZ_b3"
    assert totals(window) == [
        (bus, third, "average_view_seconds", 60.0), (bus, third, "click_through_percent", 3.0),
        (bus, third, "impressions", 900.0), (bus, third, "subscribers", 0.0),
        (bus, third, "views", 150.0), (bus, third, "watch_hours", 2.0),
        ("t1", second, "average_view_seconds", 3723.0),
        ("t1", second, "click_through_percent", 4.2),
        ("t1", second, "impressions", 1000.0), ("t1", second, "subscribers", 5.0),
        ("t1", second, "views", 300.0), ("t1", second, "watch_hours", 10.25),
        ("t1", first, "average_view_seconds", 145.0), ("t1", first, "click_through_percent", 5.5),
        ("t1", first, "impressions", 7000.0), ("t1", first, "subscribers", -2.0),
        ("t1", first, "views", 1000.0), ("t1", first, "watch_hours", 40.25),
    ]  # fmt: skip
    made = kept.table("tracks").filter(pl.col("track_id") == bus).select("title", "artist_id")
    assert made.rows() == [("Night Bus", "a1")]
    table = report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (22, 18, 4)
    assert report.unused == ("Video publish time", "Duration", "Estimated revenue (USD)")


def test_the_total_is_no_row_and_what_is_not_listed_is_told(label):
    notes = planned(label, TABLE).report.notes
    assert "1 row of totals passed over" in notes
    told = next(note for note in notes if note.startswith("views"))
    assert "1,450 imported, but the file itself says 1,500: 50 too little" in told
    assert "does not list" in told
    whole = planned(label, TABLE.replace("Total,,,,1500", "Total,,,,1450")).report
    assert "views: 1,450 imported, as the file itself says" in whole.notes


def test_a_video_that_is_no_song_is_refused_with_its_row(label):
    report = planned(label, TABLE).report
    rejects = report.tables[0].rejects
    assert set(rejects["file_row"]) == {6}
    assert "does not say that it is a song" in rejects["reason"][0]
    said = planned(label, TABLE).rejected_rows
    assert said["Video title"].to_list() == ["Tour diary: Berlin"]


def test_views_are_no_streams(label):
    days = TABLE.replace("Total,,,,1500,53.0,3,1.20,8900,5.1,0:02:00\n", "")
    bringing.brought(label, days, answers=ANSWERS | {"from": "2026-09-24"})
    bringing.brought(label, CHART, answers=ANSWERS)
    kept = open_dataset(str(label.folder))
    assert not kept.has("daily_streams")
    assert streams.source(kept) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (GERMAN, {"views": 1234567.0, "watch_hours": 1040.25, "subscribers": 5.0,
                  "impressions": 7000.0, "click_through_percent": 5.5}),
        (FRENCH, {"views": 44531.0, "watch_hours": 40.25, "subscribers": 5.0,
                  "impressions": 7000.0, "click_through_percent": 62.1,
                  "average_view_seconds": 34.0}),
        (TABLE.replace("Impressions", "Thumbnail impressions")
              .replace("Thumbnail impressions click", "Thumbnail click")
              .split(" -y3F")[0],
         {"views": 1000.0, "watch_hours": 40.25, "subscribers": -2.0, "impressions": 7000.0,
          "click_through_percent": 5.5, "average_view_seconds": 145.0}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_other_languages_and_the_names_of_2026(label, text, wanted, encoding):
    plan = planned(label, text.encode(encoding))
    rows = plan.settled[0].rows
    assert dict(rows.select("metric", "value").iter_rows()) == wanted
    assert set(rows["entity_id"]) == {"t1"}
    assert plan.report.rejected == 0


def test_videos_by_day_are_windows_of_one_day(label):
    rows = planned(label, CHART).settled[0].rows
    shown = rows.select("entity_id", "window_start", "window_end", "store", "value").sort(pl.all())
    twentieth, next_ = datetime.date(2026, 9, 20), datetime.date(2026, 9, 21)
    assert shown.rows() == [
        ("t1", twentieth, twentieth, "youtube:kx3Fq0aZ_b1", 10.0),
        ("t1", next_, next_, "youtube:kx3Fq0aZ_b1", 30.0),
        ("t2", next_, next_, "youtube:kx3Fq0aZ_b3", 7.0),
    ]
    assert set(rows["metric"]) == {"views"}


def test_a_total_above_videos_by_day_is_no_row(label):
    first, *rest = CHART.splitlines(keepends=True)
    report = planned(label, "".join([first, "Total,,,,,99\n", *rest])).report
    assert (report.tables[0].read, report.rejected) == (3, 0)
    assert "1 row of totals passed over" in report.notes


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        (DAYS, {"views": 13.0, "watch_hours": 0.5, "average_view_seconds": 138.0}),
        ("Datum,Aufrufe\n2026-09-20,13\n2026-09-21,30\n", {"views": 13.0}),
        ("Date,Vues\n20 sept. 2026,13\n21 sept. 2026,30\n", {"views": 13.0}),
    ],
)
def test_days_of_a_channel(label, text, metrics):
    plan = planned(label, text, territory="Germany")
    rows = plan.settled[0].rows
    first = rows.filter(pl.col("window_start") == datetime.date(2026, 9, 20))
    assert dict(first.select("metric", "value").iter_rows()) == metrics
    names = ("entity", "entity_id", "territory", "store")
    assert set(rows.select(names).rows()) == {("artist", "a1", "DE", "youtube")}
    assert plan.report.rejected == 0


def test_days_can_be_of_one_song_or_of_an_artist_who_is_new(label):
    rows = planned(label, DAYS, whose="slow tide").settled[0].rows
    assert set(rows.select("entity", "entity_id").rows()) == {("track", "t1")}
    plan = planned(label, DAYS, whose="Otto Brandt - Night Bus")
    assert [one.records.rule.name for one in plan.settled] == ["window_totals", "tracks", "artists"]
    plan = planned(label, DAYS, whose="Otto Brandt")
    assert [one.records.rule.name for one in plan.settled] == ["window_totals", "artists"]
    bringing.brought(label, "artist_id,name\na2,Slow Tide\n")
    with pytest.raises(BadInput, match=r"an artist and a song of the label.*a2.*t1"):
        planned(open_dataset(str(label.folder)), DAYS, whose="Slow Tide")


@pytest.mark.parametrize(
    ("text", "open_"),
    [(TABLE, "artist.*from.*to.*territory"), (CHART, "artist.*territory"),
     (DAYS, "whose.*territory")],
)  # fmt: skip
def test_what_the_file_does_not_say_is_asked_before_anything_is_read(label, text, open_):
    with pytest.raises(BadInput, match=f"--answer NAME=VALUE.*{open_}"):
        bringing.planned(label, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Geography,Views,Watch time (hours)\nUS,1,1\n", "by “Geography”. Tables by content"),
        ("Content,Views,Watch time (hours)\nkx3Fq0aZ_b1,1,1\n", "with the titles of videos"),
        ("Content,Video title,Views\nTotal,,3\n", "only the total"),
    ],
)
def test_tables_of_anything_else_are_refused_with_what_to_bring(label, text, said):
    with pytest.raises(BadInput, match=said):
        planned(label, text)


def test_answers_that_cannot_be(label):
    with pytest.raises(BadInput, match=r"ends \(2026-08-01\) before it begins"):
        planned(label, TABLE, to="2026-08-01")
    with pytest.raises(BadInput, match="“Atlantis” is no country"):
        planned(label, TABLE, territory="Atlantis")


def test_a_website_with_more_columns_is_not_taken_for_a_channel(label):
    with pytest.raises(BadInput, match="not recognised"):
        planned(label, "Date,Views,Bounce rate\n2026-09-20,1,2\n")


@pytest.mark.parametrize(
    ("views", "reason"),
    [("12.5", "“Views” is no whole number"), ("1.2E+05", "“Views” is no whole number"),
     ("-3", "“Views” is below what is possible"), ("9" * 30, "“Views” is too large"),
     ("many", "“Views” is no whole number")],
)  # fmt: skip
def test_a_count_that_is_none_is_refused_and_its_row_with_it(label, views, reason):
    table = planned(label, DAYS.replace(",13,", f",{views},")).report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (6, 3, 3)
    assert reason in set(table.rejects["reason"])


def test_empty_cells_are_no_rows_and_an_empty_row_is_refused(label):
    table = planned(label, DAYS.replace("13,0.5,0:02:18", "13,,—")).report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (4, 4, 0)
    table = planned(label, DAYS.replace("13,0.5,0:02:18", ",–,")).report.tables[0]
    assert (table.read, table.accepted, table.rejected) == (4, 3, 1)
    assert table.rejects["reason"].to_list() == ["holds no number"]


def test_an_id_that_a_spreadsheet_spoilt_and_a_row_of_another_shape_are_refused(label):
    text = TABLE.replace("kx3Fq0aZ_b1", "#NAME?") + "kx3Fq0aZ_b9,Slow Tide\n"
    rejects = planned(label, text).report.tables[0].rejects
    found = dict(rejects.group_by("file_row").agg(pl.col("reason").first()).iter_rows())
    assert found[3] == "names no video: its id has eleven signs"
    assert "has 2 cells" in found[7]


def test_the_same_file_again_changes_nothing_and_a_longer_window_stands_beside_it(label):
    bringing.brought(label, TABLE, answers=ANSWERS)
    again = open_dataset(str(label.folder))
    assert bringing.brought(again, TABLE, answers=ANSWERS).unchanged
    changed = TABLE.replace(",1000,40.25", ",1001,40.25")
    bringing.brought(again, changed, answers=ANSWERS)
    rows = open_dataset(str(label.folder)).table("window_totals")
    views = rows.filter(pl.col("metric") == "views")["value"].sort().to_list()
    assert views == [150.0, 300.0, 1001.0]


IDS = st.text("abcXYZ019-_", min_size=11, max_size=11)
COUNTS = st.one_of(st.none(), st.integers(0, 10**12))
HOURS = st.one_of(st.none(), st.integers(0, 10**9).map(lambda n: n / 100))
ROWS = st.dictionaries(
    IDS,
    st.tuples(st.sampled_from(["t1", "t2"]), st.integers(0, 10**12), HOURS,
              st.integers(-(10**6), 10**6), COUNTS),
    min_size=1, max_size=8,
)  # fmt: skip
LANGUAGES = {
    "en": ("Content,Video title,Views,Watch time (hours),Subscribers,Impressions", ","),
    "de": ("Videos;Videotitel;Aufrufe;Wiedergabezeit (Stunden);Abonnenten;Impressionen", ";"),
    "fr": ("Contenu\tTitre de la vidéo\tVues\tDurée de visionnage (heures)\tAbonnés\tImpressions",
           "\t"),
}  # fmt: skip


def written(number: int | float | None, language: str) -> str:
    if number is None:
        return ""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"
    signs = {"en": ",.", "de": ".,", "fr": "\u202f,"}[language]
    text = text.replace(",", "\0").replace(".", signs[1]).replace("\0", signs[0])
    return f'"{text}"' if language == "en" else text


@pytest.fixture(scope="module")
def still(holding, tmp_path_factory):
    folder = tmp_path_factory.mktemp("still") / "label"
    return holding(folder, CATALOGUE, "artist_id,name\na1,Nora Vale\n")


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, language=st.sampled_from(list(LANGUAGES)))
def test_generated_tables_come_back_exactly(still, rows, language):
    header, delimiter = LANGUAGES[language]
    titles = {"t1": "Slow Tide (Official Video)", "t2": "Nora Vale - Glass Coast"}
    lines = [
        delimiter.join([video, titles[track], *(written(n, language) for n in numbers)])
        for video, (track, *numbers) in rows.items()
    ]
    plan = planned(still, "\n".join([header, *lines]))
    names = ("views", "watch_hours", "subscribers", "impressions")
    wanted = {
        (track, f"youtube:{video}", metric): float(value)
        for video, (track, *numbers) in rows.items()
        for metric, value in zip(names, numbers, strict=True)
        if value is not None
    }
    found = plan.settled[0].rows.select("entity_id", "store", "metric", "value")
    assert {row[:3]: row[3] for row in found.iter_rows()} == wanted
    assert plan.report.rejected == 0


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), text=st.sampled_from([TABLE, GERMAN, FRENCH, CHART, DAYS]))
def test_a_damaged_copy_adds_up_or_is_refused(still, seed, text):
    data = adding_up.mutated(text.encode(), seed)
    adding_up.checked(still, data, "f.csv", answers=ANSWERS)
