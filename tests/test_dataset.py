"""Labels are found by name or folder, called anything, and read without being written to."""

import os
import re
from pathlib import Path

import labels as made
import polars as pl
import pytest

import workbench
from workbench.dataset import SAMPLE_FOLDER, Dataset, labels, new_label, open_dataset
from workbench.errors import BadInput, SetUpError, UndeclaredRead
from workbench.settings import settings
from workbench.store import manifest
from workbench.store.change import change

needs_sample = pytest.mark.skipif(
    not (SAMPLE_FOLDER / manifest.NAME).exists(), reason="the sample label is not there"
)


def folder_state(folder: Path) -> dict[str, tuple[int, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in files} | {
        str(p): (0, 0) for p in folder.rglob("*") if p.is_dir()
    }


# --- Opening --------------------------------------------------------------------------------------


def test_a_label_opens_by_name_and_by_folder(home):
    made.written(home / "own", "catalogue")
    assert open_dataset("own").title == "Test catalogue"
    assert open_dataset(str(home / "own")).version("tracks") == open_dataset("own").version(
        "tracks"
    )
    assert workbench.open_dataset is open_dataset


def test_the_setting_says_which_label_opens_first(home, monkeypatch):
    made.written(home / "own", "catalogue")
    monkeypatch.setenv("WORKBENCH_LABEL", "own")
    settings.cache_clear()
    assert open_dataset().name == "own"


def test_a_label_that_is_not_there_is_told_with_those_that_are(home):
    made.written(home / "own", "catalogue")
    for name in ("other", "..", "other/er", str(home / "no such folder")):
        with pytest.raises(SetUpError, match=r"There is no label .*own.*workbench new"):
            open_dataset(name)
    assert sorted(path.name for path in home.iterdir()) == ["own"], "asking makes no folder"


@pytest.mark.parametrize("name", ["with space", "日本", "100% #1? & more", "it's", "a" * 120])
def test_a_folder_may_be_called_anything(tmp_path, name):
    folder = made.written(tmp_path / name, "full")
    label = open_dataset(str(folder), rows=True)
    assert label.table("plays").height == made.plays().height
    label.annotate("mine", pl.DataFrame({"track_id": ["tr-1"], "n": [1]}))
    assert label.table("track_annotations")["mine.n"].to_list() == [1]
    with change(folder) as writing:
        writing.put("tracks", made.tracks().head(1), source="test")
    assert open_dataset(str(folder)).table("tracks").height == 1


def test_a_handle_says_what_it_holds(home):
    made.written(home / "own", "catalogue")
    assert (
        repr(open_dataset("own")) == "<label 'Test catalogue', generation 1: artists 2, tracks 4>"
    )
    assert repr(Dataset("new", new_label("Nothing yet"), home)).endswith("generation 1: empty>")


def test_an_analysis_sees_only_the_entries_that_it_declares(tmp_path):
    view = made.opened(tmp_path).view(["tracks"])
    assert [entry.rows for entry in view.entries("tracks")] == [4]
    with pytest.raises(UndeclaredRead):
        view.entries("plays")


# --- New labels -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Own Label", "own-label"),
        ("  Øre & Søn / Records!  ", "øre-søn-records"),
        ("日本レコード", "日本レコード"),
        ("../../etc", "etc"),
        ("snake_case", "snake-case"),
        ("CON", "con-label"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_title_becomes_a_folder(home, name, folder):
    assert new_label(name) == home / folder
    label = open_dataset(folder)
    assert label.title == " ".join(name.split())
    assert (label.manifest.currency, label.manifest.time_zone) == ("EUR", "UTC")
    assert labels()[-1] == folder


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("",), "letters or digits"),
        (("...",), "letters or digits"),
        (("Sample",), "ships"),
        (("own", "euro"), "currency"),
        (("own", "EUR", "Berlin"), "time zone"),
    ],
)
def test_what_cannot_be_a_label_is_refused(home, given, words):
    with pytest.raises(BadInput, match=words):
        new_label(*given)
    assert list(home.iterdir()) == []


def test_a_name_is_given_once(home):
    made.written(home / "own", "catalogue")
    before = manifest.read(home / "own")
    with pytest.raises(BadInput, match="taken"):
        new_label("Own", "USD")
    assert manifest.read(home / "own") == before


# --- Reading writes nothing -----------------------------------------------------------------------


