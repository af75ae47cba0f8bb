"""Recordings that a file names: known, new, or in doubt and then made into nothing."""

import bringing
import polars as pl
import pytest

from workbench.dataset import open_dataset
from workbench.importers.recordings_named import TRACK, recordings_named


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    label = bringing.empty_label(tmp_path_factory.mktemp("named") / "label")
    bringing.brought(label, bringing.TRACKS)
    bringing.brought(label, "artist_id,name\na1,Ada\n")
    return open_dataset(str(label.folder))


def named(label, *rows):
    columns = dict.fromkeys(("isrc", "title", "artist", "upc"), pl.String)
    return recordings_named(pl.DataFrame(rows, columns, orient="row"), label, "x#1")


def test_each_way_to_name_a_recording(label):
    found = named(
        label,
        ("USRC17607839", "Leaving", "Ada", None),
        (None, "LEAVING", "ada", None),
        ("GBAYE2400001", "Slow Tide", "Nora Vale feat. Otto", "5012345678900"),
        ("GB-AYE-24-00001", "Slow Tide", "Nora Vale feat. Otto", None),
        (None, "Slow Tide (feat. Otto)", "Nora Vale", None),
        (None, "Other", "Nora Vale", None),
        (None, "other", "nora vale", None),
        (None, None, None, "5012345678900"),
        ("GBAYE2400009", None, None, None),
        ("USRC17607839", "Leaving (Remix)", "Ada", None),
        (None, "New one", "Ada", None),
    )
    tide, other = "GBAYE2400001", "name:Nora Vale · Other"
    assert found.columns[TRACK].to_list() == [
        "t1", "t1", tide, tide, tide, other, other, None, None, None, "name:Ada · New one",
    ]  # fmt: skip
    made = found.columns.drop_nulls("→ new track_id")
    assert made.drop("→ new version", "→ new album", "→ new label", TRACK).rows() == [
        (tide, tide, "Slow Tide", "name:Nora Vale", '["Otto"]', "5012345678900",
         "name:Nora Vale", "Nora Vale"),
        (other, None, "Other", "name:Nora Vale", None, None, None, None),
        ("name:Ada · New one", None, "New one", "a1", None, None, None, None),
    ]  # fmt: skip
    columns = ("isrc", "title", "version", "artist", "rows", "track_id", "of_title", "doubt")
    assert found.doubtful.select(columns).rows() == [
        ("USRC17607839", "Leaving (Remix)", None, "Ada", 1, "t1", "Leaving", "another version")
    ]
    assert found.notes[:2] == (
        "recordings named: 1 that are known, 3 new",
        "1 recording without a title or an artist; none was made of them",
    )
    assert "“Leaving (Remix)” by Ada (another version; compare track t1)" in found.notes[2]


def test_a_file_of_known_recordings_makes_nothing(label):
    found = named(label, ("USRC17607839", "Leaving", "Ada", None))
    assert found.rules == ()
    assert found.notes == ("recordings named: 1 that are known, 0 new",)


def test_nothing_named_at_all_is_no_error(label):
    found = named(label, (None, None, None, None))
    assert found.columns[TRACK].to_list() == [None]
    assert (found.rules, found.notes) == ((), ())
