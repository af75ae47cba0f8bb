"""Mappings that a label saved: they can be forgotten on the page, and recordings in doubt wait."""

import bringing
from apptest import Visit

from workbench.dataset import open_dataset
from workbench.importers import profiles

ROUTE = "start/import_data"
MAPPING = """
[file]
columns = ["Song", "Wer", "Tag", "Anzahl"]
[recording]
title = "Song"
artist = "Wer"
[[tables]]
name = "daily_streams"
[tables.columns]
day = "Tag"
territory = { constant = "WW" }
store = { constant = "spotify" }
streams = "Anzahl"
"""
FILE = "Song,Wer,Tag,Anzahl\nIntro,Ada,2026-07-03,10\nIntro,Bo,2026-07-03,20\n"
DOUBTFUL = FILE + "Leavng,Ada Lund,2026-07-03,30\n"


def dropped(monkeypatch, label, text: str) -> Visit:
    page = Visit(monkeypatch, label.folder, ROUTE)
    page.app.file_uploader(key="files").set_value([("week.csv", text.encode(), "")])
    return page.run()


def forgetting(page: Visit) -> list:
    return [button for button in page.app.button if "forget it" in button.label]


def test_a_saved_mapping_is_forgotten_and_asked_again(tmp_path, monkeypatch):
    label = bringing.empty_label(tmp_path / "label")
    path = profiles.save(profiles.parsed(MAPPING, "weekly"), label.home)
    page = dropped(monkeypatch, label, FILE)
    assert page.app.dataframe[0].value["stand"].tolist() == [2, 2, 2]
    (button,) = forgetting(page)
    assert button.label == "Saved mapping weekly – forget it"
    button.click()
    page.run()
    assert not path.exists()
    assert "not recognised" in page.words
    assert not forgetting(page)


def test_what_was_never_saved_is_not_to_be_forgotten(tmp_path, monkeypatch):
    label = bringing.empty_label(tmp_path / "label")
    assert not forgetting(dropped(monkeypatch, label, bringing.TRACKS))


def test_recordings_in_doubt_are_asked_before_their_rows_stand(tmp_path, monkeypatch):
    label = bringing.empty_label(tmp_path / "label")
    bringing.brought(label, bringing.TRACKS)
    bringing.brought(label, "artist_id,name\na1,Ada Lund\n")
    profiles.save(profiles.parsed(MAPPING, "weekly"), label.home)
    page = dropped(monkeypatch, open_dataset(str(label.folder), rows=True), DOUBTFUL)
    counts = page.app.dataframe[0].value
    assert counts[["table", "rejected", "stand"]].to_numpy().tolist()[0] == ["Daily streams", 1, 2]
    assert "Leavng" in page.words


def select(page: Visit, words: str, value: str) -> None:
    next(box for box in page.app.selectbox if box.label == words).set_value(value)
    page.run()


def test_titles_that_are_chosen_as_ids_are_warned_of(tmp_path, monkeypatch):
    label = bringing.empty_label(tmp_path / "label")
    file = "Lied;Wer;Date;Streams\nSlow Tide;Ada;2026-07-03;10\nSlow Tide;Bo;2026-07-03;20\n"
    page = dropped(monkeypatch, label, file)
    select(page, "Entity id", "Lied")
    assert "Lied reads like titles" in page.app.warning[0].value
    select(page, "Track title", "Lied")
    select(page, "Artist name", "Wer")
    assert not page.app.warning
    assert page.app.dataframe[1].value["stand"].tolist() == [2, 2, 2]