@needs_sample
def test_the_sample_is_only_read(home):
    before = folder_state(SAMPLE_FOLDER)
    label = open_dataset("sample", rows=True)
    assert label.manifest.sample
    assert label.table("tracks").height
    assert label.scan("plays").select(pl.len()).collect().item()
    label.annotate("mine", label.table("tracks").select("track_id", "title"))
    assert label.home == home / "sample"
    assert (label.home / "state.sqlite").exists(), "the opening of rows is logged in the home"
    assert folder_state(SAMPLE_FOLDER) == before


def test_notes_keep_what_else_was_noted(tmp_path):
    label = made.opened(tmp_path)
    label.note("track_id", ["tr-1", "tr-2"], "short list", "yes")
    label.note("track_id", ["tr-2", "tr-3"], "short list", "no")
    label.note("track_id", ["tr-1"], "sync", "advert")
    held = label.table("track_annotations").sort("track_id")
    assert held.columns == ["track_id", "notes.short list", "notes.sync"]
    assert held.rows() == [("tr-1", "yes", "advert"), ("tr-2", "no", None), ("tr-3", "no", None)]
    before = label.version("track_annotations")
    label.note("track_id", ["tr-2", "tr-3"], "short list", None)
    assert label.table("track_annotations").rows() == [("tr-1", "yes", "advert")]
    assert label.version("track_annotations") != before
    label.note("track_id", ["tr-1"], "short list", None)
    assert label.table("track_annotations").columns == ["track_id", "notes.sync"]
    label.note("track_id", ["tr-1"], "sync", None)
    assert not label.has("track_annotations")
    label.note("artist_id", ["ar-bo"], "manager", "Ms Vale")
    assert label.table("artist_annotations").rows() == [("ar-bo", "Ms Vale")]


@pytest.mark.parametrize("column", ["", "  ", "a.b", "track_id", "x" * 41, "[red]", "-a"])
def test_a_column_of_notes_has_a_plain_name(tmp_path, column):
    with pytest.raises(BadInput, match="A note's name"):
        made.opened(tmp_path).note("track_id", ["tr-1"], column, "yes")


def test_nobody_takes_notes_of_listeners(tmp_path):
    with pytest.raises(BadInput, match="tracks or artists"):
        made.opened(tmp_path).note("listener_id", ["00000001"], "who", "a friend")


@needs_sample
def test_the_sample_opens_where_the_home_cannot_be_written_to(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "file" / "labels"))
    settings.cache_clear()
    label = open_dataset("sample")
    assert label.table("tracks").height
    assert not label.has("segments")
    assert not label.has("track_annotations")
    assert labels() == ["sample"]
    with pytest.raises(SetUpError, match="could not be written"):
        open_dataset("sample", rows=True)
    with pytest.raises(SetUpError, match="could not be written"):
        label.annotate("mine", label.table("tracks").select("track_id"))
    with pytest.raises(SetUpError):
        new_label("Own")


def test_reading_a_label_leaves_its_folder_as_it_was(tmp_path):
    folder = made.written(tmp_path / "label", "full")
    before = folder_state(folder)
    label = open_dataset(str(folder))
    for name in ("tracks", "daily_streams", "campaigns"):
        label.table(name)
    assert not label.has("segments")
    label.version("plays", "segments", "line_moods", "listener_annotations")
    assert folder_state(folder) == before


# --- Settings -------------------------------------------------------------------------------------


def documented() -> set[str]:
    text = (Path(__file__).parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(WORKBENCH_\w+)`", text, flags=re.MULTILINE))


def test_every_setting_is_documented_and_every_documented_one_is_read():
    source = Path(settings.__wrapped__.__code__.co_filename).read_text(encoding="utf-8")
    assert documented() == set(re.findall(r"WORKBENCH_\w+", source))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKBENCH_PAYOUT", "a lot"),
        ("WORKBENCH_PAYOUT", "nan"),
        ("WORKBENCH_ARTIST_SHARE", "15"),
        ("WORKBENCH_MEMORY", "-1"),
        ("WORKBENCH_MIN_GROUP", "3"),
        ("WORKBENCH_MIN_GROUP_OUTSIDE", "10"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    settings.cache_clear()
    with pytest.raises(SetUpError, match=f"{name}='{value}'"):
        settings()


def test_an_empty_setting_is_none(monkeypatch):
    monkeypatch.setenv("WORKBENCH_HOME", "")
    monkeypatch.setenv("WORKBENCH_LABEL", "")
    settings.cache_clear()
    assert settings().home != Path.cwd()
    assert settings().label == "sample"


def test_a_home_may_be_given_from_the_users_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("WORKBENCH_HOME", f"~{os.sep}labels")
    settings.cache_clear()
    assert settings().home == tmp_path.resolve() / "labels"
