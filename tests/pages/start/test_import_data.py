"""The Import page: recognise, ask, preview, store, look back, take back."""

import datetime
from dataclasses import replace

import bringing
import labels
import pytest
import scrobbles
from apptest import Visit
from bringing import STREAMS, TRACKS

from workbench.dataset import SAMPLE, new_label, open_dataset
from workbench.importers import formats, history, profiles
from workbench.importers.source import Source
from workbench.store.change import change

ROUTE = "start/import_data"
SPEND = "date_week,y,x1,x2\n2018-04-02,10,1,2\n2018-04-09,11,3,4\n"
ODD = (
    "Song;Wer;Tag;Land;Anzahl\ns1;Ada;03.07.2026;de;1.200\ns1;Ada;04.07.2026;de;1.300\n"
    "s1;Bo;03.07.2026;de;7\n"
)


def visit(monkeypatch, label) -> Visit:
    return Visit(monkeypatch, label.folder, ROUTE)


def drop(page: Visit, **files: str | bytes) -> Visit:
    page.app.file_uploader(key="files").set_value(
        [
            (name.replace("_csv", ".csv"), data.encode() if isinstance(data, str) else data, "")
            for name, data in files.items()
        ]
    )
    return page.run()


def press(page: Visit, words: str) -> Visit:
    next(button for button in page.app.button if words in button.label).click()
    return page.run()


def select(page: Visit, words: str, value: str) -> Visit:
    next(box for box in page.app.selectbox if box.label == words).set_value(value)
    return page.run()


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def again(label):
    return open_dataset(str(label.folder), rows=True)


@pytest.mark.parametrize("kind", labels.KINDS)
def test_the_page_opens_on_every_label(tmp_path, monkeypatch, kind):
    page = Visit(monkeypatch, labels.written(tmp_path / kind, kind), ROUTE)
    assert f"Test {kind}" in page.words
    assert len(page.app.file_uploader) == 1


def test_a_file_is_recognised_previewed_stored_and_remembered(label, monkeypatch):
    page = drop(visit(monkeypatch, label), catalogue_csv=TRACKS + "t3,T,a1,maybe,,\n")
    assert "Our table tracks" in page.words
    counts, findings, first = (table.value for table in page.app.dataframe)
    names = ["read", "accepted", "repaired", "rejected", "stand"]
    assert counts[names].to_numpy().tolist() == [[3, 2, 0, 1, 2]]
    assert findings["finding"].tolist() == ["is not one of the values that this column knows"]
    assert first["title"].tolist() == ["Leaving", "Arriving"]
    assert not again(label).has("tracks")
    press(page, "Store 2 rows of 1 file in Test")
    assert again(label).table("tracks").height == 2
    assert "Stored in Test" in page.app.success[0].value
    assert any("2 rows stand" in code.value for code in page.app.code)
    assert not [button for button in page.app.button if "Store" in button.label]
    assert page.app.dataframe[-1].value["file"].tolist() == ["catalogue.csv"]


def test_what_cannot_be_read_is_said_and_the_others_go_on(label, monkeypatch):
    page = drop(visit(monkeypatch, label), a_csv=b"", b_csv=STREAMS, c_csv=b"PAR1" + b"\xff" * 99)
    said = [error.value for error in page.app.error]
    assert len(said) == 2
    assert "is empty" in said[0]
    assert "Parquet" in said[1]
    press(page, "Store 2 rows of 1 file")
    assert again(label).table("daily_streams").height == 2


def test_names_from_files_are_letters_and_not_markup(label, monkeypatch):
    page = drop(visit(monkeypatch, label), **{"**bold**_csv": "<b>a</b>,b*c*\n1,2\n"})
    assert r"\*\*bold\*\*" in page.words
    assert r"\<b\>a\</b\>" in page.words


