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
