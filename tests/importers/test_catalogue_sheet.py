"""A plain sheet of titles and artists becomes tracks, whatever its columns are called."""

import datetime
import io

import bringing
import pytest
import xlsxwriter

from workbench.dataset import open_dataset
from workbench.importers import history, run, wizard
from workbench.importers.run import NotRecognised
from workbench.tables import table

SHEET = (
    "Song Title,Primary Artist,ISRC,UPC/EAN,Version,Release Date,Genre,Label,Writers,Duration\n"
    "Leaving,Ada,US-RC1-76-07839,5099749534728,,2024-05-01,folk,North,Ada Day; Bo Lee,3:45\n"
    "Arriving,Ada feat. Bo,,,Live,2099-01-01,pop,,,225\n"
    "Staying,Cy,,,,,,,,181500\n"
)
# Of a distributor; it names a recording in passing, in small letters.
STATEMENT = (
    "Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tTeam Percentage\t"
    "Song/Album\tCountry of Sale\tSongwriter Royalties Withheld\tEarnings (USD)\n"
    "2026-09-15\t2026-07\tSpotify\tAda\tleaving\t\t\t1200\t100\tSong\tUS\t0\t4.2\n"
)


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def again(label):
    return open_dataset(str(label.folder))


def tracks(label):
    return again(label).table("tracks").sort("title")


def test_a_sheet_by_aliases_becomes_tracks_and_artists(label):
    report = bringing.brought(label, SHEET, "catalogue.csv")
    assert (report.title, report.unused) == ("Catalogue sheet", ())
    assert [(one.table, one.read, one.rejected, one.stored) for one in report.tables] == [
        ("tracks", 3, 0, 3), ("artists", 2, 0, 2),
    ]  # fmt: skip
    rows = tracks(label)
    columns = ("title", "version", "isrc", "upc", "release_date", "status", "duration_ms")
    assert rows.select(columns).rows() == [
        ("Arriving", "Live", None, None, datetime.date(2099, 1, 1), "planned", 225_000),
        ("Leaving", None, "USRC17607839", "5099749534728", datetime.date(2024, 5, 1), "released",
         225_000),
        ("Staying", None, None, None, None, "released", 181_500),
    ]  # fmt: skip
    assert rows.select("genre", "label").rows() == [("pop", None), ("folk", "North"), (None, None)]
    assert rows["writers"].to_list() == [None, ["Ada Day", "Bo Lee"], None]
    assert rows["featured"].to_list() == [["Bo"], None, None]
    names = open_dataset(str(label.folder)).table("artists")
    assert sorted(names["name"]) == ["Ada", "Cy"]
    assert set(rows["artist_id"]) == set(names["artist_id"])


@pytest.mark.parametrize("header", ["title,artist", "Track Name,Artist Name", "track,artists"])
def test_a_title_and_an_artist_are_enough(label, header):
    report = bringing.brought(label, f"{header}\nLeaving,Ada\nStaying,Cy\n")
    assert [(one.table, one.stored) for one in report.tables] == [("tracks", 2), ("artists", 2)]
    assert tracks(label)["title"].to_list() == ["Leaving", "Staying"]


def test_what_home_promises_is_taken(label):
    bringing.brought(label, "title,artist,ISRC,date\nLeaving,Ada,USRC17607839,2024-05-01\n")
    assert tracks(label).select("title", "release_date").rows() == [
        ("Leaving", datetime.date(2024, 5, 1))
    ]


def test_the_same_sheet_changes_nothing_and_rows_without_a_name_are_refused(label):
    bringing.brought(label, SHEET)
    assert bringing.brought(again(label), SHEET).unchanged
    other = "title,artist,genre\nLeaving,Ada,rock\n,Ada,pop\nStaying,Cy,\nNew,Di,pop\n"
    table = bringing.brought(again(label), other).tables[0]
    assert (table.read, table.rejected, table.stored) == (4, 1, 1)
    assert (table.changed, table.kept, table.replaced) == (1, 1, 0)
    assert table.rejects["reason"].to_list() == [
        "names no recording: the title or the artist is missing"
    ]


