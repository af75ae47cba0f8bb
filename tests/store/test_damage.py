"""Damaged files are refused, whatever the damage; nothing wrong is ever read from them."""

import json
import random
import shutil
from pathlib import Path

import labels
import numpy as np
import polars as pl
import pytest
from damage import damaged
from polars.testing import assert_frame_equal

from workbench.dataset import Dataset, open_dataset
from workbench.errors import DamagedFile
from workbench.store import manifest
from workbench.store.change import change
from workbench.store.lyric_rows import LYRIC_LINES
from workbench.store.memory import memory
from workbench.store.slices import slice_path
from workbench.store.views import Making

DAMAGES = 2000


def two_sources(folder: Path) -> Dataset:
    with change(folder) as writing:
        for number, source in enumerate(("first", "second")):
            rates = {"currency": ["USD", "GBP"][number], "rate": [1.0 + n / 7 for n in range(60)]}
            days = pl.Series("day", [labels.day(n) for n in range(60)])
            writing.put("fx_rates", pl.DataFrame(rates).with_columns(days), source=source)
    return Dataset("test", folder, folder)


def test_two_thousand_damaged_slices_are_two_thousand_refusals(tmp_path):
    label = two_sources(tmp_path)
    with change(tmp_path) as writing:
        writing.drop(source="second")
    label = Dataset("test", tmp_path, tmp_path)
    good = label.table("fx_rates")  # read before: a check that held once must not hold for good
    (path,) = (slice_path(tmp_path, entry) for entry in label.entries("fx_rates"))
    (other,) = {*path.parent.iterdir()} - {path}
    whole, chance, refused = path.read_bytes(), random.Random(20260703), 0
    special = {0: None, 1: b"", 2: other.read_bytes()}  # missing, emptied, another table's bytes
    for n in range(DAMAGES):
        data = special[n] if n in special else damaged(whole, chance)
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)
        with pytest.raises(DamagedFile) as caught:
            label.scan("fx_rates")
        assert str(path) in str(caught.value)
        assert "import its source again" in str(caught.value)
        refused += 1
    assert refused == DAMAGES
    path.write_bytes(whole)
    assert_frame_equal(label.table("fx_rates"), good)


def test_swapped_files_are_refused(tmp_path):
    label = two_sources(tmp_path)
    first, second = (slice_path(tmp_path, entry) for entry in label.entries("fx_rates"))
    aside = tmp_path / "aside"
    first.rename(aside)
    second.rename(first)
    aside.rename(second)
    with pytest.raises(DamagedFile):
        label.scan("fx_rates")


def test_a_change_does_not_build_on_a_damaged_slice(tmp_path):
    label = two_sources(tmp_path)
    path = slice_path(tmp_path, label.entries("fx_rates")[0])
    path.write_bytes(damaged(path.read_bytes(), random.Random(1)))
    rate = pl.DataFrame({"currency": ["USD"], "day": [labels.day(0)], "rate": [9.0]})
    with pytest.raises(DamagedFile), change(tmp_path) as writing:
        writing.put("fx_rates", rate, source="third")
    assert manifest.read(tmp_path) == label.manifest
    assert len(list((tmp_path / "slices" / "fx_rates").iterdir())) == 2


def test_a_damaged_manifest_is_refused_and_the_last_whole_generation_named(tmp_path):
    two_sources(tmp_path)
    with change(tmp_path) as writing:
        writing.describe(title="Später")
    path, now = tmp_path / manifest.NAME, manifest.read(tmp_path)
    whole = path.read_bytes()
    chance = random.Random(7)
    refused = 0
    for _ in range(300):
        path.write_bytes(damaged(whole, chance))
        try:
            assert manifest.read(tmp_path) == now  # a space became another one, at most
        except DamagedFile as error:
            refused += f"copy {tmp_path / 'history' / '000000002.json'}" in str(error)
    assert refused > 280
    path.unlink()
    with pytest.raises(DamagedFile, match="000000002"):
        open_dataset(str(tmp_path))
    with pytest.raises(DamagedFile), change(tmp_path):
        pytest.fail("a label whose manifest is gone must not begin anew")
    # What the message says is what helps.
    (tmp_path / "history" / "000000002.json").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedFile, match=r"copy .*000000001"):
        manifest.read(tmp_path)
    shutil.copy(tmp_path / "history" / "000000001.json", path)
    assert open_dataset(str(tmp_path)).table("fx_rates").height == 120