def test_a_file_of_which_nothing_can_be_taken_is_not_offered_for_storing(label, monkeypatch):
    page = drop(visit(monkeypatch, label), catalogue_csv=TRACKS.replace(",released", ",maybe"))
    assert page.app.dataframe[1].value["example"].tolist() == ["maybe"]
    page = drop(page, catalogue_csv=TRACKS.replace("released", "x").replace("planned", "y"))
    assert "no row of this file could be taken" in page.words
    assert not [button for button in page.app.button if "Store" in button.label]


def test_a_file_that_is_in_the_label_is_not_offered_again(label, monkeypatch):
    bringing.brought(label, TRACKS)
    page = drop(visit(monkeypatch, again(label)), renamed_csv=TRACKS)
    assert "in the label already" in page.app.success[0].value
    assert not [button for button in page.app.button if "Store" in button.label]


def test_what_the_file_does_not_say_is_asked_first(label, monkeypatch):
    page = drop(visit(monkeypatch, label), spend_csv=SPEND)
    question = next(box for box in page.app.text_input if "currency" in box.label)
    assert not page.app.dataframe
    question.set_value("euros")
    page.run()
    assert page.app.dataframe[0].value["rejected"].tolist() == [4, 0, 0, 0]
    next(box for box in page.app.text_input if "currency" in box.label).set_value("eur")
    page.run()
    press(page, "Store 8 rows")
    assert again(label).table("campaigns")["currency"].unique().to_list() == ["EUR"]


def test_the_wizard_takes_an_unknown_table_and_remembers_it(label, monkeypatch):
    page = drop(visit(monkeypatch, label), sheet_csv=ODD)
    assert "not recognised" in page.words
    select(page, "What is in this file?", "daily_streams")
    assert "Every row needs" in page.app.info[0].value
    assert page.app.dataframe[0].value.values.tolist()[0] == ["s1", "Ada", "03.07.2026", "de",
                                                              "1.200"]  # fmt: skip
    assert "choose the track title and the artist name" in page.app.info[0].value
    for words, value in {"Day": "Tag", "Territory": "Land"}.items():
        select(page, words, value)
    select(page, "Streams", "Anzahl")
    select(page, "Decimal sign", "Comma: 1.234,56")
    select(page, "Track title", "Song")
    select(page, "Artist name", "Wer")
    counts = page.app.dataframe[1].value
    assert counts[["table", "read", "rejected", "stand"]].to_numpy().tolist() == [
        ["Daily streams", 3, 0, 3],
        ["Tracks", 2, 0, 2],
        ["Artists", 2, 0, 2],
    ]
    press(page, "Save the mapping")
    assert (label.home / profiles.SAVED / "sheet.toml").is_file()
    press(page, "Store 7 rows of 1 file")
    rows = again(label).table("daily_streams").sort("streams")
    assert rows.select("entity_id", "territory", "streams").rows() == [
        ("name:Bo · s1", "DE", 7), ("name:Ada · s1", "DE", 1200), ("name:Ada · s1", "DE", 1300),
    ]  # fmt: skip
    assert again(label).table("tracks")["artist_id"].sort().to_list() == ["name:Ada", "name:Bo"]
    more = drop(visit(monkeypatch, again(label)), next_csv=ODD.replace("07.2026", "08.2026"))
    assert "own mapping to daily streams" in more.words


def test_a_corrected_file_can_take_the_place_of_the_one_before(label, monkeypatch):
    bringing.brought(label, STREAMS, "streams.csv")
    corrected = "\n".join(STREAMS.splitlines()[:2]) + "\n"
    page = drop(visit(monkeypatch, again(label)), streams_csv=corrected)
    pills = page.app.get("button_group")[0]
    pills.set_value([history.history(again(label))["source"][0]])
    page.run()
    press(page, "Store 1 rows")
    assert again(label).table("daily_streams")["streams"].to_list() == [1200]