def test_the_newest_sheet_counts_where_it_says_something(label):
    bringing.brought(label, SHEET)
    before = tracks(label)
    text = (
        "title,artist,isrc,release date,genre,features\n"
        "LEAVING,Ada,USRC17607839,2024-06-07,,Bo\nArriving (Live),Ada feat. Bo,,2098-12-31,,\n"
    )
    report = bringing.brought(again(label), text)
    assert (report.tables[0].changed, report.tables[0].stored) == (2, 0)
    assert "2 rows of earlier imports changed" in "\n".join(report.lines())
    after = tracks(label)
    told = ("title", "release_date", "featured")
    same = [frame.drop(told).sort("track_id") for frame in (before, after)]
    assert same[0].equals(same[1])
    rows = {row["track_id"]: row for row in after.iter_rows(named=True)}
    leaving = rows["USRC17607839"]
    assert (leaving["title"], leaving["genre"]) == ("LEAVING", "folk")
    assert (leaving["release_date"], leaving["featured"]) == (datetime.date(2024, 6, 7), ["Bo"])
    arriving = after.filter(version="Live").row(0, named=True)
    assert (arriving["title"], arriving["status"]) == ("Arriving", "planned")
    assert arriving["release_date"] == datetime.date(2098, 12, 31)
    assert bringing.brought(again(label), text).unchanged


def test_a_schedule_that_comes_true_releases_and_one_without_days_leaves_the_status(label):
    bringing.brought(label, "title,artist,date\nArriving,Ada,2099-01-01\nGone,Ada,2024-01-05\n")
    assert tracks(label)["status"].to_list() == ["planned", "released"]
    bringing.brought(again(label), "title,artist,genre\nArriving,Ada,pop\nGone,Ada,pop\n")
    assert tracks(label)["status"].to_list() == ["planned", "released"]
    moved = "title,artist,date\nArriving,Ada,2025-01-03\nGone,Ada,2099-02-01\n"
    report = bringing.brought(again(label), moved)
    assert report.tables[0].changed == 2
    assert tracks(label)["status"].to_list() == ["released", "planned"]
    assert tracks(label)["genre"].to_list() == ["pop", "pop"]


def test_two_sheets_of_one_drop_complete_each_other(label):
    texts = ("title,artist,genre\nNew,Di,pop\n", "title,artist,date\nNew,Di,2099-01-01\n")
    run.store([bringing.planned(label, text) for text in texts], label)
    assert tracks(label).select("title", "genre", "release_date", "status").rows() == [
        ("New", "pop", datetime.date(2099, 1, 1), "planned")
    ]


def test_what_a_statement_made_of_names_gives_way_and_stays_when_the_statement_comes_again(label):
    bringing.brought(label, STATEMENT)
    made = tracks(label)
    assert made.select("title", "release_date").rows() == [("leaving", None)]
    sheet = "title,artist,date,isrc\nLeaving,Ada,2024-05-01,USRC17607839\n"
    report = bringing.brought(again(label), sheet)
    assert (report.tables[0].stored, report.tables[0].changed) == (0, 1)
    better = tracks(label)
    assert better.select("title", "release_date", "isrc").rows() == [
        ("Leaving", datetime.date(2024, 5, 1), "USRC17607839")
    ]
    assert better["track_id"].equals(made["track_id"])
    bringing.brought(again(label), STATEMENT)
    assert tracks(label).equals(better)


def test_taking_a_sheet_back_takes_its_recordings_and_puts_back_what_it_changed(label):
    bringing.brought(label, SHEET)
    before = tracks(label)
    text = "title,artist,genre\nLeaving,Ada,rock\nNew,Di,pop\n"
    report = bringing.brought(again(label), text)
    assert tracks(label)["genre"].to_list() == ["pop", "rock", "pop", None]
    assert history.undo(again(label), report.source) == 2  # the track and its artist
    assert tracks(label).equals(before)


def test_a_cell_that_was_changed_since_stays(label):
    bringing.brought(label, SHEET)
    first = bringing.brought(again(label), "title,artist,genre,label\nLeaving,Ada,rock,Lo\n")
    then = bringing.brought(again(label), "title,artist,genre\nLeaving,Ada,jazz\n")
    history.undo(again(label), first.source)
    leaving = tracks(label).filter(title="Leaving")
    assert leaving.select("genre", "label").row(0) == ("jazz", "North")
    history.undo(again(label), then.source)
    assert tracks(label).filter(title="Leaving")["genre"].to_list() == ["rock"]


