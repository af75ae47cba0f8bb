"""Files of one drop see each other: what they all name is one recording."""

import bringing
import polars as pl
import pytest
from apptest import Visit
from polars.testing import assert_frame_equal

from workbench.__main__ import main
from workbench.dataset import open_dataset
from workbench.importers import gathering, run
from workbench.importers.source import Source

SHEET = "Title,Artist,ISRC,Release date\nLeaving,Ada,USRC17607839,2024-05-01\n"
SOLD = (
    "Reporting Date,Sale Month,Store,Artist,Title,ISRC,UPC,Quantity,Team Percentage,"
    "Song/Album,Country of Sale,Songwriter Royalties Withheld,Earnings (USD)\n"
    "2026-03-01,2026-01,Spotify,Ada,Leaving,,,10,100,Song,US,0,0.03\n"
    "2026-03-01,2026-01,Spotify,Ben,Elsewhere,,,20,100,Song,US,0,0.06\n"
)
WORDS = "title,artist,lyrics\nLeaving,Ada,I am leaving home tonight\nElsewhere,Ben,Not here\n"
FILES = {"a words.csv": WORDS, "b sold.csv": SOLD, "c sheet.csv": SHEET}


@pytest.fixture
def label(tmp_path):
    return bringing.empty_label(tmp_path / "label")


def again(label):
    return open_dataset(str(label.folder), rows=True)


def dropped(label, files: dict[str, str]) -> list[run.Planned]:
    sources = gathering.bundled([Source(n, text.encode()) for n, text in files.items()]).sources
    plans: list[run.Planned] = []
    for source in sources:
        plans.append(run.plan(source, run.after(plans, label), now=bringing.NOW))
    return plans


def held(label) -> dict[str, pl.DataFrame]:
    names = ("artists", "tracks", "lyrics", "statements")
    return {n: again(label).table(n).drop("fetched_at", strict=False) for n in names}


def test_what_says_most_of_recordings_comes_first():
    sources = [Source(name, text.encode()) for name, text in FILES.items()]
    found = gathering.bundled([*sources, Source("t.csv", bringing.TRACKS.encode())]).sources
    assert [source.name for source in found] == [
        "t.csv",
        "c sheet.csv",
        "a words.csv",
        "b sold.csv",
    ]


def test_a_recording_that_three_files_name_is_one(label):
    run.store(dropped(label, FILES), label)
    rows = held(label)
    tracks = rows["tracks"].select("track_id", "title", "isrc").sort("title").rows()
    assert tracks == [
        ("name:Ben · Elsewhere", "Elsewhere", None),
        ("USRC17607839", "Leaving", "USRC17607839"),
    ]
    assert rows["artists"]["name"].sort().to_list() == ["Ada", "Ben"]
    assert rows["lyrics"].sort("track_id")["track_id"].to_list() == [
        "USRC17607839",
        "name:Ben · Elsewhere",
    ]
    assert rows["statements"].height == 2


def test_the_same_drop_again_changes_nothing(label):
    run.store(dropped(label, FILES), label)
    before = held(label)
    reports = run.store(dropped(again(label), FILES), again(label))
    assert [report.unchanged for report in reports] == [True] * 3
    for name, rows in held(label).items():
        assert_frame_equal(rows, before[name], check_row_order=False)


def test_one_after_the_other_is_as_together(label, tmp_path):
    run.store(dropped(label, FILES), label)
    other = bringing.empty_label(tmp_path / "other")
    for name in ("c sheet.csv", "a words.csv", "b sold.csv"):
        bringing.brought(again(other), FILES[name], name)
    for name, rows in held(label).items():
        assert_frame_equal(rows, held(other)[name], check_row_order=False)


def test_a_sheet_that_comes_later_names_what_was_there(label):
    bringing.brought(label, WORDS, "a words.csv")
    bringing.brought(again(label), SHEET, "c sheet.csv")
    tracks = held(label)["tracks"].sort("title")
    assert tracks["title"].to_list() == ["Elsewhere", "Leaving"]
    assert tracks["isrc"].to_list() == [None, "USRC17607839"]


def test_nothing_is_expected_of_the_label_itself(label):
    plans = dropped(label, FILES)
    ahead = run.after(plans, label)
    assert ahead.table("tracks").height == 2
    assert label.table("tracks").is_empty()
    assert (label.expected, ahead.expected != "") == ("", True)


def test_the_command_line_takes_a_folder_as_one(tmp_path, monkeypatch, capsys):
    label, folder = bringing.empty_label(tmp_path / "label"), tmp_path / "drop"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert main(["import", str(folder), "--label", str(label.folder)]) == 0
    assert held(label)["tracks"].height == 2
    assert "rejected 1" not in capsys.readouterr().out


def test_the_page_takes_files_as_one(tmp_path, monkeypatch):
    label = bringing.empty_label(tmp_path / "label")
    page = Visit(monkeypatch, label.folder, "start/import_data")
    files = [(name, text.encode(), "") for name, text in FILES.items()]
    page.app.file_uploader(key="files").set_value(files)
    page.run()
    next(button for button in page.app.button if "Store" in button.label).click()
    page.run()
    assert held(label)["tracks"].height == 2
    assert held(label)["lyrics"].height == 2