def test_an_import_is_taken_back(label, monkeypatch):
    bringing.brought(label, TRACKS, "catalogue.csv")
    page = visit(monkeypatch, again(label))
    page.app.session_state["imports"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    page.run()
    assert "2 rows of this file still stand" in page.words
    press(page, "Take it back")
    assert not again(label).has("tracks")


PLAY = "listener_id,track_id,played_at,source\nann,t1,2026-07-{:02}T10:00:00Z,search\n"


def test_plays_of_a_shared_month_are_taken_back_as_the_page_says(label, monkeypatch):
    bringing.brought(label, PLAY.format(1), "first.csv")
    bringing.brought(again(label), PLAY.format(2), "second.csv")
    page = chosen(monkeypatch, label, 1)
    assert "1 row of this file still stands and will go" in page.words
    press(page, "Take it back")
    assert again(label).table("plays")["played_at"].dt.day().to_list() == [2]
    page = chosen(monkeypatch, label, 1)
    assert "Nothing of this file stands any more" in page.words
    assert next(button for button in page.app.button if button.key == "undo").disabled


def test_plays_that_an_earlier_version_merged_say_that_they_stay(label, monkeypatch):
    report = bringing.brought(label, PLAY.format(1), "first.csv")
    with change(label.folder) as writing:
        slices = tuple(replace(one, source="several") for one in writing.manifest.slices)
        writing.describe(slices=slices, merged=(report.source,))
    page = chosen(monkeypatch, label, 0)
    assert "cannot be taken back on their own" in page.words
    assert next(button for button in page.app.button if button.key == "undo").disabled
    assert history.history(again(label))["standing"].to_list() == [None]


def test_a_catalogue_says_which_rows_would_have_no_song(label, monkeypatch):
    bringing.brought(label, TRACKS, "catalogue.csv")
    bringing.brought(again(label), STREAMS, "streams.csv")
    page = chosen(monkeypatch, label, 1)
    assert "2 rows of other imports name its tracks" in page.words


def chosen(monkeypatch, label, row) -> Visit:
    """Return the page with a row of the past imports chosen."""
    page = visit(monkeypatch, again(label))
    selection = {"rows": [row], "columns": [], "cells": []}
    page.app.session_state["imports"] = {"selection": selection}
    return page.run()


def test_the_sample_asks_where_the_files_go_and_makes_nothing_unasked(home, monkeypatch):
    page = Visit(monkeypatch, SAMPLE, ROUTE)
    assert "read only" in page.app.info[0].value
    assert page.app.file_uploader(key="files").proto.disabled
    press(page, "Make it")
    assert "cannot name a label" in page.words
    page.app.text_input(key="import_new").set_value("Night Harbour")
    press(page, "Make it")
    assert page.app.selectbox(key="import_label").value == "night-harbour"
    drop(page, catalogue_csv=TRACKS)
    press(page, "in Night Harbour")
    assert open_dataset("night-harbour").table("tracks").height == 2


def test_the_sample_offers_the_labels_that_are_there(home, monkeypatch):
    new_label("Old Pier")
    page = Visit(monkeypatch, SAMPLE, ROUTE)
    box = page.app.selectbox(key="import_label")
    assert (box.options, box.value) == (["old-pier", "A new label …"], None)
    box.set_value("old-pier")
    page.run()
    drop(page, streams_csv=STREAMS)
    press(page, "in Old Pier")
    assert open_dataset("old-pier").table("daily_streams").height == 2


def test_a_song_that_is_not_named_in_the_file_is_chosen(label, monkeypatch):
    bringing.brought(label, TRACKS)
    timeline = "date,streams\n2026-07-03,12\n"
    page = drop(visit(monkeypatch, again(label)), renamed_csv=timeline)
    box = next(box for box in page.app.selectbox if "Which song" in box.label)
    assert box.options == ["Arriving – a1", "Leaving – a1"]
    assert not [button for button in page.app.button if "Store" in button.label]
    box.set_value("t1")
    page.run()
    assert page.app.dataframe[0].value["accepted"].tolist() == [1]
    press(page, "Store 1 row")
    assert again(label).table("daily_streams")["entity_id"].to_list() == ["t1"]


def test_a_window_is_asked_as_days_and_an_artist_by_name(label, monkeypatch):
    bringing.brought(label, "artist_id,name\na1,Ada\n")
    songs = "song,listeners,streams,saves,release_date\nNight Bus,5,9,1,2026-05-01\n"
    page = drop(visit(monkeypatch, again(label)), songs_csv=songs)
    select(page, "Whose numbers are these? The artist's name or id.", "a1")
    for words, day in (("First day", "2026-06-01"), ("Last day", "2026-06-28")):
        box = next(box for box in page.app.date_input if words in box.label)
        box.set_value(datetime.date.fromisoformat(day))
        page.run()
    assert page.app.dataframe[0].value["accepted"].tolist() == [3, 1]
    press(page, "Store 4 rows")
    assert again(label).table("window_totals")["value"].sort().to_list() == [1.0, 5.0, 9.0]
    assert again(label).table("tracks")["artist_id"].to_list() == ["a1"]


def test_a_listening_history_is_taken_as_the_zip_that_it_came_in(label, monkeypatch):
    rows = [scrobbles.Scrobble(datetime.datetime(2026, 7, 3, tzinfo=datetime.UTC), "Tide", "Ada")]
    page = drop(visit(monkeypatch, label), **{"export.zip": scrobbles.listenbrainz_zip(rows)})
    assert "ListenBrainz" in page.words
    press(page, "Store 3 rows")
    assert again(label).table("plays").height == 1


def test_what_can_be_seen_since_is_linked(label, monkeypatch):
    page = drop(visit(monkeypatch, label), catalogue_csv=TRACKS)
    press(page, "Store 2 rows")
    assert links(page) == ["New: Song – What does this song say, and to whom?"]
    page = drop(visit(monkeypatch, again(label)), streams_csv=STREAMS)
    press(page, "Store 2 rows")
    assert [text.split(" – ")[0] for text in links(page)] == [
        "New: Catalogue", "New: Artist", "New: Listener tiers", "New: Calendar",
    ]  # fmt: skip


def links(page: Visit) -> list[str]:
    # a page run alone has no other pages to link to: the words of a link stand in its place
    return [one.value for one in page.app.caption if one.value.startswith("New: ")]


def test_the_formats_that_are_known_are_listed_while_nothing_is_dropped(label, monkeypatch):
    page = visit(monkeypatch, label)
    (listed,) = (table.value for table in page.app.dataframe)
    assert listed.shape == (len(formats.FORMATS), 2)
    assert "DDEX sales reports (DSR)" in listed["files"].tolist()
    assert not drop(page, streams_csv=STREAMS).app.dataframe[0].value.equals(listed)


def large() -> str:
    head, *rows = STREAMS.splitlines()
    return "\n".join([head, *(rows[0].replace("t1", f"song {n:0>30}") for n in range(80_000))])


def test_a_large_file_shows_how_far_it_is_until_it_is_read(label, monkeypatch):
    page = drop(visit(monkeypatch, label), streams_csv=large())
    assert page.app.dataframe[0].value["accepted"].tolist() == [80_000]
    assert not [button for button in page.app.button if button.label == "Stop"]


def test_a_reading_that_was_stopped_can_be_taken_up(label, monkeypatch):
    page = visit(monkeypatch, label)
    stopped = Source("streams.csv", STREAMS.encode()).sha256[:10]
    page.app.session_state[f"reading-{stopped}-stopped"] = True
    drop(page, streams_csv=STREAMS)
    assert "Reading was stopped" in page.words
    assert not page.app.dataframe
    press(page, "Read it after all")
    assert page.app.dataframe[0].value["accepted"].tolist() == [2]