def test_a_corrected_sheet_puts_back_what_the_first_one_changed(label):
    bringing.brought(label, SHEET)
    wrong = bringing.brought(again(label), "title,artist,genre,label\nLeaving,Ada,rock,Lo\n")
    plan = bringing.planned(again(label), "title,artist,genre\nLeaving,Ada,jazz\n")
    run.store([plan], again(label), instead_of=(wrong.source,))
    leaving = tracks(label).filter(title="Leaving")
    assert leaving.select("genre", "label").row(0) == ("jazz", "North")
    history.undo(again(label), plan.report.source)
    assert tracks(label).filter(title="Leaving")["genre"].to_list() == ["folk"]


ABROAD = {
    "VÖ;Künstler;Titel;feat.;Label;Genre;Komponist;EAN;Länge":
        "01.05.2099;Ada;Bald;Cy;N;pop;X;;3:40",
    "Date de sortie;Artiste;Titre;Invités;Label;Genre;Auteurs;Durée":
        "2099-05-01;Ada;Bald;Cy;N;pop;X;3:40",
    "Lanzamiento;Artista;Canción;Invitados;Sello;Género;Compositores;Duración":
        "2099-05-01;Ada;Bald;Cy;N;pop;X;3:40",
    # a label copy: a day to order on, a place on the record and an hour are no counts
    "Release Date;Release Time;Pre-order Date;Track Artist;Track Title;Featured Artist;Label;Genre;"
    "Composer;Running Time;Track Position":
        "2099-05-01;00:00;2099-04-01;Ada;Bald;Cy;N;pop;X;3:40;1",
}  # fmt: skip


@pytest.mark.parametrize("header", ABROAD)
def test_a_schedule_is_known_in_other_languages_and_as_a_label_copy(label, header):
    report = bringing.brought(label, f"{header}\n{ABROAD[header]}\n")
    assert set(report.unused) <= {"Release Time", "Pre-order Date", "Track Position"}
    row = tracks(label).select("release_date", "status", "featured", "label", "genre", "writers")
    assert row.rows() == [(datetime.date(2099, 5, 1), "planned", ["Cy"], "N", "pop", ["X"])]
    assert tracks(label)["duration_ms"].to_list() == [220_000]


def test_rows_of_one_recording_are_one_track_and_bad_cells_are_told(label):
    text = (
        "title,artist,isrc,release date\nLeaving,Ada,USRC17607839,03/04/2024\n"
        "LEAVING,Ada,USRC17607839,2099-05-01\nStaying,Cy,wrong,soon\n"
    )
    report = bringing.brought(label, text)
    table = report.tables[0]
    assert (table.read, table.rejected, table.stored) == (3, 0, 2)
    assert tracks(label)["title"].to_list() == ["Leaving", "Staying"]
    assert tracks(label).select("release_date", "status").rows() == [
        (datetime.date(2099, 5, 1), "planned"), (None, "released"),
    ]  # fmt: skip
    assert table.changes.filter(column="isrc").select("before", "change").rows() == [
        ("wrong", "is no valid ISRC; left empty")
    ]
    assert table.changes["change"].to_list().count("is no date; left empty") == 1


def test_a_row_that_says_less_leaves_what_another_row_says_of_its_track(label):
    day, text = "2099-05-01", "title,artist,isrc,release date,status\n"
    scheduled = f"Leaving,Ada,USRC17607839,{day},\n"
    alone = "Leaving,Ada,USRC17607839,,\n"
    demo = "Staying,Cy,,,\nStaying,Cy,,,demo\n"
    for rows in (alone + scheduled, scheduled + alone):
        bringing.brought(again(label), text + rows + demo)
        said = dict(tracks(label).select("title", "status").iter_rows())
        assert said == {"Leaving": "planned", "Staying": "demo"}
    bringing.brought(again(label), text + "Leaving,Ada,,,\n")
    assert tracks(label).filter(title="Leaving")["status"].to_list() == ["planned"]


@pytest.mark.parametrize(
    "header",
    [
        "track,artist,date,streams",
        "title,artist,user,timestamp",
        "title,artist,net revenue (EUR)",
        "title,artist,track_id",
        "title,isrc",
        "title,artist,03.07.26,10.07.26",
    ],
)
def test_a_sheet_that_says_more_or_less_is_none(label, header):
    cells = ",".join(["2024-05-01" for _ in header.split(",")])
    with pytest.raises(NotRecognised):
        bringing.planned(label, f"{header}\n{cells}\n")