def test_a_number_changed_by_hand_in_a_manifest_is_found(tmp_path):
    two_sources(tmp_path)
    path = tmp_path / manifest.NAME
    facts = json.loads(path.read_text())
    facts["slices"][0]["rows"] += 1
    path.write_text(json.dumps(facts))
    with pytest.raises(DamagedFile):
        manifest.read(tmp_path)


def test_a_manifest_whose_line_ends_a_tool_changed_is_whole(tmp_path):
    label = two_sources(tmp_path)
    path = tmp_path / manifest.NAME
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert manifest.read(tmp_path) == label.manifest


def test_a_damaged_old_manifest_does_not_stop_a_change(tmp_path):
    two_sources(tmp_path)
    (tmp_path / "history" / "000000001.json").write_text("{")
    with change(tmp_path) as writing:
        writing.describe(title="Weiter")
    assert manifest.read(tmp_path).title == "Weiter"


def test_damaged_fits_are_refused(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    making = Making(label, "promotion")
    making.save_fit(
        "promotion",
        arrays={"draws": np.arange(50.0)},
        frames={"tracks": pl.DataFrame({"track_id": ["tr-1"], "mean": [0.5]})},
        meta={"weeks": 52, "channel": "meta"},
    )
    good = label.fit("promotion")
    assert good.meta == {"weeks": 52, "channel": "meta"}
    place = label.artifacts.place("promotion")
    chance = random.Random(3)
    for path in sorted(place.iterdir()):
        whole, refused = path.read_bytes(), 0
        for _ in range(150):
            path.write_bytes(damaged(whole, chance))
            try:
                assert fresh(label).meta == good.meta
            except DamagedFile as error:
                refused += "make promotion" in str(error)
        path.write_bytes(whole)
        assert refused == 150 or (path.name == "fit.json" and refused > 140), path.name
    assert np.array_equal(fresh(label).arrays["draws"], good.arrays["draws"])


def fresh(label: Dataset):
    """Return the fit as a process reads it that has not read it before."""
    memory.forget()
    return label.fit("promotion")


def lyric_rows(values: dict) -> pl.DataFrame:
    """Return rows of the artifact lyric_lines; columns that are not given are null."""
    rows = pl.DataFrame(values)
    missing = [pl.lit(None, t).alias(n) for n, t in LYRIC_LINES if n not in rows.columns]
    return rows.with_columns(missing)


def test_damaged_parts_of_a_row_artifact_are_refused(tmp_path):
    label = labels.opened(tmp_path, "lyrics")
    making = Making(label, "lyric_lines")
    rows = {"lyric_hash": ["a", "b"], "outcome": ["scored", "no text"]}
    making.append_rows("lyric_lines", lyric_rows(rows))
    (path,) = label.artifacts.place("lyric_lines").glob("*.parquet")
    whole = path.read_bytes()
    chance = random.Random(4)
    for _ in range(150):
        path.write_bytes(damaged(whole, chance))
        with pytest.raises(DamagedFile, match="make lyric_lines"):
            label.scan("lyric_lines")
    path.write_bytes(whole)
    assert label.table("lyric_lines")["lyric_hash"].to_list() == ["a", "b"]


def test_a_damaged_annotation_is_refused(tmp_path):
    label = labels.opened(tmp_path, "catalogue")
    label.annotate("budget", pl.DataFrame({"track_id": ["tr-1"], "tier": ["A"]}))
    (path,) = (tmp_path / "annotations" / "track_annotations").glob("*.parquet")
    path.write_bytes(damaged(path.read_bytes(), random.Random(5)))
    with pytest.raises(DamagedFile):
        label.scan("track_annotations")
