"""The Import page with lyrics: files of a kind are one panel, and the label's own words count."""

import json

import bringing
from apptest import Visit
from bringing import TRACKS

from workbench.dataset import open_dataset
from workbench.lyrics.lyric_lines import chosen_lyrics

OWN = "[ti:Leaving]\n[ar:Ada]\n[00:01.00]Oh, the train\n[00:02.00]is gone\n"
SAVED = {"title": "Leaving", "artist": "Ada", "lyrics_state": "complete", "pyongs_count": 1}


def test_lyrics_of_every_kind_are_shown_and_stored_together(tmp_path, monkeypatch):
    label = bringing.empty_label(tmp_path / "label")
    bringing.brought(label, TRACKS)
    bringing.brought(open_dataset(str(label.folder)), "artist_id,name\na1,Ada\n")
    page = Visit(monkeypatch, label.folder, "start/import_data")
    song = json.dumps(SAVED | {"lyrics": "3 ContributorsLeaving Lyrics[Verse]\nTheirs5Embed"})
    files = {"a.lrc": OWN, "Arriving.lrc": OWN[22:], "x.json": song, "t2.txt": "Here I am\nagain\n"}
    page.app.file_uploader(key="files").set_value(
        [(name, text.encode(), "") for name, text in files.items()]
    )
    page.run()
    for title in ("2 LRC files", "Lyrics with times", "Lyrics from Genius", "one text file a song"):
        assert title in page.words.replace("\\", "")
    next(button for button in page.app.button if "Store 4 rows of 3 files" in button.label).click()
    page.run()
    stored = open_dataset(str(label.folder))
    rows = stored.table("lyrics").select("track_id", "source").sort("track_id", "source").rows()
    assert rows == [
        ("t1", "genius"), ("t1", "label"), ("t2", "label"),
    ]  # fmt: skip
    assert dict(chosen_lyrics(stored.scan("lyrics")).select("track_id", "text").iter_rows()) == {
        "t1": OWN, "t2": OWN[22:],
    }  # fmt: skip


def test_a_table_that_was_taken_for_a_lyric_can_be_said_to_be_one(tmp_path, monkeypatch):
    label = bringing.empty_label(tmp_path / "label")
    page = Visit(monkeypatch, label.folder, "start/import_data")
    ragged = "name\nAda Moor\nBo Quist\n"
    page.app.file_uploader(key="files").set_value([("ragged.csv", ragged.encode(), "")])
    page.run()
    assert "one text file a song" in page.words
    assert "no row of this file could be taken" in page.words
    (anew,) = (one for one in page.app.toggle if one.label == "Say what its columns mean")
    anew.set_value(True)
    page.run()
    assert "not recognised" in page.words
    assert "Columns: name" in page.words
    (anew,) = (one for one in page.app.toggle if one.label == "Say what its columns mean")
    anew.set_value(False)
    page.run()
    assert "one text file a song" in page.words