@pytest.mark.parametrize(
    "header", ["Titel;Interpret;Veröffentlichung", "Titre;Artiste;Date de sortie"]
)
def test_headers_in_other_languages_are_known_and_with_counts_it_is_no_sheet(label, header):
    report = bringing.brought(label, f"{header}\nÉté;Zoé;01.05.2024\n")
    assert (report.title, report.tables[0].stored) == ("Catalogue sheet", 1)
    assert tracks(label)["release_date"].to_list() == [datetime.date(2024, 5, 1)]
    for count in ("Anzahl", "Montant"):
        with pytest.raises(run.NotRecognised):
            bringing.planned(label, f"{header};{count}\nÉté;Zoé;01.05.2024;7\n")


def test_an_hour_beside_a_day_is_no_release(label):
    with pytest.raises(NotRecognised):
        bringing.planned(label, "title,artist,date\nLeaving,Ada,2024-05-01 13:05\n")
    bringing.planned(label, "title,artist,date\nLeaving,Ada,2024-05-01 00:00:00\n")


def test_a_day_with_streams_is_offered_as_daily_streams():
    assert wizard.guessed_table(["track", "artist", "date", "streams"]) == "daily_streams"
    assert wizard.guessed_table(["Title", "Artist", "Day", "Total Streams"]) == "daily_streams"
    assert wizard.guessed_table(["campaign", "date", "spend", "streams"]) == "campaigns"
    assert wizard.guessed_table(["track_id", "title", "artist"]) == "tracks"
    chart = ["Lied", "Band", "Woche", "Land", "Abrufe"]
    assert wizard.guessed_table(chart) == "daily_streams"
    ours = ("title", "artist", "day", "territory", "streams")
    assert [wizard.guessed_column(name, chart) for name in ours] == chart
    key = {name: wizard.Choice(constant="x") for name in table("daily_streams").key}
    assert wizard.still_needed(table("daily_streams"), key, {}) == ["streams"]  # or nothing is said
    saves = key | {"saves": wizard.Choice("Saves")}
    assert wizard.still_needed(table("daily_streams"), saves, {}) == []


def test_what_has_no_day_yet_and_is_surely_to_come_is_planned(label):
    dates = ("TBA", "2098", "Q3 2098", "2019", "soon")
    rows = "".join(f"{date},Ada,{date}\n" for date in dates)
    bringing.brought(label, f"title,artist,release date\n{rows}")
    assert dict(tracks(label).select("title", "status").rows()) == {
        "TBA": "planned", "2098": "planned", "Q3 2098": "planned", "2019": "released",
        "soon": "released",
    }  # fmt: skip


def test_a_sheet_finds_again_what_it_changed_itself(label):
    """What a sheet renames, it must know by the old name when it comes again."""
    head = "title,artist,isrc,duration,version\n"
    bringing.brought(label, f"{head}Leaving,Ada,,3:45,\nLeaving (Live),Ada Lund,,300,\n")
    renaming = (
        f"{head}Leeving,Ada,,3:45,\nLeaving (Live),Ada Lund,USRC17607840,,Live\n"
        "LEAVING,Ada Lundt,USRC17607840,,\n"
    )
    bringing.brought(again(label), renaming)
    before = tracks(label)
    assert before["title"].to_list() == ["LEAVING", "Leaving (Live)", "Leeving"]
    for _ in range(2):
        assert bringing.brought(again(label), renaming).unchanged
        assert tracks(label).equals(before)


def test_lengths_that_a_spreadsheet_took_for_a_time_of_day_are_lengths(label):
    out, at = io.BytesIO(), datetime.time
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "hh:mm:ss"}) as book:
        sheet = book.add_worksheet()
        for place, length in enumerate((at(3, 45), at(0, 3, 45), "3:45")):
            sheet.write_row(place + 1, 0, [f"Song {'ABC'[place]}", "Ada", length])
        sheet.write_row(0, 0, ["Title", "Artist", "Duration"])
    bringing.brought(label, out.getvalue(), "catalogue.xlsx")
    assert tracks(label)["duration_ms"].to_list() == [225_000] * 3
